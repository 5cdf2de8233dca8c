"""Dates of publication as inputs have them: those that can be one, in ISO 8601; else none."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

YEARS = range(1600, 2200)  # no newspaper is older; "0001-01-01" and "9999-12-31" stand for no date


def sensible(value: str | None) -> str | None:
    """The date as it stands where it is ISO 8601, in ISO 8601 where it is as in mails; None for all else.

    "2026-11-26"  →  "2026-11-26"
    "Thu, 26 Nov 2026 08:30:00 +0100"  →  "2026-11-26T08:30:00+01:00"
    "yesterday", "9999-12-31"  →  None
    """
    value = (value or "").strip()
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return _as_in_mails(value)
    return value if moment.year in YEARS else None


def _as_in_mails(value: str) -> str | None:
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if moment.year not in YEARS:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
