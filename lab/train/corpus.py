"""Annotated articles as the tagger sees them: tokens, anchors, and the roles around each anchor."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, get_args

import msgspec

from lab.shared import ABSENT, CHECKOUT, gold_file, text_file
from onrecord.language.loader import load_pack
from onrecord.reading.features import lexicon
from onrecord.reading.features import states as mark_states
from onrecord.reading.marks import find_quotations
from onrecord.reading.tagger import LEFT, RIGHT
from onrecord.reading.tokens import Tokens, numbered, tokenise
from onrecord.types import ROLES, Act, Kind, Span, digest

WINDOW = LEFT + RIGHT + 1
KINDS: tuple[Kind, ...] = get_args(Kind)
ACTS: tuple[Act, ...] = get_args(Act)
OURS, POLNEAR = 0, 1  # schemes: which guidelines an annotation follows
CUE, CUELESS = 1, 2  # classes of an anchor; 0 is none

CORPORA = CHECKOUT / "lab" / "corpora"

Document = dict[str, Any]  # the gold form


class Labels(msgspec.Struct, frozen=True):
    """One statement as labels. -1 where the annotation says nothing."""

    anchor: int  # token
    anchor_class: int
    roles: dict[int, int]  # by token: 1 + position in ROLES
    kind: int
    act: int
    negated: int


class Example(msgspec.Struct, frozen=True):
    """One article of one scheme, ready to be cut into pieces."""

    doc: str
    language: str
    scheme: int
    tokens: Tokens
    sentences: list[int]
    marks: list[int]  # as features.states
    parts: list[int]  # of the pack, as features.lexicon
    labels: list[Labels]
    document: Document
    annotated: bool = True  # False for a text that only the teacher has read
    times: int = 2  # how often an epoch sees it; our own articles, which are denser than real ones, once
    states: int | None = None  # row of its first token in the table of teacher states


Item = tuple[Example, int, int]  # tokens from, to


def load(path: Path) -> list[Document]:
    """The documents of a JSON Lines file in the gold form."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def gold(name: str) -> list[Document]:
    """A gold file by name, e.g. "fr.train". Raises FileNotFoundError where the shared data is absent."""
    path = gold_file(f"{name}.jsonl")
    if path is None:
        raise FileNotFoundError(ABSENT)
    return load(path)


def own_corpus(language: str) -> list[Document]:
    """The annotated articles that belong to the project; see lab/corpora/README.md."""
    path = CORPORA / "own" / f"{language}.jsonl"
    return load(path) if path.exists() else []


def read_corpus(language: str) -> list[Document]:
    """Our annotations of articles whose text stands in the shared data alone, each put together with its text.

    Empty where the shared data is absent. Raises ValueError where a text is not the one that was annotated.
    """
    path, texts = CORPORA / "read" / f"{language}.jsonl", text_file(language)
    if texts is None or not path.exists():
        return []
    by_id = {text["id"]: text["text"] for text in load(texts)}
    documents = load(path)
    changed = [d["doc"] for d in documents if digest(by_id.get(d["doc"], "")) != d["sha256"]]
    if changed:
        raise ValueError(f"{path}: annotated on other texts than those in {texts}: {', '.join(changed)}")
    return [document | {"text": by_id[document["doc"]]} for document in documents]


def example(document: Document, language: str, *, scheme: int = OURS, annotated: bool = True) -> Example:
    """The labels of one annotated article."""
    pack = load_pack(language)
    tokens = tokenise(document["text"], pack)
    known = _lexicon(language)
    return Example(
        doc=document["doc"],
        language=language,
        scheme=scheme,
        tokens=tokens,
        sentences=numbered(tokens.sentences),
        marks=mark_states(tokens, find_quotations(tokens, pack)),
        parts=[known.get(form, 0) for form in tokens.forms],
        labels=[_labels(tokens, statement) for statement in document["statements"]],
        document=document,
        annotated=annotated,
    )


@cache
def _lexicon(language: str) -> dict[str, int]:
    return lexicon(load_pack(language))


def anchor_of(tokens: Tokens, statement: dict[str, Any]) -> tuple[int, int]:
    """The token a statement hangs on, and its class.

    It is the longest word of the cue (the last of several), which is its verb, noun or preposition in all but a few;
    without cue, the first token of the content.
    """
    words = [
        (len(tokens.words[i]), i)
        for start, end in statement["cue"]
        for i in range(*tokens.range_of(Span(start, end)))
        if tokens.words[i][0].isalpha()
    ]
    if words:
        return max(words)[1], CUE
    start, end = min(map(tuple, statement["content"]))
    return tokens.range_of(Span(start, end))[0], CUELESS


def _labels(tokens: Tokens, statement: dict[str, Any]) -> Labels:
    anchor, anchor_class = anchor_of(tokens, statement)
    roles: dict[int, int] = {}
    for number, role in enumerate(ROLES):
        for start, end in statement.get(role) or []:
            for i in range(*tokens.range_of(Span(start, end))):
                roles.setdefault(i, number + 1)
    kind = KINDS.index(statement["kind"]) if statement["kind"] in KINDS else -1
    act = ACTS.index(statement["act"]) if statement.get("act") else -1
    negated = int(statement["negated"]) if "negated" in statement else -1
    return Labels(anchor, anchor_class, roles, kind, act, negated)


def pieces(example: Example, most: int, *, shift: random.Random | None = None) -> Iterator[Item]:
    """The example cut between paragraphs into pieces of at most `most` tokens.

    With `shift`, the first cut falls at random, so that training does not see the same cuts every time.
    """
    paragraphs = example.tokens.paragraphs
    first = shift.randrange(3) if shift and len(paragraphs) > 3 else 0
    if first:
        yield from _cut(example, paragraphs[0][0], paragraphs[first - 1][1], most)
    while first < len(paragraphs):
        last = first
        while last + 1 < len(paragraphs) and paragraphs[last + 1][1] - paragraphs[first][0] <= most:
            last += 1
        yield from _cut(example, paragraphs[first][0], paragraphs[last][1], most)
        first = last + 1


def _cut(example: Example, start: int, end: int, most: int) -> Iterator[Item]:
    while end - start > most:
        yield example, start, start + most
        start += most
    if end > start:
        yield example, start, end


def batches(items: Sequence[Item], size: int, order: random.Random) -> list[list[Item]]:
    """Items of like length together, the batches in random order."""
    mixed = list(items)
    order.shuffle(mixed)
    mixed.sort(key=lambda item: (item[2] - item[1]) // 40)
    found = [mixed[i : i + size] for i in range(0, len(mixed), size)]
    order.shuffle(found)
    return found
