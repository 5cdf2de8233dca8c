"""Pages and feeds by their address: politely, and never into the local network.

The name is looked up here, every address that it has is checked, and the connection goes to the one that was checked,
so that no second look-up can lead elsewhere. Redirects are followed by hand, each checked like the first address.
Nothing is sent but the request: no cookie, no password, no referrer. By `urllib3`, which trafilatura brings along, and
which alone of the well-kept libraries lets the connection go to one address and the proof of who answers to a name.
"""

from __future__ import annotations

import ipaddress
import math
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import msgspec

from .found import NotRead
from .visits import Validators, Visits

AGENT = "onrecord"  # by which robots.txt may address it
PORTS = {"http": 80, "https": 443}
REDIRECTS = (301, 302, 303, 307, 308)
UNCHANGED = 304
BUSY = (429, 503)
CHUNK = 64 << 10
MAX_ROBOTS_BYTES = 500 << 10  # as RFC 9309 asks
FORBIDDEN = ("User-agent: *", "Disallow: /")
SLOW = "the server takes too long"
SHARED_SPACE = ipaddress.ip_network("100.64.0.0/10")  # of carriers (RFC 6598): neither private nor global


class FetchSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How pages are fetched."""

    timeout_s: float = 20.0  # for the connection, and between two pieces of an answer
    total_s: float = 60.0  # for one page with its redirects
    max_bytes: int = 16 << 20  # of an answer, unpacked
    max_redirects: int = 5
    allow_local: bool = False  # addresses of this machine and of the local network
    obey_robots: bool = True
    pause_s: float = 1.0  # between two pages of one server; none on this machine and in the local network


class Fetched(msgspec.Struct, frozen=True):
    """What came from an address."""

    url: str  # after redirects
    kind: str  # media type: "text/html"
    raw: bytes
    validators: Validators = Validators()


class Unchanged(msgspec.Struct, frozen=True):
    """What came from an address that still has what an earlier visit took."""

    url: str  # after redirects


class Refused(Exception):
    """Why an address is not fetched or what came is not taken."""


class Fetcher:
    """Fetches pages; keeps the robots.txt of each server. `failures` counts the addresses that were not fetched."""

    def __init__(self, settings: FetchSettings, visits: Visits | None = None) -> None:
        self.failures = 0
        self.visits = Visits() if visits is None else visits
        self._settings = settings
        self._robots: dict[str, RobotFileParser | None] = {}

    def fetch(self, url: str) -> Fetched | Unchanged | NotRead:
        """What stands at an address, or why it was not fetched."""
        try:
            self.visits.pause(_taken_apart(url)[1], self._settings.pause_s)
            return self._follow(url, time.monotonic() + self._settings.total_s, robots=self._settings.obey_robots)
        except Refused as error:
            message = str(error)
        except ValueError as error:  # of `urllib`: an address that a server leads on to, or its robots.txt, is nonsense
            message = f"the server answers what cannot be understood ({error})"
        self.failures += 1
        return NotRead(id=url, origin=url, reason="not_fetched", message=message)

    def _follow(self, url: str, until: float, *, robots: bool) -> Fetched | Unchanged:
        for _ in range(self._settings.max_redirects + 1):
            if robots and not self._may(url, until):
                raise Refused("its robots.txt asks not to; fetch it by other means if you may")
            conditions = self.visits.known.get(url, Validators()).conditions()
            status, headers, raw = self._get(url, until, self._settings.max_bytes, conditions)
            if status in REDIRECTS and headers.get("Location"):
                url = urljoin(url, headers["Location"])
                continue
            if status == UNCHANGED and conditions:
                return Unchanged(url)
            if status != 200:
                raise Refused(f"the server answered {status}")
            kind = (headers.get("Content-Type") or "text/html").partition(";")[0].strip().lower()
            return Fetched(url, kind, raw, Validators.of(headers))
        raise Refused(f"it leads on more than {self._settings.max_redirects} times")

    def _may(self, url: str, until: float) -> bool:
        _taken_apart(url)
        parts = urlsplit(url)
        server = f"{parts.scheme}://{parts.netloc}"
        if server not in self._robots:
            self._robots[server] = self._rules(server, until)
        rules = self._robots[server]
        return rules is None or rules.can_fetch(AGENT, url)

    def _rules(self, server: str, until: float) -> RobotFileParser | None:
        """The server's rules; None where it has none. RFC 9309: a server that fails is taken to forbid."""
        url = f"{server}/robots.txt"
        for _ in range(self._settings.max_redirects + 1):
            status, headers, raw = self._get(url, until, MAX_ROBOTS_BYTES)
            if status in REDIRECTS and headers.get("Location"):
                url = urljoin(url, headers["Location"])
                continue
            if 400 <= status < 500:
                return None
            rules = RobotFileParser()
            rules.parse(raw.decode("utf-8-sig", "replace").splitlines() if status == 200 else FORBIDDEN)
            return rules
        return None

    def _get(
        self, url: str, until: float, most: int, conditions: Mapping[str, str] | None = None
    ) -> tuple[int, Any, bytes]:
        """Status, headers and body of one request, redirects not followed. Raises Refused."""
        import urllib3

        scheme, host, port, path = _taken_apart(url)
        self._wait_for(host)
        address = checked_address(host, port, allow_local=self._settings.allow_local)
        left = until - time.monotonic()
        if left <= 0:
            raise Refused(SLOW)
        try:
            with _Watch(left) as watch, _pool(scheme, host, address, port, min(self._settings.timeout_s, left)) as pool:
                pool.ConnectionCls = watch.over(pool.ConnectionCls)
                headers = _headers(scheme, host, port) | dict(conditions or {})
                answer = pool.request("GET", path, headers=headers, redirect=False, preload_content=False)
                self._note(host, address, answer)
                return answer.status, answer.headers, _body(answer, until, most)
        except urllib3.exceptions.SSLError as error:
            raise Refused(f"the server cannot prove who it is ({error})") from error
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            late = time.monotonic() >= until
            raise Refused(SLOW if late else f"the server cannot be reached or breaks off ({error})") from error

    def _wait_for(self, host: str) -> None:
        left = self.visits.patience(host)
        if left:
            raise Refused(f"the server asks to be left alone for {math.ceil(left)} s more")

    def _note(self, host: str, address: str, answer: Any) -> None:
        if is_public(ipaddress.ip_address(address)):
            self.visits.asked(host)
        if answer.status in BUSY:
            self.visits.heed(host, answer.headers.get("Retry-After"))


