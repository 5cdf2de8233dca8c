"""JSON Lines and JSON: one object an article.

    {"text", "id"?, "title"?, "url"?, "published"?, "outlet"?, "author"?, "language"?}
    {"doc", "text"}       the gold form, whose text is read as it stands

Other fields are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader
from typing import Any

import msgspec

from .decode import BYTE_ORDER_MARKS, decode
from .found import Found, NotRead, NotText

MAX_LINE_BYTES = 16 << 20  # of one article with its fields; 200,000 characters take 2.4 MB at the very most
WIDE = tuple(mark for mark, encoding in BYTE_ORDER_MARKS if encoding != "utf-8")


def read_lines(stream: BufferedReader, *, origin: str) -> Iterator[Found | NotRead]:
    """The article of each line that is not blank; a bad line costs that line."""
    for number, line in _lines(stream):
        where = f"{origin}:{number}"
        if isinstance(line, NotText):
            yield line.at(where)
        elif line.strip():
            yield _article_of_line(line, where)


def read_document(raw: bytes, *, origin: str) -> Iterator[Found | NotRead]:
    """The articles of one JSON document: an object, an array of objects, or else JSON Lines under a wrong name."""
    text = decode(raw)
    if isinstance(text, NotText):
        yield text.at(origin)
        return
    value = _parsed(text)
    if isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield article_of(item, f"{origin}:{number}")
    elif isinstance(value, NotText):
        yield from _as_lines(text, value, origin)
    else:
        yield article_of(value, origin)


def _as_lines(text: str, problem: NotText, origin: str) -> Iterator[Found | NotRead]:
    """The articles of a text that is no JSON as a whole but may be line by line."""
    lines = text.split("\n")
    if isinstance(_parsed(lines[0]), NotText):
        yield problem.at(origin)
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _article_of_line(line.encode("utf-8", "surrogatepass"), f"{origin}:{number}")


def _lines(stream: BufferedReader) -> Iterator[tuple[int, bytes | NotText]]:
    """Each line with its number from 1; one that is too long is passed over and told."""
    if stream.peek(4).startswith(WIDE):
        yield from enumerate(_wide_lines(stream), 1)
        return
    number = 0
    while line := stream.readline(MAX_LINE_BYTES):
        number += 1
        if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            _skip_line(stream)
            yield number, NotText("too_long", f"the line is longer than {MAX_LINE_BYTES >> 20} MB; split the article")
        else:
            yield number, line


def _wide_lines(stream: BufferedReader) -> list[bytes | NotText]:
    """The lines of UTF-16 and UTF-32, in UTF-8; read as a whole, for such files are small."""
    text = decode(stream.read())
    if isinstance(text, NotText):
        return [text]
    return [line.encode("utf-8", "surrogatepass") for line in text.split("\n")]


def _skip_line(stream: BufferedReader) -> None:
    while (rest := stream.readline(1 << 20)) and not rest.endswith(b"\n"):
        pass


def _article_of_line(line: bytes, origin: str) -> Found | NotRead:
    text = decode(line)
    if isinstance(text, NotText):
        return text.at(origin)
    value = _parsed(text)
    return value.at(origin) if isinstance(value, NotText) else article_of(value, origin)


def _parsed(text: str) -> Any:
    """The value that a JSON text stands for, or NotText."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError) as error:  # UnicodeError: a lone surrogate
        return NotText("malformed", f"not valid JSON ({error}); put one JSON object on a line")
    except RecursionError:
        return NotText("malformed", 'its JSON is nested too deeply; give a flat object with a "text"')


def article_of(value: object, origin: str) -> Found | NotRead:
    """The article that an object with the fields above stands for."""
    if not isinstance(value, dict):
        return _malformed(origin, 'not a JSON object; write {"text": "…"}')
    gold = _word(value.get("doc"))
    id = gold or _word(value.get("id"))
    text = value.get("text")
    if not isinstance(text, str):
        return _malformed(origin, 'no field "text" that is a string; write {"text": "…"}', id=id)
    return Found(
        id=id,
        origin=origin,
        text=text,
        title=_word(value.get("title")),
        url=_word(value.get("url")),
        outlet=_word(value.get("outlet")),
        author=_word(value.get("author")),
        published=_word(value.get("published")),
        language=_word(value.get("language")),
        as_it_stands=gold is not None,
    )


def _malformed(origin: str, message: str, *, id: str | None = None) -> NotRead:
    return NotRead(id=id, origin=origin, reason="malformed", message=message)


def _word(value: object) -> str | None:
    """A field as a string; None where it is missing, blank or of a kind that is no name."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None
