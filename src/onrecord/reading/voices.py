"""Who speaks through whom, who will not be named and why, "the former" and "the latter", and interviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import msgspec

from ..types import Reason, Speaker, Unknown
from .cast import Cast, Found
from .mentions import Run

NEAR = 6  # tokens between the end of a source and "cité par", apposition included
LEFT = 4  # tokens before a phrase in which its clause may begin: "qui a", "who had"
QUESTIONS = 3  # paragraphs that ask, at least, in an interview
MOST_IN_QUESTION = 80  # tokens
ANSWERED = 0.6  # share of the questions that a paragraph without question mark follows


class Voices(Cast):
    """What stands around sources, once or before speakers are told."""

    # --- why somebody is not named ---

    def _why_anonymous(self, speaker: Speaker) -> Speaker:
        """A speaker without name, with the words of the sentence that say why or on what terms."""
        if speaker.type not in ("unnamed", "group") or speaker.named_at is None:
            return speaker
        first, behind = self.tokens.range_of(speaker.named_at)
        begin, stop = self.tokens.sentences[self._sentence[first]]
        for at in range(begin, stop):
            if phrase_at(self.tokens.forms, at, self.pack.anonymity) and not self._somebody_between(
                speaker, behind, at
            ):
                return msgspec.structs.replace(speaker, anonymity=self.tokens.span(*self._clause(at, begin, stop)))
        return speaker

    def _somebody_between(self, speaker: Speaker, one: int, other: int) -> bool:
        """Does a name or another description stand between two places, so that the second is about that?"""
        low, high = sorted((one, other))
        others = (s.named_at for s in self.unnamed.values() if s.named_at not in (None, speaker.named_at))
        described = (self.tokens.range_of(place)[0] for place in others if place is not None)
        return any(low <= place < high for place, _ in self.places) or any(low <= place < high for place in described)

    def _clause(self, at: int, begin: int, end: int) -> Run:
        """The phrase at a token, from its relative pronoun on, and the reason behind it to the end of the clause."""
        forms, words = self.tokens.forms, self.tokens.words
        first = at
        for i in range(at - 1, max(begin, at - LEFT) - 1, -1):
            if words[i] in ",;:()":
                break
            if any(pronoun.role == "relative" for pronoun in self.pack.pronouns.get(forms[i], ())):
                first = i
                break
        edges = {edge for n in self.at for edge in self._edges(n)}
        stop = at
        while stop < end and words[stop] not in ',;:.!?…()«»“”"':
            size = phrase_at(forms, stop, self.pack.anonymity)  # "because he was not authorised to speak" goes on
            if stop in edges and not size and stop > at:
                break
            stop += max(1, size)
        return first, stop - 1

    def _edges(self, n: int) -> list[int]:
        """Where a statement's cue begins, with its auxiliary, and its content."""
        draft = self.drafts[n]
        if any(self._in_phrase(self.tokens.range_of(span)[0]) for span in draft.cue):
            return []  # "asked not to be named" is itself taken for a statement
        return [self.tokens.range_of(span)[0] for span in (*draft.content, *draft.cue)]

    def _in_phrase(self, token: int) -> bool:
        """Does a token stand in a phrase of anonymity?"""
        phrases = self.pack.anonymity
        return any(at + phrase_at(self.tokens.forms, at, phrases) > token for at in range(max(0, token - 8), token + 1))

    # --- who passed it on ---

    def relay(self, n: int) -> Speaker | None:
        """Who passed on what another said: "a dit Roy, cité par l'AFP"; None where nobody did."""
        draft = self.drafts[n]
        if not draft.source:
            return None
        first, stop = self.tokens.range_of(draft.source[-1])
        end = self.tokens.sentences[self._sentence[first]][1]
        for at in range(first + 1, min(stop + NEAR, end)):
            size = phrase_at(self.tokens.forms, at, self.pack.relays)
            if size and not self._in_what_is_said(n, at):
                return self._named_from(at + size, end)
        return None

    def _in_what_is_said(self, n: int, at: int) -> bool:
        """Does a token stand in what is said?"""
        return any(start <= at < stop for start, stop in map(self.tokens.range_of, self.drafts[n].content))

    def _named_from(self, at: int, end: int) -> Speaker | None:
        """The name that begins at a token, articles and titles passed over."""
        while at < end and (self.tokens.forms[at] in self.pack.determiners or self._is_title(at)):
            at += 1
        return next((self.speakers[c] for place, c in self.places if place == at), None)

    # --- interviews ---

    def _in_interview(self, n: int) -> Found | None:
        """Whose answer a quotation without source is, in an interview set as questions and answers."""
        if self._interviewee is None:
            return None
        where = self.drafts[n].content[0]
        paragraph = self._paragraph[self.tokens.range_of(where)[0]]
        if paragraph in self._questions:
            return Unknown("not_stated"), (Reason("interview", "a question", where),)
        if paragraph < min(self._questions):
            return None
        return self._interviewee, (Reason("interview", self._interviewee.name, where),)

    @cached_property
    def _questions(self) -> frozenset[int]:
        """The paragraphs that ask, where they alternate with such as answer; else none."""
        words, paragraphs = self.tokens.words, self.tokens.paragraphs
        asking = [
            number
            for number, (first, stop) in enumerate(paragraphs)
            if number and stop - first <= MOST_IN_QUESTION and _last_word(words, first, stop) == "?"
        ]
        answered = sum(number + 1 < len(paragraphs) and number + 1 not in asking for number in asking)
        quoted = sum(any(_opens(words[paragraphs[number][0]], pair) for pair in self.pack.pairs) for number in asking)
        if len(asking) < QUESTIONS or answered < ANSWERED * len(asking) or quoted > len(asking) / 2:
            return frozenset()
        return frozenset(asking)

    @cached_property
    def _interviewee(self) -> Speaker | None:
        """The person whom title and introduction name most often, the first of several."""
        if not self._questions:
            return None
        before = self.tokens.paragraphs[min(self._questions)][0]
        counts: dict[int, int] = {}
        for place, c in self.places:
            if place < before and self.chains[c].type == "person":
                counts[c] = counts.get(c, 0) + 1
        best = max(counts, key=lambda c: (counts[c], -self.chains[c].names[0].first), default=None)
        return None if best is None else self.speakers[best]


def _opens(word: str, pair: tuple[str, str]) -> bool:
    return word == pair[0]


def _last_word(words: Sequence[str], first: int, stop: int) -> str:
    """The last token of a paragraph that is no closing mark."""
    while stop > first + 1 and words[stop - 1] in "»”\"’'":
        stop -= 1
    return words[stop - 1]


def phrase_at(forms: Sequence[str], at: int, phrases: Mapping[str, tuple[tuple[str, ...], ...]]) -> int:
    """How many tokens a phrase has that begins here; 0 for none."""
    for phrase in phrases.get(forms[at], ()):
        if tuple(forms[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0
