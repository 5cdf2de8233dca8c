"""Rules for words between quotation marks. Each takes a sentence and a cue and gives a draft or None."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from ..types import Draft, Reason
from .marks import Quotation
from .phrases import noun_phrase_after, subject_before
from .rule_cues import Context, Cue
from .rule_drafts import draft, subject
from .tokens import Run, Tokens

MIN_QUOTED_WORDS = 4  # a shorter quotation without cue is a title or a nickname more often than a statement
MAX_BEFORE_COLON = 12  # tokens between a cue and the colon that its quotation follows
MAX_RESUMED = 3  # tokens between a source and the quotation that goes on after it


def quotation_before_cue(context: Context, cue: Cue) -> Draft | None:
    """« La loi passera », a déclaré le ministre."""
    quotation, source = _quotation_before(context, cue)
    if quotation is None or quotation.kind == "dash" or quotation.last >= cue.run[0]:
        return None
    source = source or noun_phrase_after(context.tokens, context.pack, cue.after, context.last)
    contents = [(quotation.first, quotation.last)]
    resumed = next((q for q in context.quotations if cue.head < q.first <= context.last), None)
    if resumed is not None and source is not None and resumed.first - source[1] <= MAX_RESUMED:
        contents.append((resumed.first, resumed.last))
    return draft(context, cue, contents, source)


def _quotation_before(context: Context, cue: Cue) -> tuple[Quotation | None, Run | None]:
    """The quotation that a cue follows, with the source where that stands between the two."""
    tokens, pack = context.tokens, context.pack
    source = cue.clitic
    i = cue.run[0] - 1
    while i > context.first and (tokens.words[i] in (",", "-", "–") or tokens.forms[i] in pack.pronouns):
        source = (i, i) if tokens.words[i][0].isalnum() else source
        i -= 1
    quotation = context.quoted(i) if i >= context.first else None
    if quotation is not None:
        return quotation, source
    source = subject_before(tokens, pack, cue.run[0], context.first)  # "…", the minister said
    if source is None or source[0] - 1 < context.first:
        return None, None
    before = source[0] - 1
    if tokens.words[before] == ",":
        return context.quoted(before - 1), source
    # a mark without a sign is the end of quoted words inside a sentence: "« A » closes and X says that"
    return context.quoted(before) if tokens.words[before - 1] in ",!?.…" else None, source


def quotation_after_cue(context: Context, cue: Cue) -> Draft | None:
    """Le ministre a déclaré : « La loi passera. »"""
    tokens = context.tokens
    i = cue.after
    while i <= context.last and tokens.words[i] not in (":", ",") and context.quoted(i) is None:
        if tokens.forms[i] in context.pack.complementisers or i - cue.run[1] >= MAX_BEFORE_COLON:
            return None
        i += 1
    if i > context.last:
        return None
    colon = context.quoted(i) is None
    quotation = context.quoted(min(i + colon, context.last))
    if quotation is None or quotation.first < cue.head or (not colon and i > cue.after):
        return None
    return draft(context, cue, [(quotation.first, quotation.last)], subject(context, cue))


def floating_quotations(tokens: Tokens, quotations: Sequence[Quotation], used: Set[Quotation]) -> Iterator[Draft]:
    """« Nous avons pris du retard. »: a whole sentence between marks that no cue has claimed."""
    for quotation in quotations:
        inner = [word for word in tokens.words[quotation.first : quotation.last + 1] if word[0].isalnum()]
        if quotation in used or len(inner) < MIN_QUOTED_WORDS or not inner[0][0].isupper():
            continue
        mark = tokens.span(quotation.first, quotation.first)
        reason = Reason("floating_quotation", tokens.words[quotation.first], mark)
        yield Draft(content=(tokens.span(quotation.first, quotation.last),), type="direct", reasons=(reason,))
