"""Learns whom sources that do not name mean, from the speakers of annotated articles.

python -m lab.train.speakers              fits on train and the project's corpora, writes models/speakers, scores dev
python -m lab.train.speakers --folds      cross-validates over train and dev and prints the scores by kind of mention
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any
from unittest import mock

import msgspec
import numpy as np

from lab.evaluate.gold import GoldDocument, load_gold
from lab.evaluate.names import fully_named, same_speaker
from lab.evaluate.speakers import Judged, draft_of, judge, report
from lab.shared import FOLDS, LANGUAGES, MODELS, fold_of, gold_file
from onrecord.language.loader import load_pack
from onrecord.reading import pronouns, speakers
from onrecord.reading.antecedents import Mention, Option
from onrecord.reading.tokens import tokenise

from . import corpus
from .sources import DATA

MODEL = MODELS / "speakers"
# A lesson of the gold counts as so many of our own articles, which are denser in speech; docs/decisions/0003.
GOLD_TIMES = 4
LEAST = 3  # times a feature is seen, from which on it has a weight
SHRINK = 0.5  # times half the squares of the weights is added to the loss summed over mentions
PASSES, RATE = 300, 0.3
# What a description counts for that is left as it stands, swept in docs/decisions/0003: a wrong person costs more than
# a description left alone.
LEFT_ALONE = 1.0

Weights = dict[str, dict[str, float]]


class Lesson(msgspec.Struct, frozen=True):
    """One mention: the features of its options, and which of them are right."""

    kind: str
    options: list[tuple[str, ...]]
    right: list[int]


class Teachable(speakers.Resolver):
    """A resolver that is told the right option of each mention, and keeps the lesson."""

    document: GoldDocument
    lessons: list[Lesson]

    def _choose(self, mention: Mention, options: list[Option]) -> list[Option]:
        gold = self.document.statements[mention.draft]
        said = [self._said(option, mention) for option in options]
        entities = self.document.entities
        right = [n for n, name in enumerate(said) if same_speaker(name, gold.speaker, entities)]
        full = [n for n in right if said[n] is None or fully_named(str(said[n]), gold.speaker, entities)]
        chosen = full or right
        if chosen:
            self.lessons.append(Lesson(mention.kind, [option.features for option in options], chosen))
        return [options[chosen[0]] if chosen else options[-1]]

    def _said(self, option: Option, mention: Mention) -> str | None:
        if option.speaker is not None:
            return option.speaker.name
        return self._text(mention.first, mention.last) if mention.kind == "description" else None


def lessons_of(document: GoldDocument, language: str) -> list[Lesson]:
    """Every mention of a document that has a right option."""
    pack = load_pack(language)
    one = Teachable(tokenise(document.text, pack), [draft_of(s) for s in document.statements], pack)
    one.document, one.lessons = document, []
    one.run()
    return one.lessons


def lessons_in(found: Iterable[tuple[str, GoldDocument]]) -> list[Lesson]:
    """Those of all documents."""
    return [lesson for language, document in found for lesson in lessons_of(document, language)]


def fit(lessons: Sequence[Lesson]) -> Weights:
    """Weights by kind, by the log chance of the right options, shrunk (Adagrad, Duchi et al. 2011)."""
    by_kind: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        by_kind[lesson.kind].append(lesson)
    weights = {kind: _fit(some) for kind, some in sorted(by_kind.items())}
    weights["description"]["nobody"] += LEFT_ALONE
    return weights


def _fit(lessons: Sequence[Lesson]) -> dict[str, float]:
    counts = Counter(f for lesson in lessons for option in lesson.options for f in option)
    number = {f: n for n, f in enumerate(sorted(f for f, count in counts.items() if count >= LEAST))}
    rows: list[int] = []
    columns: list[int] = []
    starts, right = [0], list[bool]()
    for lesson in lessons:
        for n, option in enumerate(lesson.options):
            found = [number[f] for f in option if f in number]
            rows += [len(right)] * len(found)
            columns += found
            right.append(n in lesson.right)
        starts.append(len(right))
    return dict(
        zip(number, _descend(np.array(rows), np.array(columns), np.array(starts), np.array(right)), strict=True)
    )


def _descend(rows: Any, columns: Any, starts: Any, right: Any) -> list[float]:
    size = int(columns.max()) + 1
    weights, squares = np.zeros(size), np.full(size, 1e-8)
    lesson = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    for _ in range(PASSES):
        scores = np.bincount(rows, weights[columns], len(right))
        scores -= np.maximum.reduceat(scores, starts[:-1])[lesson]
        raised = np.exp(scores)
        chance = raised / np.add.reduceat(raised, starts[:-1])[lesson]
        good = chance * right
        wanted = good / np.maximum(np.add.reduceat(good, starts[:-1])[lesson], 1e-12)
        gradient = (np.bincount(columns, (wanted - chance)[rows], size) - SHRINK * weights) / len(starts)
        squares += gradient**2
        weights += RATE * gradient / np.sqrt(squares)
    return [round(float(weight), 3) for weight in weights]


def documents(name: str) -> Iterator[tuple[str, GoldDocument]]:
    """The documents of both languages of a part: "train" or "dev"."""
    for language in LANGUAGES:
        path = gold_file(f"{language}.{name}.jsonl")
        yield from ((language, document) for document in (load_gold(path) if path else []))


def own_documents() -> Iterator[tuple[str, GoldDocument]]:
    """Those of the project's own corpora."""
    for language in LANGUAGES:
        for document in (*corpus.own_corpus(language), *corpus.read_corpus(language)):
            yield language, msgspec.convert(document, GoldDocument, strict=False)


