"""Feeds that are collected again and again: sent only where they have changed, and servers left alone as they ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onrecord.cli.collect import summary
from onrecord.collect import Progress, collect
from onrecord.desk import Desk
from onrecord.intake import FetchSettings, Validators, Visits, open_inputs
from onrecord.intake.fetch import Fetched, Fetcher
from onrecord.intake.found import NotRead
from onrecord.intake.visits import seconds_of
from onrecord.settings import Settings
from onrecord.store import Store
from tests.serving import PAGE, TEXT, Server

WHOLE = TEXT * 3  # long enough to be no teaser
DATE = "Thu, 26 Nov 2026 10:00:00 GMT"


def feed_of(*texts: str, link: str = "http://news.example/{}") -> bytes:
    items = "".join(
        f"<item><title>Le pont {n}</title><link>{link.format(n)}</link><description>{text}</description></item>"
        for n, text in enumerate(texts)
    )
    return f"<rss version='2.0'><channel><title>Le Courrier</title>{items}</channel></rss>".encode()


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "s.db", create=True) as one:
        yield one


def serve(server: Server, raw: bytes, **validators: str) -> None:
    """The feed at /feed, not sent again to those who name one of its validators."""
    headers = {name.replace("_", "-"): value for name, value in validators.items()}

    def answer(handler: Any) -> None:
        asked = (handler.headers.get("If-None-Match"), handler.headers.get("If-Modified-Since"))
        known = any(value is not None and value in headers.values() for value in asked)
        handler.send_response(304 if known else 200)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if not known:
            handler.wfile.write(raw)

    server.answers["/feed"] = answer


def run(store: Store, url: str, visits: Visits | None = None, **settings: Any) -> Progress:
    visits = Visits() if visits is None else visits
    desk = Desk(Settings(**({"reader": "rules"} | settings)))
    found = open_inputs(
        [url], desk.settings, language=visits.language, fetch=FetchSettings(allow_local=True), visits=visits
    )
    return collect(found, store, desk, visits=visits)


def asked_for(server: Server, path: str = "/feed") -> list[tuple[str | None, str | None]]:
    """The conditions of each request for a path."""
    headers = [headers for asked, headers in server.asked if asked == path]
    return [(one.get("If-None-Match"), one.get("If-Modified-Since")) for one in headers]


@pytest.mark.parametrize(
    ("validators", "conditions"),
    [
        ({"ETag": '"a1"'}, ('"a1"', None)),
        ({"Last_Modified": DATE}, (None, DATE)),
        ({"ETag": 'W/"a1"', "Last_Modified": DATE}, ('W/"a1"', DATE)),
    ],
)
def test_a_feed_that_has_not_changed_is_not_sent_again(
    server: Server, store: Store, validators: dict[str, str], conditions: tuple[str | None, str | None]
) -> None:
    serve(server, feed_of(WHOLE, WHOLE), **validators)
    first = run(store, f"{server.url}/feed")
    again = run(store, f"{server.url}/feed")
    assert (first.new, first.feeds) == (2, 0)
    assert (again.articles, again.feeds) == (0, 1)
    assert asked_for(server) == [(None, None), conditions]
    assert summary(again) == "0 new, 1 feed unchanged; 0 statements added"


def test_a_feed_that_has_changed_is_read_and_known_by_its_new_state(server: Server, store: Store) -> None:
    serve(server, feed_of(WHOLE), ETag='"a"')
    run(store, f"{server.url}/feed")
    serve(server, feed_of(WHOLE, WHOLE), ETag='"b"')
    changed = run(store, f"{server.url}/feed")
    assert (changed.new, changed.unchanged, changed.feeds) == (1, 1, 0)
    assert run(store, f"{server.url}/feed").feeds == 1
    assert asked_for(server) == [(None, None), ('"a"', None), ('"b"', None)]


def test_a_feed_is_known_at_the_address_that_it_is_at(server: Server, store: Store) -> None:
    serve(server, feed_of(WHOLE), ETag='"a"')
    server.answers["/old"] = (301, {"Location": "/feed"}, b"")
    run(store, f"{server.url}/old")
    assert run(store, f"{server.url}/old").feeds == 1
    assert asked_for(server, "/old") == [(None, None), (None, None)]


def test_a_feed_without_validators_is_fetched_each_time(server: Server, store: Store) -> None:
    serve(server, feed_of(WHOLE))
    run(store, f"{server.url}/feed")
    assert run(store, f"{server.url}/feed").unchanged == 1
    assert asked_for(server) == [(None, None), (None, None)]


def test_a_damaged_feed_is_fetched_again(server: Server, store: Store) -> None:
    serve(server, feed_of(WHOLE)[:-20], ETag='"a"')
    assert run(store, f"{server.url}/feed").refused == 1
    run(store, f"{server.url}/feed")
    assert asked_for(server) == [(None, None), (None, None)]


def test_a_feed_whose_article_could_not_be_fetched_is_fetched_again(server: Server, store: Store) -> None:
    serve(server, feed_of("Bref, le pont rouvre.", link=f"{server.url}/{{}}"), ETag='"a"')
    server.answers["/0"] = (500, {}, b"")
    run(store, f"{server.url}/feed")
    server.answers["/0"] = (200, {}, PAGE.encode())
    assert run(store, f"{server.url}/feed").changed == 1
    assert run(store, f"{server.url}/feed").feeds == 1


def test_a_feed_whose_reading_was_cut_short_is_fetched_again(
    server: Server, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(server, feed_of(WHOLE, WHOLE), ETag='"a"')

    def full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(store, "write", full)
        with pytest.raises(OSError, match="no space"):
            run(store, f"{server.url}/feed")
    assert run(store, f"{server.url}/feed").new == 2
    assert asked_for(server) == [(None, None), (None, None)]


def test_another_reader_or_language_fetches_the_feed_anew(server: Server, store: Store) -> None:
    serve(server, feed_of(WHOLE), ETag='"a"')
    url = f"{server.url}/feed"
    run(store, url)
    assert run(store, url, min_confidence=0.9).changed == 1
    assert run(store, url, min_confidence=0.9).feeds == 1
    assert run(store, url, Visits(language="en"), min_confidence=0.9).feeds == 0


def test_what_could_not_be_sent_back_is_no_validator() -> None:
    headers = {"ETag": '"a\r\n b"', "Last-Modified": "é"}
    assert Validators.of(headers) == Validators()
    assert Validators.of({"ETag": "a" * 2000}) == Validators()


def test_an_answer_that_nobody_asked_for_is_refused(server: Server) -> None:
    server.answers["/feed"] = (304, {}, b"")
    found = Fetcher(FetchSettings(allow_local=True)).fetch(f"{server.url}/feed")
    assert isinstance(found, NotRead)
    assert "304" in found.message


class Clock:
    """A time that goes on by sleeping alone."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_is_left_alone_as_long_as_it_asks(server: Server, store: Store, clock: Clock, status: int) -> None:
    visits = Visits(clock=clock.time, sleep=clock.sleep)
    server.answers["/feed"] = (status, {"Retry-After": "90"}, b"")
    assert run(store, f"{server.url}/feed", visits).refused == 1
    serve(server, feed_of(WHOLE))
    clock.now += 60
    assert run(store, f"{server.url}/feed", visits).refused == 1
    (refusal,) = store.refusals()
    assert "left alone for 30 s more" in refusal.message
    assert len(asked_for(server)) == 1
    clock.now += 31
    assert run(store, f"{server.url}/feed", visits).new == 1


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120), (" 0 ", 0), ("99999999999999", 86_400), ("Thu, 26 Nov 2026 10:02:00 GMT", 120),
        ("Thu, 26 Nov 2026 09:00:00 GMT", None), ("Thu, 26 Nov 2099 09:00:00 GMT", 86_400), ("soon", None),
        ("-5", None), ("²", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_the_wait_is_seconds_or_a_date(text: str | None, seconds: float | None) -> None:
    assert seconds_of(text, now=datetime(2026, 11, 26, 10, tzinfo=UTC)) == seconds


def test_pages_of_one_server_are_fetched_with_a_pause_between(
    server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers |= {"/a": (200, {}, PAGE.encode()), "/b": (200, {}, PAGE.encode())}
    fetcher = Fetcher(FetchSettings(allow_local=True, pause_s=1.5), Visits(clock=clock.time, sleep=clock.sleep))
    fetcher.fetch(f"{server.url}/a")
    fetcher.fetch(f"{server.url}/b")
    assert clock.slept == []  # this machine need not be spared
    monkeypatch.setattr("onrecord.intake.fetch.is_public", lambda _: True)
    for path in ("/a", "/b", "/a"):
        assert isinstance(fetcher.fetch(f"{server.url}{path}"), Fetched)
        clock.now += 0.5
    assert clock.slept == [1.0, 1.0]
