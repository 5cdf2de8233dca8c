"""What stands around the scores: tables, faults, floors, gains and losses, the worth of packs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from lab.evaluate import __main__ as evaluate
from lab.evaluate import cases, diff, gate, table
from lab.evaluate.faults import SORTS, counts_by_cause, faults_of, with_words, without_words
from lab.evaluate.gate import Check, Floors, load_floors, lowered, raised, save_floors
from lab.evaluate.gold import EvaluationError, GoldDocument, Prediction, collection_of, language_of
from lab.evaluate.packs import list_of, matchers, worth_of
from lab.evaluate.reading import read_gold
from lab.evaluate.score import compare_all, score
from lab.shared import CHECKOUT, shared_root
from onrecord.desk import Desk
from onrecord.language.loader import load_pack
from onrecord.types import Article, digest

TEXT = 'Mayor Jo Park said that the bridge is safe. "We checked it twice," she added. The town waits.'


def at(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


SAFE = {
    "content": [at("that the bridge is safe")],
    "cue": [at("said")],
    "source": [at("Mayor Jo Park")],
    "speaker": "Jo Park",
    "type": "indirect",
    "kind": "speech",
    "act": "assert",
}
TWICE = SAFE | {
    "content": [at('"We checked it twice,"')],
    "cue": [at("added")],
    "source": [at("she")],
    "type": "direct",
}
WAITS = {"content": [at("The town waits")], "speaker": None, "type": "indirect", "confidence": 0.9}


def gold(*statements: dict[str, Any]) -> GoldDocument:
    entities = {"Jo Park": {"type": "person", "aliases": ["Mayor Jo Park"]}}
    document = {"doc": "en-own-1", "text": TEXT, "entities": entities, "statements": list(statements)}
    return msgspec.convert(document, GoldDocument)


def found(*statements: dict[str, Any]) -> Prediction:
    return msgspec.convert({"doc": "en-own-1", "statements": list(statements)}, Prediction)


def test_each_fault_is_named_once() -> None:
    early = SAFE | {"content": [at("Mayor Jo Park said that the bridge is safe")]}
    nobody = TWICE | {"speaker": None}
    (compared,) = compare_all([gold(SAFE, TWICE)], [found(early, nobody, WAITS)])
    faults = faults_of(compared, load_pack("en"))
    assert {fault.sort: fault.cause for fault in faults} == {
        "invented": "indirect, no cue",
        "edges": "indirect, starts early",
        "speaker": "pronoun, unknown",
    }
    assert sum(counts.total() for counts in counts_by_cause(faults).values()) == 3


def test_a_missed_statement_tells_what_its_cue_is() -> None:
    (compared,) = compare_all([gold(SAFE)], [])
    assert [fault.cause for fault in faults_of(compared, load_pack("en"))] == ["indirect, cue verb"]


def test_what_is_kept_of_faults_holds_no_word_of_an_article() -> None:
    (compared,) = compare_all([gold(SAFE, TWICE)], [found(WAITS)])
    faults = faults_of(compared, load_pack("en"))
    kept = "\n".join(without_words(faults))
    assert "en-own-1:19-42" in kept
    assert not any(word in kept for word in ("bridge", "checked", "Park", "town"))
    assert "bridge" in "\n".join(with_words(faults, {"en-own-1": TEXT}))
    assert [line.split(":")[0] for line in kept.split("\n") if line.startswith("## ")] == [
        f"## {sort}" for sort in SORTS
    ]


def test_undefined_prints_as_a_dash() -> None:
    scores = score([gold()], [])
    line = next(line for line in table.headline_table([table.Column("own", scores)]).split("\n") if "named" in line)
    assert line.split() == ["named", "–", "–", "–", "0.11"]


def test_a_grid_is_aligned() -> None:
    assert table.grid(["a", "n"], [["long", "1"], ["x", "22"]]).split("\n") == [
        "a      n",
        "----  --",
        "long   1",
        "x     22",
    ]


@pytest.mark.parametrize(
    ("name", "language"), [("fr.dev.jsonl", "fr"), ("en.train.jsonl", "en"), ("polnear.dev.jsonl", "en")]
)
def test_the_language_is_in_the_name_of_the_file(name: str, language: str) -> None:
    assert language_of(Path(name)) == language


def test_the_collection_is_the_second_part_of_the_id() -> None:
    assert (collection_of("fr-ntrex-bbc.1"), collection_of("alone")) == ("ntrex", "alone")


def test_gold_is_read_through_the_desk() -> None:
    (prediction,) = read_gold([gold(SAFE)], Desk(), "en")
    assert prediction.doc == "en-own-1"
    assert any(statement.content == (tuple(at("that the bridge is safe")),) for statement in prediction.statements)


def test_a_list_holds_a_cue_by_its_head() -> None:
    pack = load_pack("fr")
    lists = matchers(pack)
    assert list_of(pack, lists, ["d'", "après"]) == "preposition"
    assert list_of(pack, lists, ["n'", "a", "pas", "affirmé"]) == "verb"
    assert list_of(pack, lists, ["xyz"]) is None


def test_the_worth_of_a_list_is_coverage_and_precision() -> None:
    worth = worth_of(load_pack("en"), [gold(SAFE, SAFE | {"cue": [at("waits")]})])
    assert (worth.cues, worth.lists["verb"].covers, worth.missing) == (2, 1, (("waits", 1),))
    assert worth.lists["preposition"].precision is None


# --- floors -----------------------------------------------------------------------------------------------------------

BEFORE = Floors(gold={"fr.dev.jsonl": "a"}, scores={"fr": {"named": 0.5}}, cases={"fr": 20})


def measured(named: float, n_cases: int, *, digest: str = "a") -> Floors:
    return Floors(gold={"fr.dev.jsonl": digest}, scores={"fr": {"named": named}}, cases={"fr": n_cases})


@pytest.mark.parametrize(
    ("floor", "value", "holds"), [(None, 0.1, True), (0.5, 0.5, True), (0.5, 0.4, False), (0.5, None, False)]
)
def test_a_floor_holds_when_it_is_reached(floor: float | None, value: float | None, holds: bool) -> None:
    assert Check(name="x", floor=floor, measured=value).holds is holds


def test_floors_only_go_up() -> None:
    assert raised(BEFORE, measured(0.4, 25)) == msgspec.structs.replace(BEFORE, cases={"fr": 25})
    assert raised(BEFORE, measured(0.61239, 3)).scores == {"fr": {"named": 0.612}}


def test_floors_on_other_articles_are_forgotten() -> None:
    assert raised(BEFORE, measured(0.3, 20, digest="b")).scores == {"fr": {"named": 0.3}}


def test_floors_stay_where_nothing_is_measured() -> None:
    assert raised(BEFORE, Floors(cases={"fr": 21})).scores == BEFORE.scores


def test_lowering_keeps_the_reason() -> None:
    floors = lowered(BEFORE, measured(0.4, 10), "a rule was wrong")
    assert (floors.scores["fr"]["named"], floors.cases["fr"], floors.lowered) == (0.4, 10, ("a rule was wrong",))


def test_floors_are_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    floors = lowered(BEFORE, measured(0.25, 4), 'a "quoted" reason')
    save_floors(path, floors)
    assert load_floors(path) == floors


def test_floors_that_are_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    path.write_text("cases = 3\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="not floors"):
        load_floors(path)


@pytest.mark.parametrize(
    ("now", "code"), [(measured(0.5, 20), 0), (measured(0.4, 20), 1), (measured(0.5, 20, digest="b"), 1)]
)
def test_the_gate_falls_shut(
    now: Floors, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gate, "FLOORS", tmp_path / "floors.toml")
    monkeypatch.setattr(gate, "measure", lambda: now)
    save_floors(gate.FLOORS, BEFORE)
    assert gate.main([]) == code
    assert "fr named" in capsys.readouterr().out


def test_update_raises_the_floors_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "FLOORS", tmp_path / "floors.toml")
    monkeypatch.setattr(gate, "measure", lambda: measured(0.7, 22))
    assert gate.main(["--update"]) == 0
    assert load_floors(gate.FLOORS).scores == {"fr": {"named": 0.7}}


def test_the_kept_floors_can_be_read() -> None:
    assert load_floors(CHECKOUT / "lab" / "evaluate" / "floors.toml").cases


# --- gains and losses -------------------------------------------------------------------------------------------------

ARTICLE = Article(id="own", text=TEXT, language="en", sha256=digest(TEXT))


def read_as(*contents: str, speaker: str = "Jo Park") -> diff.Snapshot:
    plain = {"cue": [], "source": [], "type": "indirect", "kind": "speech", "act": "assert", "negated": False}
    more = {"nested": False, "confidence": 0.5, "reasons": ["cue_verb: said"], "speaker": speaker}
    return diff.Snapshot([plain | more | {"content": [at(content)]} for content in contents], 0.1)


def test_gained_lost_and_changed_are_told_apart() -> None:
    before = read_as("that the bridge is safe", "The town waits")
    after = read_as("that the bridge is safe", '"We checked it twice,"', speaker="she")
    changes = diff.changes_of(ARTICLE, before, after)
    assert [(change.sort, change.fields) for change in changes] == [
        ("lost", ()),
        ("gained", ()),
        ("changed", ("speaker",)),
    ]
    lines = [line for change in changes for line in diff.shown(change, {"own": TEXT})]
    assert "    because cue_verb: said" in lines
    assert "    speaker: Jo Park → she" in lines


def test_the_summary_counts_and_times() -> None:
    before, after = read_as("The town waits"), read_as()
    lines = list(diff.summary(diff.changes_of(ARTICLE, before, after), {"own": before}, {"own": after}))
    assert lines[0] == "1 articles, 1 statements before, 0 after (-1)"
    assert lines[1] == "gained 0, lost 1, changed 0"


@pytest.mark.slow
def test_a_revision_differs_in_nothing_from_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert diff.main(["HEAD", "--summary", str(CHECKOUT / "examples")]) == 0
    assert "articles" in capsys.readouterr().out


def test_an_unknown_revision_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert diff.main(["no-such-revision", str(CHECKOUT / "examples")]) == 1
    assert "no-such-revision" in capsys.readouterr().err


# --- without the shared data ------------------------------------------------------------------------------------------


def test_without_the_shared_data_a_clear_word_and_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONRECORD_SHARED", str(tmp_path))
    assert shared_root() is None
    assert evaluate.main([]) == 0
    assert evaluate.main(["packs"]) == 0
    assert capsys.readouterr().out.count("the shared data is not there") == 3


@pytest.mark.shared
@pytest.mark.parametrize("flags", [[], ["--json"], ["--scheme", "polnear"], ["--errors", "1"]])
def test_it_runs_on_dev(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(flags) == 0
    assert "fr.dev" in capsys.readouterr().out


def test_cases_are_a_verb_of_evaluate(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["cases", str(sorted(cases.CASES.glob("en/*.md"))[0])]) == 0
    assert "STRONG" in capsys.readouterr().out


def test_chains_are_scored_by_pairs_of_statements() -> None:
    from lab.evaluate.speakers import Judged, pairwise
    from onrecord.types import Span

    def judged(wanted: str | None, chain: int | None, doc: str = "a") -> Judged:
        where = None if chain is None else Span(chain, chain + 1)
        return Judged(doc, "", "pronoun", wanted, None, False, False, (False, False), (False, False), where)

    assert pairwise([judged("Ana", 1), judged("Ana", 1), judged("Ana", 2)]) == (1.0, 1 / 3, 0.5)
    assert pairwise([judged("Ana", 1), judged("Bo", 1), judged("Ana", 1, "b")]) == (0.0, None, 0.0)
    assert pairwise([judged(None, None), judged(None, None)]) == (None, None, None)
