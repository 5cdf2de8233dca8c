"""The form for the terminal: what was said, by whom, at a glance."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from ..types import Article, Reason, Record, Span, Speaker, Statement, covered, words_of
from .harmless import harmless
from .wording import DOUBTFUL, act_of, headline, nested, paragraph_of, paragraphs, speaker_of

# The bar at the left tells quotation from paraphrase without colour.
BARS = {"direct": "┃", "mixed": "┇", "indirect": "┊"}
LEGEND = (
    "┃ quoted   ┇ partly quoted   ┊ paraphrased   ↳ said inside another statement",
    "¶ paragraph, 0 is the title   % how sure; ? less than even",
)
STYLES = {"speaker": "1", "title": "1;4", "dim": "2", "direct": "32", "mixed": "33", "indirect": "36"}
MIN_WIDTH, MAX_WIDTH = 40, 100  # columns; longer lines are hard to read

# French puts a space inside its quotation marks and before tall punctuation; a line must not end or begin there.
INNER_SPACE = re.compile(r"(?<=[«‹—]) (?=\S)|(?<=\S) (?=[»›:;?!])")
GLUE = "\x00"  # stands for such a space while lines are broken; harmless text has none of its own


class Painter:
    """Wraps text in styles, or leaves it plain."""

    def __init__(self, *, color: bool) -> None:
        self._color = color

    def __call__(self, text: str, style: str) -> str:
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self._color and text else text


def render(record: Record, *, width: int = 80, color: bool = False) -> str:
    """The record as text of at most `width` columns where words allow, with a line break at its end.

    The office of a speaker stands at the first statement alone.
    """
    width = max(MIN_WIDTH, min(MAX_WIDTH, width))
    paint = Painter(color=color)
    lines = list(_header(record, width, paint))
    introduced: set[str] = set()
    for statement, depth in nested(record.statements):
        office = "" if speaker_of(statement) in introduced else office_of(record.article, statement)
        introduced.add(speaker_of(statement))
        lines += ["", *_statement(record.article, statement, _Layout(width, depth, paint), office)]
    if not record.statements:
        lines += ["", paint("  no statement found", "dim")]
    return "\n".join(lines) + "\n"


def legend(*, color: bool = False) -> str:
    """What the bars, signs and figures mean, to stand below the last record."""
    paint = Painter(color=color)
    return "".join(paint(line, "dim") + "\n" for line in LEGEND)


def explain(record: Record, *, width: int = 80, color: bool = False) -> str:
    """The article paragraph by paragraph, each with the findings that begin in it and the reasons that led to them."""
    width = max(MIN_WIDTH, min(MAX_WIDTH, width))
    paint = Painter(color=color)
    lines = list(_header(record, width, paint))
    for number, (start, end) in enumerate(paragraphs(record.article.text)):
        shown = _wrapped(harmless(record.article.text[start:end]), width, f"¶{number:<3} ", "     ")
        lines += ["", *shown]
        for statement in record.statements:
            if start <= statement.content[0].start < end:
                lines += ["", *_explained(record.article, statement, _Layout(width, 1, paint))]
    return "\n".join(lines) + "\n"


def excerpt(record: Record, id: str, *, width: int = 80, color: bool = False) -> str:
    """One statement in the paragraphs of the article in which its words stand, with the reasons that led to it."""
    width = max(MIN_WIDTH, min(MAX_WIDTH, width))
    paint = Painter(color=color)
    (statement,) = (one for one in record.statements if one.id == id)
    lines = list(_header(record, width, paint))
    for number, (start, end) in enumerate(paragraphs(record.article.text)):
        if any(span.start < end and start < span.end for span in statement.content):
            lines += ["", *_wrapped(harmless(record.article.text[start:end]), width, f"¶{number:<3} ", "     ")]
    return "\n".join([*lines, "", *_explained(record.article, statement, _Layout(width, 1, paint))]) + "\n"


def office_of(article: Article, statement: Statement) -> str:
    """The office that the article gives the speaker, and who that is by the user's list, on one line; may be empty."""
    speaker = statement.speaker
    if not isinstance(speaker, Speaker):
        return ""
    office = "" if speaker.office is None else covered(article, speaker.office)
    known = "" if speaker.identity is None else f"{speaker.identity.name} ({speaker.identity.id})"
    return " ".join(harmless(" · ".join(filter(None, (office, known)))).split())


