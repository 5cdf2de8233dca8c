"""Through whom words came: "cité par l'AFP", "Reuters, citing an official", "Roy said, according to the BBC"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ..language.pack import Pack
from ..types import Draft, Speaker
from .phrases import subject_before
from .tokens import Run, Tokens
from .voices import Voices, phrase_at

NEAR = 6  # tokens between the end of a source and "cité par", apposition included
NOUNS = 4  # before the name of who passed it on: "le quotidien régional"


class Relays(Voices):
    """Finds who passed on what another said, once all speakers are told."""

    def _relay(self, n: int) -> Speaker | None:
        """Who passed on what another said, who is not the same; None where nobody did."""
        if not self.drafts[n].source:
            return None
        relay = self._passing_on(n) or self._citing(n) or self._on_word_of(n)
        own = self.found[n][0]
        same = relay is not None and isinstance(own, Speaker) and own.named_at == relay.named_at
        return None if same else relay

    def _passing_on(self, n: int) -> Speaker | None:
        """Who stands behind "cité par", near the source and not in what is said."""
        first, stop = self.tokens.range_of(self.drafts[n].source[-1])
        end = self.tokens.sentences[self._sentence[first]][1]
        forms, relays = self.tokens.forms, self.pack.relays
        for at in [i for i in range(first + 1, min(stop + NEAR, end)) if forms[i] in relays]:
            size = phrase_at(forms, at, relays)
            if size and not self._in_what_is_said(n, at):
                return self._body_at(at + size, end)
        return None

    def _body_at(self, at: int, end: int) -> Speaker | None:
        """Who is named from a token on, behind articles, titles and a few nouns; else the body described there."""
        forms, words, pack = self.tokens.forms, self.tokens.words, self.pack
        first = at
        while at < end and at - first <= NOUNS and words[at][0].isalnum():
            named = next((self.speakers[c] for place, c in self.places if place == at), None)
            if named is not None:
                return named
            if forms[at] in pack.auxiliaries or (
                forms[at] in pack.function_words and forms[at] not in pack.determiners
            ):
                break
            at += 1
        described = at > first and self._kind_of(first, at - 1) in ("organisation", "document")
        return self._unnamed(self._text(first, at - 1), first, at - 1) if described else None

    def _citing(self, n: int) -> Speaker | None:
        """Who cites a source: the speaker of the statement that has its words, else the name before "citing"."""
        first = self.tokens.range_of(self.drafts[n].source[0])[0]
        if not self._is_cited(first):
            return None
        own = self.found[n][0]
        for m in self._alike(n):
            speaker = self.found[m][0]
            if isinstance(speaker, Speaker) and speaker != own:
                return speaker
        return self._citing_before(first)

    def _alike(self, n: int) -> Iterator[int]:
        """The statement around one, and those of its sentence that say the same."""
        draft = self.drafts[n]
        if draft.parent is not None:
            yield draft.parent
        yield from (m for m, other in enumerate(self.drafts) if m != n and other.content == draft.content)

    def _on_word_of(self, n: int) -> Speaker | None:
        """On whose word the whole is said, with its source and cue: "Roy told the BBC, according to Reuters"."""
        draft = self.drafts[n]
        if draft.parent is None or draft.kind != "speech" or not draft.cue:
            return None
        around = self.drafts[draft.parent]
        speaker = self.found[draft.parent][0]
        forms = [form for span in around.cue for form in self.tokens.forms[slice(*self.tokens.range_of(span))]]
        on_word = self.pack.cue_prepositions.get(" ".join(forms)) == "speech"
        return speaker if on_word and isinstance(speaker, Speaker) else None


# --- statements put right ---


def with_relays_apart(tokens: Tokens, drafts: Sequence[Draft], pack: Pack) -> list[Draft]:
    """Drafts in which who passes on is not taken for who says, and "cité par" not for a statement of its own.

    "Roy was quoted by Tass as saying that …": its source is Roy. "Roy, cité par l'AFP": one statement.
    """
    relays = {n: size for n, draft in enumerate(drafts) if (size := _relay_in(tokens, draft, pack))}
    if not relays:
        return list(drafts)
    turned = {n: _turned(tokens, drafts[n], pack) for n in relays}
    mended = [turned.get(n) or draft for n, draft in enumerate(drafts)]
    instead = {}  # of a draft that is left out, the one that has its words
    for n, draft in enumerate(drafts):
        for m, other in enumerate(mended):
            if m == n or m in instead or turned.get(n) or draft.content[-1] != other.content[-1]:
                continue
            alone = relays.get(n) == _cue_size(tokens, draft) and draft.source == other.source
            if alone or (turned.get(m) and draft.source == drafts[m].source):
                instead[n] = m
    return without(mended, instead)


def _relay_in(tokens: Tokens, draft: Draft, pack: Pack) -> int:
    """How many tokens of a cue are "cité par", "citing" or the like; 0 for none."""
    for span in draft.cue:
        for at in range(*tokens.range_of(span)):
            form = tokens.forms[at]
            if form in pack.relays and (size := phrase_at(tokens.forms, at, pack.relays)):
                return size
            if form in pack.citings:
                return 1
    return 0


def _cue_size(tokens: Tokens, draft: Draft) -> int:
    return sum(stop - first for first, stop in map(tokens.range_of, draft.cue))


def _turned(tokens: Tokens, draft: Draft, pack: Pack) -> Draft | None:
    """A draft of "Roy was quoted by Tass" with Roy as source; None where it is none, or nobody stands before it."""
    first, _ = tokens.range_of(draft.cue[0])
    if tokens.forms[first] not in pack.auxiliaries or not draft.source or draft.source[0].start < draft.cue[0].start:
        return None
    begin = max((b for b, _ in tokens.sentences if b <= first), default=first)
    subject = subject_before(tokens, pack, first, begin)
    if subject is None or not _somebody(tokens, pack, subject):
        return None
    source = tokens.span(*subject)
    content = tuple(span for span in draft.content if span.end <= source.start or source.end <= span.start)
    return msgspec.structs.replace(draft, source=(source,), content=content) if content else None


def _somebody(tokens: Tokens, pack: Pack, run: Run) -> bool:
    """Does a noun phrase mean a person, not "his words"?"""
    forms, words = tokens.forms[run[0] : run[1] + 1], tokens.words[run[0] + 1 : run[1] + 1]
    listed = any(form in pack.person_nouns or form in pack.offices for form in forms)
    return listed or (len(forms) == 1 and forms[0] in pack.pronouns) or any(word[0].isupper() for word in words)


def without(drafts: Sequence[Draft], instead: Mapping[int, int]) -> list[Draft]:
    """Drafts but for those that others stand instead of, by their places; -1 where none does.

    What was nested in one of these is nested in the other.
    """
    kept = [n for n in range(len(drafts)) if n not in instead]
    number = {n: place for place, n in enumerate(kept)}
    parents = {n: number.get(instead.get(n, n)) for n in range(len(drafts))}
    return [
        draft
        if draft.parent is None
        else msgspec.structs.replace(draft, parent=_other(parents[draft.parent], number[n]))
        for n, draft in enumerate(drafts)
        if n in number
    ]


def _other(parent: int | None, own: int) -> int | None:
    return None if parent == own else parent
