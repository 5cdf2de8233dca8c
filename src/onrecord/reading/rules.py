"""The plain reader: finds statements by the words of the pack and the shape of the sentence, without weights.

It is the floor that a learned reader has to clear, and what a language has until there are weights for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from ..language.pack import Pack
from ..types import Act, Draft, Kind, Reason
from .decode import settle, statement_type
from .marks import Quotation, find_quotations
from .phrases import Run, Sentence, noun_phrase_after, subject_before
from .tokens import Tokens

# Confidence by rule: the share of a rule's statements on the train files of the gold whose content and speaker are
# right, rounded; `python -m lab.evaluate --reader rules` prints the reliability that comes of it.
CONFIDENCE = {
    "quotation_after_cue": 0.6, "quotation_before_cue": 0.7, "floating_quotation": 0.4, "preposition_first": 0.6,
    "preposition_last": 0.5, "clause_after_cue": 0.6, "clause_before_cue": 0.5, "infinitive_after_cue": 0.4,
    "object_after_cue": 0.3,
}  # fmt: skip
MIN_QUOTED_WORDS = 4  # a shorter quotation without cue is a title or a nickname more often than a statement


class Cue(msgspec.Struct, frozen=True):
    """A verb group or preposition that reports."""

    run: Run
    head: int
    act: Act
    kind: Kind
    negated: bool


class Context(msgspec.Struct, frozen=True):
    """One sentence with all that its rules look at."""

    tokens: Tokens
    pack: Pack
    sentence: Sentence
    quotations: Sequence[Quotation]

    def quoted(self, i: int) -> Quotation | None:
        """The outermost quotation around a token."""
        return next((q for q in self.quotations if q.first <= i <= q.last), None)


class RuleReader:
    """Finds statements by rules alone."""

    name = "rules"
    weights: str | None = None

    def read_many(self, batch: Sequence[tuple[Tokens, Pack]]) -> list[list[Draft]]:
        """The drafts of each text, by the start of their content."""
        return [settle(list(_read(tokens, pack))) for tokens, pack in batch]


def _read(tokens: Tokens, pack: Pack) -> Iterator[Draft]:
    quotations = [q for q in find_quotations(tokens, pack) if q.level == 1]
    used: set[Quotation] = set()
    for first, last in _units(tokens, quotations):
        context = Context(tokens, pack, (first, last), quotations)
        for cue in [*_prepositions(context), *_verbs(context)]:
            for rule in RULES:
                draft = rule(context, cue)
                if draft is None:
                    continue
                used.update(q for q in quotations if any(_touches(tokens, q, draft) for _ in (0,)))
                yield draft
                break
    yield from _floating(tokens, quotations, used)


def _units(tokens: Tokens, quotations: Sequence[Quotation]) -> list[Run]:
    """Sentences, those that one quotation holds together made one."""
    units: list[Run] = []
    for first, stop in tokens.sentences:
        if (
            units
            and any(q.first < first <= q.last and q.first >= units[-1][0] for q in quotations)
            and first == units[-1][1] + 1
        ):
            units[-1] = (units[-1][0], stop - 1)
        else:
            units.append((first, stop - 1))
    return units


def _touches(tokens: Tokens, quotation: Quotation, draft: Draft) -> bool:
    span = tokens.span(quotation.first, quotation.last)
    return any(c.start < span.end and span.start < c.end for c in draft.content)


# --- cues ----------------------------------------------------------------------------------------------------------


def _verbs(context: Context) -> Iterator[Cue]:
    """Verb groups outside marks whose head the pack lists, auxiliaries, adverbs and negation included."""
    tokens, pack = context.tokens, context.pack
    first, last = context.sentence
    for i in range(first, last + 1):
        verbs = pack.cue_verbs.get(tokens.forms[i], ())
        before = tokens.forms[i - 1] if i > first else ""
        name = tokens.words[i][0].isupper() and i > first  # "United States" reports nothing
        if not verbs or name or context.quoted(i) is not None or before in pack.determiners:
            continue
        left = i
        while (
            left > first and tokens.forms[left - 1] in pack.auxiliaries | pack.adverbs | pack.negations | pack.clitics
        ):
            if tokens.forms[left - 1] in pack.pronouns:
                break
            left -= 1
        right = i
        while right < last and tokens.forms[right + 1] in pack.negations | pack.adverbs:
            right += 1
        negated = any(tokens.forms[j] in pack.negations for j in range(left, right + 1))
        yield Cue((left, right), i, verbs[0].act, verbs[0].kind, negated)


def _prepositions(context: Context) -> Iterator[Cue]:
    tokens, pack = context.tokens, context.pack
    first, last = context.sentence
    for phrase, kind in pack.cue_prepositions.items():
        words = phrase.replace("'", "' ").split()
        for i in range(first, last - len(words) + 2):
            if tokens.forms[i : i + len(words)] == words and context.quoted(i) is None:
                yield Cue((i, i + len(words) - 1), i, "assert", kind, negated=False)


# --- rules: each takes a sentence and a cue and gives a draft or None ------------------------------------------------


def preposition_first(context: Context, cue: Cue) -> Draft | None:
    """ "Selon le ministre, la loi passera." """
    first, last = context.sentence
    if not _is_preposition(context, cue) or cue.run[0] != first:
        return None
    source = noun_phrase_after(context.tokens, context.pack, cue.run[1] + 1, last)
    comma = _next_sign(context, source[1] + 1 if source else cue.run[1] + 1, ",:")
    if source is None or comma is None:
        return None
    return _draft(context, cue, [(comma + 1, last)], source, "preposition_first")


def preposition_last(context: Context, cue: Cue) -> Draft | None:
    """ "La loi passera, selon le ministre." """
    first, last = context.sentence
    if not _is_preposition(context, cue) or cue.run[0] <= first + 2:
        return None
    comma = context.tokens.words[cue.run[0] - 1] == ","
    if not comma and " " not in " ".join(context.tokens.forms[cue.run[0] : cue.run[1] + 1]):
        return None  # "pour" without a comma is an ordinary preposition; "according to" is not
    source = noun_phrase_after(context.tokens, context.pack, cue.run[1] + 1, last)
    if source is None:
        return None
    content = [(first, cue.run[0] - 1 - comma)]
    if source[1] + 1 < last and context.tokens.words[source[1] + 1] == ",":
        content.append((source[1] + 2, last))
    return _draft(context, cue, content, source, "preposition_last")


def quotation_before_cue(context: Context, cue: Cue) -> Draft | None:
    """« La loi passera », a déclaré le ministre."""
    i = cue.run[0] - 1
    first, last = context.sentence
    subject: Run | None = None
    while i > first and (
        context.tokens.words[i] in (",", "-", "–") or context.tokens.forms[i] in context.pack.pronouns
    ):
        subject = (i, i) if context.tokens.words[i][0].isalnum() else subject
        i -= 1
    quotation = context.quoted(i)
    if quotation is None:
        subject = subject_before(context.tokens, context.pack, cue.run[0], first)
        if subject is None or subject[0] - 1 < first:
            return None
        i = subject[0] - 1
        quotation = context.quoted(i - 1 if context.tokens.words[i] == "," else i)
    if quotation is None or quotation.kind == "dash" or quotation.last >= cue.run[0]:
        return None
    source = subject or noun_phrase_after(context.tokens, context.pack, cue.run[1] + 1, last, clitic=True)
    contents = [(quotation.first, quotation.last)]
    following = next((q for q in context.quotations if cue.head < q.first <= last), None)
    if following is not None and source is not None and following.first - source[1] <= 3:
        contents.append((following.first, following.last))
    return _draft(context, cue, contents, source, "quotation_before_cue")


def quotation_after_cue(context: Context, cue: Cue) -> Draft | None:
    """Le ministre a déclaré : « La loi passera. »"""
    first, last = context.sentence
    i = cue.run[1] + 1
    source: Run | None = None
    if i <= last and context.tokens.forms[i] in context.pack.clitics:
        source, i = (i, i), i + 1
    while i <= last and context.tokens.words[i] not in (":", ",") and context.quoted(i) is None and i - cue.run[1] < 12:
        if context.tokens.forms[i] in context.pack.complementisers:
            return None
        i += 1
    colon = i <= last and context.tokens.words[i] in (":", ",")
    quotation = context.quoted(i + 1) if colon and i < last else context.quoted(i) if i <= last else None
    if quotation is None or quotation.first < cue.head or (not colon and i > cue.run[1] + 1):
        return None
    source = source or subject_before(context.tokens, context.pack, cue.run[0], first)
    return _draft(context, cue, [(quotation.first, quotation.last)], source, "quotation_after_cue")


def clause_after_cue(context: Context, cue: Cue) -> Draft | None:
    """Le ministre a déclaré que la loi passerait. The minister said the law would pass."""
    first, last = context.sentence
    i = cue.run[1] + 1
    inverted: Run | None = None
    if i <= last and context.tokens.forms[i] in context.pack.clitics:
        inverted, i = (i, i), i + 1
    stop = min(i + 8, last)
    while (
        i <= stop
        and context.tokens.forms[i] not in context.pack.complementisers
        and context.tokens.words[i] not in ",:;."
    ):
        i += 1
    if i > stop or context.tokens.forms[i] not in context.pack.complementisers:
        return None
    source = inverted or subject_before(context.tokens, context.pack, cue.run[0], first)
    return _draft(context, cue, [(i, _clause_end(context, i))], source, "clause_after_cue")


def bare_clause_after_cue(context: Context, cue: Cue) -> Draft | None:
    """The minister said the law would pass: no complementiser, and a subject right after the cue."""
    first, last = context.sentence
    i = cue.run[1] + 1
    if i + 3 > last or context.pack.elisions or cue.act not in ("assert", "announce", "confirm", "deny"):
        return None
    subject = subject_before(context.tokens, context.pack, cue.run[0], first)
    form = context.tokens.forms[i]
    begins = form in context.pack.determiners or form in context.pack.pronouns or context.tokens.words[i][0].isupper()
    if subject is None or not begins or cue.kind == "attitude":
        return None
    return _draft(context, cue, [(i, _clause_end(context, i))], subject, "clause_after_cue")


def clause_before_cue(context: Context, cue: Cue) -> Draft | None:
    """La loi passera, a déclaré le ministre. The law would pass, the minister said."""
    first, last = context.sentence
    i = cue.run[0] - 1
    source: Run | None = None
    if context.tokens.words[i] != ",":
        source = subject_before(context.tokens, context.pack, cue.run[0], first)
        if source is None or source[0] - 1 <= first or context.tokens.words[source[0] - 1] != ",":
            return None
        if last - cue.run[1] > 4:
            return None
        i = source[0] - 1
    else:
        source = noun_phrase_after(context.tokens, context.pack, cue.run[1] + 1, last, clitic=True)
    if i - first < 4 or source is None or cue.kind == "attitude":
        return None
    return _draft(context, cue, [(first, i - 1)], source, "clause_before_cue")


def infinitive_after_cue(context: Context, cue: Cue) -> Draft | None:
    """Le ministre a promis de réduire la dette. The minister promised to cut the debt."""
    first, last = context.sentence
    link = INFINITIVE_LINKS & context.pack.function_words
    for i in range(cue.run[1] + 1, min(cue.run[1] + 7, last)):
        form = context.tokens.forms[i]
        if context.tokens.words[i] in ",:;.":
            return None
        if (
            form in link
            and context.tokens.forms[i + 1] not in context.pack.determiners
            and context.tokens.words[i + 1][0].islower()
        ):
            source = subject_before(context.tokens, context.pack, cue.run[0], first)
            return (
                None
                if source is None
                else _draft(context, cue, [(i, _clause_end(context, i))], source, "infinitive_after_cue")
            )
    return None


def object_after_cue(context: Context, cue: Cue) -> Draft | None:
    """Le ministre a annoncé la fermeture de l'usine."""
    first, last = context.sentence
    i = cue.run[1] + 1
    if cue.act in ("assert", "question") or i >= last or not context.tokens.words[i][0].isalnum():
        return None
    form = context.tokens.forms[i]
    if form in context.pack.function_words and form not in context.pack.determiners:
        return None
    source = subject_before(context.tokens, context.pack, cue.run[0], first)
    if source is None or (form not in context.pack.determiners and context.pack.elisions):
        return None
    return _draft(context, cue, [(i, _clause_end(context, i))], source, "object_after_cue")


