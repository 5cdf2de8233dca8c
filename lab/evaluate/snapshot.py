"""Reads articles with whichever `onrecord` is on the path, one JSON line an article: run by `diff.py`, once a version.

It uses only what has been public from the start, so that it runs with old versions of the code too.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any


def main(path: str) -> None:
    """`path` holds lines {"id", "language", "text"}; what is found goes to standard output."""
    from onrecord import Desk

    desk = Desk()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            started = time.perf_counter()
            record = desk.read_text(article["text"], language=article["language"], id=article["id"])
            found = {"id": article["id"], "statements": list(statements(record))}
            print(json.dumps(found | {"seconds": time.perf_counter() - started}, ensure_ascii=False))


def statements(record: Any) -> Iterator[dict[str, Any]]:
    """What is compared between versions, as plain values."""
    for s in record.statements:
        yield {
            "content": pairs(s.content),
            "cue": pairs(s.cue),
            "source": pairs(s.source),
            "speaker": getattr(s.speaker, "name", None) or f"unknown ({s.speaker.reason})",
            "type": s.type,
            "kind": s.kind,
            "act": s.act,
            "negated": s.negated,
            "nested": s.parent is not None,
            "confidence": s.confidence,
            "reasons": [f"{reason.rule}: {reason.evidence}" for reason in s.reasons],
        }


def pairs(spans: Iterable[Any]) -> list[list[int]]:
    """Spans as lists of two."""
    return [[span.start, span.end] for span in spans]


if __name__ == "__main__":
    main(sys.argv[1])
