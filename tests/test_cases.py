"""The cases in prose: their form is strict, and those that are STRONG pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.evaluate.cases import CASES, Case, CaseError, Outcome, load_cases, parse_case, report, run_case
from onrecord.desk import Desk
from onrecord.types import Span

WRITTEN = """# Somebody says something

tier: WEAK
covers: direct, interrupted

## Article

"It is late," said Ann Lee, "and cold." She left.

## On record

- Ann Lee — assert, direct — "It is late," … "and cold."
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


def written(folder: Path, text: str) -> Path:
    """A case file in a folder of its language."""
    path = folder / "en" / "own.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_case_is_read_as_written(tmp_path: Path) -> None:
    case = parse_case(written(tmp_path, WRITTEN))
    (expected,) = case.expected
    assert (case.language, case.tier, case.covers) == ("en", "WEAK", ("direct", "interrupted"))
    assert case.text == '"It is late," said Ann Lee, "and cold." She left.'
    assert (expected.speaker, expected.act, expected.type, expected.negated) == ("Ann Lee", "assert", "direct", False)
    assert expected.content == (Span(0, 13), Span(28, 39))


def test_an_unknown_speaker_has_a_reason(tmp_path: Path) -> None:
    case = parse_case(written(tmp_path, WRITTEN.replace("- Ann Lee", "- unknown (not stated)")))
    assert (case.expected[0].speaker, case.expected[0].unknown) == (None, "not_stated")


UNNAMED = """# A nurse who is not named

tier: WEAK
covers: anonymous

## Article

"Nobody listens," said a nurse on condition of anonymity.

## On record

- a nurse, quoted by AFP, not named: on condition of anonymity — assert, direct — "Nobody listens,"
"""


def test_who_passed_it_on_and_why_somebody_is_not_named_may_be_told(tmp_path: Path, desk: Desk) -> None:
    case = parse_case(written(tmp_path, UNNAMED))
    (expected,) = case.expected
    assert (expected.speaker, expected.quoted_by, expected.anonymity) == ("a nurse", "AFP", "on condition of anonymity")
    assert run_case(case, desk).differences == ('quoted by None, not AFP: "Nobody listens,"',)


def test_terms_of_anonymity_that_are_not_told_are_a_difference(tmp_path: Path, desk: Desk) -> None:
    text = UNNAMED.replace(", quoted by AFP, not named: on condition of anonymity", "")
    differences = run_case(parse_case(written(tmp_path, text)), desk).differences
    assert differences == ('not named: on condition of anonymity, not None: "Nobody listens,"',)


def test_nobody_is_an_answer(tmp_path: Path) -> None:
    text = WRITTEN[: WRITTEN.index("- Ann")] + "- nobody\n"
    assert parse_case(written(tmp_path, text)).expected == ()


MALFORMED = [
    ("tier: WEAK", "tier: HARD", "no tier"),
    ("tier: WEAK\n", "", "tier is missing"),
    ("covers: direct, interrupted\n", "colour: red\n", r"own\.md:4"),
    ("# Somebody", "Somebody", "no title"),
    ("## On record", "## Recorded", "0 sections 'On record'"),
    ("- Ann Lee — assert, direct — ", "- Ann Lee: ", r"not understood.*own\.md:12"),
    ("assert, direct", "assert", "not an act and a type"),
    ("assert, direct", "mutter, direct", "not an act and a type"),
    ("assert, direct", "assert, loud", "not an act and a type"),
    ("- Ann Lee", "- unknown (by chance)", "no such reason"),
    ("- Ann Lee", "- Ann Lee, not named: who hid", "not in the article"),
    ('— "It is late,"', '— "It is early,"', "not in the article"),
    ('— "It is late,"', "— e", "more than once"),
    ('- Ann Lee — assert, direct — "It is late," … "and cold."', "", "nothing is expected"),
]


@pytest.mark.parametrize(("old", "new", "message"), MALFORMED)
def test_what_is_not_understood_is_refused_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(CaseError, match=message) as caught:
        parse_case(written(tmp_path, WRITTEN.replace(old, new)))
    assert "own.md" in str(caught.value)


def test_every_difference_is_named(tmp_path: Path, desk: Desk) -> None:
    text = WRITTEN.replace(
        '- Ann Lee — assert, direct — "It is late," … "and cold."', "- Bob Roy — deny, mixed — She left"
    )
    differences = run_case(parse_case(written(tmp_path, text)), desk).differences
    assert "not found: She left" in differences


def test_a_weak_case_that_passes_is_reported(tmp_path: Path) -> None:
    case = parse_case(written(tmp_path, WRITTEN))
    lines = list(report([Outcome(case=case, differences=())], everything=False))
    assert lines[0] == "WEAK en/own passes: raise its tier"
    assert "WEAK: 1 of 1 pass" in lines


def test_each_language_has_enough_cases() -> None:
    languages = [case.language for case in load_cases()]
    assert min(languages.count(language) for language in ("fr", "en")) >= 24


STRONG = [case for case in load_cases() if case.tier == "STRONG"] if CASES.is_dir() else []


@pytest.mark.parametrize("case", STRONG, ids=lambda case: f"{case.language}/{case.path.stem}")
def test_a_strong_case_passes(case: Case, desk: Desk) -> None:
    assert run_case(case, desk).differences == ()
