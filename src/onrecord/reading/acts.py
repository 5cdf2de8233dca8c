"""What saying something does, by the words of the cue: the pack knows the act of every cue it lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..language.pack import Pack
from ..types import Act, Span
from .tokens import Tokens


def act_of(tokens: Tokens, cue: Sequence[Span], pack: Pack) -> Act | None:
    """The act of the last word of the cue that the pack lists; None where it lists none.

    A word that does more than assert goes before one that asserts: "a dit regretter" regrets.
    """
    acts = list(_acts(tokens, cue, pack))
    return next((act for act in reversed(acts) if act != "assert"), acts[-1] if acts else None)


def is_negated(tokens: Tokens, cue: Sequence[Span], pack: Pack) -> bool:
    """Whether a word of the cue denies that anything was said: "n'a pas confirmé", "did not say"."""
    return any(tokens.forms[i] in pack.negations for i in _tokens(tokens, cue))


def _acts(tokens: Tokens, cue: Sequence[Span], pack: Pack) -> Iterator[Act]:
    for i in _tokens(tokens, cue):
        form = tokens.forms[i]
        if form in pack.cue_verbs:
            yield pack.cue_verbs[form][0].act
        elif form in pack.cue_nouns:
            yield pack.cue_nouns[form]


def _tokens(tokens: Tokens, cue: Sequence[Span]) -> Iterator[int]:
    for span in cue:
        yield from range(*tokens.range_of(span))
