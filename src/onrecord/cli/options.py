"""Options that several commands share, and the settings made of them."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import msgspec
import rich_click as click

from ..errors import SettingsError
from ..settings import Settings
from ..types import Article, Refusal

if TYPE_CHECKING:
    from ..intake import Visits

Function = TypeVar("Function", bound=Callable[..., Any])
Option = Callable[[Any], Any]


def reading(function: Function) -> Function:
    """The options that bear on reading: where from, which language, by which reader."""
    for option in reversed((*_taking(), *_understanding())):
        function = option(function)
    return function


def understanding(function: Function) -> Function:
    """The options that say how articles are read, for commands that take their inputs in ways of their own."""
    for option in reversed(_understanding()[:-1]):
        function = option(function)
    return function


def _taking() -> tuple[Option, ...]:
    """What is read."""
    return (
        click.argument("inputs", nargs=-1, required=True, metavar="INPUT…"),
        click.option(
            "--columns", metavar="FIELD=NAME,…",
            help="Columns of tables: text=body,title=headline. By default by their names.",
        ),
        click.option(
            "--fetch", is_flag=True, help="Fetch addresses, and the articles that feeds link to. Else nothing is."
        ),
        click.option("--fetch-local", is_flag=True, help="Fetch from this machine and the local network, too."),
    )  # fmt: skip


def _understanding() -> tuple[Option, ...]:
    """How it is read."""
    return (
        click.option(
            "--language", metavar="CODE",
            help="Take every article to be in this language: fr or en. By default it is told from each text.",
        ),
        click.option(
            "--reader", metavar="NAME",
            help='"tagger" (learned), "rules" (plain), or a folder of weights. By default the tagger.',
        ),
        click.option(
            "--people", metavar="FILE", help="Tell who speakers are by this list, made with `onrecord people import`."
        ),
        click.option(
            "--min-confidence", type=click.FloatRange(0, 1), metavar="SHARE",
            help="Leave out statements less sure than this, for example 0.8. By default 0.1; 0 keeps all.",
        ),
        click.option(
            "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
            help="Colours in the terminal form; auto: on a terminal, unless NO_COLOR is set.",
        ),
    )  # fmt: skip


def settings_of(given: dict[str, Any], *, language: str | None) -> Settings:
    """The settings among the parameters of a command, which are taken out of them.

    Raises SettingsError for a language that has no pack.
    """
    from ..language.loader import known_packs

    base = Settings()
    known = known_packs()
    if language is not None and language not in known:
        raise SettingsError("no pack for language", which=language, remedy=f"known are {', '.join(known)}")
    min_confidence = given.pop("min_confidence")
    return Settings(
        languages=known,
        reader=given.pop("reader") or base.reader,
        people=given.pop("people"),
        min_confidence=base.min_confidence if min_confidence is None else min_confidence,
    )


def use_color(choice: str, stream: TextIO) -> bool:
    """Whether to write colours: asked for, or a terminal that does not forbid it (no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width_of() -> int:
    """Columns of the terminal; 80 where there is none."""
    import shutil

    return shutil.get_terminal_size().columns


class Sources(msgspec.Struct, frozen=True):
    """Where articles come from: what INPUT… and the options beside it say."""

    inputs: tuple[str, ...]
    language: str | None
    columns: str | None
    fetch: bool
    fetch_local: bool

    @property
    def fetches(self) -> bool:
        """Whether addresses are fetched."""
        return self.fetch or self.fetch_local

    def open(self, settings: Settings, visits: Visits | None = None) -> Iterator[Article | Refusal]:
        """The articles and refusals. Raises SettingsError for columns that are not written as FIELD=NAME."""
        from ..intake import FetchSettings, open_inputs

        fetch = FetchSettings(allow_local=self.fetch_local) if self.fetches else None
        columns = columns_of(self.columns)
        return open_inputs(self.inputs, settings, language=self.language, columns=columns, fetch=fetch, visits=visits)

    def count(self) -> int | None:
        """About how many there are; None where only reading would tell."""
        from ..intake import count_inputs

        return count_inputs(self.inputs)


def sources_of(given: dict[str, Any]) -> Sources:
    """The sources among the parameters of a command, which are taken out of them."""
    return Sources(*(given.pop(name) for name in Sources.__struct_fields__))


def columns_of(text: str | None) -> dict[str, str] | None:
    """The columns that "text=body,title=headline" names."""
    if text is None:
        return None
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(field.strip() and sign and name.strip() for field, sign, name in pairs):
        raise SettingsError("columns are written FIELD=NAME", which=text, remedy="for example text=body,title=headline")
    return {field.strip(): name.strip() for field, _, name in pairs}


class Intake:
    """Articles of inputs, the refusals told on standard error and counted, with a bar where a person waits."""

    def __init__(self, sources: Sources, settings: Settings) -> None:
        self.refusals: list[Refusal] = []
        self.read = 0
        self._found = sources.open(settings)
        self._total = sources.count() if sys.stderr.isatty() else None

    def __iter__(self) -> Iterator[Article | Refusal]:
        """Both articles and refusals, in the order of the input."""
        for found in self._with_bar(self._found):
            if isinstance(found, Refusal):
                self.refusals.append(found)
                click.echo(f"onrecord: not read: {found.origin or found.id}: {found.message}", err=True)
            else:
                self.read += 1
            yield found

    def summary(self) -> None:
        """What was refused, by reason, on standard error; nothing when all was read."""
        if self.refusals:
            counts = Counter(refusal.reason for refusal in self.refusals)
            reasons = ", ".join(f"{number} {reason}" for reason, number in sorted(counts.items()))
            click.echo(f"onrecord: {self.read} read, {len(self.refusals)} refused ({reasons})", err=True)
        elif not self.read:
            click.echo("onrecord: nothing to read: no article in the input", err=True)

    def _with_bar(self, found: Iterable[Article | Refusal]) -> Iterable[Article | Refusal]:
        if self._total is None or self._total < 20 or not sys.stderr.isatty():
            return found
        from rich.console import Console
        from rich.progress import track

        return track(found, description="reading", total=self._total, console=Console(stderr=True), transient=True)
