"""Records into a store, many in one transaction; what was there before is kept and superseded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from ..language.loader import load_pack
from ..people.names import keys_of, words_of
from ..types import MadeBy, Record, Refusal, Speaker, covered, digest
from . import tally
from .codec import ARTICLE_BITS, DAY_BITS, Rows, pack, statements_of
from .database import now, transaction
from .dates import published

Searchable = tuple[int, str, str]  # key of a statement, its words, its facets


class Written(msgspec.Struct, frozen=True):
    """What became of the records of one call."""

    new: int = 0  # articles not seen before
    changed: int = 0  # read anew: another text, or another reader
    unchanged: int = 0
    erased: int = 0  # left out: taken down for good earlier
    statements: int = 0


class Writer:
    """Writes into one store. Keeps what it has looked up, so one process should hold one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._speakers: dict[tuple[str, str], tuple[int, str]] = {}
        self._made: dict[MadeBy, int] = {}
        self._outlets: dict[str, int] = {}
        self._version = 0

    def write(self, records: Iterable[Record], refusals: Iterable[Refusal] = ()) -> Written:
        """All of it in one transaction, or nothing where something fails."""
        try:
            with transaction(self.connection):
                self._refresh()
                batch = _Batch(self, self.connection)
                for record in records:
                    batch.add(record)
                batch.index()
                self.connection.executemany(
                    "INSERT OR REPLACE INTO refusal VALUES (?, ?, ?, ?, ?)",
                    [(one.id, one.reason, one.message, one.origin, now()) for one in refusals],
                )
        except BaseException:
            self.__init__(self.connection)  # type: ignore[misc] # keys that were rolled back must not be remembered
            raise
        return batch.written

    def _refresh(self) -> None:
        """Forgets the speakers where another connection has written: it may have erased some and reused their keys."""
        (version,) = self.connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._speakers.clear()
        self._version = version

    def speaker(self, speaker: Speaker, language: str) -> tuple[int, str]:
        """Key and first name of whom a speaker's name means across articles; made where there is none yet."""
        known = (folded_name(speaker.name, language), speaker.type)
        if known not in self._speakers:
            if len(self._speakers) > MOST_REMEMBERED:
                self._speakers.clear()
            self._speakers[known] = self._speaker(known[0], speaker)
        return self._speakers[known]

    def _speaker(self, folded: str, speaker: Speaker) -> tuple[int, str]:
        found: tuple[int, str] | None = self.connection.execute(
            "SELECT key, name FROM speaker WHERE folded = ? AND type = ?", (folded, speaker.type)
        ).fetchone()
        if found:
            return found
        key = _inserted(
            self.connection,
            "INSERT INTO speaker (folded, type, name) VALUES (?, ?, ?)",
            (folded, speaker.type, speaker.name),
        )
        words = folded.split()
        spellings = {(one, "name", key) for one in keys_of(folded)}
        spellings |= {(one, "surname", key) for word in words[-1:] for one in keys_of(word)}
        self.connection.executemany("INSERT INTO spelling VALUES (?, ?, ?)", sorted(spellings))
        return key, speaker.name

    def made_by(self, made_by: MadeBy) -> int:
        """Key of what made a record."""
        if made_by not in self._made:
            columns = ("onrecord", "reader", "pack", "weights", "settings", "people")
            values = tuple(getattr(made_by, column) for column in columns)
            where = " AND ".join(f"{column} IS ?" for column in columns)
            found = self.connection.execute(f"SELECT key FROM made_by WHERE {where}", values).fetchone()
            self._made[made_by] = (
                int(found[0])
                if found
                else _inserted(
                    self.connection, f"INSERT INTO made_by ({', '.join(columns)}) VALUES (?, ?, ?, ?, ?, ?)", values
                )
            )
        return self._made[made_by]

    def outlet(self, name: str) -> int:
        """Key of an outlet."""
        if name not in self._outlets:
            found = self.connection.execute("SELECT key FROM outlet WHERE name = ?", (name,)).fetchone()
            self._outlets[name] = (
                int(found[0]) if found else _inserted(self.connection, "INSERT INTO outlet (name) VALUES (?)", (name,))
            )
        return self._outlets[name]


MOST_REMEMBERED = 200_000  # speakers, about 40 MB


