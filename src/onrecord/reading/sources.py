"""Sources put right by the words of the pack: what a label took too much of, and the pronoun it left in the cue."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.pack import Pack
from ..types import Span
from .tokens import Tokens


def main_source(tokens: Tokens, source: Sequence[Span], pack: Pack) -> tuple[Span, ...]:
    """The longest span of a source, without pronouns and prepositions at its end; empty where nothing is left.

    "le chauffeur lui" → "le chauffeur"
    """
    trimmed = [span for span in (_trimmed(tokens, span, pack) for span in source) if span is not None]
    longest = max(trimmed, key=lambda span: (span.end - span.start, -span.start), default=None)
    return () if longest is None else (longest,)


def pronoun_beside(tokens: Tokens, cue: Sequence[Span], pack: Pack) -> tuple[Span, ...]:
    """The subject pronoun inside a cue, clinging to it or just before it: "a-t-il dit", "she said"; else empty."""
    for span in cue:
        first, stop = tokens.range_of(span)
        after = [stop] if stop < len(tokens) and tokens.forms[stop] in pack.clitics else []
        for i in (*range(first, stop), *after, *range(max(0, first - 1), first)):
            if _is_subject(tokens, i, pack):
                return (tokens.span(i, i),)
    return ()


def _is_subject(tokens: Tokens, i: int, pack: Pack) -> bool:
    return any(p.role in ("subject", "impersonal") for p in pack.pronouns.get(tokens.forms[i], ()))


def _hangs(tokens: Tokens, last: int, pack: Pack) -> bool:
    """A word that ends no noun phrase: a preposition, a pronoun (but "US" is none), a sign that closes nothing."""
    word = tokens.words[last]
    if word[0].isalnum():
        return tokens.forms[last] in pack.function_words and word[0].islower()
    return word not in ')»”"'


def _trimmed(tokens: Tokens, span: Span, pack: Pack) -> Span | None:
    first, stop = tokens.range_of(span)
    last = stop - 1
    while first < last and tokens.forms[first] in pack.citings:
        first += 1  # "selon Tass, | citant | un officier"
    while last > first and _hangs(tokens, last, pack) and " ".join(tokens.forms[first : last + 1]) not in pack.ordinals:
        last -= 1
    if last < first or not any(tokens.words[i][0].isalnum() for i in range(first, last + 1)):
        return None
    return tokens.span(first, last)
