"""The pages in a real browser: nothing hostile runs, axe finds nothing, the keyboard is enough, a telephone too.

`./run test -m browser`, with `pip install playwright axe-playwright-python` and Debian's chromium beside it; skipped
where they are not. ONRECORD_SCREENSHOTS names a folder for pictures of every page.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from onrecord.desk import Desk
from onrecord.intake import open_inputs
from onrecord.settings import Settings
from onrecord.store import Store
from onrecord.types import Article
from tests import hostile

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")
uvicorn = pytest.importorskip("uvicorn", reason='pip install "onrecord[web]"')
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
EXAMPLES = Path(__file__).parent.parent / "examples"
QUIET = [
    "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--no-sandbox",
]  # fmt: skip
PAGES = (
    "/", "/?q=pont&type=indirect", "/?q=(", "/speakers", "/compare?left=Vautrin&right=Delahaye", "/compare?q=pont",
    "/overview", "/overview?of=act-deny&each=outlet", "/review", "/read", "/nothing",
)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over the examples and hostile articles."""
    path = tmp_path_factory.mktemp("browser") / "s.db"
    with Store(path, create=True) as store:
        found = [one for one in open_inputs([str(EXAMPLES)], Settings()) if isinstance(one, Article)]
        store.write([*Desk().read_many(found), *hostile.articles()])
    yield from served(path)


