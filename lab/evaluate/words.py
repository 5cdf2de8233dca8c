"""Words under spans, and the matching of statements by the words of their contents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

WORD = re.compile(r"\w+")

# At the start of a content these are left out: conventions differ on whether they belong to it.
EDGE_WORDS = frozenset(("que", "qu", "si", "de", "d", "à", "that", "whether", "if", "to", "dass", "ob", "zu"))

Words = frozenset[int]  # where words start, in code points
Spans = Iterable[tuple[int, int]]


def words_under(text: str, spans: Spans) -> Words:
    """Where the words under spans start, less edge words at the front; all when there are no others."""
    found = sorted({(m.start(), m.group().lower()) for start, end in spans for m in WORD.finditer(text, start, end)})
    first = next((i for i, (_, word) in enumerate(found) if word not in EDGE_WORDS), 0)
    return frozenset(start for start, _ in found[first:])


def all_words(text: str) -> Words:
    """Where each word of a text starts."""
    return frozenset(m.start() for m in WORD.finditer(text))


def jaccard(a: Words, b: Words) -> float:
    """Shared words over all words; 0 when there are none."""
    return len(a & b) / len(a | b) if a & b else 0.0


Pair = tuple[Words, Words]  # the words of a statement's content and of its cue


def match(gold: Sequence[Pair], predicted: Sequence[Pair], threshold: float) -> dict[int, int]:
    """Index of the prediction for each gold statement that has one: greedily, one to one, the largest overlap first.

    Equal overlaps go by the number of cue words shared, then by order.
    """
    pairs = [
        (jaccard(content, guess), len(cue & guessed_cue), -i, -j)
        for i, (content, cue) in enumerate(gold)
        for j, (guess, guessed_cue) in enumerate(predicted)
        if content & guess
    ]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for overlap, _, i, j in sorted(pairs, reverse=True):
        if overlap >= threshold and -i not in found and -j not in taken:
            found[-i] = -j
            taken.add(-j)
    return found
