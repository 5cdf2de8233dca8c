"""The scores of a reader against gold: by measure, type and collection, with intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from .bootstrap import Interval, intervals
from .count import GROUPS, Compared, Counts, compare, count
from .gold import ROLES, GoldDocument, Prediction, check_fit, collection_of
from .measures import BY_TYPE, F1, HEADLINES, LINKS, MEASURES, ON_FOUND, SPEAKERS

SPEECH = ("speech",)


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """Counts over documents with the values of every measure; None is undefined."""

    documents: int
    counts: dict[str, int]
    values: dict[str, float | None]
    intervals: dict[str, Interval | None]  # of 95 in 100, by resampling documents; empty when not asked for


def score(
    gold: Sequence[GoldDocument],
    predictions: Sequence[Prediction],
    *,
    kinds: Sequence[str] = SPEECH,
    resamples: int = 0,
) -> Scores:
    """The scores over documents. Raises EvaluationError for predictions that are unfit.

    Gold of other kinds is neither asked for nor counted against a prediction that matches it; predictions that say
    they are of another kind are left out. Intervals come from `resamples` seeded draws.
    """
    return summarise([count(c) for c in compare_all(gold, predictions, kinds)], resamples=resamples)


def compare_all(
    gold: Sequence[GoldDocument], predictions: Sequence[Prediction], kinds: Sequence[str] = SPEECH
) -> list[Compared]:
    """Each gold document beside its prediction. Raises EvaluationError for predictions that are unfit."""
    check_fit(gold, predictions)
    by_doc = {prediction.doc: prediction for prediction in predictions}
    return [compare(document, by_doc.get(document.doc), kinds) for document in gold]


def summarise(counts: Sequence[Counts], *, resamples: int = 0) -> Scores:
    """The scores of documents that were counted one by one."""
    total: Counts = Counter()
    for counted in counts:
        total.update(counted)
    return Scores(
        documents=len(counts),
        counts=dict(total),
        values={name: measure.value(total) for name, measure in MEASURES.items()},
        intervals=intervals(counts, MEASURES, resamples=resamples) if resamples else {},
    )


def by_collection(compared: Sequence[Compared]) -> dict[str, Scores]:
    """The scores of each collection, by name."""
    parts: dict[str, list[Counts]] = {}
    for one in compared:
        parts.setdefault(collection_of(one.gold.doc), []).append(count(one))
    return {name: summarise(parts[name]) for name in sorted(parts)}


def by_type(counts: Mapping[str, int]) -> dict[str, dict[str, float | int | None]]:
    """Recall of content, attributed and named, with the number of gold statements, by type and for the nested."""
    total = Counter(counts)
    return {
        group: {"gold": total[f"gold/{group}"], **{name: share.value(total) for name, share in BY_TYPE[group].items()}}
        for group in GROUPS
    }


def precision_recall_f1(counts: Mapping[str, int], measure: F1) -> dict[str, float | None]:
    """The three figures of a measure."""
    total = Counter(counts)
    return {"p": measure.precision.value(total), "r": measure.recall.value(total), "f1": measure.value(total)}


def as_judge(scores: Scores) -> dict[str, Any]:
    """The scores under the names and in the form of the judge's tool, figure by figure."""
    values, counts = scores.values, scores.counts
    lines = {name: precision_recall_f1(counts, HEADLINES[name]) for name in HEADLINES if name != "whole article"}
    return {
        "documents": scores.documents,
        "gold": counts.get("gold", 0),
        "predicted": counts.get("predicted", 0),
        **lines,
        "whole article": values["whole article"],
        **{name: values[name] for name in SPEAKERS},
        "by type": by_type(counts),
        "roles": {role: values[role] for role in ROLES},
        "act": values["act"],
        "negated": values["negated"],
    }


def as_json(scores: Scores) -> dict[str, Any]:
    """Everything that is known of the scores, for another program."""
    known = {name: scores.values[name] for name in (*ON_FOUND, *LINKS)}
    return {**as_judge(scores), "measures": known, "intervals": scores.intervals}
