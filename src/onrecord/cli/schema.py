"""`onrecord schema`: the JSON Schema of the native form."""

from __future__ import annotations

import json

import rich_click as click

from .output import Output

HELP = """Print the JSON Schema of a record, as `read --format json` and `jsonl` write it.

\b
Example:
  onrecord schema > record.schema.json
"""


@click.command(name="schema", help=HELP)
def command() -> int:
    """See HELP."""
    from ..export.jsonform import schema

    with Output(None) as out:
        out.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
    return 0
