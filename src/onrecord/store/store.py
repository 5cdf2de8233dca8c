"""The store: everything that was read, in one file, to be searched, proved, exchanged and kept in order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import msgspec

from ..errors import StoreError
from ..types import Article, MadeBy, Record, Refusal
from . import copies, erase, facets, judged, judgements, lookup, overview, persons, profile, search, tally, verify
from .database import connect, now, transaction
from .dates import published
from .feeds import Told, keep_feeds, known_feeds
from .judgements import Entry
from .overview import By, Count, Held, Quoted, Stats
from .replay import Change, Verdict
from .search import Filters, Hit, Order
from .verify import Verified
from .writer import Writer, Written


class Store:
    """One file. Several processes may read while one writes. For use in `with`, or to be closed by hand.

    Raises StoreError where the file is no store, or is missing and is not to be made.
    """

    def __init__(self, path: str | Path, *, create: bool = False, readonly: bool = False) -> None:
        self.path = Path(path)
        self.connection = connect(self.path, create=create, readonly=readonly)
        self._writer = Writer(self.connection)
        if not readonly:
            judged.catch_up(self.connection)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection; what was written stays."""
        self.connection.close()

    # --- writing --------------------------------------------------------------------------------------------------

    def write(self, records: Iterable[Record], refusals: Iterable[Refusal] = ()) -> Written:
        """Adds records in one transaction: new ones, and those whose text, description or reader has changed.

        What was read of an article before stays, superseded. A record that is there already changes nothing.
        """
        return self._writer.write(records, refusals)

    def has(self, article: Article, made_by: MadeBy) -> bool:
        """Whether this article, word for word, was read already by what would read it now."""
        row = self.connection.execute(
            "SELECT lower(hex(t.sha256)), r.title, r.url, o.name, r.author, r.published, r.language, m.onrecord,"
            " m.reader, m.pack, m.weights, m.settings, m.people"
            " FROM article AS a JOIN reading AS c ON c.article = a.key AND c.superseded_by IS NULL"
            " JOIN reading AS r ON r.key = ifnull(c.judges, c.key)"
            " JOIN text AS t ON t.key = r.text JOIN made_by AS m ON m.key = r.made_by"
            " LEFT JOIN outlet AS o ON o.key = r.outlet WHERE a.id = ?",
            (article.id,),
        ).fetchone()
        described = (article.sha256, article.title, article.url, article.outlet, article.author, article.published)
        return bool(row == (*described, article.language, *msgspec.structs.astuple(made_by)))

    def known_feeds(self, reader: str) -> dict[str, Told]:
        """What the servers of feeds told of them when this reader read them to the end; see feeds.py."""
        return known_feeds(self.connection, reader)

    def keep_feeds(self, read: Mapping[str, Told], reader: str) -> None:
        """Keeps the same of feeds that were read to the end now, and whose articles are written."""
        keep_feeds(self.connection, read, reader)

    def note(
        self, article: str, kind: Literal["correction", "retraction"], *, why: str, dated: str | None = None
    ) -> None:
        """Keeps what a newspaper said of its article afterwards. Raises StoreError for an article that is not there."""
        found = self.connection.execute("SELECT key FROM article WHERE id = ?", (article,)).fetchone()
        if found is None:
            raise StoreError("no such article", which=article, remedy="`onrecord search` shows the ids")
        if dated is not None and published(dated).utc is None:
            raise StoreError("no date", which=dated, remedy="write it as 2026-11-26")
        with transaction(self.connection):
            self.connection.execute(
                "INSERT INTO notice (article, kind, dated, why, recorded_at) VALUES (?, ?, ?, ?, ?)",
                (found[0], kind, dated, why, now()),
            )

    def erase_article(self, id: str, *, reason: str) -> erase.Erased:
        """Removes an article for good; see erase.py."""
        self._writer = Writer(self.connection)  # it may know speakers who are gone
        return erase.erase_article(self.connection, id, reason=reason)

    def erase_speaker(self, name: str, *, reason: str) -> erase.Erased:
        """Removes somebody's statements for good; see erase.py."""
        self._writer = Writer(self.connection)
        return erase.erase_speaker(self.connection, name, reason=reason)

    def link_copies(self) -> copies.Linked:
        """Finds anew what is one statement, reported several times; see copies.py. About a millisecond an article."""
        return copies.link(self.connection)

    def join_persons(self) -> persons.JoinedPersons:
        """Finds anew who is one person under several names; see persons.py."""
        return persons.join_persons(self.connection)

    def judge_persons(self, one: str, other: str, *, same: bool, who: str, why: str = "") -> None:
        """Keeps that two names are one person, or two. It counts from the next `join_persons` on."""
        persons.judge(self.connection, (one, other), same=same, who=who, why=why)

    def judge(self, statement: int, verdict: Verdict, **told: Any) -> int:
        """Keeps what somebody decided of a statement, by its key (`Hit.key`); see `judgements.judge`."""
        return judgements.judge(self.connection, statement, verdict, **told)

    def add(self, article: str, change: Change, *, who: str, why: str = "") -> int:
        """Keeps a statement that the reader missed in an article, by the article's id."""
        return judgements.add(self.connection, article, change, who=who, why=why)

    def undo(self, judgement: int) -> None:
        """Takes a judgement back."""
        judgements.undo(self.connection, judgement)

    def judged(self, statement: int) -> judgements.Judged | None:
        """The judgement that counts of a statement, by its key; None where there is none."""
        return judgements.judgement_of(self.connection, statement)

    def judgements(self, article: str | None = None, **how: Any) -> Iterator[Entry]:
        """Judgements, undone ones too, the last one first; see `judgements.listed`."""
        return judgements.listed(self.connection, article=article, **how)

    def exported(self, *, superseded: bool = False) -> Iterator[tuple[Record, tuple[Entry, ...]]]:
        """What readers found, each with what people decided of it: what the native form carries."""
        return judged.exported(self.connection, superseded=superseded)

    def take(self, article: str, entries: tuple[Entry, ...]) -> int:
        """Keeps judgements that `exported` gave elsewhere; how many were new."""
        return judged.take(self.connection, article, entries)

    def judged_records(self) -> Iterator[Record]:
        """Records of the articles in which people have decided of every statement that counts."""
        return judged.complete(self.connection)

    def unsure(self, *, after: tuple[int, int] = (-1, -1)) -> Iterator[int]:
        """Keys of statements that nobody has judged, the least certain first."""
        return judgements.unsure(self.connection, after=after)

    # --- asking ---------------------------------------------------------------------------------------------------

    def search(  # noqa: PLR0913 - what to ask and how to be answered
        self, query: str | None = None, filters: Filters | None = None, *, order: Order = "newest",
        limit: int | None = None, after_key: int | None = None, fold: bool = True,
    ) -> Iterator[Hit]:  # fmt: skip
        """Statements by their words and what else is known of them; see search.py."""
        asked = filters or Filters()
        return search.search(self.connection, query, asked, order=order, limit=limit, after_key=after_key, fold=fold)

    def carriers(self, hit: Hit) -> list[copies.Carrier]:
        """All who reported what a hit says, the first one first."""
        return copies.carriers(self.connection, copies.original_of(self.connection, hit.key))

    def rows(self, query: str | None = None, filters: Filters | None = None, **how: Any) -> Iterator[dict[str, Any]]:
        """The same as plain dicts, as pandas.DataFrame and polars.DataFrame take them."""
        return (msgspec.structs.asdict(hit) for hit in self.search(query, filters, **how))

    def record(self, article: str) -> Record | None:
        """The record that counts of an article; None where there is none."""
        key = lookup.reading_of_article(self.connection, article)
        return None if key is None else lookup.record_of(self.connection, key)

    def records(self, *, superseded: bool = False) -> Iterator[Record]:
        """Every record that counts, or every one, by date of publication; a page at a time."""
        return (reading.record for reading in lookup.readings(self.connection, superseded=superseded))

    def statement(self, id: str) -> list[tuple[Record, str]]:
        """Records with a statement whose id is or begins so, each with the whole id; those that count first."""
        found = []
        for key in lookup.statements_with_id(self.connection, id):
            record = lookup.record_of(self.connection, key >> 14)
            found.append((record, record.statements[key & 16383].id))
        return found

    def speakers(
        self, filters: Filters | None = None, *, everybody: bool = False, limit: int | None = None
    ) -> Iterator[Quoted]:
        """Who is quoted most; see overview.py."""
        return overview.speakers(self.connection, filters or Filters(), everybody=everybody, limit=limit)

    def counts(self, by: By, filters: Filters | None = None, *, most: int | None = None) -> list[Count]:
        """Statements by outlet, month, language, act, type, or gender, name or office of the speaker."""
        return overview.counts(self.connection, filters or Filters(), by, most=most)

    def all_counts(self, filters: Filters | None = None, *, most: int = 200) -> dict[By, list[Count]]:
        """The counts of every sort at once, which is faster."""
        return overview.all_counts(self.connection, filters or Filters(), most=most)

    def facets(self, query: str | None = None, filters: Filters | None = None) -> facets.Facets:
        """How the newest answers to a question fall into sorts; see facets.py."""
        return facets.facets(self.connection, query, filters or Filters())

    def profile(self, name: str) -> profile.Profile:
        """One speaker at a glance; see profile.py."""
        return profile.profile(self.connection, name)

    def held(self) -> Held:
        """How much the store holds: what of `stats` is known at once."""
        return overview.held(self.connection)

    def stats(self) -> Stats:
        """What the store holds."""
        return overview.stats(self.connection)

    def refusals(self) -> Iterator[Refusal]:
        """Inputs that were not read, by id."""
        for id, reason, message, origin in self.connection.execute(
            "SELECT id, reason, message, origin FROM refusal ORDER BY id"
        ):
            yield Refusal(id=id, reason=reason, message=message, origin=origin)

    # --- keeping --------------------------------------------------------------------------------------------------

    def verify(self) -> Verified:
        """Proves that everything is whole; see verify.py."""
        return verify.verify(self.connection)

    def mend(self) -> None:
        """Makes the search index and the counts anew."""
        with transaction(self.connection):
            self.connection.execute("INSERT INTO text_search (text_search) VALUES ('rebuild')")
            self.connection.execute("INSERT INTO statement_search (statement_search) VALUES ('delete-all')")
            self.connection.execute(
                "INSERT INTO statement_search (rowid, words, facets) SELECT w.key, w.words, w.facets"
                " FROM statement_words AS w ORDER BY w.key"
            )
            tally.rebuild(self.connection)

    def backup(self, into: str | Path) -> None:
        """A copy, whole and of one moment, while others go on reading and writing.

        Written aside and renamed, so that a copy that is there is whole. Raises StoreError where it cannot be written.
        """
        into = Path(into)
        aside = into.with_name(f"{into.name}.part")
        try:
            aside.unlink(missing_ok=True)
            copy = sqlite3.connect(aside)
            try:
                self.connection.backup(copy, pages=4096)
                copy.execute("PRAGMA journal_mode = DELETE")
            finally:
                copy.close()
            aside.replace(into)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"no copy could be written ({error})", which=into, remedy="check the place") from error
        finally:
            aside.unlink(missing_ok=True)

    def restore(self, copy: str | Path) -> None:
        """Puts a copy in the place of what is there, in one step for those who read meanwhile.

        Raises StoreError where the copy is no store or is not whole; then nothing is changed.
        """
        with Store(copy, readonly=True) as other:
            found = other.verify()
            if found.problems:
                raise StoreError(f"the copy is not whole ({found.problems[0].why})", which=copy, remedy="take another")
            other.connection.backup(self.connection, pages=-1)
        self._writer = Writer(self.connection)
