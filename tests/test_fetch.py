"""Fetching: only what is asked for, politely, and never into the local network."""

from __future__ import annotations

import gzip
import ipaddress
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onrecord.errors import IntakeError
from onrecord.intake import FetchSettings, open_inputs
from onrecord.intake.fetch import Fetched, Fetcher, Refused, Unchanged, checked_address, is_public
from onrecord.intake.found import NotRead
from onrecord.settings import Settings
from onrecord.types import Article, Refusal
from tests.serving import PAGE, TEXT, Server


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.close()


def fetch(url: str, **how: Any) -> Fetched | Unchanged | NotRead:
    return Fetcher(FetchSettings(**({"allow_local": True, "timeout_s": 2.0} | how))).fetch(url)


def refused(url: str, **how: Any) -> str:
    found = fetch(url, **how)
    assert isinstance(found, NotRead), found
    assert found.reason == "not_fetched"
    return found.message


def test_a_page_is_fetched_and_says_who_asks(server: Server) -> None:
    server.answers["/a?b=1"] = (200, {}, PAGE.encode())
    found = fetch(f"{server.url}/a?b=1#part")
    assert isinstance(found, Fetched)
    assert (found.kind, found.raw) == ("text/html", PAGE.encode())
    path, headers = server.asked[-1]
    assert path == "/a?b=1"
    assert headers["User-Agent"].startswith("onrecord/")
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def test_an_address_is_an_input_when_asked_for(server: Server) -> None:
    server.answers["/a"] = (200, {}, PAGE.encode())
    (article,) = open_inputs([f"{server.url}/a"], Settings(), fetch=FetchSettings(allow_local=True))
    assert isinstance(article, Article)
    assert (article.id, article.url) == (f"{server.url}/a", f"{server.url}/a")
    with pytest.raises(IntakeError, match="--fetch"):
        open_inputs([f"{server.url}/a"], Settings())


def test_teasers_of_a_feed_are_followed(server: Server) -> None:
    item = f"<item><title>Le pont</title><link>{server.url}/a</link><description>Bref.</description></item>"
    lost = f"<item><title>Perdu</title><link>{server.url}/b</link><description>{TEXT[:100]}</description></item>"
    feed = f"<rss version='2.0'><channel><title>Le Courrier</title>{item}{lost}</channel></rss>"
    server.answers |= {"/feed": (200, {}, feed.encode()), "/a": (200, {}, PAGE.encode())}
    first, second = open_inputs([f"{server.url}/feed"], Settings(), fetch=FetchSettings(allow_local=True))
    assert isinstance(first, Article)
    assert TEXT.strip() in first.text
    assert first.outlet == "Le Courrier"
    assert isinstance(second, Article)
    assert second.text.startswith("Perdu")


def test_a_list_of_addresses_is_fetched_one_by_one(server: Server, tmp_path: Path) -> None:
    server.answers |= {"/a": (200, {}, PAGE.encode()), "/gone": (404, {}, b"")}
    path = tmp_path / "feeds.txt"
    path.write_text(f"# what we follow\n{server.url}/a\n\n{server.url}/gone\n", encoding="utf-8")
    found = list(open_inputs([str(path)], Settings(), fetch=FetchSettings(allow_local=True)))
    assert [isinstance(one, Article) for one in found] == [True, False]
    (text,) = open_inputs([str(path)], Settings(), language="fr")  # nothing is fetched unless asked
    assert isinstance(text, Article)
    assert [asked for asked, _ in server.asked] == ["/robots.txt", "/a", "/gone"]


def test_robots_are_obeyed(server: Server) -> None:
    server.answers["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: onrecord\nDisallow: /private\n")
    server.answers |= {
        "/private/a": (200, {}, b"x"),
        "/a": (200, {}, b"x"),
        "/to": (302, {"Location": "/private/a"}, b""),
    }
    assert "robots.txt" in refused(f"{server.url}/private/a")
    assert "robots.txt" in refused(f"{server.url}/to")
    assert isinstance(fetch(f"{server.url}/a"), Fetched)
    assert [path for path, _ in server.asked].count("/private/a") == 0


def test_a_server_whose_robots_fail_is_left_alone(server: Server) -> None:
    server.answers |= {"/robots.txt": (503, {}, b""), "/a": (200, {}, b"x")}
    assert "robots.txt" in refused(f"{server.url}/a")


def test_redirects_are_followed_and_each_is_checked(server: Server) -> None:
    server.answers |= {
        "/1": (301, {"Location": "/2"}, b""), "/2": (307, {"Location": f"{server.url}/3"}, b""), "/3": (200, {}, b"x"),
        "/round": (302, {"Location": "/round"}, b""), "/file": (302, {"Location": "file:///etc/passwd"}, b""),
        "/out": (302, {"Location": "http://user:secret@example.org/"}, b""),
    }  # fmt: skip
    found = fetch(f"{server.url}/1")
    assert isinstance(found, Fetched)
    assert found.url == f"{server.url}/3"
    assert "leads on" in refused(f"{server.url}/round")
    assert "http://" in refused(f"{server.url}/file")
    assert "password" in refused(f"{server.url}/out")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "0.0.0.0"])
def test_this_machine_is_not_reached_unless_allowed(server: Server, name: str) -> None:
    port = server.url.rpartition(":")[2]
    message = refused(f"http://{name}:{port}/a", allow_local=False)
    assert "local network" in message or "no server" in message
    assert server.asked == []


