"""Cross-validation: each annotated article is read by a student that has not seen it.

The teacher has learnt from all of train, so it is left out: these students learn from the gold of the other folds,
from PolNeAR and from the project's own corpora alone. The weights that rank speakers are fitted for each fold. What
they score is a floor for the weights that ship.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec

from lab.evaluate.gold import GoldDocument
from lab.shared import FOLDS, LANGUAGES, fold_of, gold_file
from onrecord.desk import Desk
from onrecord.export.gold import document
from onrecord.reading import pronouns, tagger
from onrecord.settings import Settings
from onrecord.types import Article, digest

from . import corpus, export, speakers, student
from .corpus import OURS, Example


def annotated() -> dict[str, list[corpus.Document]]:
    """The gold of train and dev by language."""
    names = {language: [f"{language}.{part}" for part in ("train", "dev")] for language in LANGUAGES}
    return {language: [d for name in names[language] for d in corpus.gold(name)] for language in LANGUAGES}


def run(
    others: Sequence[Example],
    vocabulary: student.Vocabulary,
    settings: student.StudentSettings,
    out: Path,
    *,
    seed: int,
) -> None:
    """Trains FOLDS students and writes what each finds in its fold to `out/LANGUAGE.jsonl`, in the gold's form.

    `others` are examples of no fold, learnt from in each.
    """
    gold = annotated()
    out.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[Any]] = {language: [] for language in LANGUAGES}
    for fold in range(FOLDS):
        inside = [
            corpus.example(d, language) for language in LANGUAGES for d in gold[language] if fold_of(d["doc"]) != fold
        ]
        learnt = student.train([*inside, *others], None, vocabulary, settings, seed=seed)
        learnt.eval()
        export.save(learnt, vocabulary, out / f"fold-{fold}", {"name": "tagger", "fold": fold})
        ranks = _ranks(gold, fold)
        for language in LANGUAGES:
            held = [d for d in gold[language] if fold_of(d["doc"]) == fold]
            with mock.patch.object(pronouns, "load_ranks", lambda ranks=ranks: ranks):
                found[language] += _read(held, language, out / f"fold-{fold}")
            _write(out / f"{language}.jsonl", found[language])
        print(f"fold {fold + 1} of {FOLDS} is read", flush=True)


def _ranks(gold: dict[str, list[corpus.Document]], fold: int) -> speakers.Weights:
    """The weights that rank speakers, learnt from the other folds and the project's own corpora."""
    others = [
        (language, msgspec.convert(d, GoldDocument, strict=False))
        for language in LANGUAGES
        for d in gold[language]
        if fold_of(d["doc"]) != fold
    ]
    lessons = speakers.lessons_in(speakers.own_documents()) + speakers.lessons_in(others) * speakers.GOLD_TIMES
    return speakers.fit(lessons)


def _read(documents: Sequence[corpus.Document], language: str, weights: Path) -> list[dict[str, Any]]:
    desk = Desk(Settings(), reader=tagger.load(weights))
    articles = (Article(id=d["doc"], text=d["text"], language=language, sha256=digest(d["text"])) for d in documents)
    return [document(record, attitudes=True) for record in desk.read_many(articles)]


def _write(path: Path, documents: Sequence[dict[str, Any]]) -> None:
    lines = (json.dumps({k: v for k, v in d.items() if k != "text"}, ensure_ascii=False) for d in documents)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def of_no_fold(examples: Sequence[Example]) -> list[Example]:
    """The examples that belong to no fold: other schemes, own corpora; without states, which the teacher made."""
    files = [
        path for language in LANGUAGES for part in ("train", "dev") if (path := gold_file(f"{language}.{part}.jsonl"))
    ]
    known = {d["doc"] for path in files for d in corpus.load(path)}
    return [
        msgspec.structs.replace(e, states=None)
        for e in examples
        if e.annotated and (e.scheme != OURS or e.doc not in known)
    ]
