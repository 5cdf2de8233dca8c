"""The review: its forms as a browser without scripts sends them, exchange, gold, and a server that is killed."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from onrecord.cli.main import cli
from onrecord.settings import Settings
from onrecord.store import Store
from onrecord.types import Span
from tests.storing import record, said, span, speaker, statement
from tests.test_judgements import TEXT, hits, two, whole, words

pytest.importorskip("starlette", reason='pip install "onrecord[web]"')


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store(tmp_path / "s.db", create=True) as store:
        store.write([two(), said("b", "Luc Bart", "que la gare fermera", of={"confidence": 0.1})])
    return tmp_path / "s.db"


def fields_of(text: str) -> dict[str, str]:
    """The fields of the form as they stand."""
    from lxml.html import document_fromstring

    found: Any = document_fromstring(text).xpath("//form[@class='judge']")
    return {name: value or "" for name, value in found[0].form_values()}


class Reviewer:
    """Somebody at the page."""

    def __init__(self, client: Any, path: Path) -> None:
        self.client = client
        self.path = path

    def shown(self, address: str = "/review") -> dict[str, str]:
        """The fields of the form as they stand."""
        return fields_of(self.client.get(address).text)

    def send(self, *, at: str = "/review", **fields: str) -> Any:
        """Sends the form with some fields changed."""
        return self.client.post("/review", data=self.shown(at) | {"who": "Éva"} | fields)

    def words(self, article: str = "two") -> list[tuple[str, str | None, str | None]]:
        with Store(self.path) as store:
            assert whole(store)
            return words(store, article)

    def address(self, number: int, article: str = "two") -> str:
        with Store(self.path) as store:
            return f"/review?article={article}&statement={hits(store, article)[number].id}"


@pytest.fixture
def reviewer(path: Path) -> Iterator[Reviewer]:
    from starlette.testclient import TestClient

    from onrecord.web.app import make_app

    with TestClient(make_app(path, Settings(reader="rules")), base_url="http://127.0.0.1") as client:
        yield Reviewer(client, path)


def test_the_form_as_it_stands_confirms_and_the_next_one_comes(reviewer: Reviewer) -> None:
    assert re.search(r"<button[^>]*save[^>]*autofocus", reviewer.client.get("/review").text)
    assert "la gare fermera" in reviewer.shown()["content"]
    answer = reviewer.send(verdict="save", why="heard it")
    assert 'value="Éva"' in answer.text
    assert "heard it" in answer.text
    assert reviewer.words("b") == [("que la gare fermera", "Luc Bart", "confirmed")]
    assert "le pont rouvrira" in reviewer.shown()["content"]


@pytest.mark.parametrize(
    ("fields", "after"),
    [
        ({"pick": "Luc Bart"}, ("le pont rouvrira et que la gare fermera", "Luc Bart", "speaker")),
        ({"pick": ""}, ("le pont rouvrira et que la gare fermera", None, "speaker")),
        ({"speaker": "Eva Sol"}, ("le pont rouvrira et que la gare fermera", "Eva Sol", "speaker")),
        ({"content": "le  pont\nrouvrira"}, ("le pont rouvrira", "Ana Roy", "corrected")),
        ({"content": "le pont rouvrira … fermera"}, ("le pont rouvrira … fermera", "Ana Roy", "corrected")),
        ({"act": "deny", "cue": "", "source": "Ana Roy"},
         ("le pont rouvrira et que la gare fermera", "Ana Roy", "corrected")),
    ],
)  # fmt: skip
def test_speaker_words_and_the_rest_are_corrected(
    reviewer: Reviewer, fields: dict[str, str], after: tuple[str, str | None, str]
) -> None:
    assert reviewer.send(at=reviewer.address(0), verdict="save", **fields).status_code == 200
    assert reviewer.words()[0] == after
    with Store(reviewer.path) as store:
        one = store.record("two")
        assert one is not None
        if "act" in fields:
            assert (one.statements[0].act, one.statements[0].cue) == ("deny", ())
            assert one.statements[0].source == (span(TEXT, "Ana Roy"),)


def test_ends_move_a_word_at_a_time_without_a_script(reviewer: Reviewer) -> None:
    fields = reviewer.shown(reviewer.address(0))
    for move, content in (
        ("end-", "le pont rouvrira et que la gare"), ("start+", "pont rouvrira et que la gare"),
        ("start-", "le pont rouvrira et que la gare"), ("start-", "que le pont rouvrira et que la gare"),
        ("end+", "que le pont rouvrira et que la gare fermera."),
    ):  # fmt: skip
        fields = fields_of(reviewer.client.post("/review", data=fields | {"move": move}).text)
        assert fields["content"] == content
    assert reviewer.words()[0][2] is None  # nothing is kept before it is sent
    reviewer.client.post("/review", data=fields | {"verdict": "save"})
    assert reviewer.words()[0][0] == "que le pont rouvrira et que la gare fermera."


def test_one_is_cut_in_two_joined_rejected_added_and_all_is_taken_back(reviewer: Reviewer) -> None:
    before = reviewer.words()
    reviewer.send(at=reviewer.address(0), content="le pont rouvrira | la gare fermera", verdict="save")
    assert [one[0] for one in reviewer.words()] == ["le pont rouvrira", "la gare fermera", "tout va bien"]
    reviewer.send(at=reviewer.address(1), verdict="merge_previous")
    assert [one[0] for one in reviewer.words()] == ["le pont rouvrira … la gare fermera", "tout va bien"]
    reviewer.send(at=reviewer.address(1), verdict="rejected")
    added = {"content": "tout va bien", "cue": "a dit", "source": "Luc Bart", "speaker": "Luc Bart", "act": "confirm"}
    reviewer.send(at="/review?article=two", verdict="save", **added)
    assert reviewer.words()[-1] == ("tout va bien", "Luc Bart", "added")
    text = reviewer.client.get("/review/done").text
    assert text.count('name="undo"') == 4
    token = reviewer.shown()["token"]
    for key in re.findall(r'name="undo" value="(\d+)"', text):
        reviewer.client.post("/review", data={"token": token, "undo": key, "back": "done"})
    assert reviewer.words() == before
    assert reviewer.client.get("/review/done").text.count("<strong>undone</strong>") == 4


@pytest.mark.parametrize(
    ("fields", "status", "why"),
    [
        ({"content": "ce que personne ne dit"}, 422, "does not say"), ({"content": ""}, 422, "without words"),
        ({"content": "a | b | c"}, 422, "more than one cut"), ({"act": "shout"}, 422, "no act"),
        ({"statement": "ffff"}, 409, "changed meanwhile"), ({"article": "none"}, 409, "changed meanwhile"),
        ({"token": "x"}, 403, "did not work"), ({"verdict": "merge_previous"}, 422, "beside it"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    reviewer: Reviewer, fields: dict[str, str], status: int, why: str
) -> None:
    before = reviewer.words()
    answer = reviewer.send(at=reviewer.address(0), **({"why": "my reason"} | fields))
    assert answer.status_code == status
    assert why in answer.text
    assert ("my reason" in answer.text) is (status == 422)
    assert reviewer.words() == before


def test_of_words_that_stand_twice_the_nearest_are_meant(reviewer: Reviewer) -> None:
    text = "Oui, a dit Ana Roy. Oui, a dit Luc Bart."
    second = span(text[19:], "Oui")
    place = Span(second.start + 19, second.end + 19)
    with Store(reviewer.path) as store:
        store.write([record("t", text, [statement(text, "Oui", speaker(text, "Luc Bart"), content=(place,))])])
    reviewer.send(at=reviewer.address(0, "t"), content="Oui, a dit", verdict="save")
    with Store(reviewer.path) as store:
        one = store.record("t")
        assert one is not None
        assert one.statements[0].content[0].start == place.start


# --- exchange and gold ------------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(cli, [str(one) for one in arguments], standalone_mode=False)
    assert result.exception is None, result.output
    return result.output


def judge_all(path: Path) -> None:
    with Store(path) as store:
        one, other = hits(store, "two")
        first = store.judge(one.key, "rejected", who="x")
        store.undo(first)
        store.judge(hits(store, "two")[0].key, "speaker", who="x", why="so", speaker="Luc Bart")
        store.judge(hits(store, "two")[1].key, "confirmed", who="y")
        assert other


def test_judgements_go_out_and_come_in_without_loss_and_once(path: Path, tmp_path: Path) -> None:
    judge_all(path)
    for number in (1, 2):
        run("export", "--store", path, "-o", tmp_path / "out.jsonl")
        told = run("import", tmp_path / "out.jsonl", "--into", tmp_path / "new.db")
        assert ("3 judgements" in told) is (number == 1)
    with Store(path) as old, Store(tmp_path / "new.db") as new:
        assert words(new, "two") == words(old, "two")
        plain = [[one.uid, one.verdict, one.made, one.who, one.why, one.judged_at, one.undone_at, one.words] for one in
                 old.judgements()]  # fmt: skip
        assert plain == [[one.uid, one.verdict, one.made, one.who, one.why, one.judged_at, one.undone_at, one.words]
                         for one in new.judgements()]  # fmt: skip
        assert list(new.exported()) == list(old.exported())
        assert whole(new)
    lines = map(json.loads, (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines())
    line = next(one for one in lines if "judgements" in one)
    line["judgements"][0]["targets"][0]["content"] = [[0, 9999]]
    (tmp_path / "bad.jsonl").write_text(json.dumps(line), encoding="utf-8")
    bad = ["import", str(tmp_path / "bad.jsonl"), "--into", str(tmp_path / "new.db")]
    assert CliRunner().invoke(cli, bad, standalone_mode=False).return_value == 1


def test_what_was_judged_is_gold_to_learn_from(path: Path, tmp_path: Path) -> None:
    from lab.evaluate.gold import load_gold
    from lab.train.corpus import example, load

    judge_all(path)
    run("export", "--store", path, "--format", "gold", "--judged", "-o", tmp_path / "fr.ours.jsonl")
    (gold,) = load_gold(tmp_path / "fr.ours.jsonl")  # "b" was not judged
    assert [one.speaker for one in gold.statements] == ["Luc Bart", "Luc Bart"]
    assert gold.entities["Luc Bart"].type == "person"
    (document,) = load(tmp_path / "fr.ours.jsonl")
    assert len(example(document, "fr").labels) == 2


# --- a server that is killed ------------------------------------------------------------------------------------------


def test_a_judgement_outlives_a_server_that_is_killed_after_the_click(path: Path) -> None:
    import urllib.parse
    import urllib.request

    pytest.importorskip("uvicorn", reason='pip install "onrecord[web]"')
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "onrecord", "serve", str(path), "--port", str(port), "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/review"
        page = ""
        for _ in range(600):
            try:
                with urllib.request.urlopen(address) as answer:
                    page = answer.read().decode()
                break
            except OSError:
                time.sleep(0.2)
        fields = dict(re.findall(r'name="(token|article|statement)" value="(\w+)"', page))
        data = urllib.parse.urlencode(fields | {"verdict": "rejected", "who": "x"}).encode()
        with urllib.request.build_opener(NoRedirect).open(address, data) as answer:
            assert answer.status == 303
    finally:
        server.kill()
        server.wait()
    with Store(path) as store:
        assert [one.verdict for one in store.judgements()] == ["rejected"]
        assert words(store, "b") == []
        assert whole(store)


def _no_redirect() -> Any:
    import urllib.request

    class Handler(urllib.request.HTTPRedirectHandler):
        def http_error_303(self, request: Any, answer: Any, *more: Any) -> Any:
            return answer

    return Handler


NoRedirect = _no_redirect()