def test_a_redirect_into_the_local_network_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public name at first, an address of the local network after the redirect."""
    port = int(server.url.rpartition(":")[2])
    server.answers["/a"] = (302, {"Location": f"http://inside.example:{port}/secret"}, b"")
    looked: list[str] = []

    def look_up(host: str, port: int, *_: object, **__: object) -> list[Any]:
        if host == "127.0.0.1":  # the connection itself
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        looked.append(host)
        address = "127.0.0.1" if host == "outside.example" else "192.168.1.7"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr("onrecord.intake.fetch.is_public", lambda address: not str(address).startswith("192."))
    assert "local network" in refused(f"http://outside.example:{port}/a", allow_local=False)
    assert "/secret" not in [path for path, _ in server.asked]
    assert looked[-1] == "inside.example"


def test_a_name_with_one_address_in_the_local_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(Refused, match="local network"):
        checked_address("both.example", 80, allow_local=False)
    assert checked_address("both.example", 80, allow_local=True) == "93.184.216.34"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("172.16.0.1", False), ("192.168.0.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
        ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False), ("192.0.2.1", False), ("::1", False),
        ("::", False), ("fe80::1", False), ("fc00::1", False), ("fec0::1", False), ("ff02::1", False),
        ("::ffff:127.0.0.1", False), ("::ffff:93.184.216.34", True), ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False), ("2001:db8::1", False),
    ],
)  # fmt: skip
def test_public_addresses_are_told_from_others(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/a",
        "file:///etc/passwd",
        "http:///a",
        "http://[::1",
        "http://a.example:99999/",
        "javascript:1",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    assert refused(url)


def test_an_answer_is_taken_up_to_a_bound(server: Server) -> None:
    server.answers |= {
        "/long": (200, {}, b"a" * 3000), "/bomb": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"a" * (30 << 20))),
        "/gone": (410, {}, b""), "/broken": (200, {"Content-Encoding": "gzip"}, b"no gzip"),
    }  # fmt: skip
    assert "longer" in refused(f"{server.url}/long", max_bytes=2000)
    assert "longer" in refused(f"{server.url}/bomb")
    assert "410" in refused(f"{server.url}/gone")
    assert "breaks off" in refused(f"{server.url}/broken")


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.0 200 OK\r\nX: ", b"HTTP/1.0 200 OK\r\n\r\n"])
def test_a_server_that_drips_is_left(server: Server, begin: bytes) -> None:
    """Byte by byte, so that no time-out between two pieces ever passes: before, in and after the header."""

    def drip(handler: Any) -> None:
        try:
            handler.wfile.write(begin)
            for _ in range(60):
                handler.wfile.write(b"a")
                time.sleep(0.05)
        except OSError:
            pass
        handler.close_connection = True

    server.answers["/drip"] = drip
    began = time.monotonic()
    assert "too long" in refused(f"{server.url}/drip", total_s=0.5)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("robots", [b"User-agent: *\nRequest-rate: \xc2\xb2/\xc2\xb2\n", b"\xff" * 1000])
def test_nonsense_from_a_server_costs_that_address(server: Server, robots: bytes) -> None:
    server.answers |= {"/robots.txt": (200, {}, robots), "/a": (301, {"Location": "http://[nonsense/"}, b"")}
    assert refused(f"{server.url}/a")


def test_a_rule_after_a_byte_order_mark_counts(server: Server) -> None:
    server.answers |= {"/robots.txt": (200, {}, b"\xef\xbb\xbfUser-agent: *\nDisallow: /a"), "/a": (200, {}, b"x")}
    assert "robots.txt" in refused(f"{server.url}/a")


@pytest.mark.parametrize(
    ("media", "body"),
    [("image/png", PAGE.encode()), ("application/json", b'{"text": "La maire a dit"}'), ("text/html", b"%PDF-1.4 x")],
)
def test_only_pages_texts_and_feeds_are_taken(server: Server, media: str, body: bytes) -> None:
    server.answers["/a"] = (200, {"Content-Type": media}, body)
    (found,) = open_inputs([f"{server.url}/a"], Settings(), fetch=FetchSettings(allow_local=True))
    assert isinstance(found, Refusal)
    assert (found.reason, found.id) == ("unsupported", f"{server.url}/a")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for news.example, trusted here alone, and its key beside it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl, to make a certificate")
    path = tmp_path / "news.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=news.example",
         "-addext", "subjectAltName=DNS:news.example", "-keyout", f"{path}.key", "-out", str(path)],
        check=True, capture_output=True,
    )  # fmt: skip
    monkeypatch.setattr("onrecord.intake.fetch._authorities", lambda: str(path))
    return path


def test_tls_proves_the_name_while_the_connection_goes_to_the_checked_address(
    authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **how: real("127.0.0.1", *more, **how))
    server = Server(authority)
    port = server.url.rpartition(":")[2]
    server.answers["/a"] = (200, {}, b"x")
    try:
        assert isinstance(fetch(f"https://news.example:{port}/a"), Fetched)
        assert (server.asked[-1][1]["Host"], server.names[-1]) == (f"news.example:{port}", "news.example")
        assert "prove" in refused(f"https://other.example:{port}/a")
    finally:
        server.close()


def test_a_server_that_is_not_there_costs_that_address(server: Server) -> None:
    url = server.url
    server.close()
    found = list(open_inputs([f"{url}/a"], Settings(), fetch=FetchSettings(allow_local=True, timeout_s=1.0)))
    assert [isinstance(one, Refusal) and one.reason for one in found] == ["not_fetched"]
