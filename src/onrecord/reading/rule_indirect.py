"""Rules for words that the writer retells. Each takes a sentence and a cue and gives a draft or None."""

from __future__ import annotations

from ..types import Draft
from .phrases import Run, noun_phrase_after, subject_before
from .rule_cues import Context, Cue
from .rule_drafts import clause_end, draft, next_sign, subject

MAX_TO_CLAUSE = 8  # tokens between a cue and "que": whom it is said to, and when
MAX_TO_INFINITIVE = 6  # the same before an infinitive
MIN_CLAUSE = 4  # tokens of a clause before its cue; a shorter one is a name with a comma


def preposition_first(context: Context, cue: Cue) -> Draft | None:
    """Selon le ministre, la loi passera."""
    if cue.run[0] != context.first:
        return None
    source = noun_phrase_after(context.tokens, context.pack, cue.run[1] + 1, context.last)
    comma = None if source is None else next_sign(context, source[1] + 1, ",:")
    return None if comma is None else draft(context, cue, [(comma + 1, context.last)], source)


def preposition_last(context: Context, cue: Cue) -> Draft | None:
    """La loi passera, selon le ministre."""
    words = context.tokens.words
    if cue.run[0] <= context.first + 2:
        return None
    comma = words[cue.run[0] - 1] == ","
    if not comma and cue.run[0] == cue.run[1]:
        return None  # "pour" without a comma is an ordinary preposition; "according to" is not
    source = noun_phrase_after(context.tokens, context.pack, cue.run[1] + 1, context.last)
    if source is None:
        return None
    content = [(context.first, cue.run[0] - 1 - comma)]
    if source[1] + 1 < context.last and words[source[1] + 1] == ",":
        content.append((source[1] + 2, context.last))
    return draft(context, cue, content, source)


def clause_after_cue(context: Context, cue: Cue) -> Draft | None:
    """Le ministre a déclaré que la loi passerait."""
    tokens = context.tokens
    i = cue.run[1] + 1
    inverted = (i, i) if i <= context.last and tokens.forms[i] in context.pack.clitics else None
    i += inverted is not None
    for start in range(i, min(i + MAX_TO_CLAUSE, context.last) + 1):
        if tokens.forms[start] in context.pack.complementisers:
            return draft(context, cue, [(start, clause_end(context, start))], inverted or subject(context, cue))
        if tokens.words[start] in ",:;.":
            return None
    return None


def bare_clause_after_cue(context: Context, cue: Cue) -> Draft | None:
    """The minister said the law would pass: no complementiser, and a subject right after the cue."""
    tokens, pack = context.tokens, context.pack
    start = cue.run[1] + 1
    if start + 3 > context.last or pack.elisions or cue.act not in ("assert", "announce", "confirm", "deny"):
        return None
    form = tokens.forms[start]
    begins = form in pack.determiners or form in pack.pronouns or tokens.words[start][0].isupper()
    source = subject(context, cue)
    if source is None or not begins or cue.kind == "attitude":
        return None
    return draft(context, cue, [(start, clause_end(context, start))], source)


def clause_before_cue(context: Context, cue: Cue) -> Draft | None:
    """La loi passera, a déclaré le ministre. The law would pass, the minister said."""
    tokens, pack = context.tokens, context.pack
    before = cue.run[0] - 1
    source: Run | None
    if before >= context.first and tokens.words[before] == ",":
        source, comma = noun_phrase_after(tokens, pack, cue.run[1] + 1, context.last, clitic=True), before
    else:
        source = subject_before(tokens, pack, cue.run[0], context.first)
        if source is None or source[0] - 1 <= context.first or tokens.words[source[0] - 1] != ",":
            return None
        if context.last - cue.run[1] > 4:
            return None
        comma = source[0] - 1
    if comma - context.first < MIN_CLAUSE or source is None or cue.kind == "attitude":
        return None
    return draft(context, cue, [(context.first, comma - 1)], source)


def infinitive_after_cue(context: Context, cue: Cue) -> Draft | None:
    """Le ministre a promis de réduire la dette. The minister promised to cut the debt."""
    for start in range(cue.run[1] + 1, min(cue.run[1] + 1 + MAX_TO_INFINITIVE, context.last)):
        if context.tokens.words[start] in ",:;.":
            return None
        if context.is_link(start):
            source = subject(context, cue)
            content = (start, clause_end(context, start))
            return None if source is None else draft(context, cue, [content], source)
    return None


def object_after_cue(context: Context, cue: Cue) -> Draft | None:
    """Le ministre a annoncé la fermeture de l'usine."""
    tokens, pack = context.tokens, context.pack
    start = cue.run[1] + 1
    if cue.act in ("assert", "question") or start >= context.last or not tokens.words[start][0].isalnum():
        return None
    determined = tokens.forms[start] in pack.determiners
    if not determined and (tokens.forms[start] in pack.function_words or pack.elisions):
        return None
    source = subject(context, cue)
    return None if source is None else draft(context, cue, [(start, clause_end(context, start))], source)
