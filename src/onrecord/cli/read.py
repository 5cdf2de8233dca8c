"""`onrecord read`: articles in, statements out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import rich_click as click

from ..desk import Desk
from ..types import Article, Record, Refusal
from .options import Intake, reading, settings_of, sources_of, use_color, width_of
from .output import Output

FORMATS = ("text", "json", "jsonl", "csv", "html", "gold", "webannotation", "schemaorg", "tei", "brat", "parquet")
FOLDERS = frozenset(("brat", "parquet"))  # forms of several files

HELP = """Read articles and print who said what.

INPUT is a file (text, HTML, JSON Lines, CSV, Parquet, web archive, feed, mail, PDF; gzipped or not), a folder, - for
standard input, or with --fetch an address. A line of JSON Lines is {"text", "id"?, "title"?, "url"?, "published"?,
"outlet"?, "author"?, "language"?}, where ? marks what may be left out; a table has such columns.

What cannot be read (not French or English, empty, binary, too long) is named on standard error and the rest goes on.
Exit code: 0 all read, 1 some refused, 2 wrong usage.

\b
Formats:
  text   for people: in the terminal
  html   for people: a page with the statements marked in the article
  csv    for a spreadsheet: one row a statement
  json   for programs: one array of records, with every offset
  jsonl  for programs: one record a line
  gold   for scoring against annotated articles: one document a line
  webannotation, schemaorg, tei   for other tools: W3C Web Annotation, schema.org (both JSON-LD), TEI P5
  brat, parquet                   for other tools, into a folder: -o FOLDER
Examples:
  onrecord read article.txt
  onrecord read page.html --format html -o marked.html
  cat article.txt | onrecord read - --language fr --format json
  onrecord read news.jsonl --format csv --min-confidence 0.8 -o table.csv
"""


@click.command(name="read", help=HELP)
@reading
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", help="Form of the output.", show_default=True
)
@click.option("-o", "--output", metavar="FILE", help="Write to a file, which appears when it is complete.")
@click.option(
    "--kind", type=click.Choice(["speech", "all"]), default=None,
    help="Speech alone, or attitudes (wants, fears, believes) too. By default all, but speech in the gold form.",
)  # fmt: skip
@click.option(
    "--cores", type=click.IntRange(1), metavar="N", default=1, show_default=True,
    help="Processes that read; pays from some hundred articles on.",
)  # fmt: skip
def command(**given: Any) -> int:
    """See HELP."""
    sources = sources_of(given)
    settings = settings_of(given, language=sources.language)
    intake = Intake(sources, settings)
    form = given["form"]
    if form in FOLDERS:
        return _into_folder(Desk(settings), intake, given)
    attitudes = (given["kind"] or ("speech" if form == "gold" else "all")) == "all"
    with Output(given["output"]) as out:
        colored = form == "text" and use_color(given["color"], out.stream)
        found = _read(Desk(settings), intake, attitudes=attitudes, cores=given["cores"])
        for piece in _render(found, form, attitudes=attitudes, colored=colored):
            out.write(piece)
    intake.summary()
    return 1 if intake.refusals else 0


def _into_folder(desk: Desk, intake: Intake, given: dict[str, Any]) -> int:
    """Writes a form of several files."""
    from ..export.forms import write_folder

    found = _read(desk, intake, attitudes=given["kind"] != "speech", cores=given["cores"])
    write_folder(given["form"], (one for one in found if isinstance(one, Record)), given["output"])
    intake.summary()
    return 1 if intake.refusals else 0


def _read(
    desk: Desk, intake: Iterable[Article | Refusal], *, attitudes: bool, cores: int
) -> Iterator[Record | Refusal]:
    """Records and refusals in the order of the input, though reading runs some articles ahead."""
    refused: deque[tuple[int, Refusal]] = deque()  # each with the number of articles before it

    def articles() -> Iterator[Article]:
        before = 0
        for found in intake:
            if isinstance(found, Refusal):
                refused.append((before, found))
            else:
                before += 1
                yield found

    for number, record in enumerate(desk.read_many(articles(), cores=cores)):
        while refused and refused[0][0] <= number:
            yield refused.popleft()[1]
        yield record if attitudes else record.without_attitudes()
    yield from (refusal for _, refusal in refused)


def _render(found: Iterator[Record | Refusal], form: str, *, attitudes: bool, colored: bool) -> Iterator[str]:
    """The output in pieces, as it becomes known."""
    if form == "gold":
        from ..export import gold

        for item in found:
            line = gold.refused(item.id) if isinstance(item, Refusal) else gold.line(item, attitudes=attitudes)
            yield line + "\n"
        return
    records = (item for item in found if isinstance(item, Record))
    if form == "text":
        from ..export.terminal import legend, render

        width, statements = width_of(), 0
        for number, record in enumerate(records):
            statements += len(record.statements)
            yield ("\n" if number else "") + render(record, width=width, color=colored) + "\n"
        if statements:
            yield legend(color=colored)
    elif form in ("json", "jsonl"):
        yield from _json(records, lines=form == "jsonl")
    elif form == "csv":
        from ..export.csvform import table

        yield table(())
        for record in records:
            yield table([record], header=False)
    elif form == "html":
        from ..export.html import page

        yield page(records)
    else:
        from ..export.forms import FORMS

        pieces = FORMS[form].pieces
        assert pieces is not None  # noqa: S101 - forms of several files are written elsewhere
        yield from pieces(records)


def _json(records: Iterator[Record], *, lines: bool) -> Iterator[str]:
    """One record a line, or one array."""
    from ..export.jsonform import encode

    if lines:
        yield from (encode(record) + "\n" for record in records)
        return
    yield "["
    for number, record in enumerate(records):
        yield (",\n" if number else "\n") + encode(record, indent=1)
    yield "\n]\n"
