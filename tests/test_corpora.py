"""The annotated articles of the project: every span stands in its text, every name and parent is there."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from lab.train.corpus import CORPORA, load, own_corpus, read_corpus
from onrecord.types import ROLES, Act, Kind, SpeakerType, StatementType

FILES = sorted(CORPORA.glob("*/*.jsonl"))


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
