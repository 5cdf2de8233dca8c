"""Options that several commands share, and the settings made of them."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO, TypeVar

import rich_click as click

from ..errors import SettingsError
from ..settings import Settings
from ..types import Article, Refusal

Function = TypeVar("Function", bound=Callable[..., Any])


def reading(function: Function) -> Function:
    """The options that bear on reading: --language, --reader, --people, --min-confidence, --color."""
    for option in reversed(
        (
            click.argument("inputs", nargs=-1, required=True, metavar="INPUT…"),
            click.option(
                "--language",
                metavar="CODE",
                help="Take every article to be in this language: fr or en. By default it is told from each text.",
            ),
            click.option(
                "--reader",
                metavar="NAME",
                help='"tagger" (learned), "rules" (plain), or a folder of weights. By default the tagger.',
            ),
            click.option(
                "--people",
                metavar="FILE",
                help="Tell who speakers are by this list, made with `onrecord people import`.",
            ),
            click.option(
                "--min-confidence",
                type=click.FloatRange(0, 1),
                metavar="SHARE",
                help="Leave out statements less sure than this, for example 0.8.",
            ),
            click.option(
                "--color",
                type=click.Choice(["auto", "always", "never"]),
                default="auto",
                show_default=True,
                help="Colours in the terminal form; auto: on a terminal, unless NO_COLOR is set.",
            ),
        )
    ):
        function = option(function)
    return function


def settings_of(
    *, language: str | None, reader: str | None, people: str | None, min_confidence: float | None
) -> Settings:
    """The settings that options ask for. Raises SettingsError for a language that has no pack."""
    from ..language.loader import known_packs

    base = Settings()
    known = known_packs()
    if language is not None and language not in known:
        raise SettingsError("no pack for language", which=language, remedy=f"known are {', '.join(known)}")
    return Settings(
        languages=known,
        reader=reader or base.reader,
        people=people,
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


class Intake:
    """Articles of inputs, the refusals told on standard error and counted, with a bar where a person waits."""

    def __init__(self, inputs: tuple[str, ...], settings: Settings, language: str | None) -> None:
        from ..intake import count_inputs, open_inputs

        self.refusals: list[Refusal] = []
        self.read = 0
        self._found = open_inputs(inputs, settings, language=language)
        self._total = count_inputs(inputs) if sys.stderr.isatty() else None

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
