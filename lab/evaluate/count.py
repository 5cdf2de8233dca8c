"""One document, gold against prediction, counted: whole numbers that add up over documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec import UNSET

from .gold import ROLES, Found, GoldDocument, GoldStatement, Prediction, Spans
from .names import fully_named, same_speaker
from .words import Pair, Words, all_words, match, words_under

TYPES = ("direct", "indirect", "mixed")
GROUPS = (*TYPES, "nested")
FOUND_AT = 0.8  # overlap of content words from which a statement counts as found

Counts = Counter[str]


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """A gold document beside the predictions that are scored on it."""

    gold: GoldDocument
    predicted: tuple[Found, ...]  # those with content and of the kinds asked for
    positions: tuple[int, ...]  # of each in the prediction as given: what `parent` points at
    wanted: frozenset[int]  # gold statements of the kinds asked for
    found: dict[int, int]  # gold → predicted, at FOUND_AT
    exact: dict[int, int]  # the same words
    ignored: frozenset[int]  # predictions that match gold of another kind: neither right nor wrong

    def right(self, i: int) -> bool:
        """Whether the speaker of a found gold statement is right."""
        name = self.predicted[self.found[i]].speaker
        return same_speaker(None if name is UNSET else name, self.gold.statements[i].speaker, self.gold.entities)

    def named(self, i: int) -> bool:
        """Whether the speaker of a found gold statement is right, and a person by the fullest name."""
        name = self.predicted[self.found[i]].speaker
        if not self.right(i):
            return False
        return not isinstance(name, str) or fully_named(name, self.gold.statements[i].speaker, self.gold.entities)


def compare(gold: GoldDocument, prediction: Prediction | None, kinds: Sequence[str]) -> Compared:
    """A document beside its prediction; None stands for one in which nothing was found."""
    given = prediction.statements if prediction else ()
    kept = [(n, s) for n, s in enumerate(given) if s.content and (s.kind is UNSET or s.kind in kinds)]
    predicted = tuple(statement for _, statement in kept)
    gold_pairs = [_pair(gold.text, s.content, s.cue) for s in gold.statements]
    guesses = [_pair(gold.text, s.content or (), s.cue or ()) for s in predicted]
    found = match(gold_pairs, guesses, FOUND_AT)
    wanted = frozenset(i for i, s in enumerate(gold.statements) if s.kind in kinds)
    return Compared(
        gold=gold,
        predicted=predicted,
        positions=tuple(position for position, _ in kept),
        wanted=wanted,
        found=found,
        exact=match(gold_pairs, guesses, 1.0),
        ignored=frozenset(j for i, j in found.items() if i not in wanted),
    )


def count(compared: Compared) -> Counts:
    """The counts of one document; `measures.py` says what is made of them."""
    counts: Counts = Counter()
    counts["gold"] = len(compared.wanted)
    counts["predicted"] = len(compared.predicted) - len(compared.ignored)
    for i in sorted(compared.wanted):
        _count_statement(counts, compared, i)
    _count_words(counts, compared)
    _count_links(counts, compared)
    return counts


def _pair(text: str, content: Spans, cue: Spans) -> Pair:
    return words_under(text, content), words_under(text, cue)


def _groups(statement: GoldStatement) -> list[str]:
    """The groups a gold statement is reported in."""
    return [statement.type] + (["nested"] if statement.parent is not None else [])


def _count_statement(counts: Counts, compared: Compared, i: int) -> None:
    gold = compared.gold.statements[i]
    groups = _groups(gold)
    counts.update(f"gold/{group}" for group in groups)
    counts["exact"] += i in compared.exact
    if i not in compared.found:
        return
    facts = {"found": True, "attributed": compared.right(i), "named": compared.named(i)}
    for fact, holds in facts.items():
        counts[fact] += holds
        counts.update({f"{fact}/{group}": int(holds) for group in groups})
    predicted = compared.predicted[compared.found[i]]
    _count_act(counts, gold, predicted)
    for role in ROLES:
        _count_role(counts, compared.gold.text, gold, predicted, role)


def _count_act(counts: Counts, gold: GoldStatement, predicted: Found) -> None:
    if gold.act is UNSET:
        return
    counts["act"] += predicted.act == gold.act
    counts["negated/right"] += bool(gold.negated and predicted.negated)
    counts["negated/predicted"] += bool(predicted.negated)
    counts["negated/gold"] += gold.negated


def _count_role(counts: Counts, text: str, gold: GoldStatement, predicted: Found, role: str) -> None:
    a = words_under(text, getattr(gold, role))
    b = words_under(text, getattr(predicted, role) or ())
    counts[f"{role}/right"] += bool(a and b and len(a & b) / max(len(a), len(b)) >= 0.5)
    counts[f"{role}/predicted"] += bool(b)
    counts[f"{role}/gold"] += bool(a)


def _count_words(counts: Counts, compared: Compared) -> None:
    """Words in any content; those in gold contents of other kinds alone count neither way."""
    text, statements = compared.gold.text, compared.gold.statements
    gold = _union(text, [statements[i].content for i in compared.wanted])
    other = _union(text, [s.content for s in statements]) - gold
    marked = _union(text, [s.content or () for s in compared.predicted]) - other
    everything = all_words(text) - other
    counts.update({
        "words/gold": len(gold),
        "words/right": len(gold & marked),
        "words/predicted": len(marked),
        "whole/right": len(gold & everything),
        "whole/predicted": len(everything),
    })  # fmt: skip


def _union(text: str, contents: Sequence[Spans]) -> Words:
    return frozenset[int]().union(*(words_under(text, spans) for spans in contents))


def _count_links(counts: Counts, compared: Compared) -> None:
    """Nesting: a link is right when both its ends are found and the prediction links them too."""
    at_position = {position: j for j, position in enumerate(compared.positions)}
    links = {
        (j, at_position[s.parent])
        for j, s in enumerate(compared.predicted)
        if s.parent is not None and s.parent in at_position and j not in compared.ignored
    }
    wanted = {
        (i, parent)
        for i in compared.wanted
        if (parent := compared.gold.statements[i].parent) is not None and parent in compared.wanted
    }
    found = compared.found
    counts["links/gold"] = len(wanted)
    counts["links/predicted"] = len(links)
    counts["links/right"] = sum(
        child in found and parent in found and (found[child], found[parent]) in links for child, parent in wanted
    )
