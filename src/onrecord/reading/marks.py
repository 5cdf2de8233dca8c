"""Quotation marks and what they hold, in real text: nested, unclosed, re-opened, turned the wrong way."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from ..language.pack import Pack
from .tokens import Tokens

# Paragraphs in which an open mark may still be closed. Interviews and statements run on for a few; past six, the
# missing mark is the likelier story, but where each sentence has a line of its own. A guess by reading; no dev article
# decides it.
MAX_PARAGRAPHS = 6
MAX_WORDS = 200  # that may stand in more paragraphs
MAX_STRAIGHT = 120  # words that straight marks, which tell less, may hold at most

Direction = Literal["open", "close"]


class Quotation(msgspec.Struct, frozen=True, order=True):
    """What a pair of marks holds, marks included. Token numbers, both included."""

    first: int
    last: int
    level: int = 1  # 1 for the outermost
    closed: bool = True  # False where the closing mark is missing: the quotation then ends with its paragraph
    kind: Literal["marks", "dash"] = "marks"


class _Open(msgspec.Struct, frozen=True):
    token: int
    closers: frozenset[str]


def find_quotations(tokens: Tokens, pack: Pack) -> list[Quotation]:
    """Quotations by their first token, outer before inner. A mark that makes no sense makes no quotation.

    « a “b” c »  →  [« … », “ … ”]
    """
    openers, closers = _signs(pack.pairs)
    scan = _Scan(tokens, openers, closers)
    for paragraph in range(len(tokens.paragraphs)):
        scan.read(paragraph)
    found = [*scan.found, *_dialogue(tokens, pack, scan.found)]
    return sorted(found, key=lambda q: (q.first, -q.last))


@lru_cache(maxsize=16)
def _signs(pairs: tuple[tuple[str, str], ...]) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Closing signs by opening sign, and all closing signs."""
    openers: dict[str, frozenset[str]] = {}
    for opening, closing in pairs:
        openers[opening] = openers.get(opening, frozenset()) | {closing}
    return openers, frozenset(closing for _, closing in pairs)


class _Scan:
    """One pass over the tokens with the stack of what is open."""

    def __init__(self, tokens: Tokens, openers: dict[str, frozenset[str]], closers: frozenset[str]) -> None:
        self.found: list[Quotation] = []
        self._tokens = tokens
        self._openers = openers
        self._closers = closers
        self._stack: list[_Open] = []

    def read(self, paragraph: int) -> None:
        first, last = self._tokens.paragraphs[paragraph]
        for i in range(first, last):
            word = self._tokens.words[i]
            if word in self._openers or word in self._closers:
                self._mark(i, word, first)
        self._end_paragraph(paragraph)

    def _mark(self, i: int, word: str, paragraph_start: int) -> None:
        direction = self._direction(i, word)
        if direction == "close" and self._close(i, word):
            return
        if direction == "open":
            self._reopen(i, word, paragraph_start)
            self._stack.append(_Open(i, self._openers[word]))

    def _direction(self, i: int, word: str) -> Direction | None:
        """Which way a mark points; None where it is no mark at all."""
        may_open, may_close = word in self._openers, word in self._closers
        if may_open != may_close:
            return "open" if may_open else "close"
        before, after = self._neighbours(i)
        if before.isalnum() and after.isalnum():
            return None  # l"économie: an apostrophe mistyped
        expected = any(word in mark.closers for mark in self._stack)
        if before.isdigit() and not expected:
            return None  # 6' 2": feet and inches
        if after.isalnum() and not before.isalnum() and not (expected and before in ".,!?…"):
            return "open" if not (expected and after.isspace()) else "close"
        if not expected and (before.isspace() or not before):
            return "open"
        return "close" if expected else ("open" if after.isalnum() or (after in "«“‘'(" and after) else None)

    def _neighbours(self, i: int) -> tuple[str, str]:
        text, start, end = self._tokens.text, self._tokens.starts[i], self._tokens.ends[i]
        return text[start - 1 : start], text[end : end + 1]

    def _close(self, i: int, word: str) -> bool:
        """Closes the nearest mark that this sign fits; what was opened inside it and never closed is forgotten."""
        for depth in range(len(self._stack) - 1, -1, -1):
            if word in self._stack[depth].closers:
                self.found.append(Quotation(self._stack[depth].token, i, depth + 1))
                del self._stack[depth:]
                return True
        return False

    def _opens_a_word(self, i: int) -> bool:
        """Of a straight mark: does it stand before a word and behind none?"""
        before, after = self._neighbours(i)
        return after.isalnum() and not before.isalnum() and before not in ".,!?…"

    def _reopen(self, i: int, word: str, paragraph_start: int) -> None:
        """A mark of the same kind at the head of the next paragraph goes on with the same voice."""
        if i != paragraph_start or not self._stack or self._stack[-1].closers != self._openers[word]:
            return
        mark = self._stack.pop()
        self.found.append(Quotation(mark.token, i - 1, len(self._stack) + 1, closed=False))

    def _end_paragraph(self, paragraph: int) -> None:
        """Marks that nothing closes any more end with their paragraph."""
        last = self._tokens.paragraphs[paragraph][1] - 1
        while self._stack and not self._closed_later(self._stack[-1], paragraph):
            mark = self._stack.pop()
            if mark.token < last:
                self.found.append(Quotation(mark.token, last, len(self._stack) + 1, closed=False))

    def _closed_later(self, mark: _Open, paragraph: int) -> bool:
        """Does a sign come that closes it, those for marks opened later apart, a few paragraphs on at most?"""
        opening = self._tokens.words[mark.token]
        straight = opening in mark.closers
        within = 0
        for number, (first, last) in enumerate(self._tokens.paragraphs[paragraph + 1 :]):
            n_words = last - mark.token
            if n_words > (MAX_STRAIGHT if straight else MAX_WORDS) and (straight or number >= MAX_PARAGRAPHS):
                return False
            for i in range(first, last):
                word = self._tokens.words[i]
                if word == opening and (not straight or self._opens_a_word(i)):
                    if i == first and not within:
                        return True
                    within += 1
                elif word in mark.closers:
                    if not within:
                        return True
                    within -= 1
        return False


def _dialogue(tokens: Tokens, pack: Pack, marked: Sequence[Quotation]) -> list[Quotation]:
    """Lines that a dialogue dash opens, where at least two lines of the text do: one alone is a list or an aside."""
    lines = [
        (first, last)
        for first, last in tokens.paragraphs
        if last - first > 2
        and tokens.words[first] in pack.dashes
        and not any(q.first <= first <= q.last for q in marked)
    ]
    return [Quotation(first, last - 1, kind="dash") for first, last in lines] if len(lines) > 1 else []
