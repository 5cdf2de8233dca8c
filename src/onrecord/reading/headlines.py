"""Titles in which most words have capitals: which of them are names is told by the text below."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from .tokens import Run, Tokens

SHORT = 3  # letters of the words that headlines leave without capitals: "to", "for"
WORDS = 4  # longer ones that a headline has at least, the first apart
CAPITALS = 0.8  # share of these with a capital in a headline


class Headline:
    """The title of a text, where it has capitals throughout and there is text below that has not."""

    def __init__(self, tokens: Tokens, begins: Collection[int]) -> None:
        self.stop = _stop(tokens)  # the token after its last; 0 where there is no such title
        self._words = tokens.words
        body = range(self.stop, len(tokens)) if self.stop else range(0)
        self._names = frozenset(tokens.words[i] for i in body if tokens.words[i][0].isupper() and i not in begins)

    def names_in(self, first: int, last: int) -> Iterator[Run]:
        """The parts of a run of capitals whose words have them below, too: "Al-Shabab | Attack, Official Says"."""
        begin: int | None = None
        for i in range(first, last + 2):
            capital = i <= last and self._words[i][0].isupper()
            if begin is None and capital and self._words[i] in self._names:
                begin = i
            elif begin is not None and (i > last or (capital and self._words[i] not in self._names)):
                yield begin, max(j for j in range(begin, i) if self._words[j][0].isupper())
                begin = None


def _stop(tokens: Tokens) -> int:
    if not tokens.paragraphs:
        return 0
    first, stop = tokens.paragraphs[0]
    long = [word for word in tokens.words[first + 1 : stop] if word.isalpha() and len(word) > SHORT]
    headline = len(long) >= WORDS and sum(word[0].isupper() for word in long) >= CAPITALS * len(long)
    return stop if headline and len(tokens) > 2 * stop else 0
