"""Confidence that means something: a logistic model of the tagger's own figures, fitted on articles new to it.

`python -m lab.train.calibrate` fits it on the dev files, writes it into the weights, and prints how well it does on
articles that it was not fitted on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from lab.evaluate.calibration import area, reliability_page
from lab.evaluate.gold import Prediction, load_gold
from lab.evaluate.reading import article_of
from lab.evaluate.score import compare_all
from lab.shared import CHECKOUT, FOLDS, LANGUAGES, MODELS, fold_of, gold_file
from onrecord.desk import Desk
from onrecord.export.gold import document
from onrecord.language.pack import Pack
from onrecord.reading import tagger
from onrecord.reading.tokens import Tokens
from onrecord.reading.weights import Weights
from onrecord.settings import Settings
from onrecord.types import Draft, Span

from .export import write_arrays, write_card

MODEL = MODELS / "tagger"
PAGE = CHECKOUT / "docs" / "reliability.md"
STEPS, RATE, SHRINK = 4000, 0.1, 1e-3

Key = tuple[str, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]  # text, content, cue


class Recorder(tagger.Tagger):
    """A tagger that keeps the figures of every draft."""

    def __init__(self, found: Weights, words: tagger.WordTable) -> None:
        super().__init__(found, words)
        self.by_draft: dict[Key, Any] = {}
        self._figures: dict[float, Any] = {}  # by the confidence that is made of them

    def read_many(self, batch: Sequence[tuple[Tokens, Pack]]) -> list[list[Draft]]:
        """The drafts of each text, their figures kept by their text, content and cue."""
        found = super().read_many(batch)
        for (tokens, _), drafts in zip(batch, found, strict=True):
            for draft in drafts:
                self.by_draft[(tokens.text, _plain(draft.content), _plain(draft.cue))] = self._figures[draft.confidence]
        return found

    def _confidence(self, anchor: Any, chances: Any, labels: Any) -> Any:
        confidence = super()._confidence(anchor, chances, labels)
        self._figures.update(zip(confidence.tolist(), tagger.figures(anchor, chances, labels), strict=True))
        return confidence


def _plain(spans: Iterable[Span] | Iterable[tuple[int, int]] | None) -> tuple[tuple[int, int], ...]:
    """Spans of either form as pairs."""
    pairs = [(span.start, span.end) if isinstance(span, Span) else (span[0], span[1]) for span in spans or ()]
    return tuple(pairs)


def fit(figures: Any, right: Any) -> tuple[Any, float]:
    """Weights and bias of a logistic regression, a little shrunk. `figures` is (statements, figures)."""
    mean, size = figures.mean(0), figures.std(0) + 1e-9
    z = (figures - mean) / size
    weights, bias = np.zeros(z.shape[1]), 0.0
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(z @ weights + bias))) - right
        weights -= RATE * (z.T @ error / len(right) + SHRINK * weights)
        bias -= RATE * float(error.mean())
    return (weights / size).astype(np.float32), float(bias - (weights / size) @ mean)


def chances(figures: Any, model: tuple[Any, float]) -> Any:
    """What a fitted model gives."""
    return 1 / (1 + np.exp(-(figures @ model[0] + model[1])))


class Judged(msgspec.Struct, frozen=True):
    """Every statement found in the dev files, one entry each."""

    figures: Any  # (statements, FIGURES) of the tagger
    right: Any  # (statements,) 1.0 where content and speaker are right
    articles: list[str]


def judged(folder: Path | None) -> Judged:
    """What the reader in a folder finds in the dev files."""
    reader = tagger.load(folder, kind=Recorder)
    assert isinstance(reader, Recorder)
    desk = Desk(Settings(reader="rules", min_confidence=0), reader=reader)
    rows, right, articles = [], [], []
    for language in LANGUAGES:
        path = gold_file(f"{language}.dev.jsonl")
        gold = load_gold(path) if path else []
        records = list(desk.read_many(article_of(one, language) for one in gold))
        predictions = [msgspec.convert(document(record, attitudes=True), Prediction) for record in records]
        for one in compare_all(gold, predictions):
            good = {j for i, j in one.found.items() if i in one.wanted and one.right(i)}
            for j, statement in enumerate(one.predicted):
                if j not in one.ignored:
                    spans = _plain(statement.content), _plain(statement.cue)
                    rows.append(reader.by_draft[(one.gold.text, *spans)])
                    right.append(j in good)
                    articles.append(one.gold.doc)
    return Judged(np.array(rows), np.array(right, float), articles)


def crossed(found: Judged) -> Any:
    """The chance of each statement by a model fitted on other articles."""
    folds = np.array([fold_of(article) for article in found.articles])
    chance = np.zeros(len(found.right))
    for number in range(FOLDS):
        model = fit(found.figures[folds != number], found.right[folds != number])
        chance[folds == number] = chances(found.figures[folds == number], model)
    return chance


def table(found: Any, right: Any) -> list[dict[str, float]]:
    """The reliability table: by tenth of confidence, how many, their mean confidence, the share that is right."""
    bins = np.minimum((found * 10).astype(int), 9)
    return [
        {"from": n / 10, "n": int((bins == n).sum()), "confidence": round(float(found[bins == n].mean()), 3),
         "right": round(float(right[bins == n].mean()), 3)}
        for n in range(10)
        if (bins == n).any()
    ]  # fmt: skip


def main(folder: Path) -> int:
    """Fits, writes, prints."""
    found = judged(folder)
    cross = crossed(found)
    rows = table(cross, found.right)
    error = sum(row["n"] * abs(row["confidence"] - row["right"]) for row in rows) / len(found.right)
    roc = area([(float(c), bool(r)) for c, r in zip(cross, found.right, strict=True)])
    weights, bias = fit(found.figures, found.right)
    with np.load(folder / "weights.npz") as archive:
        arrays = {name: archive[name] for name in archive.files}
    arrays |= {"confidence.w": weights, "confidence.b": np.array([bias], np.float32)}
    write_arrays(folder / "weights.npz", arrays)
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    summary = {"statements": len(found.right), "error": round(error, 3), "area": round(roc or 0, 3), "table": rows}
    card.pop("speaker_odds", None)
    write_card(folder, card | {"calibration": summary})
    if folder == MODEL:
        PAGE.write_text(reliability_page(summary, FOLDS), encoding="utf-8")
    print(msgspec.json.format(msgspec.json.encode(summary)).decode())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(MODEL))
