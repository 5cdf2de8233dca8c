"""Noun phrases around a cue: who the subject before it is, or who stands after it."""

from __future__ import annotations

from ..language.pack import Pack
from .tokens import Run, Tokens

MAX_PHRASE = 25  # tokens of a noun phrase with its apposition


def subject_before(tokens: Tokens, pack: Pack, cue: int, first: int) -> Run | None:
    """The noun phrase that ends just before a cue: a pronoun, or back to the start of its clause."""
    last = cue - 1
    while (
        last >= first
        and tokens.forms[last] in pack.adverbs | pack.auxiliaries | pack.negations
        and tokens.forms[last] not in pack.pronouns
    ):
        last -= 1
    if last < first:
        return None
    if tokens.forms[last] in pack.pronouns and tokens.forms[last] not in pack.determiners:
        return (last, last)
    if _linking(tokens, pack, last):
        return leading_subject(tokens, pack, first, last)  # "she came late and said"
    in_apposition = tokens.words[last] == ","
    if in_apposition:
        last -= 1
    start = last
    commas = 0
    while start > first and last - start < MAX_PHRASE:
        before = tokens.words[start - 1]
        if before == "," and in_apposition and commas == 0:
            commas += 1
        elif (
            before in ',;:.!?…«»“”"()–—'
            or tokens.forms[start - 1] in pack.complementisers | pack.negations
            or (tokens.forms[start - 1] in pack.cue_verbs and tokens.forms[start - 1] not in pack.offices)
        ):
            break
        start -= 1
    while start < last and _linking(tokens, pack, start):
        start += 1  # "But the minister", "and the company"
    return (
        (start, last) if start <= last and any(tokens.words[i][0].isalnum() for i in range(start, last + 1)) else None
    )


def begins_infinitive(tokens: Tokens, pack: Pack, i: int, last: int) -> bool:
    """Whether an infinitive begins with token `i`, in a sentence that ends with `last`: "de réduire", "to cut"."""
    endings = pack.infinitive_links.get(tokens.forms[i])
    if endings is None or i >= last:
        return False
    i += 1
    while endings and i < last and (tokens.forms[i] in pack.negations or tokens.forms[i] in pack.pronouns):
        i += 1  # "de ne pas se rendre", "de l'ouvrir"
    form = tokens.forms[i]
    return tokens.words[i][0].islower() and (form.endswith(endings) if endings else form not in pack.determiners)


def leading_subject(tokens: Tokens, pack: Pack, first: int, stop: int) -> Run | None:
    """The noun phrase that opens a clause: a pronoun, or all up to the first verb that a list knows."""
    while first < stop and (_linking(tokens, pack, first) or not tokens.words[first][0].isalnum()):
        first += 1
    if tokens.forms[first] in pack.pronouns and tokens.forms[first] not in pack.determiners:
        return (first, first)
    for i in range(first + 1, min(stop, first + MAX_PHRASE)):
        if tokens.words[i] in ",;:." or tokens.forms[i] in pack.auxiliaries or tokens.forms[i] in pack.cue_verbs:
            return (first, i - 1)
    return None


def _linking(tokens: Tokens, pack: Pack, i: int) -> bool:
    form = tokens.forms[i]
    return form in pack.function_words and form not in pack.determiners and form not in pack.pronouns


def noun_phrase_after(tokens: Tokens, pack: Pack, start: int, last: int, *, clitic: bool = False) -> Run | None:
    """The noun phrase that begins at a token, with an apposition; a clitic pronoun ("-t-il") alone where it is one."""
    if start > last:
        return None
    if clitic and tokens.forms[start] in pack.clitics:
        return (start, start)
    if not tokens.words[start][0].isalnum():
        return None
    end = start
    while end < last and end - start < MAX_PHRASE:
        following = tokens.words[end + 1]
        if following in ',;:.!?…«»“”"()–—' or tokens.forms[end + 1] in pack.auxiliaries | pack.complementisers:
            break
        if tokens.forms[end + 1] in pack.days or tokens.forms[end + 1] in pack.time_words:
            break
        end += 1
    return (start, end)
