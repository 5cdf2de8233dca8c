"""The form for the terminal: what was said, by whom, at a glance."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from ..types import Article, Reason, Record, Span, Speaker, Statement, Unknown, covered, words_of
from .harmless import harmless

# The bar at the left tells quotation from paraphrase without colour; the style says it again.
BARS = {"direct": "┃", "mixed": "┇", "indirect": "┊"}
LEGEND = "┃ quoted   ┇ partly quoted   ┊ paraphrased"
ACTS = {
    "assert": "says", "deny": "denies", "confirm": "confirms", "announce": "announces", "promise": "promises",
    "warn": "warns", "demand": "demands", "propose": "proposes", "question": "asks", "accuse": "accuses",
    "praise": "praises", "decline": "declines",
}  # fmt: skip
UNKNOWN = {
    "ambiguous": "one of several",
    "not_stated": "speaker not stated",
    "no_antecedent": "speaker not found",
}
STYLES = {"speaker": "1", "title": "1;4", "dim": "2", "direct": "32", "mixed": "33", "indirect": "3;36"}
MIN_WIDTH, MAX_WIDTH = 40, 100  # columns


class Painter:
    """Wraps text in styles, or leaves it plain."""

    def __init__(self, *, color: bool) -> None:
        self._color = color

    def __call__(self, text: str, style: str) -> str:
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self._color and text else text


def render(record: Record, *, width: int = 80, color: bool = False) -> str:
    """The record as text of at most `width` columns where words allow, with a line break at its end."""
    width = max(MIN_WIDTH, min(MAX_WIDTH, width))
    paint = Painter(color=color)
    lines = list(_header(record, width, paint))
    for statement, depth in nested(record.statements):
        lines += ["", *_statement(record.article, statement, depth, width, paint)]
    lines += ["", paint(LEGEND, "dim")] if record.statements else ["", paint("no statement found", "dim")]
    return "\n".join(lines) + "\n"


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


def explain(record: Record, *, width: int = 80, color: bool = False) -> str:
    """The article paragraph by paragraph, each with the findings that begin in it and the reasons that led to them."""
    width = max(MIN_WIDTH, min(MAX_WIDTH, width))
    paint = Painter(color=color)
    lines = list(_header(record, width, paint))
    for number, (start, end) in enumerate(paragraphs(record.article.text)):
        lines += ["", *_wrapped(harmless(record.article.text[start:end]), width, f"{number:>3}  ", "     ")]
        for statement in record.statements:
            if start <= statement.content[0].start < end:
                lines += _explained(record.article, statement, width, paint)
    return "\n".join(lines) + "\n"


def paragraphs(text: str) -> list[tuple[int, int]]:
    """`[start, end)` of each line that is not blank; the title is number 0 where there is one."""
    found, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append((start, start + len(line)))
        start += len(line) + 1
    return found


def paragraph_of(article: Article, span: Span) -> int:
    """Number of the paragraph in which a span begins."""
    return sum(start <= span.start for start, _ in paragraphs(article.text)) - 1


def speaker_line(article: Article, statement: Statement) -> str:
    """The speaker with the office that the article gives, or why there is none."""
    speaker = statement.speaker
    if isinstance(speaker, Unknown):
        among = f": {', '.join(speaker.candidates)}" if speaker.candidates else ""
        return f"({UNKNOWN[speaker.reason]}{among})"
    office = f", {covered(article, speaker.office)}" if speaker.office else ""
    return harmless(speaker.name + office).replace("\n", " ")


def _header(record: Record, width: int, paint: Painter) -> Iterator[str]:
    article = record.article
    title = article.title or article.text.strip().partition("\n")[0]
    yield from (paint(line, "title") for line in _wrapped(harmless(title), width, "", ""))
    known = [article.outlet, article.published, article.language, article.origin or article.url or article.id]
    found = f"{len(record.statements)} statement{'s' if len(record.statements) != 1 else ''}"
    yield paint(harmless(" · ".join([*(part for part in known if part), found])), "dim")


def _statement(article: Article, statement: Statement, depth: int, width: int, paint: Painter) -> Iterator[str]:
    indent = "  " + "    " * depth
    who = speaker_line(article, statement)
    act = ("does not say: " if statement.negated else "") + ACTS[statement.act]
    if statement.kind == "attitude":
        act = "holds" if not statement.negated else "does not hold"
    where = f"¶{paragraph_of(article, statement.content[0])}  {statement.confidence:.0%}"
    head = _wrapped(f"{'↳ ' if depth else ''}{who} · {act}", width - len(where) - 2, indent, indent + "  ")
    name, dot, rest = head[0].rpartition(" · ")
    first = f"{paint(name, 'speaker')}{dot}{rest}" if dot else paint(head[0], "speaker")
    yield first + " " * max(2, width - len(head[0]) - len(where)) + paint(where, "dim")
    yield from head[1:]
    bar = f"{indent}{BARS[statement.type]} "
    for span in statement.content:
        for line in _wrapped(harmless(covered(article, span)), width, bar, bar):
            yield paint(line, statement.type)
    circumstances = _circumstances(article, statement)
    if circumstances:
        yield from (paint(line, "dim") for line in _wrapped(circumstances, width, indent + "  ", indent + "  "))


def _circumstances(article: Article, statement: Statement) -> str:
    parts = {"to": statement.addressee, "occasion": statement.occasion, "when": statement.when}
    return " · ".join(f"{name}: {harmless(words_of(article, spans))}" for name, spans in parts.items() if spans)


def _explained(article: Article, statement: Statement, width: int, paint: Painter) -> Iterator[str]:
    indent = "     "
    yield ""
    negated = ", negated" if statement.negated else ""
    what = f"{statement.type} {statement.kind}, {statement.act}{negated}, {statement.confidence:.2f}"
    yield f"{indent}{paint(speaker_line(article, statement), 'speaker')}  {paint(f'[{statement.id}] {what}', 'dim')}"
    bar = f"{indent}{BARS[statement.type]} "
    yield from (
        paint(line, statement.type)
        for line in _wrapped(harmless(words_of(article, statement.content)), width, bar, bar)
    )
    for label, spans in (("cue", statement.cue), ("source", statement.source)):
        if spans:
            yield f"{indent}  {label}: {harmless(words_of(article, spans))}"
    if isinstance(statement.speaker, Speaker) and len(statement.speaker.mentions) > 1:
        chain = ", ".join(dict.fromkeys(covered(article, span) for span in statement.speaker.mentions))
        yield from _wrapped(f"also: {harmless(chain)}", width, indent + "  ", indent + "    ")
    yield from (f"{indent}  because {_because(article, reason)}" for reason in statement.reasons)


def _because(article: Article, reason: Reason) -> str:
    return harmless(f"{reason.rule}: {reason.evidence}" if reason.evidence else reason.rule).replace("\n", " ")


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    """Lines of at most `width` columns; a text of nothing is one line."""
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False) or [first]
