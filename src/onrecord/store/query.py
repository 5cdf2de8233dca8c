"""What people type to search, as a query of FTS5.

    gaz "zone tampon"        both, the second word for word
    missile*                 words that begin so
    gaz OR pétrole           either
    gaz NOT russe            the first without the second; also gaz -russe
    (gaz OR pétrole) prix    brackets

Accents and case do not count; "œ" and "oe" are one. Everything else is taken word for word, so no sign of the query
language of SQLite can be typed by accident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import QueryError

PIECE = re.compile(
    r"""
      (?P<space> \s+ )
    | (?P<phrase> (?P<minus_phrase> -? ) (?: "(?P<straight>[^"]*)" | “(?P<curly>[^”]*)” | «(?P<french>[^»]*)» ) )
    | (?P<open> -?\( ) | (?P<close> \) )
    | (?P<word> [^\s()"“”«»]+ )
    """,
    re.VERBOSE,
)
LETTER = re.compile(r"\w")
LIGATURES = (("œ", "oe"), ("æ", "ae"))
MOST_TERMS = 64
WHAT = 'for example: gaz "zone tampon", missile*, gaz OR pétrole, gaz -russe'


def to_fts(text: str, *, column: str | None = None) -> str:
    """The FTS5 expression of a query. Raises QueryError with what is wrong and where."""
    pieces = list(_pieces(text.replace("\x00", " ")))  # SQLite takes it for the end
    if sum(kind == "term" for kind, _ in pieces) > MOST_TERMS:
        raise QueryError(f"more than {MOST_TERMS} words", remedy="search for fewer")
    found = _Parser(pieces, text).whole()
    return f"{column} : ({found})" if column else found


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        match = PIECE.match(text, at)
        if match is None:
            raise QueryError(f"a quotation mark without its other half at character {at + 1}", remedy=WHAT)
        at = match.end()
        if match["space"]:
            continue
        if match["phrase"]:
            words = match["straight"] or match["curly"] or match["french"] or ""
            if match["minus_phrase"]:
                yield "not", "-"
            if not LETTER.search(words):
                raise QueryError("nothing between the quotation marks", remedy=WHAT)
            yield "term", _term(words, prefix=False)
        elif match["open"]:
            if match["open"].startswith("-"):
                yield "not", "-"
            yield "open", "("
        elif match["close"]:
            yield "close", ")"
        else:
            yield from _word(match["word"])


def _word(word: str) -> Iterator[tuple[str, str]]:
    if word in {"AND", "OR", "NOT"}:
        yield word.lower(), word
        return
    if word.startswith("-") and LETTER.search(word):
        yield "not", "-"
        word = word.lstrip("-")
    if LETTER.search(word):
        yield "term", _term(word.rstrip("*"), prefix=word.endswith("*"))
    elif word.strip("-*.,;:!?…'’"):
        raise QueryError(f"no word in {word!r}", remedy=WHAT)


def _term(words: str, *, prefix: bool) -> str:
    """A string of FTS5, in both spellings where there is a ligature."""
    spellings = [words]
    for ligature, letters in LIGATURES:
        for one in list(spellings):
            lower = one.lower()
            spellings += [lower.replace(ligature, letters), lower.replace(letters, ligature)]
    quoted = dict.fromkeys('"{}"{}'.format(one.replace('"', " "), "*" if prefix else "") for one in spellings)
    first = next(iter(quoted))
    distinct = [first, *(one for one in quoted if one.lower() != first.lower())]
    return f"({' OR '.join(distinct)})" if len(distinct) > 1 else first


class _Parser:
    """Recursive descent; OR binds loosest, then AND (also unwritten), then NOT."""

    def __init__(self, pieces: list[tuple[str, str]], text: str) -> None:
        self._pieces = pieces
        self._text = text
        self._at = 0

    def whole(self) -> str:
        if not self._pieces:
            raise QueryError("nothing to search for", remedy=WHAT)
        found = self._either()
        if self._at < len(self._pieces):
            raise QueryError("a closing bracket without an opening one", which=self._text, remedy=WHAT)
        return found

    def _next(self) -> str | None:
        return self._pieces[self._at][0] if self._at < len(self._pieces) else None

    def _either(self) -> str:
        found = [self._both()]
        while self._next() == "or":
            self._at += 1
            found.append(self._both())
        return found[0] if len(found) == 1 else f"({' OR '.join(found)})"

    def _both(self) -> str:
        wanted: list[str] = []
        unwanted: list[str] = []
        while (kind := self._next()) not in {None, "or", "close"}:
            if kind == "and":
                self._at += 1
                if not wanted or self._next() in {None, "or", "and", "close"}:
                    raise QueryError("AND stands between two words", which=self._text, remedy=WHAT)
                continue
            if kind == "not":
                self._at += 1
                unwanted.append(self._one("NOT"))
            else:
                wanted.append(self._one("OR"))
        if not wanted:
            what = "only words to leave out" if unwanted else "a word is missing"
            raise QueryError(f"{what}; nothing is left to search for", which=self._text, remedy=WHAT)
        together = wanted[0] if len(wanted) == 1 else f"({' AND '.join(wanted)})"
        for one in unwanted:
            together = f"({together} NOT {one})"
        return together

    def _one(self, before: str) -> str:
        kind = self._next()
        if kind == "term":
            self._at += 1
            return self._pieces[self._at - 1][1]
        if kind == "open":
            self._at += 1
            found = self._either()
            if self._next() != "close":
                raise QueryError("an opening bracket without a closing one", which=self._text, remedy=WHAT)
            self._at += 1
            return f"({found})"
        raise QueryError(f"a word is missing after {before}", which=self._text, remedy=WHAT)
