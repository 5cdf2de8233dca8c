"""The annotated articles of the project: every span stands in its text, every name and parent is there."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from lab.corpora import inline
from lab.train.corpus import CORPORA, load, own_corpus, read_corpus
from onrecord.types import ROLES, Act, Kind, SpeakerType, StatementType

PAIRS = CORPORA / "own" / "identities.jsonl"
FILES = sorted(path for path in CORPORA.glob("*/*.jsonl") if path != PAIRS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_value_is_one_of_the_guidelines(path: Any) -> None:
    for document in load(path):
        for entity in document["entities"].values():
            assert entity["type"] in get_args(SpeakerType)
        for statement in document["statements"]:
            where = (document["doc"], statement)
            assert statement["kind"] in get_args(Kind), where
            assert statement["act"] in get_args(Act), where
            assert statement["type"] in get_args(StatementType), where
            assert statement["content"], where
            assert statement["speaker"] is None or statement["speaker"] in document["entities"], where
            parent = statement["parent"]
            assert parent is None or 0 <= parent < len(document["statements"]), where


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_span_stands_in_its_text(language: str) -> None:
    documents = [*own_corpus(language), *read_corpus(language)]
    if not documents:
        pytest.skip("no articles of this language, or the shared texts are not there")
    for document in documents:
        text = document["text"]
        for statement in document["statements"]:
            for role in ROLES:
                for start, end in statement[role]:
                    assert 0 <= start < end <= len(text), (document["doc"], statement)
                    assert text[start:end].strip() == text[start:end], (document["doc"], text[start:end])


def test_pairs_of_persons_stand_in_our_articles_or_in_those_of_the_gold() -> None:
    ours = {d["doc"]: d["entities"] for language in ("fr", "en") for d in own_corpus(language)}
    pairs = load(PAIRS)
    assert sum(pair["same"] for pair in pairs) > 60 < sum(not pair["same"] for pair in pairs)
    for side in (side for pair in pairs for side in (pair["a"], pair["b"])):
        assert side["doc"] not in ours or side["name"] in ours[side["doc"]], side
    assert all(pair["a"]["doc"] != pair["b"]["doc"] for pair in pairs)


def test_no_article_is_there_twice() -> None:
    names = [document["doc"] for path in FILES for document in load(path)]
    assert len(names) == len(set(names))


def test_offices_and_genders_have_their_evidence() -> None:
    for language in ("fr", "en"):
        for document in own_corpus(language):
            for name, entity in document["entities"].items():
                for field in ("office", "evidence"):
                    if field in entity:
                        start, end = entity[field]
                        assert document["text"][start:end].strip(), (document["doc"], name, field)
                assert ("gender" in entity) <= ("evidence" in entity), (document["doc"], name)


MARKED = """Un pont

{s1|La maire, Ana Roy,} {q1|a dit} {c1|que {s2|Paul} {q2|craignait} {c2|le {to2|pire}}}, a-t-{q3,s3|elle} {c3|fini}.

---
@ Ana Roy | person | La maire | office: maire | f: La maire
@ Paul | person
1 Ana Roy | indirect speech assert
2 Paul | indirect attitude assert in 1
3 - | indirect speech deny neg
"""


def test_annotations_written_into_the_text_become_spans() -> None:
    found, problems = inline.document(MARKED, "x")
    text = found["text"]
    assert problems == []
    assert "{" not in text
    said, feared, ended = found["statements"]
    assert [text[a:b] for a, b in said["content"]] == ["que Paul craignait le pire"]
    assert [text[a:b] for a, b in feared["addressee"]] == ["pire"]
    assert (feared["parent"], ended["parent"], ended["speaker"], ended["negated"]) == (0, None, None, True)
    assert found["entities"]["Ana Roy"]["gender"] == "f"
    assert text[slice(*found["entities"]["Ana Roy"]["office"])] == "maire"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{c3|fini}", "fini", "statement 3: no content"),
        ("{c3|fini}", "{c3|fini }", "white space"),
        ("{c3|fini}", "{c3|fini", "not closed"),
        ("{c3|fini}", "{c3|fini} {c4|x}", "no statement 4"),
        ("assert in 1", "assert in 9", "nested in 9"),
        ("speech deny", "speech denies", "act 'denies'"),
        ("office: maire", "office: mairesse", "'mairesse' is not in the text"),
        ("1 Ana Roy", "1 Ana Rey", "'Ana Rey' is not among the speakers"),
        ("- | indirect", "indirect", "neither speaker nor statement"),
    ],
)
def test_what_is_wrong_with_an_annotation_is_named(old: str, new: str, problem: str) -> None:
    assert any(problem in found for found in inline.document(MARKED.replace(old, new), "x")[1])