INFINITIVE_LINKS = frozenset(
    {"de", "d'", "à", "to"}
)  # those that the pack knows count; a pack without them has no such rule

Rule = Callable[[Context, Cue], Draft | None]
RULES: tuple[Rule, ...] = (
    preposition_first,
    preposition_last,
    # before the clauses: in « A », a-t-il dit the words before the cue are quoted, not paraphrased
    quotation_before_cue,
    # before the infinitive: "il a promis que" has a clause although "de" may follow in it
    clause_after_cue,
    quotation_after_cue,
    clause_before_cue,
    bare_clause_after_cue,
    infinitive_after_cue,
    object_after_cue,
)


def _floating(tokens: Tokens, quotations: Sequence[Quotation], used: set[Quotation]) -> Iterator[Draft]:
    """Quotations that no cue has claimed and that are whole sentences."""
    for quotation in quotations:
        inner = [w for w in tokens.words[quotation.first : quotation.last + 1] if w[0].isalnum()]
        if quotation in used or len(inner) < MIN_QUOTED_WORDS or not inner[0][0].isupper():
            continue
        reason = Reason(
            "floating_quotation", tokens.words[quotation.first], tokens.span(quotation.first, quotation.first)
        )
        content = tokens.span(quotation.first, quotation.last)
        yield Draft(content=(content,), type="direct", confidence=CONFIDENCE["floating_quotation"], reasons=(reason,))


