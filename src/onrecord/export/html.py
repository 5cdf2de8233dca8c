"""One self-contained page: articles with their statements marked, and a list of them. No script, nothing loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise

import msgspec

from ..types import Article, Record, Span, Statement, covered, words_of
from .harmless import harmless
from .pagestyle import STYLE
from .terminal import office_of
from .wording import DOUBTFUL, TYPES, act_of, headline, nested, paragraph_of, paragraphs, speaker_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
MAX_TITLE_CHARS = 200  # a longer first line is a paragraph, not a title

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{nav}
<div class="key"><b>How to read this page</b> {key}</div>
<main>
{sections}
</main>
<footer>
<p>A statement that stands in another is framed. Click marked words to find them in the list, and words in the list to
find them in the article. The percentage says how sure the reader is: of a hundred statements marked 80 %, about eighty
have both the words and the speaker right; “?” marks those below {doubtful:.0%}. ¶ is the paragraph; 0 is the title.
Check before you publish.</p>
<p>{made_by}</p>
</footer>
</body>
</html>
"""


def page(records: Iterable[Record]) -> str:
    """A page with all the records, one section each; with a list of the articles where there are several."""
    found = list(records)
    return PAGE.format(
        policy=POLICY,
        style=STYLE,
        doubtful=DOUBTFUL,
        title=_text(headline(found[0].article) if len(found) == 1 else f"{len(found)} articles on record"),
        nav=_contents(found) if len(found) > 1 else "",
        key=" ".join(f'<span class="{type}">{words}</span>' for type, words in TYPES.items()),
        sections="\n".join(Section(record, number).html() for number, record in enumerate(found)),
        made_by=" · ".join(sorted({_text(_made_by(record)) for record in found})),
    )


def _contents(records: Sequence[Record]) -> str:
    entries = (
        f'<li><a href="#r{number}">{_text(headline(record.article)) or "untitled"}</a> '
        f'<span class="dim">{len(record.statements)}</span></li>'
        for number, record in enumerate(records)
    )
    return f'<nav aria-label="Articles"><b>{len(records)} articles</b><ol>{"".join(entries)}</ol></nav>'


def _made_by(record: Record) -> str:
    made_by = record.made_by
    parts = [f"onrecord {made_by.onrecord}", f"reader {made_by.reader}", f"pack {made_by.pack}"]
    return ", ".join([*parts, f"weights {made_by.weights}"] if made_by.weights else parts)


class Section(msgspec.Struct, frozen=True):
    """One article and the list of its statements."""

    record: Record
    number: int  # of the article on the page; part of every name that is linked to

    def html(self) -> str:
        """The article beside the list."""
        article = self.record.article
        known = [article.outlet, article.author, article.published, article.url or article.origin or article.id]
        facts = _text(" · ".join(part for part in known if part))
        lang = _text(article.language)
        return (
            f'<section id="r{self.number}" aria-label="{_text(headline(article))}">\n'
            f'<div><p class="facts">{facts}</p>\n'
            f'<article lang="{lang}">{"".join(self.paragraphs())}</article></div>\n'
            f'<aside aria-label="Statements"><b>{self._count()}</b>\n<ol>{"".join(self._items())}</ol></aside>\n'
            f"</section>"
        )

    def _count(self) -> str:
        number, speakers = len(self.record.statements), len({speaker.name for speaker in self.record.speakers})
        plural = "" if number == 1 else "s"
        return f"{number} statement{plural}, {speakers} speaker{'' if speakers == 1 else 's'}"

    def paragraphs(self) -> Iterator[str]:
        """The text as HTML, cut wherever a content begins or ends; a short first line is the heading."""
        text = self.record.article.text
        anchored: set[str] = set()
        found = paragraphs(text)
        for number, (start, end) in enumerate(found):
            tag = "h1" if number == 0 and len(found) > 1 and end - start <= MAX_TITLE_CHARS else "p"
            pieces = (self._piece(left, right, anchored) for left, right in pairwise(self._edges(start, end)))
            yield f"<{tag}>{''.join(pieces)}</{tag}>\n"

    def _edges(self, start: int, end: int) -> list[int]:
        spans = (span for statement in self.record.statements for span in statement.content)
        inside = {edge for span in spans for edge in (span.start, span.end) if start < edge < end}
        return sorted({start, end, *inside})

    def _piece(self, left: int, right: int, anchored: set[str]) -> str:
        """A stretch of text, marked by the innermost statement that holds it."""
        text = _text(self.record.article.text[left:right])
        over = [s for s in self.record.statements if any(c.start <= left and right <= c.end for c in s.content)]
        if not over:
            return text
        inner = min(over, key=lambda s: sum(c.end - c.start for c in s.content))
        anchors = "".join(self._anchor(s) for s in over if s.id not in anchored)
        anchored.update(s.id for s in over)
        deep = " deep" if len(over) > 1 else ""
        hint = _text(f"{speaker_of(inner)} {act_of(inner)}")
        link = f'<a href="#l{self._name(inner)}">{text}</a>'
        return f'{anchors}<mark class="{inner.type}{deep}" title="{hint}">{link}</mark>'

    def _anchor(self, statement: Statement) -> str:
        return f'<span class="anchor" id="a{self._name(statement)}"></span>'

    def _name(self, statement: Statement) -> str:
        return f"{self.number}-{_text(statement.id)}"

    def _items(self) -> Iterator[str]:
        article = self.record.article
        for statement, depth in nested(self.record.statements):
            inner, name = ' class="inner"' if depth else "", self._name(statement)
            words = f'<a href="#a{name}">{_text(words_of(article, statement.content))}</a>'
            facts = _listed(facts_of(article, statement))
            yield (
                f'<li id="l{name}"{inner}>{_head(article, statement)}'
                f'<blockquote class="words {statement.type}" lang="{_text(article.language)}">{words}</blockquote>'
                f"<details><summary>How we know</summary><dl>{facts}</dl></details></li>\n"
            )


def _head(article: Article, statement: Statement) -> str:
    office = _text(office_of(article, statement))
    share = f"{statement.confidence:.0%}"
    doubt = "? " if statement.confidence < DOUBTFUL else ""
    return (
        f'<div class="head"><span><b>{_text(speaker_of(statement))}</b> {act_of(statement)}'
        + (f'<br><span class="dim" lang="{_text(article.language)}">{office}</span>' if office else "")
        + f'</span><span class="dim">¶{paragraph_of(article, statement.content[0])} · {doubt}{share}'
        f'<span class="sure" style="--share:{share}"></span></span></div>'
    )


def facts_of(article: Article, statement: Statement) -> Iterator[tuple[str, str]]:
    """What is known of a statement beside its words, as label and text."""
    yield "form", f"{TYPES[statement.type]} {statement.kind}"
    roles: dict[str, tuple[Span, ...]] = {
        "cue": statement.cue, "source": statement.source, "to": statement.addressee,
        "occasion": statement.occasion, "when": statement.when,
    }  # fmt: skip
    yield from ((label, words_of(article, spans)) for label, spans in roles.items() if spans)
    mentions = getattr(statement.speaker, "mentions", ())
    if len(mentions) > 1:
        yield "also called", ", ".join(dict.fromkeys(covered(article, span) for span in mentions))
    for reason in statement.reasons:
        yield "because", f"{reason.rule}: {reason.evidence}" if reason.evidence else reason.rule


def _listed(facts: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<dt>{_text(label)}</dt><dd>{_text(words)}</dd>" for label, words in facts)


def _text(text: str) -> str:
    """Text that can neither act nor turn direction, for an element or an attribute."""
    return escape(harmless(text), quote=True)
