"""What saying something does, by the words of the cue: the pack knows the act of every cue it lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..language.pack import Pack
from ..types import Act, Span
from .tokens import Tokens

PACK_SAYS = 3.0  # in log chance; swept from 1 to 6 on French dev, where 3 and more name the act right most often

LONGEST_PHRASE = 7  # words of a cue of several words; a test sees that no pack has a longer one


def act_of(tokens: Tokens, cue: Sequence[Span], pack: Pack) -> Act | None:
    """The act of the last word of the cue that the pack lists; None where it lists none.

    A word that does more than assert goes before one that asserts: "a dit regretter" regrets.
    """
    acts = list(_acts(tokens, cue, pack))
    return next((act for act in reversed(acts) if act != "assert"), acts[-1] if acts else None)


def likeliest_act(log_chances: Mapping[Act, float], known: Act | None) -> Act:
    """The likeliest act by a network and by the pack, whose word counts for PACK_SAYS in log chance."""
    return max(log_chances, key=lambda act: log_chances[act] + (PACK_SAYS if act == known else 0.0))


def asks(tokens: Tokens, content: Sequence[Span], act: Act | None, pack: Pack) -> bool:
    """Whether a content asks: it ends with a question mark, or a verb that demands leads in "si" or "whether"."""
    first, _ = tokens.range_of(content[0])
    if act == "demand" and tokens.forms[first] in pack.interrogatives:
        return True
    _, stop = tokens.range_of(content[-1])
    signs = [word for word in tokens.words[max(stop - 2, 0) : stop] if not word[0].isalnum()]
    return act in ("assert", "demand", None) and "?" in "".join(signs)


def is_negated(tokens: Tokens, cue: Sequence[Span], pack: Pack) -> bool:
    """Whether a word of the cue denies that anything was said: "n'a pas confirmé", "did not say"."""
    return any(tokens.forms[i] in pack.negations for i in _tokens(tokens, cue))


def _acts(tokens: Tokens, cue: Sequence[Span], pack: Pack) -> Iterator[Act]:
    for i in _tokens(tokens, cue):
        phrase = _phrase(tokens, i, pack)
        if phrase is not None:
            yield phrase
            return  # "met en garde" warns, whatever "garde" may do alone
    prepositions = {phrase.replace("'", "' ").split()[-1] for phrase in pack.cue_prepositions}
    for i in _tokens(tokens, cue):
        form = tokens.forms[i]
        if form in pack.cue_verbs:
            yield pack.cue_verbs[form][0].act
        elif form in pack.cue_nouns:
            yield pack.cue_nouns[form]
        elif form in prepositions:
            yield "assert"


def _phrase(tokens: Tokens, i: int, pack: Pack) -> Act | None:
    """The act of the longest cue of several words that begins with a token."""
    for size in range(LONGEST_PHRASE, 1, -1):
        verb = pack.cue_phrases.get(tuple(tokens.forms[i : i + size]))
        if verb is not None:
            return verb.act
    return None


def _tokens(tokens: Tokens, cue: Sequence[Span]) -> Iterator[int]:
    for span in cue:
        yield from range(*tokens.range_of(span))
