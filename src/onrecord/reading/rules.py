"""The plain reader: finds statements by the words of the pack and the shape of the sentence, without weights.

It is the floor that a learned reader has to clear, and what a language has until there are weights for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from ..language.pack import Pack
from ..types import Draft, Reason
from .decode import settle
from .marks import Quotation, find_quotations
from .rule_cues import Context, Cue, preposition_cues, verb_cues
from .rule_direct import floating_quotations, quotation_after_cue, quotation_before_cue
from .rule_indirect import (
    bare_clause_after_cue,
    clause_after_cue,
    clause_before_cue,
    infinitive_after_cue,
    object_after_cue,
    preposition_first,
    preposition_last,
)
from .tokens import Run, Tokens

Rule = Callable[[Context, Cue], Draft | None]

PREPOSITION_RULES: tuple[Rule, ...] = (preposition_first, preposition_last)
VERB_RULES: tuple[Rule, ...] = (
    # before the clauses: in « A », a-t-il dit the words before the cue are quoted, not paraphrased
    quotation_before_cue,
    # before the infinitive: "il a promis que" has a clause although "de" may follow in it
    clause_after_cue,
    quotation_after_cue,
    clause_before_cue,
    bare_clause_after_cue,
    infinitive_after_cue,
    # last: whatever follows a cue may look like its object
    object_after_cue,
)

# Confidence by rule: of its statements on the train files of the gold, both languages and all kinds together, the share
# whose content (Jaccard of words at least 0.8) and speaker are right. It moves when the resolver of speakers does.
CONFIDENCE = {
    "preposition_first": 0.70,
    "preposition_last": 0.58,
    "quotation_before_cue": 0.64,
    "clause_after_cue": 0.50,
    "quotation_after_cue": 0.62,
    "clause_before_cue": 0.39,
    "bare_clause_after_cue": 0.49,
    "infinitive_after_cue": 0.23,
    "object_after_cue": 0.23,
    "floating_quotation": 0.43,
}


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
    for context in _contexts(tokens, pack, quotations):
        for found in _statements(context):
            used.update(q for q in quotations if _touches(tokens, q, found))
            yield _sure(found)
    yield from map(_sure, floating_quotations(tokens, quotations, used))


def _statements(context: Context) -> Iterator[Draft]:
    """For each cue, what the first rule that fits makes of it."""
    for cues, rules in ((preposition_cues(context), PREPOSITION_RULES), (verb_cues(context), VERB_RULES)):
        for cue in cues:
            found = next((pair for rule in rules if (pair := _by(rule, context, cue)) is not None), None)
            if found is not None:
                yield found


def _by(rule: Rule, context: Context, cue: Cue) -> Draft | None:
    """What a rule finds, with the rule and the head of the cue as its reason."""
    found = rule(context, cue)
    if found is None:
        return None
    head = context.tokens.span(cue.head, cue.head)
    reason = Reason(rule.__name__, context.tokens.words[cue.head], head)
    return msgspec.structs.replace(found, reasons=(reason,))


def _sure(found: Draft) -> Draft:
    return msgspec.structs.replace(found, confidence=CONFIDENCE[found.reasons[0].rule])


def _contexts(tokens: Tokens, pack: Pack, quotations: Sequence[Quotation]) -> Iterator[Context]:
    around: list[Quotation | None] = [None] * len(tokens)
    for quotation in quotations:
        around[quotation.first : quotation.last + 1] = [quotation] * (quotation.last - quotation.first + 1)
    group = (pack.auxiliaries | pack.adverbs | pack.negations | pack.clitics) - pack.pronouns.keys()
    for first, last in _units(tokens, around):
        yield Context(tokens, pack, quotations, around, group, first, last)


def _units(tokens: Tokens, around: Sequence[Quotation | None]) -> list[Run]:
    """Sentences, those that one quotation holds together made one."""
    units: list[Run] = []
    for first, stop in tokens.sentences:
        quotation = around[first]
        if units and quotation is not None and units[-1][0] <= quotation.first < first:
            units[-1] = (units[-1][0], stop - 1)
        else:
            units.append((first, stop - 1))
    return units


def _touches(tokens: Tokens, quotation: Quotation, found: Draft) -> bool:
    span = tokens.span(quotation.first, quotation.last)
    return any(c.start < span.end and span.start < c.end for c in found.content)