class _Batch:
    """The records of one transaction."""

    def __init__(self, writer: Writer, connection: sqlite3.Connection) -> None:
        self.written = Written()
        self._writer = writer
        self._connection = connection
        self._searchable: list[Searchable] = []
        self._texts: list[tuple[int, str]] = []
        self._judged: set[int] = set()

    def add(self, record: Record) -> None:
        """One record, unless the same was written before or its article was erased."""
        if _is_erased(self._connection, "article", record.article.id):
            return self._count(erased=1)
        record = without_erased(self._connection, record)
        made_by = self._writer.made_by(record.made_by)
        article, earlier, is_judged = self._article(record.article.id)
        text = self._text(record)
        if earlier is not None and self._is_same(earlier, record, text, made_by):
            return self._count(unchanged=1)
        if is_judged:
            self._take_back(article)
        rows = pack(record)
        reading = self._reading(record, rows, article=article, text=text, made_by=made_by)
        self._searchable += add_rows(self._writer, record, rows, reading)
        if earlier is not None:
            self._supersede(earlier, reading)
        self._connection.execute("DELETE FROM refusal WHERE id = ?", (record.article.id,))
        is_new = earlier is None
        return self._count(new=int(is_new), changed=int(not is_new), statements=len(record.statements))

    def index(self) -> None:
        """Puts everything into the search index, in the order of the keys: any other order costs it a flush each."""
        index_rows(self._connection, self._searchable)
        self._connection.executemany("INSERT INTO text_search (rowid, text) VALUES (?, ?)", sorted(self._texts))
        if self._judged:
            from .judged import apply

            for article in sorted(self._judged):
                apply(self._connection, article)

    def _count(self, **more: int) -> None:
        told = msgspec.structs.asdict(self.written)
        self.written = Written(**{name: told[name] + more.get(name, 0) for name in told})

    def _article(self, id: str) -> tuple[int, int | None, bool]:
        """Key of an article, of its last reading by a reader, and whether people have judged that one."""
        found = self._connection.execute(
            "SELECT a.key, ifnull(r.judges, r.key), r.judges IS NOT NULL FROM article AS a"
            " LEFT JOIN reading AS r ON r.article = a.key AND r.superseded_by IS NULL WHERE a.id = ?",
            (id,),
        ).fetchone()
        if found:
            return found[0], found[1], bool(found[2])
        key = _inserted(self._connection, "INSERT INTO article (id, first_seen) VALUES (?, ?)", (id, now()))
        return key, None, False

    def _take_back(self, article: int) -> None:
        """Takes the judged reading away, to be made anew of what is read now."""
        from .judged import withdraw

        withdraw(self._connection, article)
        self._judged.add(article)

    def _text(self, record: Record) -> int:
        sha256 = bytes.fromhex(record.article.sha256)
        found = self._connection.execute("SELECT key FROM text WHERE sha256 = ?", (sha256,)).fetchone()
        if found:
            return int(found[0])
        values = (sha256, record.article.text)
        key = _inserted(self._connection, "INSERT INTO text (sha256, text) VALUES (?, ?)", values)
        self._texts.append((key, record.article.text))
        return key

    def _is_same(self, earlier: int, record: Record, text: int, made_by: int) -> bool:
        told = self._connection.execute(
            "SELECT text, made_by, title, url, outlet, author, published, language FROM reading WHERE key = ?",
            (earlier,),
        ).fetchone()
        return bool(told == (text, made_by, *self._described(record)))

    def _described(self, record: Record) -> tuple[str | int | None, ...]:
        article = record.article
        outlet = None if article.outlet is None else self._writer.outlet(article.outlet)
        return article.title, article.url, outlet, article.author, article.published, article.language

    def _reading(self, record: Record, rows: Rows, *, article: int, text: int, made_by: int) -> int:
        date = published(record.article.published)
        first = date.day << DAY_BITS
        (last,) = self._connection.execute(
            "SELECT max(key) FROM reading WHERE key BETWEEN ? AND ?", (first, first + (1 << DAY_BITS) - 1)
        ).fetchone()
        key = first if last is None else last + 1
        told = self._described(record)
        self._connection.execute(
            "INSERT INTO reading (key, article, text, made_by, read_at, title, url, outlet, author, published,"
            " language, published_utc, origin, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (key, article, text, made_by, now(), *told, date.utc, record.article.origin, rows.details),
        )
        return int(key)

    def _supersede(self, earlier: int, reading: int) -> None:
        inside = statements_of(earlier)
        own = [one for one in self._searchable if inside[0] <= one[0] <= inside[1]]
        if own:  # superseded within one transaction: it never reaches the index
            self._searchable = [one for one in self._searchable if not inside[0] <= one[0] <= inside[1]]
        else:
            unindex(self._connection, inside)
        self._connection.execute("UPDATE reading SET superseded_by = ? WHERE key = ?", (reading, earlier))


