"""Judgements by the API: read, made, taken back, and refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onrecord.settings import Settings
from onrecord.store import Store
from tests.storing import said
from tests.test_judgements import hits, two, words

pytest.importorskip("starlette", reason='pip install "onrecord[web]"')
ADDRESS = "/api/v1/judgements"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write([two(), said("b", "Luc Bart", "que la gare fermera")])
    return tmp_path / "s.db"


@pytest.fixture
def client(path: Path) -> Iterator[Any]:
    from starlette.testclient import TestClient

    from onrecord.web.app import make_app

    with TestClient(make_app(path, Settings(reader="rules")), base_url="http://127.0.0.1") as one:
        yield one


def ids(path: Path) -> list[str]:
    with Store(path) as store:
        return [one.id for one in hits(store, "two")]


def test_judgements_are_made_read_and_taken_back(client: Any, path: Path) -> None:
    first, other = ids(path)
    for told in (
        {"statement": first, "verdict": "speaker", "made": [{"speaker": "Luc Bart"}]},
        {"statement": first, "verdict": "corrected", "made": [{"content": [[31, 46]]}], "why": "too long"},
        {"verdict": "added", "made": [{"content": [[0, 7]], "speaker": ""}]},
        {"statement": other, "verdict": "rejected"},
    ):
        given = {"article": "two", "who": "Éva"} | told
        answer = client.post(ADDRESS, json=given)
        assert answer.status_code == 200, answer.text
    with Store(path) as store:
        assert [one[1:] for one in words(store, "two")] == [(None, "added"), ("Luc Bart", "corrected")]
    page = client.get(f"{ADDRESS}?limit=3").json()
    assert [one["verdict"] for one in page["judgements"]] == ["rejected", "added", "corrected"]
    rest = client.get(f"{ADDRESS}?cursor={page['next']}").json()
    assert ([one["verdict"] for one in rest["judgements"]], rest["next"]) == (["speaker"], None)
    for one in (*page["judgements"], *rest["judgements"]):
        assert client.delete(f"{ADDRESS}/{one['key']}").status_code == 200
        assert client.delete(f"{ADDRESS}/{one['key']}").status_code == 404
    assert ids(path) == [first, other]
    assert all(one["undone_at"] for one in client.get(f"{ADDRESS}?article=two").json()["judgements"])


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"verdict": "shout"}, 400), ({"statement": "ffff"}, 404), ({"article": "none"}, 404), ({"more": 1}, 400),
        ({"verdict": "split"}, 422), ({"verdict": "speaker"}, 422), ({"made": [{"act": "shout"}]}, 400),
        ({"verdict": "corrected", "made": [{"content": [[0, 9999]]}]}, 422), ({"verdict": "merged"}, 422),
    ],
)  # fmt: skip
def test_what_is_no_judgement_is_refused(client: Any, path: Path, told: dict[str, Any], status: int) -> None:
    given = {"article": "two", "statement": ids(path)[0], "verdict": "confirmed", "who": "x"} | told
    answer = client.post(ADDRESS, json=given)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert client.get(ADDRESS).json()["judgements"] == []


def test_another_site_cannot_judge(client: Any, path: Path) -> None:
    given = {"article": "two", "statement": ids(path)[0], "verdict": "confirmed", "who": "x"}
    assert client.post(ADDRESS, json=given, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post(ADDRESS, data=given).status_code == 415
    assert client.get(f"{ADDRESS}?limit=many").status_code == 400
