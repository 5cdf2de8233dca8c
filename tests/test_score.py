"""The scores: by tables of our own, and figure by figure against the judge's tool where the shared data is there."""

from __future__ import annotations

import importlib.util
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.evaluate.calibration import area, calibration
from lab.evaluate.gold import EvaluationError, GoldDocument, Prediction, load_gold, load_predictions
from lab.evaluate.names import fully_named, same_speaker
from lab.evaluate.score import as_judge, by_collection, compare_all, score
from lab.evaluate.spans import exact_spans
from lab.evaluate.words import match, words_under
from lab.shared import gold_file

TEXT = "Le maire a dit que la digue tiendra. « Elle a cédé deux fois », répond Inès Kadi. Elle craint le pire."

Json = dict[str, Any]


def at(words: str) -> list[int]:
    """The span of words in TEXT."""
    start = TEXT.index(words)
    return [start, start + len(words)]


def statement(content: str, speaker: str | None, **more: Any) -> Json:
    return {"content": [at(content)], "speaker": speaker, "type": "indirect", "kind": "speech", "act": "assert"} | more


DIKE = statement("que la digue tiendra", "Le maire", cue=[at("a dit")], source=[at("Le maire")])
TWICE = statement("« Elle a cédé deux fois »", "Inès Kadi", type="direct", cue=[at("répond")], source=[at("Inès Kadi")])
FEAR = statement("le pire", "Inès Kadi", kind="attitude", cue=[at("craint")])
ENTITIES = {
    "Le maire": {"type": "unnamed", "aliases": []},
    "Inès Kadi": {"type": "person", "aliases": ["Mme Kadi", "la géologue"]},
}


def gold(*statements: Json) -> list[GoldDocument]:
    document = {"doc": "fr-own-1", "text": TEXT, "entities": ENTITIES, "statements": list(statements)}
    return [msgspec.convert(document, GoldDocument)]


def found(*statements: Json) -> list[Prediction]:
    return [msgspec.convert({"doc": "fr-own-1", "statements": list(statements)}, Prediction)]


def test_the_same_statements_score_one() -> None:
    scores = score(gold(DIKE, TWICE), found(DIKE, TWICE))
    assert {scores.values[name] for name in ("attributed", "named", "content@1", "words", "act", "cue")} == {1.0}


def test_undefined_is_none_and_not_zero() -> None:
    scores = score(gold(), found())
    assert set(scores.values.values()) == {None}


def test_nothing_found_has_recall_zero_and_no_precision() -> None:
    line = as_judge(score(gold(DIKE), []))["content@0.8"]
    assert line == {"p": None, "r": 0.0, "f1": None}


def test_a_complementiser_at_the_edge_does_not_count() -> None:
    scores = score(gold(DIKE), found(statement("la digue tiendra", "Le maire")))
    assert scores.values["content@1"] == 1.0


def test_a_content_of_edge_words_alone_keeps_them() -> None:
    assert words_under(TEXT, [(at("que")[0], at("que")[1])]) == {at("que")[0]}


def test_an_attitude_found_is_neither_right_nor_wrong() -> None:
    scores = score(gold(DIKE, FEAR), found(DIKE, statement("le pire", None)))
    assert (scores.counts["predicted"], scores.values["content@0.8"]) == (1, 1.0)


def test_words_of_attitudes_do_not_count_against_a_reader() -> None:
    scores = score(gold(DIKE, FEAR), found(DIKE, statement("le pire", None)))
    assert scores.values["words"] == 1.0


def test_equal_overlaps_go_by_the_cue() -> None:
    content, cue, other = frozenset((1, 2)), frozenset((3,)), frozenset((4,))
    assert match([(content, cue)], [(content, other), (content, cue)], 0.8) == {0: 1}


def test_a_wrong_speaker_is_found_and_not_attributed() -> None:
    scores = score(gold(DIKE, TWICE), found(DIKE, TWICE | {"speaker": "Le maire"}))
    assert (scores.values["content@0.8"], scores.values["attributed"], scores.values["speaker"]) == (1.0, 0.5, 0.5)


def test_an_alias_is_attributed_and_not_named() -> None:
    scores = score(gold(TWICE), found(TWICE | {"speaker": "la géologue"}))
    assert (scores.values["attributed"], scores.values["named"]) == (1.0, 0.0)


