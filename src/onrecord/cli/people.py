"""`onrecord people`: lists of people that users bring."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from .stored import place, store

HELP = """Lists of people, so that speakers are told across articles and spellings.

\b
Examples:
  onrecord people import deputies.csv --into people.db
  onrecord people find Loukachenko --list people.db
  onrecord read article.txt --people people.db
  onrecord people join --store news.db
"""

IMPORT_HELP = """Make a list of people from files.

A CSV file has a header with name and any of aliases (parted by ;), office, from, to, country, wikidata, gender. Who has
several offices has several rows. A JSON Lines file holds FollowTheMoney entities as OpenSanctions publishes them:
Person, with Occupancy and Position for offices.

A line that cannot be used is named on standard error and the rest goes on. The list appears when it is complete; it is
made anew each time. Exit code: 0 all used, 1 some lines left out, 2 wrong usage.
"""

JOIN_HELP = """Put together the names of one person over a whole store.

Other spellings, longer names, surnames with the same office. All is found anew each time, each with its reason; two
whom one article names both stay two. After that `search --speaker` and `speakers` take all names of a person together.
What you decide with --same or --apart goes before all rules, is never edited, and can be decided again.

\b
Examples:
  onrecord people join --store news.db
  onrecord people join --apart "Ana Roy" "A. Roy" --who desk --why "mother and daughter"
"""

FIND_HELP = """Show who of a list has a name, in whichever spelling, with all offices."""


@click.group(name="people", help=HELP)
def command() -> None:
    """See HELP."""


@command.command(name="import", help=IMPORT_HELP)
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--into", required=True, metavar="FILE", type=click.Path(path_type=Path), help="The list to make.")
def import_command(*, files: tuple[Path, ...], into: Path) -> int:
    """See IMPORT_HELP."""
    from ..people import build

    found = build(files, into)
    for bad in found.bad:
        click.echo(f"onrecord: left out: {bad.file}:{bad.line}: {bad.why}", err=True)
    click.echo(f"{into}: {found.people} people, {found.offices} offices")
    return 1 if found.bad else 0


@command.command(name="find", help=FIND_HELP)
@click.argument("name", metavar="NAME")
@click.option("--list", "path", required=True, metavar="FILE", type=click.Path(path_type=Path), help="The list.")
def find_command(*, name: str, path: Path) -> int:
    """Exit code: 0 when somebody is found, 1 when nobody is."""
    from ..people import PeopleList

    found = PeopleList(path).find(name)
    for identity, offices in found:
        about = " · ".join(part for part in (identity.name, identity.country, identity.id) if part)
        click.echo(about)
        for office in offices:
            dates = f"  {office.since or '…'} to {office.until or '…'}" if office.since or office.until else ""
            click.echo(f"  {office.title}{dates}")
    if not found:
        click.echo(f"onrecord: nobody of this name in {path}: {name}", err=True)
    return 0 if found else 1


@command.command(name="join", help=JOIN_HELP)
@click.option("--same", nargs=2, metavar="NAME NAME", help="Decide that two names are one person.")
@click.option("--apart", nargs=2, metavar="NAME NAME", help="Decide that two names are two people.")
@click.option("--who", default="", metavar="TEXT", help="Who decides; kept beside it.")
@click.option("--why", default="", metavar="TEXT", help="Why; kept beside it.")
@store
def join_command(
    *, same: tuple[str, str] | None, apart: tuple[str, str] | None, who: str, why: str, path: Path | None
) -> int:
    """See JOIN_HELP."""
    from ..store import Store

    with Store(place(path)) as opened:
        for names, one in ((same, True), (apart, False)):
            if names:
                opened.judge_persons(*names, same=one, who=who, why=why)
        found = opened.join_persons()
    click.echo(f"{found.names} names, {found.persons} persons, {found.several} of them with several names")
    return 0
