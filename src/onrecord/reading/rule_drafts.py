"""What rules share: where a clause ends, what stands between a cue and its content, and drafts of what was found."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.pack import Pack
from ..types import Draft
from .decode import statement_type
from .phrases import subject_before
from .rule_cues import Context, Cue
from .tokens import Run, Tokens

MAX_SIGN_DISTANCE = 25  # tokens to the comma after "Selon X": an apposition fits, a whole clause does not


def draft(
    context: Context, cue: Cue, content: Sequence[Run], source: Run | None, to: Run | None = None
) -> Draft | None:
    """The statement that a rule found; None where no word of content is left or the source stands inside it."""
    tokens, time = context.tokens, _time(context, cue)
    runs = [run for run in (_trim(tokens, run) for run in content) if run is not None]
    if not runs or (source is not None and any(a <= source[0] <= b for a, b in runs)):
        return None
    return Draft(
        content=tuple(tokens.span(*run) for run in runs),
        cue=(tokens.span(*cue.run),),
        source=() if source is None else (tokens.span(*source),),
        addressee=() if to is None else (tokens.span(*to),),
        when=() if time is None else (tokens.span(*time),),
        type=statement_type(tokens, runs, [cue.run], context.quotations),
        kind=cue.kind,
        act=cue.act,
        negated=cue.negated,
    )


def subject(context: Context, cue: Cue) -> Run | None:
    """The clitic of an inversion, else the noun phrase before a verb group."""
    return cue.clitic or subject_before(context.tokens, context.pack, cue.run[0], context.first)


def next_sign(context: Context, start: int, signs: str) -> int | None:
    """The first of some signs, not far from a token and not at the end of the sentence."""
    stop = min(context.last, start + MAX_SIGN_DISTANCE)
    return next((i for i in range(start, stop) if context.tokens.words[i] in signs), None)


def clause_end(context: Context, start: int) -> int:
    """Last token of the clause that begins at a token: what follows reports anew, or is the next sentence."""
    return next((i - 1 for i in range(start + 2, context.last) if _ends_clause(context, i)), context.last)


def _ends_clause(context: Context, i: int) -> bool:
    if context.quoted(i) is not None:
        return False
    word, following = context.tokens.words[i], context.tokens.forms[i + 1]
    if word in (";", ":") or (word == "," and following in context.pack.cue_verbs):
        return True
    return context.tokens.forms[i] in context.pack.coordinators and _new_cue(context, i + 1)


def _new_cue(context: Context, i: int) -> bool:
    """Whether a verb group with a clause or infinitive of its own begins with a token: "(et) a dit que"."""
    forms, pack = context.tokens.forms, context.pack
    while i < context.last and forms[i] in context.group and forms[i] not in context.pack.infinitive_links:
        i += 1
    if i >= context.last or forms[i] not in pack.cue_verbs or context.quoted(i) is not None:
        return False
    return forms[i + 1] in pack.complementisers or context.is_link(i + 1)


def after_time(context: Context, cue: Cue) -> int:
    """The first token after a cue and its time: that of "que" in "a déclaré lundi soir que"."""
    time = _time(context, cue)
    return cue.after if time is None else time[1] + 1


def _time(context: Context, cue: Cue) -> Run | None:
    """The day or time word right after a cue: "lundi soir", "on Monday". "reported Monday's attack" has none."""
    forms, pack = context.tokens.forms, context.pack
    first = head = cue.after
    if head < context.last and forms[head] in pack.function_words and forms[head + 1] in pack.days:
        head += 1  # "on Monday", "ce lundi"
    if head >= context.last or not (forms[head] in pack.days or _is_time_word(pack, forms[head])):
        return None
    last = head
    while last < context.last and _is_time_word(pack, forms[last + 1]):
        last += 1
    return None if last < context.last and forms[last + 1] in pack.clitics else (first, last)


def _is_time_word(pack: Pack, form: str) -> bool:
    return form in pack.time_words and form not in pack.determiners


def addressee(context: Context, first: int, stop: int) -> Run | None:
    """Whom a cue speaks to, by what stands between it and its content: "a assuré aux élus que"."""
    if first >= stop or any(context.quoted(i) is not None for i in range(first, stop)):
        return None
    form, pack = context.tokens.forms[first], context.pack
    linking = form in pack.function_words and form not in pack.determiners and form not in context.pack.infinitive_links
    named = any(_is_somebody(context, i) for i in range(first, stop))
    return (first, stop - 1) if named and not linking else None


def _is_somebody(context: Context, i: int) -> bool:
    """Whether a word names people or what can be spoken to: a name, or a noun that the pack lists."""
    form, pack = context.tokens.forms[i], context.pack
    listed = form in pack.group_nouns or form in pack.person_nouns or form in pack.offices
    return listed or form in pack.organisation_nouns or context.tokens.words[i][0].isupper()


def _trim(tokens: Tokens, run: Run) -> Run | None:
    """A run without signs at its edges; None where no word is left."""
    first, last = run
    while first <= last and tokens.words[first] in ",;:":
        first += 1
    while last >= first and tokens.words[last] in ",;:.":
        last -= 1
    return (first, last) if any(tokens.words[i][0].isalnum() for i in range(first, last + 1)) else None