def served(path: Path) -> Iterator[str]:
    """The address of a server over a store."""
    from onrecord.web.app import make_app

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(make_app(path, Settings()), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with playwright.sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield one
        one.close()


def every_page(address: str) -> list[str]:
    import json
    import urllib.request

    with urllib.request.urlopen(f"{address}/api/v1/statements?limit=200") as answer:
        found = json.load(answer)["statements"]
    ours = [one for one in found if one["article"].startswith("examples") or "/examples/" in one["article"]]
    articles = {f"/articles/{quote(one['article'], safe='')}" for one in ours}
    people = {f"/speakers/{quote(one['speaker'], safe='')}" for one in ours if one["speaker"]}
    return [*PAGES, f"/statements/{ours[0]['id']}", *sorted(articles), *sorted(people)[:3]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")  # axe is a script
    page = context.new_page()
    for number, path in enumerate(every_page(address)):
        page.goto(address + path)
        if folder := os.environ.get("ONRECORD_SCREENSHOTS"):
            page.screenshot(path=str(Path(folder) / f"{number:02}-{scheme}.png"), full_page=True)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        if page.locator("mark > a").count():
            page.locator("mark > a").first.focus()
            assert page.locator("mark:focus-within > .card").is_visible()
        violations = axe.Axe().run(page).response["violations"]
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in violations] == []


class Watch:
    """A page of a browser, and what hostile content made it do. Nothing is what it should be."""

    def __init__(self, browser: Any, address: str) -> None:
        self.page = browser.new_context().new_page()
        self.did: list[str] = []
        self._address = address
        self.page.on("dialog", self._dialog)
        self.page.on("request", lambda request: self._away(request.url))
        self.page.on("pageerror", lambda error: self.did.append(str(error)))
        self.page.on("console", lambda message: self._said(message.text))

    def _dialog(self, dialog: Any) -> None:
        self.did.append(dialog.message)
        dialog.dismiss()

    def _away(self, url: str) -> None:
        if not url.startswith(self._address):
            self.did.append(url)

    def _said(self, text: str) -> None:
        if not text.startswith("Failed to load resource"):  # an answer of 400 or 404, which some of these are
            self.did.append(text)

    def visit(self, path: str) -> None:
        """Opens a page, which must be a whole one, and puts the pointer and the focus on what it has."""
        answer = self.page.goto(self._address + path)
        assert answer.status in (200, 400, 404, 422), path
        self.whole(path)
        for one in ("mark > a", ".hits a", ".facets a"):
            if self.page.locator(one).count():
                self.page.locator(one).first.hover()
                self.page.locator(one).first.focus()

    def whole(self, path: str) -> None:
        """The page stands as its template has it: one main, the footer behind it, no element but those we write."""
        assert self.page.evaluate(SHAPE) == [1, 1, 1, 0], path
        assert self.page.evaluate(BROKEN_PICTURES) == [], path
        assert not set(self.page.locator("body").inner_text()) & ACTING, path


SHAPE = """[document.querySelectorAll("main").length, document.querySelectorAll("body > footer").length,
    document.querySelectorAll("h1").length > 0 || document.querySelector("article") ? 1 : 0,
    document.querySelectorAll("svg, iframe, base, meta[http-equiv], script:not([src^='/static/']), style, [onload]"
        + ", [onerror], [onfocus], a[href^='javascript'], a[href^='data']").length]"""
BROKEN_PICTURES = """Promise.all([...document.images].map(one => one.decode().then(() => "", () => one.src)))
    .then(all => all.filter(src => src))"""
ACTING = set("\x00\x08\x1b\x7f\x9b\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_nothing_hostile_in_a_store_runs(browser: Any, address: str) -> None:
    watch = Watch(browser, address)
    for path in ("/", "/?limit=200", "/speakers", "/overview", "/review", "/overview?of=act-deny&each=outlet"):
        watch.visit(path)
    for number, one in enumerate(hostile.articles()):
        name = one.speakers[0].name
        watch.visit(f"/articles/{quote(one.article.id, safe='')}")
        watch.visit(f"/statements/{one.statements[0].id}")
        watch.visit(f"/speakers/Ana{number}" if "\x00" in name else f"/speakers/{quote(name, safe='')}")
    assert watch.did == []


def test_nothing_hostile_in_an_address_runs(browser: Any, address: str) -> None:
    watch = Watch(browser, address)
    fields = ("q", "speaker", "outlet", "language", "act", "type", "after", "before", "order", "cursor", "limit")
    for attack in (*map(quote, hostile.ATTACKS), "%ff%fe%80", "%c0%af", "%ed%a0%80", "%00"):
        everywhere = "&".join(f"{field}={attack}" for field in ("q", "speaker", "outlet", "after"))
        for path in (
            f"/?{everywhere}", f"/compare?left={attack}&right={attack}&q={attack}", f"/speakers/{attack}",
            f"/articles/{attack}", f"/statements/{attack}", f"/overview?outlet={attack}", f"/{attack}",
        ):  # fmt: skip
            watch.visit(path)
    for field in fields:
        watch.visit(f"/?{field}={quote(hostile.ATTACKS[2])}")
        watch.visit(f"/?{field}=%ff%fe")
    assert watch.did == []


def test_nothing_hostile_in_a_form_runs(browser: Any, address: str) -> None:
    watch = Watch(browser, address)
    for attack in hostile.ATTACKS:
        watch.page.goto(f"{address}/read")
        watch.page.locator("textarea").fill(f"La maire, Ana Vidal, a déclaré que {attack} rouvrirait avant l'été.")
        watch.page.locator("form.paste button").first.click()
        watch.page.wait_for_load_state()
        watch.whole(attack)
        watch.page.goto(f"{address}/read")
        watch.page.locator("input[name=url]").evaluate(
            "(one, told) => { one.type = 'text'; one.value = told; }", attack
        )
        watch.page.locator("form.paste button").first.click()
        watch.page.wait_for_load_state()
        watch.whole(attack)
    assert watch.did == []


def test_pages_load_nothing_and_complain_of_nothing(browser: Any, address: str) -> None:
    page = browser.new_context().new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in every_page(address):
        page.goto(address + path)
    assert [url for url in asked if not url.startswith(address)] == []
    assert [text for text in said if "404" not in text and "400" not in text] == []


@pytest.mark.parametrize("width", [320, 380, 1280])
def test_no_page_is_wider_than_its_window(browser: Any, address: str, width: int) -> None:
    page = browser.new_context(viewport={"width": width, "height": 700}).new_page()
    for path in every_page(address):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_keyboard_is_enough_to_search_and_to_read_a_text(browser: Any, address: str) -> None:
    page = browser.new_context(locale="fr-FR").new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("input[name=q]").focus()
    page.keyboard.type("pont")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=pont**")
    assert "Claire Vautrin" in page.content()
    page.goto(f"{address}/read")
    page.locator("textarea").focus()
    page.keyboard.type("La maire, Ana Vidal, a déclaré que le pont rouvrirait avant l'été.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("article")
    assert "Ana Vidal" in page.locator("section").inner_text()


def test_a_permanent_link_shows_its_statement(browser: Any, address: str) -> None:
    page = browser.new_context().new_page()
    page.goto(f"{address}/?q=pont")
    page.locator("blockquote a").first.click()
    page.wait_for_selector("article")
    name = page.url.partition("#")[2]
    assert page.locator(f"#{name} + mark").is_visible()


def test_a_card_comes_by_pointer_by_keyboard_and_by_touch(browser: Any, address: str) -> None:
    article = next(path for path in every_page(address) if "valmery" in path)
    page = browser.new_context().new_page()
    page.goto(address + article)
    cards = page.locator(".card:visible")
    assert cards.count() == 0
    page.locator("mark > a").nth(1).hover()
    assert cards.count() == 1
    assert "Claire Vautrin" in cards.inner_text()
    page.mouse.move(0, 0)
    assert cards.count() == 0
    page.locator("mark > a").nth(2).focus()
    assert cards.count() == 1
    page.keyboard.press("Tab")  # into the card, which stays
    assert cards.count() == 1
    touched = browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740}).new_page()
    touched.goto(address + article)
    touched.locator("mark > a").nth(2).tap()
    shown = touched.locator(".card:visible")
    assert shown.count() == 1
    box = shown.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    shown.locator(".close").tap()
    assert touched.locator(".card:visible").count() == 0


def test_a_plot_is_taken_along_as_a_picture(browser: Any, address: str) -> None:
    page = browser.new_context(accept_downloads=True).new_page()
    page.goto(f"{address}/overview")
    with page.expect_download() as waiting:
        page.locator("button[data-name='type.png']").click()
    raw = Path(waiting.value.path()).read_bytes()
    assert raw.startswith(b"\x89PNG")
    assert int.from_bytes(raw[16:20], "big") == 3 * 640
    without = browser.new_context(java_script_enabled=False).new_page()
    without.goto(f"{address}/overview")
    assert without.locator("button[data-name]:visible").count() == 0
    assert without.locator("a[href='/overview/type.svg']").first.is_visible()


def test_twice_the_letters_fit_and_paper_has_no_cards(browser: Any, address: str) -> None:
    page = browser.new_context(viewport={"width": 640, "height": 700}, device_scale_factor=2).new_page()
    page.goto(address + next(path for path in every_page(address) if "valmery" in path))
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.emulate_media(media="print")
    page.locator("mark > a").first.focus()
    assert page.locator(".card:visible").count() == 0
    assert page.locator("header:visible").count() == 0
    assert page.locator(".told li").first.is_visible()
