"""Pages and API: they show what the store has, hostile content stays text, and no other site gets in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from lxml.html import document_fromstring

from onrecord.settings import Settings
from onrecord.store import Store
from tests.storing import record, said, span, speaker, statement

pytest.importorskip("starlette", reason='pip install "onrecord[web]"')
from starlette.testclient import TestClient

from onrecord.web.api import description
from onrecord.web.app import make_app
from onrecord.web.chart import bars
from onrecord.web.guard import HEADERS
from onrecord.web.words import WORDS, words_for

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\" onmouseover='alert(3)' javascript:alert(4)\u202e\x00&"
    "{{7*7}}"
)
PAGES = ("/", "/speakers", "/compare", "/overview", "/review", "/read")


def hostile() -> Any:
    text = f"Titre {HOSTILE}\n\nAna {HOSTILE} a dit : {HOSTILE}."
    who = msgspec.structs.replace(speaker(text, "Ana", office=span(text, "Titre")), name=f"Ana {HOSTILE}")
    one = statement(text, f"a dit : {HOSTILE}", who, type="direct")
    return record(
        f"x/{HOSTILE}", text, [one], title=HOSTILE, url="javascript:alert(5)", outlet=HOSTILE, author=HOSTILE,
        published="2026-11-26",
    )  # fmt: skip


def dangers(text: str) -> list[str]:
    """Elements and attributes of a page that would do or load something, as a parser of HTML sees them."""
    found = []
    for element in document_fromstring(text.encode()).iter():
        if element.tag in {"script", "iframe", "object", "embed", "img", "svg", "style", "base", "template"}:
            found.append(element.tag)
        for name, value in element.attrib.items():
            away = name in {"href", "src", "action"} and not re.match(r"/(?!/)|#|\?", str(value))
            if str(name).startswith("on") or name in {"style", "srcdoc"} or away:
                found.append(f"{element.tag!s} {name!s}={value!s}")
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write(
            [said(f"a{n}", "Ana Roy", f"non {n}", published=f"2026-{1 + n:02}-01", outlet="AFP") for n in range(9)]
        )
        store.write([said("b", "Luc Bart", "oui", of={"act": "deny", "type": "direct"}, published="2026-11-26")])
        store.write([hostile()])
    return tmp_path / "s.db"


@pytest.fixture
def client(path: Path) -> Iterator[TestClient]:
    with TestClient(make_app(path, Settings(reader="rules")), base_url="http://127.0.0.1:8777") as one:
        yield one


# --- pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_is_there_in_both_languages_and_runs_no_script(client: TestClient, page: str, language: str) -> None:
    answer = client.get(page, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert dangers(answer.text) == []
    for name, value in HEADERS.items():
        assert answer.headers[name] == value


def test_words_and_filters_are_asked_of_the_store(client: TestClient) -> None:
    assert "oui" in client.get("/?q=oui").text
    assert "Nothing was found" in client.get("/?q=oui&speaker=roy").text
    denied = client.get("/?act=deny").text
    assert "Luc Bart" in denied
    assert "Ana Roy" not in denied
    broken = client.get("/?q=(")
    assert broken.status_code == 400
    assert "missing" in broken.text
    assert client.get("/?after=soon").status_code == 400


def test_pages_lead_on_until_the_end(client: TestClient) -> None:
    seen: list[str] = []
    address: str | None = "/?speaker=roy&limit=4"
    while address:
        text = client.get(address).text
        seen += re.findall(r"/articles/(a\d)", text)
        more = re.search(r'class="more" href="([^"]+)"', text)
        address = "/" + more[1].replace("&amp;", "&") if more else None
    assert seen == [f"a{n}" for n in range(8, -1, -1)]


def test_a_permanent_link_leads_to_the_statement_in_its_article(client: TestClient, path: Path) -> None:
    with Store(path) as store:
        (hit,) = store.search("oui")
    answer = client.get(f"/statements/{hit.id}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/articles/b#a0-{hit.id}")
    text = client.get("/articles/b").text
    assert f'id="a0-{hit.id}"' in text
    assert f'id="l0-{hit.id}"' in text
    assert client.get("/statements/ffff").status_code == client.get("/articles/none").status_code == 404


def test_a_speaker_has_a_page_with_times_and_acts(client: TestClient) -> None:
    text = client.get("/speakers/Ana%20Roy").text
    assert text.count("<meter") == 9
    assert "says 9" in text
    assert client.get("/speakers/Nobody").status_code == 404


def test_two_stand_side_by_side(client: TestClient) -> None:
    text = client.get("/compare?left=Roy&right=Bart&q=non OR oui").text
    left, right = text.split("<section")[1:3]
    assert "Ana Roy" in left
    assert "denied" in right


def test_an_overview_can_be_taken_along(client: TestClient) -> None:
    table = client.get("/overview/act.csv")
    assert table.text.splitlines() == ["act,statements", "assert,10", "deny,1"]
    assert "attachment" in table.headers["content-disposition"]
    picture = client.get("/overview/outlet.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "<script" not in picture.text
    assert client.get("/overview/nothing.svg").status_code == 404


def token(client: TestClient) -> str:
    found = re.search(r'name="token" value="(\w+)"', client.get("/read").text)
    assert found
    return found[1]


def test_a_text_is_read_at_once_and_kept_when_asked(client: TestClient, path: Path) -> None:
    text = "La maire, Ana Vidal, a déclaré lundi que le pont rouvrirait avant l'été, devant les habitants réunis."
    answer = client.post("/read", data={"token": token(client), "text": text})
    assert answer.status_code == 200
    assert "Ana Vidal" in answer.text
    with Store(path) as store:
        assert list(store.search("pont")) == []
    client.post("/read", data={"token": token(client), "text": text, "keep": "1"})
    with Store(path) as store:
        assert [hit.speaker for hit in store.search("pont")] == ["Ana Vidal"]
    assert client.post("/read", data={"token": token(client), "text": " "}).status_code == 422


# --- hostile content, other sites -----------------------------------------------------------------------------------


def test_hostile_content_stays_text_on_every_page(client: TestClient) -> None:
    record_id = quote(f"x/{HOSTILE}", safe="")
    name = quote(f"Ana {HOSTILE}", safe="")
    addresses = [
        "/", f"/articles/{record_id}", "/speakers", f"/speakers/{name}", "/overview", f"/?q={quote(HOSTILE)}",
        f"/compare?left={quote(HOSTILE)}&right=x", f"/{quote(HOSTILE)}",
    ]  # fmt: skip
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in (200, 400, 404), address
        assert dangers(answer.text) == [], address
        assert "\u202e" not in answer.text, address
        assert "\x00" not in answer.text, address
        assert "{{7*7}}" in answer.text or "49" not in answer.text, address


def test_bars_hold_hostile_labels() -> None:
    assert "<script" not in bars([(HOSTILE, 3), ("", 0)])
    assert bars([]).endswith("</svg>")


def test_names_that_lead_here_from_elsewhere_are_refused(client: TestClient) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert client.get("/", headers={"Host": "localhost:8777"}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999"])
def test_another_site_cannot_write(client: TestClient, origin: str) -> None:
    data = {"token": token(client), "text": "x"}
    assert client.post("/read", data=data, headers={"Origin": origin}).status_code == 403
    assert client.post("/api/v1/read", json={"text": "x"}, headers={"Origin": origin}).status_code == 403


def test_a_form_without_its_token_does_nothing(client: TestClient) -> None:
    assert client.post("/read", data={"text": "La maire a dit non.", "token": "x" * 64, "keep": "1"}).status_code == 403


def test_a_body_is_bounded(client: TestClient) -> None:
    long = b'{"text": "' + b"a" * (3 << 20) + b'"}'
    headers = {"Content-Type": "application/json"}
    assert client.post("/api/v1/read", content=long, headers=headers).status_code == 413


def test_other_machines_need_a_token(path: Path) -> None:
    app = make_app(path, Settings(reader="rules"), hosts=("192.168.1.5",), token="secret")
    with TestClient(app, base_url="http://192.168.1.5:8777") as one:
        assert one.get("/").status_code == 401
        assert one.get("/?token=wrong").status_code == 401
        welcomed = one.get("/?token=secret", follow_redirects=False)
        assert welcomed.status_code == 303
        assert "httponly" in welcomed.headers["set-cookie"].lower()
        assert one.get("/").status_code == 200
    with TestClient(app, base_url="http://192.168.1.5:8777") as two:
        assert two.get("/api/v1/stats", headers={"Authorization": "Bearer secret"}).status_code == 200
        assert two.get("/api/v1/stats", headers={"Authorization": "Bearer wrong"}).status_code == 401


# --- API ------------------------------------------------------------------------------------------------------------


def test_the_api_gives_what_the_store_has(client: TestClient) -> None:
    found = client.get("/api/v1/statements?q=oui").json()["statements"]
    assert [(one["speaker"], one["act"]) for one in found] == [("Luc Bart", "deny")]
    whole = client.get(f"/api/v1/statements/{found[0]['id']}").json()
    assert whole["statement"]["text"]["content"] == "oui"
    assert client.get("/api/v1/articles/b").json()["article"]["id"] == "b"
    assert client.get("/api/v1/stats").json()["articles"] == 11
    assert client.get("/api/v1/speakers?limit=1").json()["speakers"][0]["statements"] == 9


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


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fr-FR,fr;q=0.9,en;q=0.8", "fr"), ("en-GB,fr;q=0.5", "en"), ("de,fr;q=0.3,en;q=0.2", "fr"), ("de", "en"),
     (None, "en"), ("fr;q=x,en", "en")],
)  # fmt: skip
def test_the_language_is_the_one_the_browser_asks_for(accepted: str | None, language: str) -> None:
    assert words_for(accepted)["lang"] == language


def test_every_word_is_there_in_both_languages() -> None:
    assert [name for name, both in WORDS.items() if not all(both) or both[0].count("{0}") != both[1].count("{0}")] == []