def test_a_link_counts_when_both_ends_are_found() -> None:
    inner = statement("la digue tiendra", "Le maire", parent=0)
    outer = TWICE
    both = score(gold(outer, inner), found(outer, inner))
    unlinked = score(gold(outer, inner), found(outer, inner | {"parent": None}))
    assert (both.values["nested links"], unlinked.counts["links/right"]) == (1.0, 0)


def test_recall_by_type_knows_the_nested() -> None:
    scores = as_judge(score(gold(TWICE, DIKE | {"parent": 0}), found(DIKE)))
    assert scores["by type"]["nested"]["content"] == 1.0
    assert scores["by type"]["direct"]["content"] == 0.0
    assert scores["by type"]["mixed"]["content"] is None


NAMES: list[tuple[str | None, str | None, bool]] = [
    (None, None, True),
    ("Kadi", None, False),
    (None, "Inès Kadi", False),
    ("Inès Kadi", "Inès Kadi", True),
    ("INES KADI", "Inès Kadi", True),
    ("la géologue", "Inès Kadi", True),
    ("une géologue", "Inès Kadi", True),  # determiners do not count
    ("Kadi", "Inès Kadi", True),
    ("Sofia Kadi", "Inès Kadi", False),  # adds a word that nobody gave her
    ("Inès", "Inès Kadi", False),
    ("le maire", "Inès Kadi", False),  # somebody else
    ("", "Inès Kadi", False),
    ("maire", "Le maire", True),
    ("le maire adjoint", "Le maire", False),
]


@pytest.mark.parametrize(("predicted", "name", "same"), NAMES)
def test_names_of_one_speaker(predicted: str | None, name: str | None, same: bool) -> None:
    assert same_speaker(predicted, name, gold()[0].entities) is same


def test_a_person_is_fully_named_by_every_word() -> None:
    entities = gold()[0].entities
    assert fully_named("Mme Inès Kadi", "Inès Kadi", entities)
    assert not fully_named("Mme Kadi", "Inès Kadi", entities)
    assert fully_named("anything", "Le maire", entities)


UNFIT: list[tuple[Json, str]] = [
    ({"doc": "x", "statements": []}, "unknown document"),
    ({"doc": "fr-own-1", "statements": [{"content": [[0, 2]]}]}, "no field speaker"),
    ({"doc": "fr-own-1", "statements": [{"content": [[3, 3]], "speaker": None}]}, "content span"),
    ({"doc": "fr-own-1", "statements": [{"content": [[0, 2]], "cue": [[0, 999]], "speaker": None}]}, "cue span"),
]


@pytest.mark.parametrize(("document", "message"), UNFIT)
def test_unfit_predictions_are_refused(document: Json, message: str) -> None:
    with pytest.raises(EvaluationError, match=message):
        score(gold(DIKE), [msgspec.convert(document, Prediction)])


def test_one_document_twice_is_refused() -> None:
    with pytest.raises(EvaluationError, match="twice"):
        score(gold(DIKE), [*found(DIKE), *found(DIKE)])


def test_a_line_of_another_form_is_named(tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text('{"doc": "a"}\n{"doc": 3}\n', encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"odd\.jsonl:2"):
        load_predictions(path)


def test_intervals_hold_the_point_and_repeat() -> None:
    documents = [msgspec.structs.replace(gold(DIKE, TWICE)[0], doc=f"fr-own-{i}") for i in range(12)]
    guesses = [msgspec.structs.replace(found(DIKE)[0], doc=f"fr-own-{i}") for i in range(7)]
    first, second = (score(documents, guesses, resamples=200) for _ in range(2))
    point, interval = first.values["content@0.8"], first.intervals["content@0.8"]
    assert point is not None
    assert interval is not None
    assert interval[0] < point < interval[1]
    assert first == second


def test_the_interval_of_one_document_is_its_point() -> None:
    scores = score(gold(DIKE, TWICE), found(DIKE), resamples=50)
    for name, value in scores.values.items():
        assert scores.intervals[name] == (None if value is None else pytest.approx((value, value)))


def test_collections_are_told_apart() -> None:
    parts = by_collection(compare_all(gold(DIKE), found(DIKE)))
    assert list(parts) == ["own"]


def test_exact_spans_count_each_role_alone() -> None:
    guess = DIKE | {"source": [at("maire")], "content": [[at("que la digue tiendra")[0], at("tiendra")[1]]]}
    values = exact_spans(compare_all(gold(DIKE), found(guess)))
    assert {role: values[role].value for role in ("cue", "source", "content")} == {
        "cue": 1.0,
        "source": 0.0,
        "content": 1.0,
    }


def test_a_reader_that_knows_what_it_knows_is_calibrated() -> None:
    sure, unsure = DIKE | {"confidence": 1.0}, statement("Elle craint", "Le maire", confidence=0.0)
    measured = calibration(compare_all(gold(DIKE), found(sure, unsure)))
    assert (measured.error, measured.area) == (0.0, 1.0)
    assert [(b.n, b.right) for b in measured.bins if b.n] == [(1, 0.0), (1, 1.0)]


@given(st.lists(st.tuples(st.sampled_from((0.1, 0.4, 0.4, 0.9)), st.booleans()), max_size=12))
def test_the_area_is_the_chance_that_a_right_one_is_surer(judged: list[tuple[float, bool]]) -> None:
    right, wrong = ([c for c, is_right in judged if is_right is wanted] for wanted in (True, False))
    duels = [1.0 if a > b else 0.5 if a == b else 0.0 for a in right for b in wrong]
    assert area(judged) == (pytest.approx(sum(duels) / len(duels)) if duels else None)


def test_calibration_of_nothing_is_undefined() -> None:
    measured = calibration(compare_all(gold(DIKE), found(DIKE)))
    assert (measured.error, measured.area) == (None, None)


# --- beside the judge -------------------------------------------------------------------------------------------------

FILES = [
    *("fr.dev", "en.dev", "polnear.dev"),
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("fr.train", "en.train", "polnear.train")),
]


