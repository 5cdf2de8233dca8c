"""What stands around sources: why somebody will not be named, and who cites whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from ..types import Span, Speaker
from .naming import Naming
from .tokens import Run

LEFT = 4  # tokens before a phrase in which its clause may begin: "qui a", "who had"
BEHIND = 3  # tokens from a noun phrase to a phrase about it: ", | who | asked not to be named"
BESIDE = 3  # tokens from a name to whom it cites: ", | qui | cite"


class Voices(Naming):
    """Reads what stands around sources."""

    # --- why somebody is not named ---

    @cached_property
    def _anonymity(self) -> dict[Span, Span]:
        """Why speakers without name are not named, by the place of their description; of several reasons the first."""
        found: dict[Span, Span] = {}
        behind = 0
        for at, _ in self._phrases if self._undisclosed else ():
            if at >= behind:
                first, last = self._clause(at)
                behind = last + 1
                place = self._beside(at, relative=first < at)
                if place is not None:
                    found.setdefault(place, self.tokens.span(first, last))
        return found

    @cached_property
    def _undisclosed(self) -> list[tuple[int, Run, Span]]:
        """Of each draft whose speaker is only described: its number, its source, and where the description stands."""
        return [
            (n, self._range(self.drafts[n].source[0]), speaker.named_at)
            for n, (speaker, _) in self.found.items()
            if isinstance(speaker, Speaker) and speaker.type in ("unnamed", "group")
            if speaker.named_at is not None and self.drafts[n].source
        ]

    def _beside(self, at: int, *, relative: bool) -> Span | None:
        """Who will not be named in the phrase at a token: of those who speak in its sentence the nearest.

        None where a relative clause is about a name before it, and for who says it of another: "he said that she had
        asked not to be named".
        """
        near: list[tuple[int, Span]] = []
        for n, (first, last), place in self._undisclosed:
            if self._sentence[first] == self._sentence[at] and not self._in_what_is_said(n, at):
                end = min(self._phrase_end(first, last), at) if first < at else first
                low, high = sorted((end, at))
                if not relative or not any(low < name < high for name, _ in self.places):
                    near.append((high - low, place))
        return min(near, default=(0, None))[1]

    def _phrase_end(self, first: int, last: int) -> int:
        """As of any noun phrase, and without the terms of anonymity: "a nurse | on condition of anonymity"."""
        end = super()._phrase_end(first, last)
        return min((at - 1 for at, _ in self._phrases if first < at <= end), default=end)

    def _withheld(self, first: int, last: int) -> bool:
        """Does a noun phrase with a name not name: "a Trump campaign spokesman | who declined to be named"?"""
        if not self._phrases or self.pack.determiners.get(self.tokens.forms[first]) != "indefinite":
            return False
        return any(first < at <= last + BEHIND for at, _ in self._phrases)

    def _clause(self, at: int) -> Run:
        """The phrase at a token, from its relative pronoun on, and the reason behind it to the end of the clause."""
        forms, words = self.tokens.forms, self.tokens.words
        begin, end = self.tokens.sentences[self._sentence[at]]
        first = at
        for i in range(at - 1, max(begin, at - LEFT) - 1, -1):
            if words[i] in ",;:()":
                break
            if any(pronoun.role == "relative" for pronoun in self.pack.pronouns.get(forms[i], ())):
                first = i
                break
        edges = set(self._edges(first))
        stop = at
        while stop < end and words[stop] not in ',;:.!?…()«»“”"':
            size = phrase_at(forms, stop, self.pack.anonymity)  # "because he was not authorised to speak" goes on
            if stop in edges and not size and stop > at:
                break
            stop += max(1, size)
        return first, stop - 1

    def _edges(self, clause: int) -> Iterator[int]:
        """Where the sentence goes on behind a clause of anonymity: the cue of who will not be named, and "that …"."""
        for n, (first, _), _ in self._undisclosed:
            cues = [self.tokens.range_of(span)[0] for span in self.drafts[n].cue]
            yield from (cue for cue in cues if not clause <= first < cue)  # "because | she | fears" is in the clause
        for draft in self.drafts:
            first = self.tokens.range_of(draft.content[0])[0]
            if self.tokens.forms[first] in self.pack.complementisers:
                yield first

    def _in_phrase(self, token: int) -> bool:
        """Does a token stand in a phrase of anonymity?"""
        return any(first <= token < stop for first, stop in self._phrases)

    @cached_property
    def _phrases(self) -> list[Run]:
        """The phrases of anonymity in the text, by their first token and the one after their last."""
        forms, phrases = self.tokens.forms, self.pack.anonymity
        openings = [i for i, form in enumerate(forms) if form in phrases]
        return [(i, i + size) for i in openings if (size := phrase_at(forms, i, phrases))]

    def _is_cited(self, first: int) -> bool:
        """Does "citing" stand before a token?"""
        return first > 0 and self.tokens.forms[first - 1] in self.pack.citings

    def _citing_before(self, first: int) -> Speaker | None:
        """Who cites what begins at a token: "Reuters, citing"; None where nobody named does."""
        if not self._is_cited(first):
            return None
        begin = self.tokens.sentences[self._sentence[first]][0]
        for place, c in reversed(self.places):
            name = self.chains[c].at(place)
            if name is not None and begin <= place and first - 1 - BESIDE <= name.last < first - 1:
                return self.speakers[c]
        return None

    def _in_what_is_said(self, n: int, at: int) -> bool:
        """Does a token stand in what is said?"""
        return any(start <= at < stop for start, stop in map(self.tokens.range_of, self.drafts[n].content))


def phrase_at(forms: Sequence[str], at: int, phrases: Mapping[str, tuple[tuple[str, ...], ...]]) -> int:
    """How many tokens a phrase has that begins here; 0 for none."""
    for phrase in phrases.get(forms[at], ()):
        if tuple(forms[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0
