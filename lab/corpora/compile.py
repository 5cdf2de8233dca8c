"""Compiles annotations to the form of `own/`: one JSON object a line, spans as offsets.

python -m lab.corpora.compile FOLDER LANGUAGE [--out FILE]

FOLDER holds for each article either NAME.marked, with the annotations written into the text (`inline.py` describes the
form), or NAME.txt and NAME.json. That annotation has the form that the guidelines of the gold describe; an entity may
also have `office` and `evidence` (spans in the same notation) and `gender` ("f" or "m").
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from lab.shared import ABSENT, gold_file

from . import inline

SPANS_OF_ENTITIES = ("office", "evidence")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 when an article has problems, each of which is printed; the others are written all the same."""
    parser = argparse.ArgumentParser(prog="python -m lab.corpora.compile", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("language", choices=["fr", "en"])
    parser.add_argument("--out", type=Path, help="where to write; without it the annotations are only checked")
    options = parser.parse_args(arguments)
    good, bad = [], 0
    for path in sorted([*options.folder.glob("*.json"), *options.folder.glob("*.marked")]):
        if path.suffix == ".marked":
            document, problems = inline.document(path.read_text(encoding="utf-8"), path.stem)
        else:
            document, problems = compiled(path, goldtool())
        for problem in problems:
            print(f"{path.name}: {problem}", file=sys.stderr)
        if problems:
            bad += 1
        else:
            good.append(document)
    statements = sum(len(document["statements"]) for document in good)
    print(f"{len(good)} articles with {statements} statements, {bad} with problems")
    if options.out:
        lines = [json.dumps(document, ensure_ascii=False) + "\n" for document in good]
        options.out.write_text("".join(lines), encoding="utf-8")
    return 1 if bad else 0


@cache
def goldtool() -> ModuleType:
    """The judge, which stands beside the gold. Raises FileNotFoundError where the shared data is absent."""
    path = gold_file("goldtool.py")
    if path is None:
        raise FileNotFoundError(ABSENT)
    spec = importlib.util.spec_from_file_location("goldtool", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compiled(path: Path, tool: ModuleType) -> tuple[dict[str, Any], list[str]]:
    """The document of an annotation, its text taken from the file beside it, and what is wrong with it."""
    try:
        annotation = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        return {}, [str(error)]
    annotation["doc"] = path.stem
    document, problems = tool.compile_document(text, annotation)
    paragraphs = tool.paragraphs(text)
    for name, entity in document["entities"].items():
        for field in SPANS_OF_ENTITIES:
            if entity.get(field) is not None:
                try:
                    entity[field] = tool.resolve(text, paragraphs, entity[field])
                except tool.Unresolved as problem:
                    problems.append(f"entity {name!r}, {field}: {problem}")
            else:
                entity.pop(field, None)
        if ("gender" in entity) != ("evidence" in entity):
            problems.append(f"entity {name!r}: gender and evidence go together")
    for number, statement in enumerate(document["statements"]):
        problems += [f"statement {number}: {found}" for found in _doubts(text, statement)]
    return document, problems


def _doubts(text: str, statement: dict[str, Any]) -> list[str]:
    """Spans with white space at an edge, which no guideline allows."""
    spans = (s for field in ("content", "cue", "source", "addressee", "occasion", "when") for s in statement[field])
    return [f"white space at an edge: {text[a:b]!r}" for a, b in spans if text[a:b].strip() != text[a:b]]


if __name__ == "__main__":
    raise SystemExit(main())
