"""TEI P5: each article with its statements as `said`, for editions and corpora.

Elements of TEI must nest, and statements need not: so where two cross, or a content goes on over paragraphs, the later
one is split, and its parts are joined by `next` and `prev`, as the Guidelines ask ("Fragmentation and Reconstitution of
Virtual Elements"). Cues are `seg`, sources `rs`. Characters that XML does not know are replaced by U+FFFD, one for one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import islice
from typing import get_args

import msgspec

from ..types import Act, Article, Kind, Record, Speaker, Statement
from .wording import paragraphs

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ROLES = {"content": "said", "cue": "seg", "source": "rs"}
DIRECT = {"direct": "true", "indirect": "false", "mixed": "unknown"}


CATEGORIES = "".join(  # what `ana` refers to
    f'<category xml:id="{word}"><catDesc>{word}</catDesc></category>'
    for word in (*get_args(Act), *get_args(Kind), "negated")
)
CATEGORIES = f"<encodingDesc><classDecl><taxonomy>{CATEGORIES}</taxonomy></classDecl></encodingDesc>"


class Part(msgspec.Struct, frozen=True):
    """A stretch of text that one element holds."""

    start: int
    end: int
    role: str
    statement: int
    number: int  # among the parts of this role of this statement
    of: int  # how many there are


def corpus(records: Iterable[Record]) -> Iterator[str]:
    """A teiCorpus in pieces: one TEI element an article."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<teiCorpus xmlns="http://www.tei-c.org/ns/1.0">\n'
    yield _header("Statements in news articles", "", (), CATEGORIES)
    number = 0
    for number, record in enumerate(records, 1):
        yield _article(record, f"a{number}")
    if not number:  # a corpus must hold something
        yield "<TEI>\n" + _header("Nothing", "", ()) + "<text><body><p/></body></text></TEI>\n"
    yield "</teiCorpus>\n"


def _article(record: Record, prefix: str) -> str:
    article = record.article
    places = paragraphs(article.text)
    one = _Text(
        record, {speaker: f"{prefix}.p{number}" for number, speaker in enumerate(record.speakers)}, prefix, places
    )
    body = "".join(one.paragraph(*place) for place in places) or "<p/>"
    facts = (("sha256", article.sha256), ("id", article.id), ("url", article.url), ("outlet", article.outlet))
    header = _header(article.title or article.id, article.published or "", facts)
    head = f'<TEI xml:id="{prefix}" xml:lang="{escaped(article.language)}">'
    return f"{head}\n{header}{_stand_off(record, one.known)}<text><body>\n{body}</body></text>\n</TEI>\n"


def _header(title: str, date: str, facts: Sequence[tuple[str, str | None]], more: str = "") -> str:
    numbers = "".join(f'<idno type="{name}">{escaped(value)}</idno>' for name, value in facts if value)
    dated = f"<date>{escaped(date)}</date>" if date else ""
    source = f"<bibl><title>{escaped(title)}</title>{dated}{numbers}</bibl>"
    return (
        f"<teiHeader><fileDesc><titleStmt><title>{escaped(title)}</title></titleStmt>"
        "<publicationStmt><p>Made by onrecord from a news article.</p></publicationStmt>"
        f"<sourceDesc>{source}</sourceDesc></fileDesc>{more}</teiHeader>\n"
    )


def _stand_off(record: Record, known: dict[Speaker, str]) -> str:
    if not known:
        return ""
    people = "".join(_person(record.article, speaker, id) for speaker, id in known.items() if speaker.type == "person")
    others = "".join(
        f'<org xml:id="{id}" type="{speaker.type}"><orgName>{escaped(speaker.name)}</orgName></org>'
        for speaker, id in known.items()
        if speaker.type != "person"
    )
    people = f"<listPerson>{people}</listPerson>" if people else ""
    others = f"<listOrg>{others}</listOrg>" if others else ""
    return f"<standOff>{people}{others}</standOff>\n"


def _person(article: Article, speaker: Speaker, id: str) -> str:
    office = speaker.office and article.text[speaker.office.start : speaker.office.end]
    told = f"<occupation>{escaped(office)}</occupation>" if office else ""
    # a trait, for `@gender` came with version 4.5 of the Guidelines, and older schemas do not know it
    gender = f'<trait type="gender"><desc>{speaker.gender}</desc></trait>' if speaker.gender else ""
    number = f"<idno>{escaped(speaker.identity.id)}</idno>" if speaker.identity else ""
    return f'<person xml:id="{id}"><persName>{escaped(speaker.name)}</persName>{told}{gender}{number}</person>'


