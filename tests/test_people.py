"""Lists of people: what is read of files, whom a speaker is, and whom not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from onrecord import Desk, Settings
from onrecord.cli.main import cli
from onrecord.errors import FormatError
from onrecord.people import Appearance, Joined, Judgement, PeopleList, build, join
from onrecord.people.lists import Told
from onrecord.people.names import alike, keys_of, same_office
from onrecord.types import Article, Speaker, digest

CSV = """name,aliases,office,from,to,country,wikidata,gender
Alexander Lukashenko,Александр Лукашенко,President of Belarus,1994-07-20,,Belarus,Q2866,m
Jean Martin,,député,2017-06-18,2022-06-21,France,Q1,m
Jean Martin,,boulanger,,,France,Q2,m
Ana Roy,Ana Roy-Duc,ministre de la Santé,2020,2022-05,France,Q3,f
Ana Roy,,maire de Brimont,2023,,France,Q3,f
"""
FTM = [
    {"id": "p1", "schema": "Person", "caption": "Vladimir Putin", "properties": {
        "name": ["Владимир Путин"], "alias": ["Wladimir Putin"], "citizenship": ["ru"], "gender": ["male"]}},
    {"id": "o1", "schema": "Occupancy", "properties": {"holder": ["p1"], "post": ["x1"], "startDate": ["2012-05-07"]}},
    {"id": "x1", "schema": "Position", "properties": {"name": ["President of Russia"]}},
    {"id": "c1", "schema": "Company", "properties": {"name": ["Gazprom"]}},
    {"id": "p2", "schema": "Person", "properties": {}},
]  # fmt: skip


@pytest.fixture
def people(tmp_path: Path) -> PeopleList:
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text("".join(json.dumps(entity) + "\n" for entity in FTM), encoding="utf-8")
    found = build([tmp_path / "a.csv", tmp_path / "b.jsonl"], tmp_path / "people.db")
    assert (found.people, found.offices) == (5, 6)
    assert [(bad.line, bad.why) for bad in found.bad] == [(5, "no name: p2")]
    return PeopleList(tmp_path / "people.db")


@pytest.mark.parametrize(
    ("told", "id"),
    [
        (Told("Alexander Lukashenko", None, None, None), "Q2866"),
        (Told("Alexandre Loukachenko", None, None, None), "Q2866"),  # another spelling of both names
        (Told("Александр Лукашенко", None, None, None), "Q2866"),
        (Told("Loukachenko", "président", None, None), "Q2866"),  # a surname with an office that agrees
        (Told("Loukachenko", None, None, None), None),  # a surname alone
        (Told("Alexander Lukashenko", None, "feminine", None), None),  # gender contradicts
        (Told("Alexander Lukashenko", "boulanger", None, None), None),  # office contradicts
        (Told("Anton Lukashenko", None, None, None), None),
        (Told("Jean Martin", None, None, None), None),  # two of one name
        (Told("Jean Martin", "ancien boulanger", None, None), "Q2"),
        (Told("Jean Martin", "député", None, "2019-01-01"), "Q1"),
        (Told("Jean Martin", "député", None, "2023-01-01"), None),  # no longer in office
        (Told("Vladimir Poutine", "président russe", None, "2022-02-24T05:00:00Z"), "p1"),
        (Told("Wladimir Putin", None, "masculine", None), "p1"),
        (Told("12", None, None, None), None),
        (Told("", None, None, None), None),
    ],
)
def test_who_a_speaker_is(people: PeopleList, told: Told, id: str | None) -> None:
    found = people.identify(told)
    assert (None if found is None else found.id) == id
    assert people.identify(told) == found


@pytest.mark.parametrize(
    ("date", "office"),
    [
        ("2021-03-01", "ministre de la Santé"),
        ("2022-05-30", "ministre de la Santé"),
        ("2024-01-01", "maire de Brimont"),
    ],
)
def test_the_office_is_the_one_of_the_day(people: PeopleList, date: str, office: str) -> None:
    found = people.identify(Told("Ana Roy", None, None, date))
    assert found is not None
    assert found.office == office


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Loukachenko", "Lukashenko"), ("Lukashenko", "Лукашенко"), ("Poutine", "Putin"), ("Joukov", "Жуков"),
        ("Khrouchtchev", "Khrushchev"), ("Zelensky", "Zelenskyy"), ("Netanyahou", "Netanyahu"), ("al-Assad", "Assad"),
        ("Tchekhov", "Chekhov"), ("Roy, Ana", "Ana Roy"), ("Éric", "Eric"),
    ],
)  # fmt: skip
def test_spellings_meet(a: str, b: str) -> None:
    assert keys_of(a) & keys_of(b)


@pytest.mark.parametrize(("a", "b"), [("Roy", "Ray"), ("Martin", "Martini"), ("Putin", "Peskov"), ("Paul Roy", "Paul")])
def test_names_that_differ_do_not_meet(a: str, b: str) -> None:
    assert not keys_of(a) & keys_of(b)


def test_given_names_and_offices_that_are_alike() -> None:
    assert alike("Alexandre Roy", "Alexander Roy")
    assert not alike("Paul Roy", "Paula Roy")
    assert not alike("Jean Roy", "Jacques Roy")
    assert same_office("ministre de la Santé", "Minister of Health")
    assert not same_office("boulanger", "Minister of Health")


@given(st.text(max_size=30))
def test_any_text_has_keys_or_none(name: str) -> None:
    assert all(key and key == key.strip() for key in keys_of(name))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",,x,,,,,", "no name"),
        ("A B,,x,hier,,,,", "from is no date: 'hier'"),
        ("A B,,x,,,,12,", "wikidata is no identifier"),
        ("A B,,x,,,,,x", "gender 'x'"),
    ],
)
def test_a_bad_row_costs_that_row(tmp_path: Path, row: str, why: str) -> None:
    (tmp_path / "a.csv").write_text(f"{CSV.splitlines()[0]}\n{row}\nC D,,,,,,,\n", encoding="utf-8")
    found = build([tmp_path / "a.csv"], tmp_path / "people.db")
    assert found.people == 1
    assert [(bad.line, why in bad.why) for bad in found.bad] == [(2, True)]


def test_a_file_of_another_form_is_refused_and_the_list_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8")
    build([tmp_path / "a.csv"], tmp_path / "people.db")
    before = (tmp_path / "people.db").read_bytes()
    (tmp_path / "b.csv").write_text("nom\nAna\n", encoding="utf-8")
    for name in ("b.csv", "b.txt", "none.csv"):
        with pytest.raises(FormatError):
            build([tmp_path / "a.csv", tmp_path / name], tmp_path / "people.db")
    assert (tmp_path / "people.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv", "people.db"]


def test_what_is_no_list_is_named_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database", encoding="utf-8")
    for name in ("x.db", "none.db"):
        with pytest.raises(FormatError, match="make it"):
            PeopleList(tmp_path / name)


def test_a_record_has_the_identity_its_reason_and_the_list(people: PeopleList, tmp_path: Path) -> None:
    text = "Le président Alexandre Loukachenko a déclaré que la porte resterait ouverte."
    article = Article(id="a", text=text, language="fr", sha256=digest(text), published="2024-01-01")
    record = Desk(Settings(reader="rules", people=str(tmp_path / "people.db"))).read(article)
    (statement,) = record.statements
    assert isinstance(statement.speaker, Speaker)
    assert statement.speaker.identity is not None
    assert (statement.speaker.identity.id, statement.speaker.identity.office) == ("Q2866", "President of Belarus")
    assert statement.reasons[-1].rule == "people_list"
    assert record.made_by.people == people.digest
    assert Desk(Settings(reader="rules")).read(article).made_by.people is None


def test_the_commands(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV + ",,,,,,,\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("La ministre Ana Roy a déclaré que la porte resterait ouverte.", encoding="utf-8")
    absent = CliRunner().invoke(cli, ["people", "import", str(tmp_path / "x.csv"), "--into", str(tmp_path / "p.db")])
    assert "no such file" in str(absent.exception)
    made = CliRunner().invoke(cli, ["people", "import", str(tmp_path / "a.csv"), "--into", str(tmp_path / "p.db")])
    assert "4 people, 5 offices" in made.stdout
    assert "a.csv:7: no name" in made.stderr
    found = CliRunner().invoke(cli, ["people", "find", "Loukachenko", "--list", str(tmp_path / "p.db")])
    assert "Alexander Lukashenko · Belarus · Q2866" in found.stdout
    nobody = CliRunner().invoke(cli, ["people", "find", "Nobody", "--list", str(tmp_path / "p.db")])
    assert "nobody of this name" in nobody.stderr
    read = CliRunner().invoke(cli, ["read", str(tmp_path / "a.txt"), "--people", str(tmp_path / "p.db")])
    assert "Ana Roy (Q3)" in read.stdout


def seen(article: str, name: str, office: str | None = None, **more: Any) -> Appearance:
    return Appearance(article=article, name=name, office=office, language=more.pop("language", "fr"), **more)


LUKASHENKO = [
    seen("1", "Alexandre Loukachenko", "président biélorusse"),
    seen("2", "Loukachenko", "président"),
    seen("3", "Alexander Lukashenko", "Belarusian president", language="en"),
    seen("4", "Loukachenko"),  # who, nothing tells
]


def persons(found: list[Joined]) -> list[tuple[int, ...]]:
    return [one.members for one in found]


def test_spellings_and_surnames_with_their_office_are_one_person() -> None:
    found = join(LUKASHENKO)
    assert persons(found) == [(0, 1, 2), (3,)]
    assert {merge.rule for merge in found[0].merges} == {"spelling", "surname_and_office"}
    assert all(merge.evidence for merge in found[0].merges)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (seen("1", "Jean Martin", "député"), seen("2", "Jean Martin", "boulanger")),
        (seen("1", "Camille Roy", gender="feminine"), seen("2", "Camille Roy", gender="masculine")),
        (seen("1", "Jean Martin"), seen("1", "Jean Martin")),  # the article tells them apart
        (seen("1", "Jean Martin", listed="Q1"), seen("2", "Jean Martin", listed="Q2")),
        (seen("1", "Roy"), seen("2", "Ana Roy")),
        (seen("1", "Paul Roy"), seen("2", "Paula Roy")),
    ],
)
def test_two_stay_apart(a: Appearance, b: Appearance) -> None:
    assert persons(join([a, b])) == [(0,), (1,)]


def test_a_list_joins_what_names_do_not() -> None:
    found = join([seen("1", "Madonna", listed="Q1"), seen("2", "Louise Ciccone", listed="Q1")])
    assert persons(found) == [(0, 1)]


def test_a_judgement_joins_or_parts_and_can_be_taken_back() -> None:
    yes = Judgement(a=("4", "Loukachenko"), b=("1", "Alexandre Loukachenko"), same=True, who="A. R.", when="2026-01-01")
    no = msgspec.structs.replace(yes, b=("2", "Loukachenko"), a=("1", "Alexandre Loukachenko"), same=False)
    assert persons(join(LUKASHENKO, [yes])) == [(0, 1, 2, 3)]
    assert persons(join(LUKASHENKO, [no])) == [(0, 2), (1,), (3,)]
    assert persons(join(LUKASHENKO, [yes, msgspec.structs.replace(yes, same=False)])) == persons(join(LUKASHENKO))


@given(st.permutations(range(4)))
def test_the_order_of_the_articles_does_not_matter(order: list[int]) -> None:
    found = join([LUKASHENKO[n] for n in order])
    assert {frozenset(order[n] for n in one.members) for one in found} == {frozenset((0, 1, 2)), frozenset((3,))}
