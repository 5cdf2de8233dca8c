"""`onrecord schema`: the JSON Schema of the native form."""

from __future__ import annotations

import json

import rich_click as click


@click.command(name="schema", help="Print the JSON Schema of a record as `read --format json` and `jsonl` write it.")
def command() -> int:
    """See the command's help."""
    from ..export.jsonform import schema

    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
    return 0
