"""One row a statement, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from ..types import Record, Span, Speaker, Statement, covered, words_of

HEADER = (
    "article", "title", "outlet", "published", "language", "url", "statement", "speaker", "speaker_type", "office",
    "identity", "unknown", "act", "negated", "kind", "type", "content", "cue", "source", "addressee", "occasion",
    "when", "confidence", "parent", "start", "end", "quoted_by", "anonymity",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # "-t-elle" too would be an error in a cell


def rows(record: Record) -> Iterator[tuple[str, ...]]:
    """The statements of a record as cells in the order of HEADER.

    `start` and `end` are the code points of the content's first character and of the one after its last; the words of
    several spans are joined by " … ".
    """
    return (_row(record, statement) for statement in record.statements)


def table(records: Iterable[Record], *, header: bool = True) -> str:
    """CSV as RFC 4180 has it (comma, CRLF, quotes doubled), without byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out)
    if header:
        writer.writerow(HEADER)
    for record in records:
        writer.writerows(rows(record))
    return out.getvalue()


def _row(record: Record, statement: Statement) -> tuple[str, ...]:
    article, speaker = record.article, statement.speaker

    def text(spans: tuple[Span, ...]) -> str:
        return words_of(article, spans)

    cells = (
        article.id, article.title, article.outlet, article.published, article.language, article.url, statement.id,
        speaker.name if isinstance(speaker, Speaker) else "",
        speaker.type if isinstance(speaker, Speaker) else "",
        covered(article, speaker.office) if isinstance(speaker, Speaker) and speaker.office else "",
        speaker.identity.id if isinstance(speaker, Speaker) and speaker.identity else "",
        "" if isinstance(speaker, Speaker) else speaker.reason,
        statement.act, "yes" if statement.negated else "no", statement.kind, statement.type, text(statement.content),
        text(statement.cue), text(statement.source), text(statement.addressee), text(statement.occasion),
        text(statement.when), f"{statement.confidence:.2f}", statement.parent, str(statement.content[0].start),
        str(statement.content[-1].end), statement.quoted_by.name if statement.quoted_by else "",
        covered(article, speaker.anonymity) if isinstance(speaker, Speaker) and speaker.anonymity else "",
    )  # fmt: skip
    return tuple(safe(cell or "") for cell in cells)


def safe(cell: str) -> str:
    """A spreadsheet runs a cell that begins with one of these signs as a formula; an apostrophe stops that."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