class _Text:
    """The paragraphs of an article with their elements."""

    def __init__(
        self, record: Record, known: dict[Speaker, str], prefix: str, places: Sequence[tuple[int, int]]
    ) -> None:
        self.known = known
        self._text = record.article.text
        self._statements = record.statements
        self._prefix = prefix
        self._parts = parts_of(record.statements, places)

    def paragraph(self, start: int, end: int) -> str:
        """One paragraph with what begins, and so ends, in it."""
        out: list[str] = []
        open_: list[Part] = []
        at = start

        def close() -> None:
            nonlocal at
            part = open_.pop()
            out.append(f"{escaped(self._text[at : part.end])}</{ROLES[part.role]}>")
            at = part.end

        for part in self._parts:
            if not start <= part.start < end:
                continue
            while open_ and open_[-1].end <= part.start:
                close()
            out.append(escaped(self._text[at : part.start]) + self._tag(part))
            at = part.start
            open_.append(part)
        while open_:
            close()
        return f"<p>{''.join(out)}{escaped(self._text[at:end])}</p>\n"

    def _tag(self, part: Part) -> str:
        statement = self._statements[part.statement]
        told = [f'xml:id="{self._id(part, part.number)}"']
        if part.number:
            told.append(f'prev="#{self._id(part, part.number - 1)}"')
        if part.number + 1 < part.of:
            told.append(f'next="#{self._id(part, part.number + 1)}"')
        who = self.known.get(statement.speaker) if isinstance(statement.speaker, Speaker) else None
        if part.role == "content":
            negated = " #negated" if statement.negated else ""
            told += [f'direct="{DIRECT[statement.type]}"', f'ana="#{statement.act} #{statement.kind}{negated}"']
            told += [f'who="#{who}"'] if who else []
        else:
            told += [f'type="{part.role}"', *self._content(part.statement)]
            told += [f'ref="#{who}"'] if who and part.role == "source" else []
        return f"<{ROLES[part.role]} {' '.join(told)}>"

    def _content(self, statement: int) -> list[str]:
        """The reference to the content of a statement; none where that is nothing but line breaks."""
        parts = (part for part in self._parts if part.statement == statement and part.role == "content")
        return [f'corresp="#{self._id(part, 0)}"' for part in islice(parts, 1)]

    def _id(self, part: Part, number: int) -> str:
        name = f"{self._prefix}.s{part.statement}.{part.role}"
        return f"{name}.{number}" if part.of > 1 else name


def parts_of(statements: Sequence[Statement], places: Sequence[tuple[int, int]]) -> list[Part]:
    """Contents, cues and sources as stretches that lie in one paragraph each and nest, in order of the text."""
    waiting = [
        (max(start, span.start), -min(end, span.end), order, number, role)
        for number, statement in enumerate(statements)
        for order, role in enumerate(ROLES)
        for span in getattr(statement, role)
        for start, end in places
        if span.start < end and start < span.end
    ]
    heapify(waiting)
    found: list[tuple[int, int, int, str]] = []
    open_: list[int] = []  # ends
    while waiting:
        start, minus_end, order, number, role = heappop(waiting)
        end = -minus_end
        while open_ and open_[-1] <= start:
            open_.pop()
        if open_ and open_[-1] < end:  # it crosses the edge of what is open: it goes on behind that
            heappush(waiting, (open_[-1], -end, order, number, role))
            end = open_[-1]
        open_.append(end)
        found.append((start, end, number, role))
    counts = Counter((number, role) for _, _, number, role in found)
    seen: Counter[tuple[int, str]] = Counter()
    parts = []
    for start, end, number, role in found:
        parts.append(Part(start, end, role, number, seen[number, role], counts[number, role]))
        seen[number, role] += 1
    return parts


def escaped(text: str | None) -> str:
    """Text as XML has it; what XML does not know becomes U+FFFD."""
    plain = FORBIDDEN.sub("\ufffd", text or "")
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace('"', "&quot;").replace("\r", "&#13;")
