"""One self-contained page: the article with its statements marked and a list of them. No script, no asset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise

from ..types import Article, Record, Span, Speaker, Statement, Unknown, covered, words_of
from .harmless import harmless
from .terminal import ACTS, UNKNOWN, nested, paragraphs

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fffdf8; --dim: #5c5c5c; --line: #d8d2c4;
  --direct: #d9ecd6; --mixed: #fbe7bd; --indirect: #dbe7f7; --target: #b3401f; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececec; --paper: #17191c; --dim: #a9a9a9; --line: #3a3d42;
  --direct: #234a2b; --mixed: #55431a; --indirect: #223a5c; --target: #ff9d7a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.05rem/1.6 Georgia, serif; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem; display: grid; gap: 2.5rem;
  grid-template-columns: minmax(0, 3fr) minmax(16rem, 2fr); }
@media (max-width: 55rem) { main { grid-template-columns: minmax(0, 1fr); } }
h1 { font-size: 1.6rem; line-height: 1.25; grid-column: 1 / -1; margin: 0; }
.facts { grid-column: 1 / -1; color: var(--dim); font: .85rem/1.4 system-ui, sans-serif; margin: -.5rem 0 0; }
.legend span { padding: 0 .3em; margin-right: .8em; color: var(--ink); }
p { margin: 0 0 1em; overflow-wrap: anywhere; }
mark { color: inherit; padding: .08em 0; background: none; }
.direct { background: var(--direct); border-bottom: 2px solid currentColor; }
.mixed { background: var(--mixed); border-bottom: 2px dashed currentColor; }
.indirect { background: var(--indirect); border-bottom: 2px dotted currentColor; }
.deep { outline: 1px solid currentColor; outline-offset: -1px; }
mark:target, li:target { outline: 3px solid var(--target); }
ol { list-style: none; margin: 0; padding: 0; font: .9rem/1.45 system-ui, sans-serif; }
li { border-top: 1px solid var(--line); padding: .6rem 0; }
li.inner { margin-left: 1.4rem; }
b { font-weight: 650; }
a { color: inherit; text-decoration-thickness: 1px; text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--target); outline-offset: 2px; }
blockquote { margin: .3rem 0; padding-left: .7rem; border-left: 3px solid var(--line); }
summary, .how { color: var(--dim); }
dl { margin: .3rem 0 0; display: grid; grid-template-columns: auto 1fr; gap: 0 .8rem; }
dt { color: var(--dim); } dd { margin: 0; }
@media print { body { background: none; font-size: 11pt; } main { display: block; padding: 0; }
  details > * { display: block; }
  .direct, .mixed, .indirect { background: none; } li { break-inside: avoid; } }
"""


def page(records: Iterable[Record]) -> str:
    """A page with all the records, one section each."""
    sections = "\n".join(section for number, record in enumerate(records) for section in _section(record, number))
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>onrecord</title>
<style>{STYLE}</style>
{sections}
</html>
"""


def _section(record: Record, number: int) -> Iterator[str]:
    article = record.article
    known = [article.outlet, article.published, article.origin or article.url or article.id]
    legend = " ".join(f'<span class="{kind}">{words}</span>' for kind, words in LEGEND.items())
    yield f'<main lang="{_text(article.language)}">'
    yield f"<h1>{_text(article.title or article.text.strip().partition(chr(10))[0])}</h1>"
    facts = _text(" · ".join(part for part in known if part))
    yield f'<p class="facts">{facts}<br><span class="legend" lang="en">{legend}</span></p>'
    yield f"<article>{''.join(_paragraphs(record, number))}</article>"
    yield f'<ol aria-label="Statements" lang="en">{"".join(_items(record, number))}</ol></main>'


LEGEND = {"direct": "quoted", "mixed": "partly quoted", "indirect": "paraphrased"}


def _paragraphs(record: Record, number: int) -> Iterator[str]:
    """The text, cut wherever a content begins or ends; the innermost statement marks each piece."""
    text = record.article.text
    anchored: set[str] = set()
    for start, end in paragraphs(text):
        edges = sorted(
            {
                start,
                end,
                *(
                    edge
                    for s in record.statements
                    for c in s.content
                    for edge in (c.start, c.end)
                    if start < edge < end
                ),
            }
        )
        pieces = []
        for left, right in pairwise(edges):
            over = [s for s in record.statements if any(c.start <= left and right <= c.end for c in s.content)]
            pieces.append(_piece(text[left:right], over, anchored, number))
        yield f"<p>{''.join(pieces)}</p>"


def _piece(text: str, over: Sequence[Statement], anchored: set[str], number: int) -> str:
    if not over:
        return _text(text)
    inner = min(over, key=lambda s: sum(c.end - c.start for c in s.content))
    anchors = ""
    for statement in over:
        if statement.id not in anchored:
            anchored.add(statement.id)
            anchors += f'<span id="a{number}-{_text(statement.id)}"></span>'
    deep = " deep" if len(over) > 1 else ""
    hint = _text(f"{_who(statement=inner)} — {ACTS[inner.act]}")
    link = f'<a href="#l{number}-{_text(inner.id)}">{_text(text)}</a>'
    return f'{anchors}<mark class="{inner.type}{deep}" title="{hint}">{link}</mark>'


def _items(record: Record, number: int) -> Iterator[str]:
    for statement, depth in nested(record.statements):
        inner = ' class="inner"' if depth else ""
        act = ("does not: " if statement.negated else "") + (
            ACTS[statement.act] if statement.kind == "speech" else "holds"
        )
        words = f'<a href="#a{number}-{_text(statement.id)}">{_text(words_of(record.article, statement.content))}</a>'
        facts = "".join(_facts(record.article, statement))
        yield (
            f'<li id="l{number}-{_text(statement.id)}"{inner}><b>{_text(_who(statement=statement))}</b> {act} '
            f'<span class="how">{LEGEND[statement.type]}, {statement.confidence:.0%} sure</span>'
            f'<blockquote lang="{_text(record.article.language)}">{words}</blockquote>'
            f"<details><summary>How we know</summary><dl>{facts}</dl></details></li>"
        )


def _facts(article: Article, statement: Statement) -> Iterator[str]:
    speaker = statement.speaker
    parts: list[tuple[str, str]] = []
    if isinstance(speaker, Speaker) and speaker.office:
        parts.append(("office", covered(article, speaker.office)))
    roles: dict[str, tuple[Span, ...]] = {
        "cue": statement.cue, "source": statement.source, "to": statement.addressee,
        "occasion": statement.occasion, "when": statement.when,
    }  # fmt: skip
    parts += [(name, words_of(article, spans)) for name, spans in roles.items() if spans]
    parts += [("because", f"{reason.rule}: {reason.evidence}") for reason in statement.reasons]
    yield from (f"<dt>{_text(name)}</dt><dd>{_text(words)}</dd>" for name, words in parts)


def _who(*, statement: Statement) -> str:
    speaker = statement.speaker
    return f"({UNKNOWN[speaker.reason]})" if isinstance(speaker, Unknown) else speaker.name


def _text(text: str) -> str:
    return escape(harmless(text), quote=True)
