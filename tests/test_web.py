"""Pages and API: they show what the store has, hostile content stays text, and no other site gets in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from lxml.etree import fromstring
from lxml.html import document_fromstring

from onrecord.intake.fetch import Fetched, Fetcher
from onrecord.settings import Settings
from onrecord.store import Filters, Store
from onrecord.types import Reason, Unknown
from tests.hostile import ATTACKS
from tests.storing import record, said, span, speaker, statement

pytest.importorskip("starlette", reason='pip install "onrecord[web]"')
from starlette.testclient import TestClient

from onrecord.web.app import make_app
from onrecord.web.chart import Bar, bars
from onrecord.web.guard import HEADERS
from onrecord.web.pages import SCRIPTED
from onrecord.web.review import SENDING
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
    """Elements and attributes of a page that would do or load something, as a parser of HTML sees them.

    Overview and review have scripts of our own, by address; the overview has pictures of its own.
    """
    found = []
    for element in document_fromstring(text.encode()).iter():
        ours = {"script": ("/static/png.js", "/static/review.js"), "img": ("/overview/",)}.get(str(element.tag))
        if ours and str(element.get("src", "")).startswith(ours) and not element.text:
            continue
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
    policies = {"/overview": SCRIPTED, "/review": SENDING}
    scripted = {"Content-Security-Policy": policies[page]} if page in policies else {}
    for name, value in (HEADERS | scripted).items():
        assert answer.headers[name] == value
    assert ("<script" in answer.text) == bool(scripted)


def test_words_and_filters_are_asked_of_the_store(client: TestClient) -> None:
    assert "oui" in client.get("/?q=oui").text
    assert "Nothing was found" in client.get("/?q=oui&speaker=roy").text
    denied = client.get("/?act=deny").text
    assert "Luc Bart" in denied
    assert "Ana Roy" not in denied
    broken = client.get("/?q=(")
    assert broken.status_code == 400
    assert "missing" in broken.text
    for wrong in ("after=soon", "act=shout", "language=%22%20OR%20x", "cursor=x"):
        assert client.get(f"/?{wrong}").status_code == 400, wrong


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
    assert (answer.status_code, answer.headers["location"]) == (302, f"/articles/b?statement={hit.id}#a0-{hit.id}")
    text = client.get(answer.headers["location"]).text
    assert '<mark class="direct chosen">' in text
    assert "chosen" not in client.get("/articles/b").text
    assert f'id="a0-{hit.id}"' in text
    assert f'id="l0-{hit.id}"' in text
    assert client.get("/statements/ffff").status_code == client.get("/articles/none").status_code == 404


def test_a_speaker_has_a_page_with_times_and_acts(client: TestClient) -> None:
    text = client.get("/speakers/Ana%20Roy").text
    assert text.count("<meter") == 9
    assert re.search(r'act=assert">says</a> <span>9<', text)
    assert re.search(r'outlet=AFP">AFP</a> <span>9<', text)
    assert client.get("/speakers/Nobody").status_code == 404


def test_a_speaker_s_page_leaves_out_what_was_judged_wrong(client: TestClient, path: Path) -> None:
    with Store(path) as store:
        hit = next(store.search("non", Filters(speaker="Ana Roy")))
        store.judge(hit.key, "rejected", who="me")
    text = client.get("/speakers/Ana%20Roy").text
    assert hit.id not in text
    assert text.count("<meter") == 8


def test_facets_narrow_and_widen(client: TestClient) -> None:
    text = client.get("/?q=non+OR+oui").text
    ways = re.findall(r'<li><a href="([^"]+)" title="[^"]*">([^<]+)</a> <span>(\d+)</span>', text)
    for where, label, number in ways:
        narrowed = client.get(where.replace("&amp;", "&") + "&limit=200&fold=0").text
        assert narrowed.count("<blockquote") == int(number), (where, label)
    assert ("Ana Roy", "9") in [way[1:] for way in ways]
    chosen = client.get("/?q=non&speaker=Ana+Roy&after=2026-03&before=2026-03").text
    assert chosen.count("<blockquote") == 1
    (chips,) = re.findall(r'<p class="chips">(.+?)</p>', chosen)
    assert re.findall(r'href="/\?([^"]+)"', chips)[0] == "q=non&amp;after=2026-03&amp;before=2026-03"


def test_two_stand_side_by_side(client: TestClient) -> None:
    text = client.get("/compare?left=Roy&right=Bart&q=non OR oui").text
    assert text.index('<h3 class="month">2026-11') < text.index('<h3 class="month">2026-01')
    left, right = text.split('<h3 class="month">2026-11')[1].split("<section")[1:3]
    assert "–" in left
    assert "denied" in right


def test_a_question_parts_those_who_affirm_from_those_who_deny(client: TestClient) -> None:
    text = client.get("/compare?q=non OR oui").text
    left, right = text.split('<h3 class="month">2026-11')[1].split("<section")[1:3]
    assert "Luc Bart" not in left
    assert "Luc Bart" in right
    assert client.get("/compare?q=(").status_code == 400


def test_an_overview_can_be_taken_along(client: TestClient) -> None:
    table = client.get("/overview/act.csv").text.splitlines()
    assert table[0] == "act,statements,share,low,high"
    assert [line.split(",")[:3] for line in table[1:]] == [["says", "10", "0.9091"], ["denies", "1", "0.0909"]]
    low, high = map(float, table[2].split(",")[3:])
    assert 0 < low < 0.0909 < high < 1
    picture = client.get("/overview/outlet.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "attachment" in picture.headers["content-disposition"]
    assert "<script" not in picture.text
    assert client.get("/overview/nothing.svg").status_code == 404


def test_an_overview_is_of_an_outlet_or_of_months(client: TestClient) -> None:
    only = client.get("/overview/act.csv?outlet=afp&after=2026-02&before=2026-04").text.splitlines()
    assert [line.split(",")[:2] for line in only[1:]] == [["says", "3"]]
    within = client.get("/overview/share.csv?of=act-deny&each=month").text.splitlines()
    assert within[-1].startswith("2026-11 (2),1,0.5000,")
    assert client.get("/overview?of=nothing").status_code == 400
    assert client.get("/overview/share.svg?each=nothing").status_code == 400
    assert client.get("/overview?after=soon").status_code == 400


# --- an article -----------------------------------------------------------------------------------------------------


def test_a_statement_has_a_card_with_all_that_is_known(client: TestClient, path: Path) -> None:
    text = "La préfète, Ana Roy, a dit lundi aux élus que Luc Bart nie que le pont tienne."
    who = speaker(text, "Ana Roy", office=span(text, "préfète"))
    outer = statement(
        text, "que Luc Bart nie que le pont tienne", who, when=(span(text, "lundi"),), addressee=(span(text, "élus"),),
        occasion=(span(text, "La"),), reasons=(Reason("name", "Ana Roy"), Reason("some_rule", "x {0} y")),
    )  # fmt: skip
    inner = statement(text, "que le pont tienne", speaker(text, "Luc Bart"), act="deny", parent=outer.id)
    with Store(path) as store:
        store.write([record("nested", text, [outer, inner])])
    page = client.get("/articles/nested", headers={"Accept-Language": "fr"}).text
    whole: Any = document_fromstring(page)
    cards = whole.xpath('//span[@class="card"]')
    first, second = (" ".join(card.text_content().split()) for card in cards)
    for words in ("Ana Roy", "dit", "87 %", "préfète", "À élus", "Quand lundi", "nommé à côté : Ana Roy", "x {0} y"):
        assert words in first
    assert "dans ce que dit Ana Roy" in second
    assert whole.xpath('//ol[@class="told"]/li/ol[@class="told"]//b/text()') == ["Luc Bart"]
    article = whole.xpath("//article")[0]
    for card in article.xpath('.//span[@class="card"]'):
        card.drop_tree()
    assert " ".join(article.text_content().split()) == text


def test_a_speaker_who_is_unknown_has_the_reason(client: TestClient, path: Path) -> None:
    text = "Il a dit non."
    two = statement(text, "non", Unknown("ambiguous", ("Ana {x}", "Luc")))
    with Store(path) as store:
        store.write([record("two", text, [two])])
    assert "one of several: Ana {x}, Luc" in client.get("/articles/two").text


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


@pytest.mark.parametrize(
    "url",
    ["/etc/passwd", "file:///etc/passwd", "-", "javascript:alert(1)", "http://127.0.0.1:8777/", "http://localhost/",
     "http://[::1]/", "http://192.168.1.1/", "http://10.0.0.1/", "http://169.254.169.254/", "http://user:x@example.org/"],
)  # fmt: skip
def test_an_address_is_read_by_the_guarded_reader_alone(client: TestClient, url: str) -> None:
    answer = client.post("/read", data={"token": token(client), "url": url})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "--fetch" not in answer.text


def test_an_article_at_an_address_is_read(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "La maire, Ana Vidal, a déclaré lundi que le pont rouvrirait avant l'été, devant les habitants réunis."
    html = f"<html><body><article><h1>Pont</h1><p>{said}</p><p>La ville attend ce jour.</p></article></body></html>"
    found = Fetched("https://example.org/a", "text/html", html.encode())
    monkeypatch.setattr(Fetcher, "fetch", lambda self, url: found)
    text = client.post("/read", data={"token": token(client), "url": "https://example.org/a"}).text
    assert "Ana Vidal" in text
    assert "<mark" in text


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


@pytest.mark.parametrize("label", ATTACKS)
def test_a_plot_of_hostile_labels_is_xml(label: str) -> None:
    picture = bars([Bar(label=label, number=3)], title=label, below=label)
    assert len([one for one in fromstring(picture).iter() if one.tag.endswith("rect")]) == 2


def test_bars_hold_hostile_labels() -> None:
    row = Bar(label=HOSTILE, number=3, share=0.5, low=0.4, high=0.6)
    picture = bars([row, Bar(label="", number=0)], title=HOSTILE, below=HOSTILE)
    assert {element.tag.rpartition("}")[2] for element in fromstring(picture).iter()} == {"svg", "rect", "text", "path"}
    assert "50 % (40–60)" in picture
    assert bars([], title="", below="").endswith("</svg>")


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
