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
    "/", "/?q=pont", "/?q=(", "/speakers", "/compare?left=Vautrin&right=Delahaye", "/overview", "/review", "/read",
    "/nothing",
)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over the examples and a hostile article."""
    from onrecord.web.app import make_app
    from tests.test_web import hostile

    path = tmp_path_factory.mktemp("browser") / "s.db"
    with Store(path, create=True) as store:
        found = [one for one in open_inputs([str(EXAMPLES)], Settings()) if isinstance(one, Article)]
        store.write([*Desk().read_many(found), hostile()])
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
    articles = {f"/articles/{quote(one['article'], safe='')}" for one in found}
    people = {f"/speakers/{quote(one['speaker'], safe='')}" for one in found if one["speaker"]}
    return [*PAGES, *sorted(articles), *sorted(people)[:5]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_hostile_runs(browser: Any, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # axe itself is a script
    page = context.new_page()
    dialogs: list[str] = []

    def dismiss(dialog: Any) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    for number, path in enumerate(every_page(address)):
        page.goto(address + path)
        if folder := os.environ.get("ONRECORD_SCREENSHOTS"):
            page.screenshot(path=str(Path(folder) / f"{number:02}-{scheme}.png"), full_page=True)
        violations = axe.Axe().run(page).response["violations"]
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in violations] == []
    assert dialogs == []


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
