"""The documentation points at things that are there, and names everything that is there to be named."""

from __future__ import annotations

import json
import os
import re
import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import get_args

import click
import msgspec
import pytest
from click.testing import CliRunner

from onrecord import errors
from onrecord.cli.main import COMMANDS, cli
from onrecord.export import csvform, jsonform
from onrecord.settings import Settings
from onrecord.types import Act, Article, MadeBy, Record, RefusalReason, Speaker, SpeakerType, Statement, UnknownReason

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)|!\[[^\]]*\]\((?P<image>[^)\s]+)\)")
VERB = re.compile(r"\./run (?P<verb>[a-z-]+)")
HEADING = re.compile(r"^#+\s+(?P<title>.+?)\s*$", re.MULTILINE)


def pages() -> list[Path]:
    """The Markdown pages that people read; cases and test data left out."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])


def anchors(page: Path) -> set[str]:
    """The names under which the headings of a page can be linked to."""
    titles = (match["title"].lower() for match in HEADING.finditer(page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def broken(page: Path) -> list[str]:
    """The links of a page, within the repository, that lead nowhere."""
    targets = (match["target"] or match["image"] for match in LINK.finditer(page.read_text(encoding="utf-8")))
    return [target for target in targets if "://" not in target and not reaches(page, target)]


def reaches(page: Path, target: str) -> bool:
    """Whether a relative link leads to a file, and its anchor to a heading of that file."""
    name, _, anchor = target.partition("#")
    place = page.parent / name if name else page
    return place.exists() and (not anchor or anchor in anchors(place))


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


@pytest.mark.skipif(which("bash") is None, reason="no bash on this machine")
def test_every_verb_that_is_written_about_exists() -> None:
    listed = subprocess.run(["bash", str(ROOT / "run")], capture_output=True, text=True, check=True, encoding="utf-8")
    verbs = {line.split()[0] for line in listed.stdout.splitlines() if line.startswith("  ")}
    written = {(page.name, match["verb"]) for page in pages() for match in VERB.finditer(page.read_text("utf-8"))}
    assert {(page, verb) for page, verb in written if verb not in verbs} == set()


def text_of(name: str) -> str:
    """A page of docs/."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def unnamed(names: Iterator[str] | tuple[str, ...] | list[str], page: str) -> list[str]:
    """The names that do not stand in a page as code."""
    code = set(re.findall(r"`([^`\n]+)`", text_of(page)))
    return [name for name in names if name not in code]


def parameters(kind: str) -> Iterator[str]:
    """Every option, or argument, of every command, as it is typed."""
    context = click.Context(cli)
    for command in (cli, *(cli.get_command(context, name) for name in COMMANDS)):
        assert command is not None
        for parameter in command.get_params(context):
            if parameter.param_type_name == kind:
                yield from parameter.opts


@pytest.mark.parametrize("page", ["formats.md", "guide.md", "guide.fr.md"])
def test_every_command_and_option_is_explained(page: str) -> None:
    assert [name for name in COMMANDS if f"onrecord {name}" not in text_of(page)] == []
    assert unnamed(list(parameters("option")), page) == []


def test_every_column_of_the_table_is_explained() -> None:
    assert unnamed(csvform.HEADER, "formats.md") == []


@pytest.mark.parametrize("struct", [Record, Article, Statement, Speaker, MadeBy, Settings])
def test_every_field_is_explained(struct: type[msgspec.Struct]) -> None:
    assert unnamed(struct.__struct_fields__, "formats.md") == []


@pytest.mark.parametrize(
    "words", [Act, RefusalReason, SpeakerType, UnknownReason], ids=["act", "refusal", "type", "unknown"]
)
def test_every_word_of_a_closed_list_is_explained(words: object) -> None:
    assert unnamed(get_args(words), "formats.md") == []


def test_every_error_is_named() -> None:
    found = [e.__name__ for e in vars(errors).values() if isinstance(e, type) and issubclass(e, errors.OnRecordError)]
    assert len(found) > 3
    assert unnamed(found, "formats.md") == []


def test_every_list_of_a_pack_is_explained_and_no_other() -> None:
    lists = {path.stem for path in (ROOT / "src/onrecord/language/packs").glob("*/*.txt")}
    assert unnamed(sorted(lists), "languages.md") == []
    explained = set(re.findall(r"^\| `([a-z_]+)` \|", text_of("languages.md"), re.MULTILINE))
    assert explained - lists == set()


def test_every_form_of_output_has_its_part() -> None:
    option = next(o for o in click_options("read") if o.name == "form")
    assert isinstance(option.type, click.Choice)
    headings = " ".join(HEADING.findall(text_of("formats.md")))
    assert [form for form in option.type.choices if f"`{form}`" not in headings] == []


def click_options(command: str) -> list[click.Option]:
    """The options of a command."""
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    return [parameter for parameter in found.params if isinstance(parameter, click.Option)]


def test_the_published_schema_is_the_one_of_the_code() -> None:
    published = json.loads((ROOT / "docs" / "schema" / "record-1.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(jsonform.schema())), (
        "renew it: .venv/bin/onrecord schema > docs/schema/record-1.schema.json"
    )


def test_the_record_in_the_readme_shows_words_of_its_article() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    origin = re.search(r"^ {4}\w\w · (?P<origin>examples/\S+) · \d+ statements$", readme, re.MULTILINE)
    assert origin is not None
    article = " ".join((ROOT / origin["origin"]).read_text(encoding="utf-8").split())
    shown = re.findall(r"^ {4} *[┃┇┊] (.+)$", readme, re.MULTILINE)
    pieces = [piece for line in shown if "quoted" not in line for piece in line.split(" … ")]
    assert len(pieces) > 5
    assert [piece for piece in pieces if piece not in article] == []


def test_the_record_in_the_readme_is_what_is_printed() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    printed = CliRunner().invoke(cli, ["read", str(ROOT / "examples" / "en-comet-lander.txt")], env={"COLUMNS": "80"})
    shown = textwrap.indent(printed.stdout.rstrip("\n").replace(f"{ROOT}{os.sep}", ""), "    ")
    assert shown in readme, "renew it: onrecord read examples/en-comet-lander.txt"


def test_the_two_guides_have_the_same_parts() -> None:
    depths = [re.findall(r"^#+", text_of(name), re.MULTILINE) for name in ("guide.md", "guide.fr.md")]
    assert depths[0] == depths[1]


def test_the_page_on_confidence_has_the_figures_of_the_weights() -> None:
    from lab.evaluate.calibration import reliability_page

    card = json.loads((ROOT / "src" / "onrecord" / "models" / "tagger" / "card.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert page == reliability_page(card["calibration"], 5), "renew it: python -m lab.train.calibrate"
