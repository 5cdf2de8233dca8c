"""Texts that nobody has annotated, of which the student learns what the teacher makes."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lab.shared import shared_root, text_file

from .corpus import Example, example

NOT_TO_LEARN_FROM = "NC"  # in the licence of a text: no weights that ship come from non-commercial texts
TREEBANKS = {  # sentences in the manner of the press; twenty in a row make a text
    "fr": ("UD_French-Sequoia", "UD_French-GSD", "UD_French-PUD"),
    "en": ("UD_English-EWT", "UD_English-PUD"),
}
MOST_SENTENCES = 4000  # of a treebank file: EWT is four times the others, and letters and reviews


def unannotated(known: set[str]) -> Iterator[Example]:
    """Raw articles whose licence allows it and treebank sentences, but for texts that begin as one in `known`."""
    for language in ("fr", "en"):
        path = text_file(language)
        for line in path.read_text(encoding="utf-8").splitlines() if path else []:
            text = json.loads(line)
            if text["text"][:200] not in known and NOT_TO_LEARN_FROM not in text["licence"]:
                yield example({"doc": text["id"], "text": text["text"], "statements": []}, language, annotated=False)
        for folder in TREEBANKS[language]:
            yield from _sentences(folder, language)


def _sentences(folder: str, language: str) -> Iterator[Example]:
    root = shared_root()
    for path in sorted((root / "treebanks" / folder).glob("*.conllu")) if root else []:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [line[9:].strip() for line in lines if line.startswith("# text = ")][:MOST_SENTENCES]
        for start in range(0, len(found), 20):
            text = "\n".join(found[start : start + 20])
            yield example({"doc": f"{path.stem}-{start}", "text": text, "statements": []}, language, annotated=False)
