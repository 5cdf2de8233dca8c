"""Dates of publication: as the input gives them, in UTC, and as the number of a day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import msgspec

FIRST = date(1600, 1, 1)  # no newspaper is older; day 0 stands for no date
DAYS = 1 << 18  # until 2317
DATE = re.compile(r"\d{4}-\d\d-\d\d")
MONTH = re.compile(r"\d{4}(?:-\d\d)?")


class Published(msgspec.Struct, frozen=True):
    """A date of publication in UTC ("2026-11-26" or "2026-11-26T08:30:00Z"), and its day since 1600; 0 for none."""

    utc: str | None
    day: int


NONE = Published(None, 0)


def published(value: str | None) -> Published:
    """What an input's date says; a time without zone is taken to be UTC. None of it where it is no ISO 8601 date."""
    if value is None:
        return NONE
    value = value.strip()
    try:
        if DATE.fullmatch(value):
            day = date.fromisoformat(value)
            return _known(day, value)
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return NONE
    return _known(moment.date(), moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _known(day: date, utc: str) -> Published:
    number = (day - FIRST).days + 1
    return Published(utc, number) if 0 < number < DAYS else NONE


def first_day(value: str) -> int:
    """Number of the first day of a date, month or year ("2022-12-01", "2022-12", "2022"). Raises ValueError."""
    if MONTH.fullmatch(value):
        value = f"{value}-01" if len(value) == 7 else f"{value}-01-01"
    return (date.fromisoformat(value) - FIRST).days + 1


def last_day(value: str) -> int:
    """Number of the last day of a date, month or year. Raises ValueError."""
    if not MONTH.fullmatch(value):
        return first_day(value)
    year, month = int(value[:4]), int(value[5:7] or 12)
    return first_day(f"{year + month // 12:04}-{month % 12 + 1:02}-01") - 1


def month_of_day(day: int) -> str | None:
    """The month of the number of a day ("2022-12"); None for day 0, no date."""
    return None if day == 0 else date.fromordinal(FIRST.toordinal() + day - 1).isoformat()[:7]
