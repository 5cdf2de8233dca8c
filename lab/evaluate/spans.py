"""Exact spans, role by role, as PolNeAR is scored: right is a span with the same ends as one of gold in that role."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from .count import Compared
from .gold import Found, GoldStatement
from .measures import ratio

EXACT_ROLES = ("source", "cue", "content")
Span = tuple[int, int]


class Exact(msgspec.Struct, frozen=True, kw_only=True):
    """Spans of one role over documents. Several parts of one interrupted content are several spans."""

    right: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float | None:
        """Share of the predicted spans that gold has."""
        return ratio(self.right, self.predicted)

    @property
    def recall(self) -> float | None:
        """Share of gold's spans that were predicted."""
        return ratio(self.right, self.gold)

    @property
    def value(self) -> float | None:
        """F1: twice the right ones over all of both; None when there are none in gold or none predicted."""
        return 2 * self.right / (self.predicted + self.gold) if self.predicted and self.gold else None


def exact_spans(compared: Sequence[Compared]) -> dict[str, Exact]:
    """The figures of each role."""
    return {role: _role(compared, role) for role in EXACT_ROLES}


def _role(compared: Sequence[Compared], role: str) -> Exact:
    right = predicted = wanted = 0
    for one in compared:
        gold = _spans(one.gold.text, (one.gold.statements[i] for i in one.wanted), role)
        guesses = _spans(one.gold.text, one.predicted, role)
        right, predicted, wanted = right + len(gold & guesses), predicted + len(guesses), wanted + len(gold)
    return Exact(right=right, predicted=predicted, gold=wanted)


def _spans(text: str, statements: Iterable[GoldStatement | Found], role: str) -> set[Span]:
    """The spans of a role, each once: two statements may share a source."""
    return {_trimmed(text, span) for s in statements for span in getattr(s, role) or ()}


def _trimmed(text: str, span: Span) -> Span:
    """The span without white space at its ends, which no annotator means."""
    start, end = span
    covered = text[start:end]
    return start + len(covered) - len(covered.lstrip()), end - len(covered) + len(covered.rstrip())
