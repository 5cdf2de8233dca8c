"""The API: it gives what the store has, answers errors in one form, and is described as it is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from onrecord.settings import Settings
from onrecord.store import Store
from tests.storing import said

pytest.importorskip("starlette", reason='pip install "onrecord[web]"')
from starlette.testclient import TestClient

from onrecord.web import guard, stores
from onrecord.web.app import make_app
from onrecord.web.openapi import description


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write(
            [said(f"a{n}", "Ana Roy", f"non {n}", published=f"2026-{1 + n:02}-01", outlet="AFP") for n in range(10)]
        )
        store.write([said("b", "Luc Bart", "oui", of={"act": "deny", "type": "direct"}, published="2026-11-26")])
    return tmp_path / "s.db"


@pytest.fixture
def client(path: Path) -> Iterator[TestClient]:
    with TestClient(make_app(path, Settings(reader="rules")), base_url="http://127.0.0.1:8777") as one:
        yield one


def test_the_api_gives_what_the_store_has(client: TestClient) -> None:
    found = client.get("/api/v1/statements?q=oui").json()["statements"]
    assert [(one["speaker"], one["act"]) for one in found] == [("Luc Bart", "deny")]
    whole = client.get(f"/api/v1/statements/{found[0]['id']}").json()
    assert whole["statement"]["text"]["content"] == "oui"
    assert client.get("/api/v1/articles/b").json()["article"]["id"] == "b"
    assert client.get("/api/v1/stats").json()["articles"] == 11
    assert client.get("/api/v1/speakers?limit=1").json()["speakers"][0]["statements"] == 10


def test_a_cursor_goes_through_everything_once(client: TestClient) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        more = f"&cursor={cursor}" if cursor else ""
        answer = client.get(f"/api/v1/statements?limit=4{more}").json()
        seen += [one["id"] for one in answer["statements"]]
        cursor = answer["next"]
        if cursor is None:
            break
    streamed = [json.loads(line)["id"] for line in client.get("/api/v1/statements?format=jsonl").text.splitlines()]
    assert seen == streamed
    assert len(seen) == len(set(seen)) == 11


def test_a_text_is_read_by_the_api_and_not_kept(client: TestClient) -> None:
    answer = client.post("/api/v1/read", json={"text": "Ana Roy a dit que le pont rouvrira.", "language": "fr"})
    assert answer.json()["statements"][0]["speaker"]["name"] == "Ana Roy"
    assert client.get("/api/v1/stats").json()["articles"] == 11


@pytest.mark.parametrize(
    ("method", "address", "how", "status"),
    [
        ("GET", "/api/v1/statements?q=(", {}, 400), ("GET", "/api/v1/statements?act=shout", {}, 400),
        ("GET", "/api/v1/statements?limit=many", {}, 400), ("GET", "/api/v1/statements?cursor=" + "9" * 25, {}, 400),
        ("GET", "/api/v1/statements?q=(&format=jsonl", {}, 400), ("GET", "/api/v1/statements?format=xml", {}, 400),
        ("GET", "/api/v1/statements?limit=0", {}, 400), ("GET", "/api/v1/statements?limit=201", {}, 400),
        ("GET", "/api/v1/statements?negated=perhaps", {}, 400), ("GET", "/api/v1/statements?act=", {}, 400),
        ("GET", "/api/v1/statements?q=a&q=b", {}, 400), ("GET", "/api/v1/facets?after=soon", {}, 400),
        ("GET", "/api/v1/stats", {"headers": {"Host": "evil.example"}}, 421),
        ("POST", "/api/v1/read", {"json": {"text": "x"}, "headers": {"Origin": "http://evil.example"}}, 403),
        ("GET", "/api/v1/statements/ffff", {}, 404), ("GET", "/api/v1/articles/none", {}, 404),
        ("GET", "/api/v1/nothing", {}, 404), ("PUT", "/api/v1/stats", {}, 405),
        ("POST", "/api/v1/read", {"json": {"words": "x"}}, 400), ("POST", "/api/v1/read", {"json": {"text": ""}}, 422),
        ("POST", "/api/v1/read", {"data": {"text": "x"}}, 415),
        ("POST", "/api/v1/read", {"json": {"text": "x", "language": "qq"}}, 422),
        ("POST", "/api/v1/read", {"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
    ],
)  # fmt: skip
def test_errors_have_the_form_of_rfc_9457(
    client: TestClient, method: str, address: str, how: dict[str, Any], status: int
) -> None:
    answer = client.request(method, address, **how)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]


def test_what_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/api/v1/stats")
    again = client.get("/api/v1/stats", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_description_is_of_what_there_is(client: TestClient) -> None:
    told = client.get("/api/v1/openapi.json").json()
    assert told == json.loads(json.dumps(description()))
    assert told["openapi"].startswith("3.1")
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            address = path.replace("{id}", "b")
            body = {"text": "Non, a dit Ana Roy.", "language": "fr"} if method == "post" else None
            answer = client.request(method.upper(), address, json=body)
            assert str(answer.status_code) in operation["responses"], (path, answer.status_code)


def test_facets_are_told(client: TestClient) -> None:
    told = client.get("/api/v1/facets?q=oui").json()
    assert told["whole"] is True
    assert told["sorts"]["act"] == [{"value": "deny", "statements": 1}]


def test_a_stream_goes_on_after_a_cursor(client: TestClient) -> None:
    first = client.get("/api/v1/statements?limit=3").json()
    rest = client.get(f"/api/v1/statements?format=jsonl&cursor={first['next']}").text.splitlines()
    assert len(rest) == 8


def test_a_wrong_method_says_which_are_right(client: TestClient) -> None:
    answer = client.put("/api/v1/stats")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_a_body_is_bounded_whatever_it_says_of_itself(client: TestClient) -> None:
    pieces = (b"a" * (1 << 20) for _ in range(3))  # sent without a length
    answer = client.post("/api/v1/read", content=pieces, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["title"]) == (413, HTTPStatus(413).phrase)
    assert client.post("/read", content=(b"a" * (1 << 20) for _ in range(3))).status_code in (403, 413)


def test_a_body_that_drips_is_not_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_S", 0.05)
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {
        "type": "http", "method": "POST", "path": "/api/v1/read", "raw_path": b"/api/v1/read", "query_string": b"",
        "headers": headers, "scheme": "http", "server": ("localhost", 80), "root_path": "",
    }  # fmt: skip
    asyncio.run(make_app(path, Settings(reader="rules"))(scope, receive, send))
    assert sent[0]["status"] == 408


def test_a_question_is_broken_off_in_time(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "ANSWER_S", -1.0)
    monkeypatch.setattr(stores, "STEPS", 1)
    for address in ("/api/v1/statements?q=non", "/?q=non"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "too long" in answer.text