# --- helpers -------------------------------------------------------------------------------------------------------


def _is_preposition(context: Context, cue: Cue) -> bool:
    return context.tokens.forms[cue.head] not in context.pack.cue_verbs


def _next_sign(context: Context, start: int, signs: str) -> int | None:
    last = context.sentence[1]
    return next((i for i in range(start, min(last, start + 25)) if context.tokens.words[i] in signs), None)


def _clause_end(context: Context, start: int) -> int:
    """Where a clause ends: before a comma that a new clause follows, else with the sentence."""
    last = context.sentence[1]
    for i in range(start + 2, last):
        if context.tokens.words[i] in (";", ":") and context.quoted(i) is None:
            return i - 1
        if (
            context.tokens.words[i] == ","
            and context.tokens.forms[i + 1] in context.pack.cue_verbs
            and context.quoted(i) is None
        ):
            return i - 1
    return last


def _draft(context: Context, cue: Cue, content: Sequence[Run], source: Run | None, rule: str) -> Draft | None:
    tokens = context.tokens
    runs = [run for run in (_trim(tokens, run) for run in content) if run is not None]
    if not runs or (source is not None and any(a <= source[0] <= b for a, b in runs)):
        return None
    return Draft(
        content=tuple(tokens.span(*run) for run in runs),
        cue=(tokens.span(*cue.run),),
        source=(tokens.span(*source),) if source else (),
        type=statement_type(tokens, runs, [cue.run], context.quotations),
        kind=cue.kind,
        act=cue.act,
        negated=cue.negated,
        confidence=CONFIDENCE[rule],
        reasons=(Reason(rule, tokens.words[cue.head], tokens.span(cue.head, cue.head)),),
    )


def _trim(tokens: Tokens, run: Run) -> Run | None:
    """A run without signs at its edges; None when no word is left."""
    first, last = run
    while first <= last and tokens.words[first] in ",;:":
        first += 1
    while last >= first and tokens.words[last] in ",;:.":
        last -= 1
    return (
        (first, last) if first <= last and any(tokens.words[i][0].isalnum() for i in range(first, last + 1)) else None
    )
