"""The documentation points at things that are there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)|!\[[^\]]*\]\((?P<image>[^)\s]+)\)")
VERB = re.compile(r"\./run (?P<verb>[a-z]+)")
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
