"""What earlier visits tell: which feeds need not be sent again, which servers ask for patience, when each was asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

MAX_PATIENCE_S = 86_400  # a server that asks for more, or that has the year wrong, is asked again after a day
MAX_VALIDATOR_CHARS = 1_000  # kept and sent back; servers give some dozens


class Validators(NamedTuple):
    """By what a server tells whether an answer has changed (RFC 9110, 8.8), in its own words."""

    etag: str | None = None
    modified: str | None = None

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Validators:
        """Those of an answer; what could not be sent back as it came is left out."""
        return cls(_plain(headers.get("ETag")), _plain(headers.get("Last-Modified")))

    def conditions(self) -> dict[str, str]:
        """The headers that ask for an answer only if it has changed."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in given.items() if value}


class Visits:
    """The visits of a process, over all its rounds; `language` is what inputs are taken to be in.

    `known` and `taken` are validators by address after redirects: of feeds read to the end before, and in this round.
    """

    def __init__(
        self,
        *,
        language: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.language = language
        self.known: Mapping[str, Validators] = {}
        self.taken: dict[str, Validators] = {}
        self.unchanged = 0  # feeds of this round that were not sent again
        self._clock = clock
        self._sleep = sleep
        self._asked: dict[str, float] = {}
        self._free: dict[str, float] = {}

    def begin(self, known: Mapping[str, Validators]) -> None:
        """A new round. What servers have asked for holds on."""
        self.known = known
        self.taken = {}
        self.unchanged = 0

    def take(self, url: str, validators: Validators) -> None:
        """Keeps those of a feed that was read to the end."""
        if any(validators):
            self.taken[url] = validators

    def pause(self, host: str, seconds: float) -> None:
        """Waits until this time has passed since the host was last asked."""
        left = self._asked.get(host, float("-inf")) + seconds - self._clock()
        if left > 0:
            self._sleep(left)

    def asked(self, host: str) -> None:
        """Keeps that a host was asked now."""
        self._asked[host] = self._clock()

    def heed(self, host: str, retry_after: str | None) -> None:
        """Keeps how long a host wants to be left alone, where it says so in a way that can be understood."""
        seconds = seconds_of(retry_after, now=datetime.now(UTC))
        if seconds is not None:
            self._free[host] = self._clock() + seconds

    def patience(self, host: str) -> float:
        """Seconds for which a host still wants to be left alone."""
        return max(0.0, self._free.get(host, float("-inf")) - self._clock())


def seconds_of(retry_after: str | None, *, now: datetime) -> float | None:
    """The wait that Retry-After asks for, as seconds or as a date, at most a day; None where it asks for none."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:10]), MAX_PATIENCE_S))
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    left = (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
    return min(left, MAX_PATIENCE_S) if left > 0 else None


def _plain(value: str | None) -> str | None:
    """A header that can be sent as it came; folded over lines it would be refused, time after time."""
    fits = value is not None and value.isprintable() and value.isascii() and len(value) <= MAX_VALIDATOR_CHARS
    return value if fits else None