def add_rows(writer: Writer, record: Record, rows: Rows, reading: int) -> list[Searchable]:
    """Writes speakers and statements of a reading; gives what the search index has to learn of them."""
    connection, language = writer.connection, record.article.language
    keys = [writer.speaker(speaker, language) for speaker in rows.speakers]
    connection.executemany(
        "INSERT INTO appearance VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (reading, number, key, None if name == speaker.name else speaker.name, *row)
            for number, (speaker, (key, name), row) in enumerate(
                zip(rows.speakers, keys, rows.appearances, strict=True)
            )
        ],
    )
    first = reading << ARTICLE_BITS
    connection.executemany(
        "INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(first + position, *row) for position, row in enumerate(rows.statements)],
    )
    outlet = 0 if record.article.outlet is None else writer.outlet(record.article.outlet)
    found = []
    for position, (statement, row) in enumerate(zip(record.statements, rows.statements, strict=True)):
        words = " ".join(covered(record.article, span) for span in statement.content)
        speaker = 0 if row[APPEARANCE] is None else keys[row[APPEARANCE]][0]
        facets = (
            f"s{speaker} a{statement.act} t{statement.type} k{statement.kind} l{language}"
            f" o{outlet} n{int(statement.negated)}"
        )
        found.append((first + position, words, facets))
    return found


APPEARANCE = 8  # column of a statement's row


def index_rows(connection: sqlite3.Connection, searchable: Iterable[Searchable]) -> None:
    """Puts readings, with all their statements, into the search index and the counts."""
    rows = sorted(searchable)
    connection.executemany("INSERT INTO statement_search (rowid, words, facets) VALUES (?, ?, ?)", rows)
    tally.add(connection, {key >> ARTICLE_BITS for key, *_ in rows})


def unindex(connection: sqlite3.Connection, keys: tuple[int, int]) -> None:
    """Takes statements, first and last key, out of the search index and the counts; they must still stand and count."""
    tally.take_off(connection, keys)
    connection.execute(
        "INSERT INTO statement_search (statement_search, rowid, words, facets)"
        " SELECT 'delete', key, words, facets FROM statement_words WHERE key BETWEEN ? AND ?",
        keys,
    )


def folded_name(name: str, language: str) -> str:
    """A name without titles, in Latin letters without accents, in lower case: what is one name across articles."""
    titles = load_pack(language).titles
    words = [word for word in name.split() if word.lower().rstrip(".") not in titles] or name.split()
    return " ".join(words_of(" ".join(words))) or name.casefold()


def tombstone_digest(value: str) -> bytes:
    """What a tombstone keeps of an id or a folded name."""
    return bytes.fromhex(digest(value))


def _is_erased(connection: sqlite3.Connection, what: str, value: str) -> bool:
    return (
        connection.execute(
            "SELECT 1 FROM tombstone WHERE what = ? AND digest = ?", (what, tombstone_digest(value))
        ).fetchone()
        is not None
    )


def without_erased(connection: sqlite3.Connection, record: Record) -> Record:
    """The record without statements of people whose statements were erased for good."""
    language = record.article.language
    gone = {s for s in record.speakers if _is_erased(connection, "speaker", folded_name(s.name, language))}
    return without_speakers(record, gone) if gone else record


def without_speakers(record: Record, gone: set[Speaker]) -> Record:
    """The record without the statements of some speakers; what was nested in them stands by itself."""
    from ..types import freed, quoted

    kept = freed(s for s in record.statements if s.speaker not in gone)
    return msgspec.structs.replace(record, statements=kept, speakers=quoted(kept))


def _inserted(connection: sqlite3.Connection, sql: str, values: Sequence[object]) -> int:
    key = connection.execute(sql, values).lastrowid
    assert key is not None  # noqa: S101 - an INSERT has one
    return key
