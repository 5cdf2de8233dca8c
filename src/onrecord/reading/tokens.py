"""Tokens, sentences and paragraphs of a text, by character offset; the text itself is never changed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from ..language.pack import Pack
from ..types import Span

APOSTROPHES = "'’ʼ"
HYPHENS = "-‐‑"
LETTER = r"[\w\u0300-\u036f]"  # with the accents of decomposed text, which macOS writes

Run = tuple[int, int]  # first and last token, both included

PARAGRAPH = re.compile(r"[^\r\n]+")  # lines, whichever system wrote them


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """The tokens of one text. Lists run in parallel, one entry a token; ranges count tokens, end exclusive."""

    text: str
    starts: list[int]  # code points
    ends: list[int]
    words: list[str]  # as written
    forms: list[str]  # lower case, straight apostrophes and hyphens: what pack lists are keyed by
    paragraphs: list[tuple[int, int]]  # token range of each line that is not blank
    sentences: list[tuple[int, int]]  # token range of each sentence; never across paragraphs

    def __len__(self) -> int:
        return len(self.words)

    def span(self, first: int, last: int) -> Span:
        """The span from token `first` to token `last`, both included."""
        return Span(self.starts[first], self.ends[last])

    def range_of(self, span: Span) -> tuple[int, int]:
        """Range of the tokens that a span touches; empty where it touches none."""
        return bisect_right(self.ends, span.start), bisect_left(self.starts, span.end)

    def paragraph_of(self, token: int) -> int:
        """Number of the paragraph, from 0, in which a token stands."""
        return bisect_right(self.paragraphs, (token, len(self.words) + 1)) - 1


@lru_cache(maxsize=8)
def _pattern(elisions: frozenset[str], clitics: frozenset[str], abbreviations: frozenset[str]) -> re.Pattern[str]:
    def either(forms: frozenset[str]) -> str:
        """Longest first; every apostrophe and hyphen in all its shapes."""
        parts = []
        for form in sorted(forms, key=lambda f: (-len(f), f)):
            escaped = re.escape(form).replace("'", f"[{APOSTROPHES}]").replace(r"\-", f"[{HYPHENS}]")
            parts.append(escaped)
        return "|".join(parts) or r"(?!)"

    clitic = either(clitics)
    return re.compile(
        rf"""
          (?P<abbreviation> (?<!\w)(?:{either(abbreviations)}) (?!\w) | (?<!\w)(?:[A-ZÀ-Þ]\.){{2,}}
            | (?<!\w)[A-ZÀ-Þ]\.(?=[ \u00a0]?[A-ZÀ-Þ]) )   # "M.", "U.S.", the W. of "George W. Bush"
        | (?P<elision> (?<!\w) (?i:{either(elisions)}) (?=[\w"«“‘(\[]) )      # "l'", "qu'"
        | (?P<clitic> (?<=\w) (?i:{clitic}) (?!\w) )                           # "-t-il", "'s"
        | (?P<number> \d+ (?:[.,:\u00a0\u202f]\d+)* )                           # "1 600", "3,5", "20:30"
        | (?P<word> {LETTER}+ (?: (?! (?i:{clitic}) (?!\w) )
            (?:[{HYPHENS}]|[{APOSTROPHES}](?=\w)|[.&@](?=\w\w)) {LETTER}+ )* )
        | (?P<dots> \.\.\.+ | …)
        | (?P<sign> [^\w\s])
        """,
        re.VERBOSE,
    )


STRAIGHT = str.maketrans({**dict.fromkeys("’ʼ", "'"), **dict.fromkeys("‐‑", "-")})


@lru_cache(maxsize=1 << 16)  # words come back: in news nine in ten have been seen in the last thousand articles
def plain(word: str) -> str:
    """Lower case, straight apostrophes and hyphens, accents composed (NFC)."""
    return (word if word.isascii() else unicodedata.normalize("NFC", word)).translate(STRAIGHT).lower()


ENDS_SENTENCE = frozenset(".!?…") | {"..."}
CLOSERS = frozenset("»”\"'’)]›")
OPENERS = frozenset("«“„\"'‘(—–-[‹")


def tokenise(text: str, pack: Pack) -> Tokens:
    """Tokens of a text in the order of the text; every character that is not white space is in exactly one.

    A sentence glued to the next one ("combat.Loukachenko a dit") is parted at the full stop.
    """
    pattern = _pattern(pack.elisions, pack.clitics, pack.abbreviations)
    starts: list[int] = []
    ends: list[int] = []
    words: list[str] = []
    paragraphs: list[tuple[int, int]] = []
    for line in PARAGRAPH.finditer(text):
        first = len(words)
        for match in pattern.finditer(text, line.start(), line.end()):
            word = match.group()
            parts = _unglued(text, match) if "." in word and len(word) > 3 else (match.span(),)
            for start, end in parts:
                starts.append(start)
                ends.append(end)
                words.append(text[start:end])
        if len(words) > first:
            paragraphs.append((first, len(words)))
    forms = [plain(word) for word in words]
    sentences = [
        sentence
        for paragraph in paragraphs
        for sentence in _sentences(words, starts, ends, paragraph, pack.abbreviations)
    ]
    return Tokens(
        text=text, starts=starts, ends=ends, words=words, forms=forms, paragraphs=paragraphs, sentences=sentences
    )


# "combat.Loukachenko": a lower-case word, a full stop, a capital and a lower-case letter
GLUED = re.compile(r"(?<=[a-zà-ÿ]{2})\.(?=[A-ZÀ-Þ][a-zà-ÿ'’])")


def _unglued(text: str, match: re.Match[str]) -> list[tuple[int, int]]:
    start, end = match.span()
    if match.lastgroup != "word" or "." not in match.group():
        return [(start, end)]
    glue = GLUED.search(text, start, end)
    if glue is None:
        return [(start, end)]
    return [(start, glue.start()), glue.span(), (glue.end(), end)]


def _sentences(
    words: list[str], starts: list[int], ends: list[int], paragraph: tuple[int, int], abbreviations: frozenset[str]
) -> list[tuple[int, int]]:
    """Token ranges of the sentences of one paragraph."""
    found: list[tuple[int, int]] = []
    first, stop = paragraph
    begin = i = first
    while i < stop:
        if words[i] in ENDS_SENTENCE:
            end = i + 1
            while end < stop and (words[end] in ENDS_SENTENCE or _closes(words, starts, ends, end)):
                end += 1
            if end < stop and _may_begin(words[end]):
                found.append((begin, end))
                begin = end
            i = end
        else:
            i += 1
    if begin < stop:
        found.append((begin, stop))
    return found


def _closes(words: list[str], starts: list[int], ends: list[int], i: int) -> bool:
    """A closing mark that belongs to the sentence before it: glued to it, or one that can only close."""
    word = words[i]
    if word in "»”)]›":
        return True
    return word in CLOSERS and starts[i] == ends[i - 1]


def _may_begin(word: str) -> bool:
    return word in OPENERS or word[0].isupper() or word[0].isdigit()


def numbered(ranges: Sequence[tuple[int, int]]) -> list[int]:
    """For each token the number, from 0, of the range it is in; `ranges` are the sentences or paragraphs of a text."""
    return [number for number, (first, stop) in enumerate(ranges) for _ in range(first, stop)]


def stretches(tokens: Tokens, most: int) -> Iterator[tuple[int, int]]:
    """The text in stretches of at most `most` words and of about the same length, so that none stands nearly alone.

    They end where paragraphs do; a paragraph longer than `most` is cut.
    """
    n = len(tokens.words)
    ends = [end for _, end in tokens.paragraphs]
    first = 0
    while first < n:
        wanted = first + (n - first) / -((first - n) // most)
        near = ends[bisect_right(ends, first) : bisect_right(ends, first + most)]
        stop = min(near, key=lambda end: abs(end - wanted)) if near else round(wanted)
        yield first, stop
        first = stop