def judge() -> Any:
    """The judge's tool, loaded from the shared data."""
    path = gold_file("goldtool.py")
    assert path is not None
    spec = importlib.util.spec_from_file_location("goldtool", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_annotated(s: Json, text: str, draw: random.Random) -> Json | None:
    return s


def missing_some(s: Json, text: str, draw: random.Random) -> Json | None:
    return None if draw.random() < 0.3 else s


def moved_edges(s: Json, text: str, draw: random.Random) -> Json | None:
    content = [[max(0, a + draw.randint(-9, 9)), min(len(text), b + draw.randint(-9, 9))] for a, b in s["content"]]
    return s | {"content": [span for span in content if span[0] < span[1]]}


def odd_fields(s: Json, text: str, draw: random.Random) -> Json | None:
    odd = {
        "speaker": draw.choice([None, "", "le", "Dupont", (s["speaker"] or "x").split()[-1], s["speaker"]]),
        "kind": draw.choice(["speech", "attitude", "attribution", None, "hearsay"]),
        "act": draw.choice([None, "deny", s.get("act")]),
        "negated": draw.choice([None, True, False]),
        "cue": draw.choice([None, [], s["cue"], s["content"]]),
        "source": draw.choice([s["source"], s["cue"] * 2, list(reversed(s["content"]))]),
        "content": draw.choice([s["content"], None, [], s["content"] * 2, s["cue"], [[0, len(text)]]]),
    }
    return s | {name: value for name, value in odd.items() if draw.random() < 0.5}


def bare(s: Json, text: str, draw: random.Random) -> Json | None:
    return {"content": s["content"], "speaker": s["speaker"]}


Change = Callable[[Json, str, random.Random], Json | None]


def changed(documents: Sequence[Json], change: Change) -> list[Json]:
    """Predictions made of gold: documents shuffled, some left out, some statements twice."""
    draw = random.Random(7)
    out = []
    for document in documents:
        statements = [c for s in document["statements"] if (c := change(s, document["text"], draw)) is not None]
        statements += [s for s in statements if draw.random() < 0.05]
        if draw.random() < 0.9:
            out.append({"doc": document["doc"], "statements": statements})
    draw.shuffle(out)
    return out


@pytest.mark.shared
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("change", [as_annotated, missing_some, moved_edges, odd_fields, bare])
def test_every_figure_is_the_judges(name: str, change: Change) -> None:
    path = gold_file(f"{name}.jsonl")
    assert path is not None
    tool = judge()
    documents = tool.load_jsonl(path)
    predictions = changed(documents, change)
    own = [msgspec.convert(p, Prediction) for p in predictions]
    for kinds in (("speech",), ("speech", "attitude", "attribution")):
        theirs = tool.score(documents, predictions, kinds)
        ours = as_judge(score(load_gold(path), own, kinds=kinds))
        assert json.dumps(ours, sort_keys=True) == json.dumps(theirs, sort_keys=True)
