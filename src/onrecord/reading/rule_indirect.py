"""Rules for words that the writer retells. Each takes a sentence and a cue and gives a draft or None."""

from __future__ import annotations

from ..language.pack import Pack
from ..types import Act, Draft
from .phrases import noun_phrase_after, subject_before
from .rule_cues import Context, Cue
from .rule_drafts import addressee, after_time, clause_end, draft, next_sign, subject
from .tokens import Run

MAX_TO_CLAUSE = 8  # tokens between a cue and "que": whom it is said to, and when
# The same before an infinitive. Swept 1 to 6 on train, content@0.8 F1, French / English: 1 has 0.603 / 0.597, 3 has
# 0.602 / 0.595, 6 has 0.599 / 0.592. Not 1, a hair better, for a time may stand there: "a promis lundi soir de".
MAX_TO_INFINITIVE = 3
MAX_DEMANDED = 6  # the same where somebody is asked: "demande aux deux parties de"
# What a cue after its clause does: "…, demanded X" has an object.
TOLD: frozenset[Act] = frozenset({"assert", "announce", "confirm", "deny", "warn"})
MIN_CLAUSE = 4  # tokens of a clause before its cue; a shorter one is a name with a comma


def preposition_first(context: Context, cue: Cue) -> Draft | None:
    """Selon le ministre, la loi passera."""
    if cue.run[0] != context.first or context.is_link(cue.head):
        return None  # "Pour rouvrir la route, …" has an aim, not a source
    source = noun_phrase_after(context.tokens, context.pack, cue.run[1] + 1, context.last)
    comma = None if source is None else next_sign(context, source[1] + 1, ",:")
    return None if comma is None else draft(context, cue, [(comma + 1, context.last)], source)


def preposition_last(context: Context, cue: Cue) -> Draft | None:
    """La loi passera, selon le ministre."""
    words = context.tokens.words
    if cue.run[0] <= context.first + 2 or context.is_link(cue.head):
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
    for start in range(cue.after, min(cue.after + MAX_TO_CLAUSE, context.last) + 1):
        if tokens.forms[start] in context.pack.complementisers:
            to = addressee(context, after_time(context, cue), start)
            content = (start, clause_end(context, start))
            return draft(context, cue, [content], subject(context, cue), to)
        if tokens.words[start] in ",:;.":
            return None
    return None


def bare_clause_after_cue(context: Context, cue: Cue) -> Draft | None:
    """The minister said the law would pass: no complementiser, and a subject right after the cue."""
    tokens, pack = context.tokens, context.pack
    start = after_time(context, cue)
    if start + 3 > context.last or pack.elisions or cue.act not in ("assert", "announce", "confirm", "deny"):
        return None
    form = tokens.forms[start]
    begins = form in pack.determiners or form in pack.pronouns or tokens.words[start][0].isupper()
    source = subject(context, cue)
    if source is None or not begins or cue.kind == "attitude":
        return None
    if cue.act != "assert" and not _has_verb(context, start, context.last + 1):
        return None  # "announced the closure": an object
    return draft(context, cue, [(start, clause_end(context, start))], source)


def clause_before_cue(context: Context, cue: Cue) -> Draft | None:
    """La loi passera, a déclaré le ministre. The law would pass, the minister said."""
    tokens, pack = context.tokens, context.pack
    before = cue.run[0] - 1
    source: Run | None
    if before >= context.first and tokens.words[before] == ",":
        source, comma = cue.clitic or noun_phrase_after(tokens, pack, cue.after, context.last), before
        if source is None or not _ends_sentence(context, source[1]):
            return None
    else:
        source = subject_before(tokens, pack, cue.run[0], context.first)
        if source is None or source[0] - 1 <= context.first or tokens.words[source[0] - 1] != ",":
            return None
        if context.last - cue.run[1] > 4:
            return None
        comma = source[0] - 1
    if comma - context.first < MIN_CLAUSE or source is None or cue.kind == "attitude" or cue.act not in TOLD:
        return None
    if not _has_verb(context, context.first, comma):
        return None  # "Angela Merkel, the Chancellor, demanded an answer": a subject with its apposition, and no clause
    return draft(context, cue, [(context.first, comma - 1)], source)


def _has_verb(context: Context, first: int, stop: int) -> bool:
    """Whether a token of a range shows a clause: an auxiliary, or a pronoun that is a subject."""
    pack = context.pack
    return any(form in pack.auxiliaries or _is_subject(pack, form) for form in context.tokens.forms[first:stop])


def _is_subject(pack: Pack, form: str) -> bool:
    return any(pronoun.role == "subject" for pronoun in pack.pronouns.get(form, ()))


def _ends_sentence(context: Context, i: int) -> bool:
    """Whether only signs, or an aside after a comma, follow a token."""
    return i + 1 >= context.last or context.tokens.words[i + 1] in ",.;"


def infinitive_after_cue(context: Context, cue: Cue) -> Draft | None:
    """Le ministre a promis de réduire la dette. The minister promised to cut the debt."""
    reach = MAX_DEMANDED if cue.act == "demand" else MAX_TO_INFINITIVE
    for start in range(cue.after, min(cue.after + reach, context.last)):
        if context.tokens.words[start] in ",:;.":
            return None
        if context.is_link(start) and context.tokens.forms[start] not in context.pack.cue_prepositions:
            source = subject(context, cue)
            content = (start, clause_end(context, start))
            to = None if cue.act == "accuse" else addressee(context, after_time(context, cue), start)
            return None if source is None else draft(context, cue, [content], source, to)
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
