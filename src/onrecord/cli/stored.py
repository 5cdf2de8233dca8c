"""Options of the commands that work on a store."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import rich_click as click

from ..types import Act, Kind, StatementType

Function = TypeVar("Function", bound=Callable[..., Any])
DEFAULT = "onrecord.db"  # in the folder one stands in, unless ONRECORD_STORE names another


def place(path: Path | None) -> Path:
    """The store that is meant."""
    return path or Path(os.environ.get("ONRECORD_STORE") or DEFAULT)


def store(function: Function) -> Function:
    """--store FILE."""
    return click.option(
        "--store", "path", metavar="FILE", type=click.Path(path_type=Path), default=None,
        help=f"The store; by default ONRECORD_STORE, else {DEFAULT} here.",
    )(function)  # fmt: skip


def filters(function: Function) -> Function:
    """What to ask beside the words: --speaker, --outlet, --language, --act, --type, --kind, --after, --before."""
    for option in reversed(
        (
            click.option("--speaker", metavar="NAME", help="Who said it: a name or surname, in any spelling."),
            click.option("--outlet", metavar="NAME", help="In which newspaper or agency."),
            click.option("--language", metavar="CODE", help="Language of the article: fr or en."),
            click.option("--act", type=click.Choice(get_args(Act)), help="What was done with the words."),
            click.option("--type", "type_", type=click.Choice(get_args(StatementType)), help="How they are given."),
            click.option("--kind", type=click.Choice(get_args(Kind)), help="Said, or thought and wanted."),
            click.option("--negated/--not-negated", default=None, help='"Did not say": with the act denied or not.'),
            click.option("--after", metavar="DATE", help="Published then or later: 2022-12-01, 2022-12 or 2022."),
            click.option("--before", metavar="DATE", help="Published then or earlier."),
        )
    ):
        function = option(function)
    return function


def filters_of(given: dict[str, Any]) -> Any:
    """The filters among the parameters of a command, which are taken out of them."""
    from ..store import Filters

    names = ("speaker", "outlet", "language", "act", "kind", "negated", "after", "before")
    return Filters(type=given.pop("type_"), **{name: given.pop(name) for name in names})


def form(*choices: str) -> Callable[[Function], Function]:
    """--format, the first choice by default."""
    return click.option(
        "--format", "form", type=click.Choice(choices), default=choices[0], show_default=True, help="Form of output."
    )


def color(function: Function) -> Function:
    """--color, as `onrecord read` has it."""
    return click.option(
        "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
        help="Colours; auto: on a terminal, unless NO_COLOR is set.",
    )(function)  # fmt: skip
