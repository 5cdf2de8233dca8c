"""`onrecord`: the group of commands, and what happens to errors."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import rich_click as click

COMMANDS = {  # by name, its module
    "read": "read", "explain": "explain", "collect": "collect", "search": "search", "show": "show",
    "speakers": "speakers", "speaker": "speaker", "copies": "copies", "stats": "stats", "verify": "verify",
    "serve": "serve",     "export": "export", "import": "import_", "note": "note", "erase": "erase", "backup": "backup",
    "restore": "restore", "archive": "archive", "people": "people", "schema": "schema",
}  # fmt: skip
GROUPS = (
    ("Reading", ("read", "explain")),
    ("Keeping and asking", ("collect", "search", "show", "speakers", "speaker", "copies", "stats", "serve")),
    ("Keeping house", ("verify", "export", "import", "note", "erase", "backup", "restore")),
    ("More", ("archive", "people", "schema")),
)

click.rich_click.TEXT_MARKUP = "rich"
click.rich_click.TEXT_PARAGRAPH_LINEBREAKS = "\n\n"
click.rich_click.PADDING_HELPTEXT_FIRST_LINE = (0, 0, 1, 0)  # a blank line below the first
click.rich_click.MAX_WIDTH = 100
click.rich_click.SHOW_ARGUMENTS = True
click.rich_click.COMMAND_GROUPS = {"onrecord": [{"name": name, "commands": list(some)} for name, some in GROUPS]}

HELP = """Who said what, in whose words, to whom, where and when: reads French and English news articles and puts their
statements on record, each with its exact place in the text. Everything happens on this machine.

\b
Examples:
  onrecord read article.txt                      who said what, in the terminal
  onrecord read a.html --format html -o b.html   the same as a page to look at
  onrecord read news/ --format csv -o news.csv   a table for a spreadsheet
  onrecord explain article.txt                   why each statement was found
  onrecord collect news/ --into news.db          read a folder into a store …
  onrecord search missiles --store news.db       … and ask it
"""


class Lazy(click.RichGroup):
    """Imports a command's module when the command is asked for: start-up counts."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, as the help lists them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f".{COMMANDS[cmd_name]}", __package__).command
        return command


@click.group(cls=Lazy, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="onrecord", message="onrecord %(version)s")
def cli() -> None:
    """See HELP."""


def main() -> None:
    """Entry point. Exit codes: 0 all read, 1 some refused, 2 wrong usage, 130 interrupted."""
    from ..desk import one_thread
    from ..errors import OnRecordError

    one_thread()
    try:
        code = cli(standalone_mode=False)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code if error.exit_code != 1 else 2)
    except OnRecordError as error:
        click.echo(f"onrecord: {error}", err=True)
        forget_output()
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone ("| head"): nothing left to say, and nobody to say it to.
        forget_output()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def forget_output() -> None:
    """Sends what is still waiting for standard output nowhere, so that Python does not try once more at its end."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