class _Watch:
    """Cuts a connection when its time is up: a server that drips byte by byte never lets a time-out pass."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._spare: socket.socket | None = None  # a second handle, for TLS takes the first one away

    def over(self, kind: type) -> type:
        """The kind of connection, with this watch over it from before its first byte."""
        watch = self

        class Watched(kind):  # type: ignore[misc]
            def _new_conn(self) -> socket.socket:
                connection: socket.socket = super()._new_conn()
                watch._spare = connection.dup()
                return connection

        return Watched

    def _cut(self) -> None:
        if self._spare is not None:
            try:
                self._spare.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it is gone already

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        if self._spare is not None:
            self._spare.close()


def _pool(scheme: str, host: str, address: str, port: int, timeout_s: float) -> Any:
    """Connections to the address that was checked, where TLS must prove the name."""
    import urllib3

    given: dict[str, Any] = {"timeout": urllib3.Timeout(timeout_s, timeout_s), "retries": False, "maxsize": 1}
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, **given)
    return urllib3.HTTPSConnectionPool(
        address, port, **given, cert_reqs="CERT_REQUIRED", ca_certs=_authorities(), assert_hostname=host,
        server_hostname=host,
    )  # fmt: skip


def _headers(scheme: str, host: str, port: int) -> dict[str, str]:
    name = f"[{host}]" if ":" in host else host
    return {
        "Host": name if port == PORTS[scheme] else f"{name}:{port}",
        "User-Agent": f"{AGENT}/{version('onrecord')} (reads news articles for the person who runs it)",
        "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,text/plain;q=0.8",
        "Accept-Encoding": "gzip, deflate",
    }


def _body(answer: Any, until: float, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in answer.stream(CHUNK, decode_content=True):
        size += len(part)
        if size > most:
            raise Refused(f"the answer is longer than {most >> 10} KB")
        parts.append(part)
    if time.monotonic() >= until:  # cut, perhaps where it would have ended well
        raise Refused(SLOW)
    return b"".join(parts)


def _taken_apart(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path with query of an address. Raises Refused for what is none of the web."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused(f"this is no address ({error})") from error
    if parts.scheme not in PORTS or not host:
        raise Refused("only addresses that begin with http:// or https:// are fetched")
    if parts.username is not None or parts.password is not None:
        raise Refused("there is a name or password in the address; leave it out")
    try:
        name = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Refused(f"this is no name of a server ({host})") from error
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, name, port or PORTS[parts.scheme], path


def checked_address(host: str, port: int, *, allow_local: bool) -> str:
    """An address of a server, none of whose addresses leads into a local network. Raises Refused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(f"no server of this name ({host})") from error
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not addresses:
        raise Refused(f"no server of this name ({host})")
    if not allow_local and not _all_public(addresses):
        raise Refused(f"{host} is an address of this machine or of a local network; allow it with --fetch-local")
    return addresses[0]


def _all_public(addresses: Sequence[str]) -> bool:
    return all(is_public(ipaddress.ip_address(address)) for address in addresses)


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address belongs to the internet: none of a machine, a local network, a group, or a reserve.

    What an IPv6 address wraps (mapped, 6to4, Teredo, NAT64) counts for it.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address in ipaddress.ip_network("fec0::/10"):
            return False
    elif address in SHARED_SPACE:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _authorities() -> str | None:
    """The bundle of certificates that is installed; None for the system's own."""
    try:
        import certifi
    except ImportError:
        return None
    return certifi.where()
