"""`onrecord explain`: an article with its findings and why they were found."""

from __future__ import annotations

from typing import Any

import rich_click as click

from ..desk import Desk
from ..types import Refusal
from .options import Intake, reading, settings_of, sources_of, use_color, width_of
from .output import Output

HELP = """Show each finding in its article, with the reasons that led to it.

The article is printed paragraph by paragraph. Below each stand the statements that begin in it: the speaker; type, kind
and act, and how sure; the words; cue and source; by which other names the speaker goes; and after "because" which rule
or model found it, on what evidence.

\b
Examples:
  onrecord explain article.txt
  onrecord explain article.txt --reader rules
"""


@click.command(name="explain", help=HELP)
@reading
def command(**given: Any) -> int:
    """See HELP."""
    from ..export.terminal import explain

    sources = sources_of(given)
    settings = settings_of(given, language=sources.language)
    intake = Intake(sources, settings)
    desk = Desk(settings)
    with Output(None) as out:
        colored = use_color(given["color"], out.stream)
        for found in intake:
            if not isinstance(found, Refusal):
                out.write(explain(desk.read(found), width=width_of(), color=colored) + "\n")
    intake.summary()
    return 1 if intake.refusals else 0
