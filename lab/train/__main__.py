"""`python -m lab.train`: from the gold to the weights in `src/onrecord/models/tagger`, printing time and losses.

Steps that are done leave a file in `scratch/train/` and are not done again until it is deleted.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from torch.nn import functional

from lab.shared import CHECKOUT, MODELS

from . import corpus, distil, export, folds, pool, restore, student, teacher, vectors
from .corpus import OURS, POLNEAR, Example
from .pretrained import Pretrained, PretrainedEncoder, weights_file
from .sources import DATA, UNANNOTATED

SCRATCH = CHECKOUT / "scratch" / "train"
MODEL = MODELS / "tagger"
CLOSED = ("wmt", "de2fr")  # in a document's id: text for research use; left out by --data open


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains and writes the weights."""
    options = _parser().parse_args(arguments)
    began = time.monotonic()
    SCRATCH.mkdir(parents=True, exist_ok=True)
    annotated = list(_annotated(open_only=options.data == "open"))
    if options.folds:
        return _cross_validate(annotated, options.seed)
    if options.encoder:
        return _fine_tune(options, annotated, teacher.TeacherSettings())
    made, teaching = _teach(annotated, options.seed, SCRATCH / options.data)
    words, table = _vectors(made)
    vocabulary = student.Vocabulary(words, table)
    settings = student.StudentSettings()
    if options.epochs:
        settings = msgspec.structs.replace(settings, epochs=options.epochs)
    start = None
    if options.go_on:
        settings = msgspec.structs.replace(settings, rate=settings.rate / 2)
        start = restore.restore(options.go_on, vocabulary, settings)
    found = student.train(made, teaching, vocabulary, settings, seed=options.seed, start=start)
    torch.save(found.state_dict(), SCRATCH / "student.pt")
    found.eval()
    minutes = (time.monotonic() - began) / 60
    export.save(found, vocabulary, options.out, _card(options, settings, made, minutes))
    print(f"weights in {options.out} after {minutes:.0f} minutes; `./run evaluate` scores them")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run train", description=__doc__)
    parser.add_argument(
        "--data", choices=["all", "open"], default="all", help="open: openly licensed and own articles alone"
    )
    parser.add_argument("--out", type=Path, default=MODEL, help="folder for the weights")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--folds", action="store_true", help="cross-validate instead: `./run evaluate folds` prints what came of it"
    )
    parser.add_argument(
        "--encoder",
        metavar="NAME",
        help="fine-tune this encoder of the transformers library instead and write a reader to --out: `--reader DIR`",
    )
    parser.add_argument(
        "--go-on", type=Path, metavar="DIR", help="the student begins with the weights in this folder, at half the rate"
    )
    parser.add_argument("--epochs", type=int, help="of the student; by default as the shipped one")
    return parser


def _cross_validate(annotated: Sequence[Example], seed: int) -> int:
    """About 40 minutes on two cores."""
    words, table = _vectors(annotated)
    settings = student.StudentSettings(epochs=5, pool_share=0.2)
    folds.run(folds.of_no_fold(annotated), student.Vocabulary(words, table), settings, SCRATCH / "folds", seed=seed)
    print("`./run evaluate folds` scores what was found")
    return 0


def _fine_tune(options: argparse.Namespace, annotated: Sequence[Example], settings: teacher.TeacherSettings) -> int:
    """A reader on a pretrained encoder of the user's choice."""
    from .huggingface import HuggingFace

    if options.out == MODEL:
        raise SystemExit("train: where to? --out FOLDER; the folder of the package is for the reader that ships")
    began = time.monotonic()
    torch.manual_seed(options.seed)
    one = teacher.Teacher(HuggingFace(options.encoder), activation=functional.relu)
    teacher.train(one, annotated, settings, seed=options.seed)
    one.eval()
    card = _card(options, settings, annotated, (time.monotonic() - began) / 60) | {"teacher": None}
    export.save_pretrained(one, options.out, card | {"encoder": options.encoder})
    print(f"reader in {options.out}; use it with --reader {options.out}")
    return 0


def _annotated(*, open_only: bool) -> Iterable[Example]:
    for name, language, scheme in (
        ("fr.train", "fr", OURS),
        ("en.train", "en", OURS),
        ("polnear.train", "en", POLNEAR),
    ):
        if open_only and scheme == POLNEAR:
            continue
        for document in corpus.gold(name):
            if not (open_only and any(word in document["doc"] for word in CLOSED)):
                yield corpus.example(document, language, scheme=scheme)
    for language in ("fr", "en"):
        for document in corpus.read_corpus(language):
            yield corpus.example(document, language)
        for document in corpus.own_corpus(language):
            yield msgspec.structs.replace(corpus.example(document, language), times=1)


def _teach(annotated: list[Example], seed: int, folder: Path) -> tuple[list[Example], distil.Teaching]:
    """All examples, those that nobody annotated too, each with its first row among the teacher's states."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = teacher.TeacherSettings()
    weights = folder / "teacher.pt"
    torch.manual_seed(seed)
    source = Pretrained(weights_file())
    one = teacher.Teacher(PretrainedEncoder(source, layers=settings.layers, frozen=settings.frozen))
    if weights.exists():
        one.load_state_dict(torch.load(weights))
    else:
        teacher.train(one, annotated, settings, seed=seed)
        torch.save(one.state_dict(), weights)
    known = {e.document["text"][:200] for e in annotated}
    everything = [*annotated, *pool.unannotated(known)]
    if not (folder / "states.npy").exists():
        np.save(folder / "states.npy", teacher.states_of(one, everything))
    states = np.load(folder / "states.npy", mmap_mode="r")
    starts = np.cumsum([0, *(len(e.tokens) for e in everything)]).tolist()
    placed = [msgspec.structs.replace(e, states=start) for e, start in zip(everything, starts, strict=False)]
    return placed, distil.Teaching(states, one.heads)


def _vectors(examples: Sequence[Example]) -> tuple[list[str], Any]:
    path = SCRATCH / "vectors.npz"
    if not path.exists():
        words = vectors.vocabulary(word for e in examples for word in e.tokens.forms)
        np.savez(path, words=np.array(words), vectors=vectors.vectors_of(words, Pretrained(weights_file())))
    with np.load(path) as found:
        return found["words"].tolist(), found["vectors"]


def _card(options: Any, settings: Any, examples: Sequence[Example], minutes: float) -> dict[str, Any]:
    return {
        "name": "tagger",
        "code": version("onrecord"),
        "licence": "Apache-2.0",
        "seed": options.seed,
        "minutes": round(minutes),
        "data": [line for line in (*DATA, *UNANNOTATED) if options.data == "all" or "research use" not in line],
        "teacher": "multilingual-e5-small (MIT), fine-tuned; not shipped",
        "went_on_from": _history(options.go_on),
        "words": "chosen by wordfreq 3.1 (data CC BY-SA 4.0)",
        "settings": msgspec.to_builtins(settings),
        "statements": sum(len(e.labels) for e in examples if e.scheme == OURS and e.annotated),
    }


def _history(folder: Path | None) -> list[Any]:
    """How the weights in a folder came about, one entry a run of training, the last one last."""
    if folder is None:
        return []
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    earlier = card.get("went_on_from") or []
    kept = {
        name: card[name] for name in ("made", "minutes", "seed", "settings", "stages", "statements") if name in card
    }
    return [*earlier, kept]


if __name__ == "__main__":
    raise SystemExit(main())
