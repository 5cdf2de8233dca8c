"""Records to rows and back, without loss.

What is asked for by itself stands in columns; what is only shown with its statement (reasons, mentions) is packed into
one blob a reading, a third of its size otherwise. Fields that a later version of the types adds go into `more` until
the schema knows them, so that nothing is lost meanwhile.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from ..errors import StoreError
from ..types import Article, MadeBy, Reason, Record, Span, Speaker, Statement, Unknown

DAY_BITS, ARTICLE_BITS = 24, 14  # of a key: readings a day, statements a reading
MOST_STATEMENTS = 1 << ARTICLE_BITS
SPEAKER_COLUMNS = frozenset(("name", "type", "named_at", "office", "affiliation", "gender", "mentions"))
STATEMENT_COLUMNS = frozenset(
    ("id", "content", "cue", "source", "addressee", "occasion", "when", "speaker", "type", "kind", "act", "negated")
) | {"parent", "confidence", "reasons"}
Row = tuple[Any, ...]


PackedReason = tuple[str, str | None, int, int]  # rule, evidence unless it is what the span covers, start, end; or -1


class Details(msgspec.Struct, frozen=True, array_like=True):
    """What is packed: reasons of each statement, and mentions of each speaker as starts and ends in turn."""

    reasons: tuple[tuple[PackedReason, ...], ...]
    mentions: tuple[tuple[int, ...], ...]


class Rows(msgspec.Struct, frozen=True):
    """A record as rows, without the keys that only a store can give."""

    speakers: tuple[Speaker, ...]  # by number of appearance
    appearances: tuple[Row, ...]  # named_at, office, affiliation, gender, more
    statements: tuple[Row, ...]  # as the columns of `statement` after its key
    details: bytes


def pack(record: Record) -> Rows:
    """The rows of a record. Raises StoreError for more statements than a reading can have."""
    if len(record.statements) > MOST_STATEMENTS:
        raise StoreError(f"more than {MOST_STATEMENTS} statements", which=record.article.id, remedy="split the article")
    speakers = list(record.speakers)
    number = {speaker: n for n, speaker in enumerate(speakers)}
    for statement in record.statements:
        if isinstance(statement.speaker, Speaker) and statement.speaker not in number:
            number[statement.speaker] = len(speakers)
            speakers.append(statement.speaker)
    position = {statement.id: n for n, statement in enumerate(record.statements)}
    text = record.article.text
    details = Details(
        tuple(tuple(_packed(reason, text) for reason in s.reasons) for s in record.statements),
        tuple(tuple(n for span in s.mentions for n in (span.start, span.end)) for s in speakers),
    )
    return Rows(
        speakers=tuple(speakers),
        appearances=tuple(_appearance(speaker) for speaker in speakers),
        statements=tuple(_statement(statement, number, position) for statement in record.statements),
        details=zlib.compress(msgspec.msgpack.encode(details), 6),
    )


def _packed(reason: Reason, text: str) -> PackedReason:
    if reason.span is None:
        return reason.rule, reason.evidence, -1, -1
    start, end = reason.span.start, reason.span.end
    return reason.rule, None if text[start:end] == reason.evidence else reason.evidence, start, end


def reason_of(packed: PackedReason, text: str) -> Reason:
    """The reason again."""
    rule, evidence, start, end = packed
    return Reason(rule, text[start:end] if evidence is None else evidence, None if start < 0 else Span(start, end))


def _appearance(speaker: Speaker) -> Row:
    spans = (
        None if span is None else numbers((span,)) for span in (speaker.named_at, speaker.office, speaker.affiliation)
    )
    return (*spans, speaker.gender, _more(speaker, SPEAKER_COLUMNS))


def _statement(statement: Statement, number: dict[Speaker, int], position: dict[str, int]) -> Row:
    known = isinstance(statement.speaker, Speaker)
    return (
        *id_columns(statement.id),
        *(numbers(spans) for spans in (statement.content, statement.cue, statement.source)),
        *(numbers(spans) for spans in (statement.addressee, statement.occasion, statement.when)),
        number[statement.speaker] if isinstance(statement.speaker, Speaker) else None,
        None if known else unknown_text(statement.speaker),
        statement.type,
        statement.kind,
        statement.act,
        int(statement.negated),
        None if statement.parent is None else position[statement.parent],
        round(statement.confidence * 100),
        _more(statement, STATEMENT_COLUMNS),
    )


def id_columns(id: str) -> tuple[int, int | None]:
    """An id as the number that its 16 hexadecimal digits are, signed, and which of several twins it is."""
    head, _, twin = id.partition("-")
    return int.from_bytes(bytes.fromhex(head), "big", signed=True), int(twin) if twin else None


def id_of(number: int, twin: int | None) -> str:
    """The id that `id_columns` took apart."""
    head = number.to_bytes(8, "big", signed=True).hex()
    return head if twin is None else f"{head}-{twin}"


def _more(thing: Speaker | Statement, columns: frozenset[str]) -> str | None:
    """JSON of the fields that have no column and are not what they are by default; None where there are none."""
    found = {
        name: value for name, default in _others(type(thing), columns) if (value := getattr(thing, name)) != default
    }
    return msgspec.json.encode(found).decode() if found else None


@cache
def _others(kind: type[Speaker | Statement], columns: frozenset[str]) -> tuple[tuple[str, Any], ...]:
    """Name and default of each field without a column."""
    return tuple((f.name, f.default) for f in msgspec.structs.fields(kind) if f.name not in columns)


def unknown_text(speaker: Speaker | Unknown) -> str:
    """The reason, with the candidates where there are some, as JSON: '["ambiguous", "Ana Roy", "Luc Roy"]'."""
    assert isinstance(speaker, Unknown)  # noqa: S101 - told apart by the caller
    if not speaker.candidates:
        return speaker.reason
    return msgspec.json.encode([speaker.reason, *speaker.candidates]).decode()


def unknown_of(text: str) -> Unknown:
    """What `unknown_text` wrote."""
    if not text.startswith("["):
        return msgspec.convert({"known_as": "unknown", "reason": text}, Unknown)
    reason, *candidates = msgspec.json.decode(text, type=list[str])
    return msgspec.convert({"known_as": "unknown", "reason": reason, "candidates": candidates}, Unknown)


def numbers(spans: Sequence[Span]) -> str | None:
    """Spans as text: "12,40,55,60"; None where there are none."""
    return ",".join(f"{span.start},{span.end}" for span in spans) if spans else None


def spans_of(text: str | None) -> tuple[Span, ...]:
    """The spans that `numbers` wrote."""
    if not text:
        return ()
    return _pairs([int(number) for number in text.split(",")])


def _pairs(numbers: Sequence[int]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in zip(numbers[::2], numbers[1::2], strict=True))


def unpack(article: Article, made_by: MadeBy, rows: Rows, names: Sequence[Row]) -> Record:
    """The record again; `names` are name and type of each speaker."""
    details = details_of(rows.details)
    speakers = tuple(_speaker(*one) for one in zip(names, rows.appearances, details.mentions, strict=True))
    ids = [id_of(*row[:2]) for row in rows.statements]
    reasons = (tuple(reason_of(packed, article.text) for packed in one) for one in details.reasons)
    statements = tuple(_whole(row, one, speakers, ids) for row, one in zip(rows.statements, reasons, strict=True))
    return Record(article=article, statements=statements, speakers=speakers, made_by=made_by)


def details_of(packed: bytes) -> Details:
    """What was packed. Raises StoreError where it is damaged."""
    try:
        return msgspec.msgpack.decode(zlib.decompress(packed), type=Details)
    except (zlib.error, msgspec.MsgspecError) as error:
        raise StoreError(f"reasons cannot be read ({error})", remedy="restore a backup") from error


def _speaker(name: Row, row: Row, mentions: tuple[int, ...]) -> Speaker:
    named_at, office, affiliation = (next(iter(spans_of(text)), None) for text in row[:3])
    fields = {"name": name[0], "type": name[1], "named_at": named_at, "office": office, "affiliation": affiliation}
    more = {} if row[4] is None else msgspec.json.decode(row[4])
    whole = fields | {"gender": row[3], "mentions": _pairs(mentions), "known_as": "speaker"} | more
    return msgspec.convert(whole, Speaker)


def _whole(row: Row, reasons: tuple[Reason, ...], speakers: Sequence[Speaker], ids: Sequence[str]) -> Statement:
    number, twin, *texts, appearance, unknown, type, kind, act, negated, parent, confidence, more = row
    content, cue, source, addressee, occasion, when = (spans_of(text) for text in texts)
    speaker = unknown_of(unknown) if appearance is None else speakers[appearance]
    found = Statement(
        id=id_of(number, twin), content=content, cue=cue, source=source, addressee=addressee, occasion=occasion,
        when=when, speaker=speaker, type=type, kind=kind, act=act, negated=bool(negated),
        parent=None if parent is None else ids[parent], confidence=confidence / 100, reasons=reasons,
    )  # fmt: skip
    if more is None:
        return found
    types = {f.name: f.type for f in msgspec.structs.fields(Statement)}
    told = {name: msgspec.convert(value, types[name]) for name, value in msgspec.json.decode(more).items()}
    return msgspec.structs.replace(found, **told)


def statements_of(reading: int) -> tuple[int, int]:
    """First and last key that statements of a reading can have."""
    return reading << ARTICLE_BITS, (reading + 1 << ARTICLE_BITS) - 1
