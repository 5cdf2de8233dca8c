"""The desk: owns packs, readers and settings, and knows the order of the road from an article to its record."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from .errors import OnRecordError, SettingsError
from .language.loader import load_pack
from .language.pack import Pack
from .reading.reader import Reader
from .reading.relays import with_relays_apart
from .reading.speakers import Resolver
from .reading.tokens import Tokens, tokenise
from .settings import Settings
from .types import (
    Article,
    Draft,
    Identity,
    MadeBy,
    Reason,
    Record,
    Speaker,
    Statement,
    digest,
    freed,
    quoted,
    statement_id,
)

if TYPE_CHECKING:
    from .people import PeopleList
    from .people.lists import Told
    from .reading.cast import Found

BATCH = 64  # articles a reader is given at once by `read_many`


class Desk:
    """Reads articles, any number of them. Cheap to make: packs and weights are loaded on first use."""

    def __init__(self, settings: Settings | None = None, *, reader: Reader | None = None) -> None:
        self.settings = settings or Settings()
        self._given = reader is not None
        self._reader = reader  # given, or loaded by the settings on first use

    def read(self, article: Article) -> Record:
        """The record of one article.

        Raises PackError for a language without a pack and ReaderError where the reader cannot be loaded.
        """
        return next(self.read_many([article]))

    def read_many(self, articles: Iterable[Article], *, cores: int = 1) -> Iterator[Record]:
        """The records of articles, in order; lazily, some at a time.

        With more cores than one, as many processes read, each with a desk of its own by the same settings; their start
        takes about a second, so it pays from some hundred articles on. The records are the same. As always with
        processes in Python, a script must call it under `if __name__ == "__main__":`.

        Raises SettingsError for several cores where the reader was given as an object, which no other process has.
        """
        if cores > 1 and self._given:
            raise SettingsError(
                "a reader given as an object reads on one core",
                which=self.reader.name,
                remedy='leave out cores, or name the reader in the settings: Settings(reader="FOLDER")',
            )
        return self._read_many(articles, cores)

    def _read_many(self, articles: Iterable[Article], cores: int) -> Iterator[Record]:
        batches = batched(articles, BATCH)
        if cores <= 1:
            for batch in batches:
                yield from self._read_batch(batch)
        else:
            yield from _in_parallel(batches, self.settings, cores)

    def read_text(self, text: str, *, language: str | None = None, id: str | None = None) -> Record:
        """The record of a text, whose language is identified where none is given.

        Raises OnRecordError for an empty text and for one in none of the languages of the settings.
        """
        if not text.strip():
            raise OnRecordError("the text is empty", remedy="give the text of an article")
        if language is None:
            from .language.identify import identify

            language = identify(text, among=self.settings.languages)
            if language is None:
                raise OnRecordError("the text is in no language that is read here", remedy='pass language="fr" or "en"')
        sha256 = digest(text)
        return self.read(Article(id=id or sha256[:16], text=text, language=language, sha256=sha256))

    @property
    def reader(self) -> Reader:
        """The reader that the settings name, loaded on first use."""
        if self._reader is None:
            from .reading.readers import load_reader

            self._reader = load_reader(self.settings.reader, scheme=self.settings.scheme)
        return self._reader

    @cached_property
    def people(self) -> PeopleList | None:
        """The list of people that the settings name, opened on first use; None where they name none."""
        if self.settings.people is None:
            return None
        from .people import PeopleList

        return PeopleList(Path(self.settings.people))

    def made_by(self, language: str) -> MadeBy:
        """What makes the records of a language here: the same for the same code, packs, weights, settings and people.

        Raises PackError for a language without a pack and ReaderError where the reader cannot be loaded.
        """
        pack = load_pack(language)
        return MadeBy(
            onrecord=version(),
            reader=self.reader.name,
            pack=f"{pack.code}@{pack.digest}",
            weights=self.reader.weights,
            settings=self.settings.reading_digest(),
            people=self.people.digest if self.people else None,
        )

    def _identified(self, article: Article, pack: Pack, found: list[Found]) -> list[Found]:
        """Speakers with who they are by the list of people, and the reason."""
        if self.people is None:
            return found
        known: dict[Speaker, Identity | None] = {}
        whole: list[Found] = []
        for speaker, reasons in found:
            if isinstance(speaker, Speaker) and speaker.type == "person":
                if speaker not in known:
                    known[speaker] = self.people.identify(told_of(article, speaker, pack))
                identity = known[speaker]
                if identity is not None:
                    evidence = f"{speaker.name} → {identity.name} ({identity.id})"
                    reasons = (*reasons, Reason("people_list", evidence, speaker.named_at))
                    speaker = msgspec.structs.replace(speaker, identity=identity)
            whole.append((speaker, reasons))
        return whole

    def _read_batch(self, articles: Sequence[Article]) -> Iterator[Record]:
        packs = [load_pack(article.language) for article in articles]
        tokens = [tokenise(article.text, pack) for article, pack in zip(articles, packs, strict=True)]
        drafts = self.reader.read_many(list(zip(tokens, packs, strict=True)))
        for article, pack, toks, found in zip(articles, packs, tokens, drafts, strict=True):
            yield self._record(article, pack, toks, found)

    def _record(self, article: Article, pack: Pack, tokens: Tokens, drafts: list[Draft]) -> Record:
        resolver = Resolver(tokens, with_relays_apart(tokens, drafts, pack), pack)
        resolver.keep_to_turns()
        drafts = list(resolver.drafts)
        attributions = self._identified(article, pack, resolver.run())
        ids = unique_ids(article.sha256, drafts)
        everything = (
            complete(draft, id=ids[n], ids=ids, found=found, quoted_by=resolver.relay(n))
            for n, (draft, found) in enumerate(zip(drafts, attributions, strict=True))
        )
        statements = freed(s for s in everything if s.confidence >= self.settings.min_confidence)
        return Record(
            article=article,
            statements=statements,
            speakers=quoted(statements),
            made_by=self.made_by(article.language),
        )


def told_of(article: Article, speaker: Speaker, pack: Pack) -> Told:
    """What the article tells of a speaker, as a list of people is asked."""
    from .people.lists import Told

    words = [word for word in speaker.name.split() if word.lower().rstrip(".") not in pack.titles]
    office = speaker.office
    return Told(
        name=" ".join(words),
        office=None if office is None else article.text[office.start : office.end],
        gender=speaker.gender,
        date=article.published,
    )


def batched(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    """Articles by `size`, in order; the last batch may be smaller."""
    remaining = iter(articles)
    while batch := list(islice(remaining, size)):
        yield batch


_desk: Desk | None = None  # of a process that reads for another


def _in_parallel(batches: Iterator[list[Article]], settings: Settings, cores: int) -> Iterator[Record]:
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # spawned, not forked: a fork would take the threads of the libraries along half alive
    pool = ProcessPoolExecutor(cores, get_context("spawn"), _begin, (settings,))
    waiting: deque[Future[bytes]] = deque()
    try:
        for _ in range(cores):
            pool.submit(_read_there, [])  # they begin now, while the first articles are taken out
        for batch in batches:
            waiting.append(pool.submit(_read_there, batch))
            if len(waiting) > 2 * cores:  # enough to keep all busy; more would only fill the memory
                yield from _unpacked(waiting.popleft().result())
        while waiting:
            yield from _unpacked(waiting.popleft().result())
    except BrokenProcessPool as error:
        raise OnRecordError(
            "a process that read has ended", remedy='call it under `if __name__ == "__main__":`, or leave out cores'
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def one_thread() -> None:
    """Keeps numpy to one thread in this process, unless the user has set another number; called before it is imported.

    The arithmetic is small: more threads cost more than they bring, and several processes would fight for the cores.
    """
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _begin(settings: Settings) -> None:
    global _desk
    one_thread()
    _desk = Desk(settings)
    with suppress(OnRecordError):  # what is wrong with the settings is told where they are used
        for language in settings.languages:
            _desk.made_by(language)


def _read_there(batch: list[Article]) -> bytes:
    """The records in MessagePack, which goes from process to process in a third of the time that pickle takes."""
    assert _desk is not None  # noqa: S101 - _begin ran when the process began
    return msgspec.msgpack.encode(list(_desk.read_many(batch)))


def _unpacked(records: bytes) -> list[Record]:
    return msgspec.msgpack.decode(records, type=list[Record])


def unique_ids(sha256: str, drafts: Sequence[Draft]) -> list[str]:
    """Ids in the order of the drafts; the second of two drafts with the same spans gets a suffix."""
    seen: dict[str, int] = {}
    ids = []
    for draft in drafts:
        id = statement_id(sha256, draft)
        seen[id] = seen.get(id, 0) + 1
        ids.append(id if seen[id] == 1 else f"{id}-{seen[id]}")
    return ids


def complete(draft: Draft, *, id: str, ids: Sequence[str], found: Found, quoted_by: Speaker | None = None) -> Statement:
    """The statement that a draft becomes once its speaker is known."""
    speaker, reasons = found
    return Statement(
        id=id,
        content=draft.content,
        cue=draft.cue,
        source=draft.source,
        speaker=speaker,
        type=draft.type,
        kind=draft.kind,
        act=draft.act,
        negated=draft.negated,
        parent=None if draft.parent is None else ids[draft.parent],
        addressee=draft.addressee,
        occasion=draft.occasion,
        when=draft.when,
        confidence=round(draft.confidence, 2),
        reasons=draft.reasons + reasons,
        quoted_by=quoted_by,
    )


@cache  # reading the metadata of a package takes a millisecond
def version() -> str:
    """The version of the installed package."""
    from importlib.metadata import version as installed

    return installed("onrecord")
