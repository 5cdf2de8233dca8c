"""Whether a record that comes from elsewhere is one that could have been made here."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import FormatError
from ..types import ROLES, Record, Span, Speaker, digest, statement_id


def prove(record: Record) -> Record:
    """The record, if its text is the one of its hash and everything in it fits the text.

    Raises FormatError with the first thing that does not.
    """
    for wrong in _wrong(record):
        raise FormatError(wrong, which=record.article.id, remedy="export it again from where it comes from")
    return record


def _wrong(record: Record) -> Iterator[str]:
    text, ids = record.article.text, [statement.id for statement in record.statements]
    if digest(text) != record.article.sha256:
        yield "its text is not the one of its hash"
    if len(set(ids)) < len(ids):
        yield "two statements have one id"
    for statement in record.statements:
        if not statement.content:
            yield f"statement {statement.id} has no content"
        for role in ROLES:
            if not _fit(getattr(statement, role), text):
                yield f"statement {statement.id}: its {role} lies outside the text"
        if statement.id.partition("-")[0] != statement_id(record.article.sha256, statement):
            yield f"statement {statement.id}: its id is not that of its text and spans"
        if statement.parent is not None and (statement.parent not in ids or statement.parent == statement.id):
            yield f"statement {statement.id}: it stands in a statement that is not there"
        if not 0 <= statement.confidence <= 1:
            yield f"statement {statement.id}: its confidence is no share"
    known = [s.speaker for s in record.statements if isinstance(s.speaker, Speaker)]
    for speaker in {*record.speakers, *known}:
        about = (*speaker.mentions, *(s for s in (speaker.named_at, speaker.office, speaker.affiliation) if s))
        if not _fit(about, text):
            yield f"a mention of {speaker.name} lies outside the text"


def _fit(spans: tuple[Span, ...], text: str) -> bool:
    return all(0 <= span.start < span.end <= len(text) for span in spans)