def scored(found: Sequence[tuple[str, GoldDocument]], weights: Mapping[str, Mapping[str, float]]) -> list[Judged]:
    """The documents resolved with these weights."""
    with mock.patch.object(pronouns, "load_ranks", lambda: weights):
        return [one for language, document in found for one in judge(document, load_pack(language))]


def cross_validate() -> int:
    """Prints the pooled scores of train and dev by language."""
    gold = [*documents("train"), *documents("dev")]
    extra = lessons_in(own_documents())
    known = [(fold_of(document.doc), language, document, lessons_of(document, language)) for language, document in gold]
    judged: dict[str, list[Judged]] = defaultdict(list)
    for fold in range(FOLDS):
        others = [lesson for number, _, _, some in known if number != fold for lesson in some]
        weights = fit(extra + others * GOLD_TIMES)
        for language in LANGUAGES:
            held = [(code, document) for number, code, document, _ in known if number == fold and code == language]
            judged[language] += scored(held, weights)
    for language in LANGUAGES:
        print(f"{language}, {FOLDS} folds over train and dev", report(judged[language]), sep="\n", end="\n\n")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Fits and writes, or cross-validates."""
    parser = argparse.ArgumentParser(prog="python -m lab.train.speakers", description=__doc__)
    parser.add_argument("--folds", action="store_true", help="cross-validate and write nothing")
    if parser.parse_args(arguments).folds:
        return cross_validate()
    lessons = lessons_in(own_documents()) + lessons_in(documents("train")) * GOLD_TIMES
    kept = {kind: {f: w for f, w in sorted(some.items()) if w} for kind, some in fit(lessons).items()}
    card = {
        "name": "speakers",
        "code": version("onrecord"),
        "licence": "Apache-2.0",
        "data": DATA,
        "mentions": dict(sorted(Counter(lesson.kind for lesson in lessons).items())),
    }
    MODEL.mkdir(parents=True, exist_ok=True)
    for name, content in (("weights.json", {"weights": kept}), ("card.json", card)):
        (MODEL / name).write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n")
    for language in LANGUAGES:
        held = [(code, document) for code, document in documents("dev") if code == language]
        print(f"{language}.dev", report(scored(held, kept)), sep="\n", end="\n\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
