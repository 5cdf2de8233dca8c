"""`onrecord export`: a store in a form that others read."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from .output import Output
from .stored import form, place, store

HELP = """Write what a store holds in a form that others read; article by article, oldest publication first.

\b
Forms:
  jsonl          native, one record a line as it was read, with what people decided of it; `onrecord import` makes the
                 same store of it. All other forms have the statements as people left them
  csv            one row a statement
  webannotation  W3C Web Annotation (JSON-LD)
  schemaorg      schema.org Quotation and Claim (JSON-LD)
  tei            TEI P5
  gold           annotated documents, to score
  parquet        a folder for DuckDB, Polars, Spark: -o FOLDER; nothing is lost
  brat           a folder for the annotation tool brat: -o FOLDER
Examples:
  onrecord export --format csv -o statements.csv
  onrecord export --superseded -o everything.jsonl     earlier readings, too
  onrecord export --format gold --judged -o ours.jsonl  what people have judged, to learn from
"""


@click.command(name="export", help=HELP)
@form("jsonl", "csv", "webannotation", "schemaorg", "tei", "gold", "parquet", "brat")
@click.option("-o", "--output", metavar="FILE", help="File, which appears when it is complete, or folder.")
@click.option("--superseded", is_flag=True, help="Earlier readings of articles that were read again, too.")
@click.option("--judged", is_flag=True, help="Only articles in which people have decided of every statement.")
@store
def command(*, form: str, output: str | None, superseded: bool, judged: bool, path: Path | None) -> int:
    """See HELP."""
    from ..export import gold, jsonform
    from ..export.forms import FORMS, write_folder
    from ..store import Store

    pieces = FORMS[form].pieces
    with Store(place(path), readonly=True) as opened:
        records = opened.judged_records() if judged else opened.records(superseded=superseded)
        if pieces is None:
            write_folder(form, records, output)
            return 0
        lines = pieces(records)
        if form == "gold" and judged:
            lines = (gold.annotated(record) + "\n" for record in records)
        elif form == "jsonl" and not judged:
            exported = opened.exported(superseded=superseded)
            lines = (jsonform.encode(record, judgements=entries) + "\n" for record, entries in exported)
        with Output(output) as out:
            for piece in lines:
                out.write(piece)
    return 0
