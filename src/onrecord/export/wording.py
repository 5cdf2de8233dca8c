"""What the forms for people have in common: how acts and unknowns are called, the order of statements, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..types import Article, Span, Statement, Unknown
from .harmless import harmless

ACTS = {
    "assert": "say", "deny": "deny", "confirm": "confirm", "announce": "announce", "promise": "promise",
    "warn": "warn", "demand": "demand", "propose": "propose", "question": "ask", "accuse": "accuse",
    "praise": "praise", "decline": "decline",
}  # fmt: skip
TYPES = {"direct": "quoted", "mixed": "partly quoted", "indirect": "paraphrased"}
UNKNOWN = {
    "ambiguous": "one of several",
    "not_stated": "speaker not stated",
    "no_antecedent": "speaker not found",
}
LINE = re.compile(r"[^\r\n]+")
DOUBTFUL = 0.5  # below this a statement is likelier wrong than right, and is marked so


def act_of(statement: Statement) -> str:
    """What the speaker does, in the third person: "denies", "does not confirm", "thinks or wants"."""
    if statement.kind == "attitude":
        return "does not think or want" if statement.negated else "thinks or wants"
    act = ACTS[statement.act]
    if statement.negated:
        return f"does not {act}"
    return f"{act[:-1]}ies" if act.endswith("ny") else f"{act}s"


def speaker_of(statement: Statement) -> str:
    """The speaker's name, or in brackets why there is none; on one line, and harmless."""
    speaker = statement.speaker
    if not isinstance(speaker, Unknown):
        return " ".join(harmless(speaker.name).split())
    among = f": {', '.join(speaker.candidates)}" if speaker.candidates else ""
    return f"({UNKNOWN[speaker.reason]}{' '.join(harmless(among).split(chr(10)))})"


def nested(statements: Sequence[Statement]) -> Iterator[tuple[Statement, int]]:
    """Statements in order, each followed by those nested in it, with their depth."""
    children: dict[str | None, list[Statement]] = {}
    for statement in statements:
        children.setdefault(statement.parent, []).append(statement)

    def below(parent: str | None, depth: int) -> Iterator[tuple[Statement, int]]:
        for statement in children.get(parent, ()):
            yield statement, depth
            yield from below(statement.id, depth + 1)

    yield from below(None, 0)


def paragraphs(text: str) -> list[tuple[int, int]]:
    """`[start, end)` of each line that is not blank. Number 0 is the first line, as a rule the title."""
    return [line.span() for line in LINE.finditer(text) if line.group().strip()]


def paragraph_of(article: Article, span: Span) -> int:
    """Number of the paragraph in which a span begins."""
    return max(0, sum(start <= span.start for start, _ in paragraphs(article.text)) - 1)


def headline(article: Article) -> str:
    """The title, or the first line of the text where the input names none; on one line, and harmless."""
    return " ".join(harmless(article.title or next(iter(article.text.strip().splitlines()), "")).split())