class _Layout:
    """Where a statement stands: columns, indent by depth, and how it is painted."""

    def __init__(self, width: int, depth: int, paint: Painter) -> None:
        self.width = width
        self.indent = "  " + "    " * min(depth, 3)  # deeper nesting would leave no room for the words
        self.depth = depth
        self.paint = paint

    def words(self, text: str, style: str, lead: str) -> Iterator[str]:
        """Lines of a text, each behind the same lead."""
        for line in _wrapped(harmless(text), self.width, self.indent + lead, self.indent + lead):
            yield self.paint(line, style)

    def fact(self, label: str, text: str) -> Iterator[str]:
        """A labelled line, wrapped under itself."""
        first = f"{self.indent}  {label} "
        yield from (self.paint(line, "dim") for line in _wrapped(harmless(text), self.width, first, " " * len(first)))


def _header(record: Record, width: int, paint: Painter) -> Iterator[str]:
    article = record.article
    yield from (paint(line, "title") for line in _wrapped(headline(article), width, "", ""))
    known = [article.outlet, article.published, article.language, article.origin or article.url or article.id]
    found = f"{len(record.statements)} statement{'s' if len(record.statements) != 1 else ''}"
    facts = " · ".join([*(part for part in known if part), found])
    yield from (paint(line, "dim") for line in _wrapped(harmless(facts), width, "", ""))


def _statement(article: Article, statement: Statement, layout: _Layout, office: str) -> Iterator[str]:
    where = _where(article, statement)
    name, act = ("↳ " if layout.depth else "") + speaker_of(statement), f" · {act_of(statement)}"
    head = _wrapped(name + act, layout.width - len(where) - 2, layout.indent, layout.indent + "  ")
    gap = " " * max(2, layout.width - len(head[0]) - len(where))
    yield from _painted_head(head, len(name), gap + layout.paint(where, "dim"), layout)
    if office:
        yield from layout.words(office, "dim", "  ")
    words = words_of(article, statement.content)
    yield from layout.words(words, statement.type, f"{BARS[statement.type]} ")
    if circumstances := _circumstances(article, statement):
        yield from layout.words(circumstances, "dim", "  ")


def _painted_head(head: list[str], name_chars: int, where: str, layout: _Layout) -> Iterator[str]:
    """The lines of a heading with the name set off; `where` ends the first."""
    left = name_chars
    for number, line in enumerate(head):
        body = line.lstrip(" ")
        painted = line[: len(line) - len(body)] + layout.paint(body[:left], "speaker") + body[left:]
        left = max(0, left - len(body) - 1)  # 1: the space at which the line was broken
        yield painted + (where if number == 0 else "")


def _where(article: Article, statement: Statement) -> str:
    doubt = "?" if statement.confidence < DOUBTFUL else " "
    return f"¶{paragraph_of(article, statement.content[0])} {doubt}{statement.confidence:>4.0%}"


def _circumstances(article: Article, statement: Statement) -> str:
    parts = {"to": statement.addressee, "occasion": statement.occasion, "when": statement.when}
    told = [f"{name}: {words_of(article, spans)}" for name, spans in parts.items() if spans]
    if statement.quoted_by is not None:
        told.append(f"quoted by: {statement.quoted_by.name}")
    if isinstance(statement.speaker, Speaker) and statement.speaker.anonymity is not None:
        told.append(f"not named: {covered(article, statement.speaker.anonymity)}")
    return " · ".join(told)


def _explained(article: Article, statement: Statement, layout: _Layout) -> Iterator[str]:
    office = office_of(article, statement)
    who = speaker_of(statement) + (f", {office}" if office else "")
    negated = ", negated" if statement.negated else ""
    yield from layout.words(who, "speaker", "")
    what = f"{statement.type} {statement.kind}, {statement.act}{negated}, {statement.confidence:.0%}"
    yield from layout.words(f"{what}  [{statement.id}]", "dim", "")
    yield from layout.words(words_of(article, statement.content), statement.type, f"{BARS[statement.type]} ")
    roles: dict[str, tuple[Span, ...]] = {
        "cue:": statement.cue, "source:": statement.source, "to:": statement.addressee,
        "occasion:": statement.occasion, "when:": statement.when,
    }  # fmt: skip
    for label, spans in roles.items():
        if spans:
            yield from layout.fact(label, words_of(article, spans))
    if isinstance(statement.speaker, Speaker) and len(statement.speaker.mentions) > 1:
        chain = dict.fromkeys(covered(article, span) for span in statement.speaker.mentions)
        yield from layout.fact("also called:", ", ".join(chain))
    for reason in statement.reasons:
        yield from layout.fact("because", _because(reason))


def _because(reason: Reason) -> str:
    return f"{reason.rule}: {reason.evidence}" if reason.evidence else reason.rule


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    """Lines of at most `width` columns; a text of nothing is one line. None ends at a hyphen or opening mark."""
    lines = textwrap.wrap(
        INNER_SPACE.sub(GLUE, text), width, initial_indent=first, subsequent_indent=rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [line.replace(GLUE, " ") for line in lines] or [first]
