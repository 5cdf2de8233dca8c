"""Gold documents and predictions: their form, read strictly, and what makes predictions unfit to be scored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from onrecord.errors import OnRecordError

T = TypeVar("T")
Spans = tuple[tuple[int, int], ...]


class EvaluationError(OnRecordError):
    """Gold or predictions cannot be scored."""


class Entity(msgspec.Struct, frozen=True):
    """A speaker of a gold document; the key it stands under is its fullest name."""

    type: str
    aliases: tuple[str, ...] = ()
    office: tuple[int, int] | None = None  # these three in the project's own corpora alone
    gender: str | None = None  # "f" or "m", only where the text has evidence
    evidence: tuple[int, int] | None = None


class GoldStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement as annotated. `act` and `negated` are unset in files whose guidelines do not ask for them."""

    content: Spans
    speaker: str | None
    type: str
    kind: str
    cue: Spans = ()
    source: Spans = ()
    addressee: Spans = ()
    occasion: Spans = ()
    when: Spans = ()
    act: str | UnsetType = UNSET
    negated: bool = False
    parent: int | None = None


class GoldDocument(msgspec.Struct, frozen=True, kw_only=True):
    """An annotated article. Spans are code points of `text`, end exclusive."""

    doc: str
    text: str
    statements: tuple[GoldStatement, ...]
    entities: dict[str, Entity] = {}


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A predicted statement. Everything but `content` and `speaker` may be missing."""

    content: Spans | None = None
    speaker: str | UnsetType | None = UNSET
    cue: Spans | None = None
    source: Spans | None = None
    addressee: Spans | None = None
    occasion: Spans | None = None
    when: Spans | None = None
    type: str | None = None
    kind: str | UnsetType | None = UNSET
    act: str | None = None
    negated: bool | None = None
    parent: int | None = None
    confidence: float | None = None


class Prediction(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader found in one document."""

    doc: str
    statements: tuple[Found, ...] = ()


ROLES = ("cue", "source", "addressee", "occasion", "when")


def load_gold(path: Path) -> list[GoldDocument]:
    """The documents of a gold file. Raises EvaluationError, naming file and line, where one has another form."""
    return list(_lines(path, GoldDocument))


def load_predictions(path: Path) -> list[Prediction]:
    """The predictions of a file, one line a document. Raises EvaluationError where one has another form."""
    return list(_lines(path, Prediction))


def _lines(path: Path, form: type[T]) -> Iterator[T]:
    decoder = msgspec.json.Decoder(form)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise EvaluationError("cannot be opened", which=path, remedy="check the path") from error
    for number, line in enumerate(raw.split(b"\n"), 1):
        if line.strip():
            try:
                yield decoder.decode(line)
            except msgspec.DecodeError as error:
                raise EvaluationError(f"unfit line ({error})", which=path, line=number, remedy="mend it") from error


def language_of(path: Path) -> str:
    """The language of a gold file by its name: "fr.dev.jsonl" → "fr"; PolNeAR's files are English."""
    code = path.name.split(".")[0]
    return "en" if code == "polnear" else code


def collection_of(doc: str) -> str:
    """The second part of a document's id: "fr-ntrex-bbc.1" → "ntrex"; the id itself when it has one part."""
    parts = doc.split("-")
    return parts[1] if len(parts) > 1 else doc


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_fit(gold: Sequence[GoldDocument], predictions: Sequence[Prediction]) -> None:
    """Raises EvaluationError with the first faults when predictions are unfit to be scored."""
    faults = list(_faults({d.doc: len(d.text) for d in gold}, predictions))
    if faults:
        more = f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
        raise EvaluationError("predictions are unfit: " + "; ".join(faults[:5]) + more)


def _faults(lengths: dict[str, int], predictions: Sequence[Prediction]) -> Iterator[str]:
    seen: set[str] = set()
    for prediction in predictions:
        if prediction.doc not in lengths:
            yield f"unknown document {prediction.doc!r}"
            continue
        if prediction.doc in seen:
            yield f"document {prediction.doc!r} twice"
        seen.add(prediction.doc)
        for number, found in enumerate(prediction.statements):
            yield from _statement_faults(f"{prediction.doc} statement {number}", found, lengths[prediction.doc])


def _statement_faults(place: str, found: Found, n_chars: int) -> Iterator[str]:
    if found.speaker is UNSET:
        yield f"{place}: no field speaker (null is an answer)"
    for role in ("content", *ROLES):
        for start, end in getattr(found, role) or ():
            if not 0 <= start < end <= n_chars:
                yield f"{place}: {role} span {[start, end]!r}"
