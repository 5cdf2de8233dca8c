"""What rules share: where a clause ends, what stands between a cue and its content, and drafts of what was found."""

from __future__ import annotations

from collections.abc import Sequence

from ..types import Draft, Span
from .decode import statement_type
from .phrases import Run, subject_before
from .rule_cues import Context, Cue
from .tokens import Tokens

MAX_SIGN_DISTANCE = 25  # tokens to the comma after "Selon X": an apposition fits, a whole clause does not


def draft(context: Context, cue: Cue, content: Sequence[Run], source: Run | None) -> Draft | None:
    """The statement that a rule found; None where no word of content is left or the source stands inside it."""
    tokens = context.tokens
    runs = [run for run in (_trim(tokens, run) for run in content) if run is not None]
    if not runs or (source is not None and any(a <= source[0] <= b for a, b in runs)):
        return None
    return Draft(
        content=tuple(tokens.span(*run) for run in runs),
        cue=(tokens.span(*cue.run),),
        source=() if source is None else (tokens.span(*source),),
        when=_when(context, cue),
        type=statement_type(tokens, runs, [cue.run], context.quotations),
        kind=cue.kind,
        act=cue.act,
        negated=cue.negated,
    )


def subject(context: Context, cue: Cue) -> Run | None:
    """The noun phrase before a verb group."""
    return subject_before(context.tokens, context.pack, cue.run[0], context.first)


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
    return word in (";", ":") or (word == "," and following in context.pack.cue_verbs)


def _when(context: Context, cue: Cue) -> tuple[Span, ...]:
    """The day right after a cue: "a déclaré lundi que", "said Monday"."""
    following = cue.run[1] + 1
    if following > context.last or context.tokens.forms[following] not in context.pack.days:
        return ()
    return (context.tokens.span(following, following),)


def _trim(tokens: Tokens, run: Run) -> Run | None:
    """A run without signs at its edges; None where no word is left."""
    first, last = run
    while first <= last and tokens.words[first] in ",;:":
        first += 1
    while last >= first and tokens.words[last] in ",;:.":
        last -= 1
    return (first, last) if any(tokens.words[i][0].isalnum() for i in range(first, last + 1)) else None
