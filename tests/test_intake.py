"""From files, folders and standard input to articles and refusals."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from onrecord.errors import IntakeError
from onrecord.intake import count_inputs, open_inputs
from onrecord.intake.html import is_link_line
from onrecord.settings import Settings
from onrecord.types import Article, Refusal, digest

DATA = Path(__file__).parent / "data" / "intake"

FRENCH = (
    "La maire de Rochebrune, Hélène Aubrac, a annoncé mardi que les travaux « ne commenceront pas cette année ».\n\n"
    "« Nous n’avons pas le premier euro », a-t-elle dit devant le conseil municipal, où l’opposition dénonçait un "
    "revirement. Le cœur du problème, selon elle, est l’État, qui n’a pas tenu ses promesses.\n"
)
ENGLISH = "The mayor said on Tuesday that work on the tramway would not begin this year, and that she was sorry."
GERMAN = "Die Bürgermeisterin sagte am Dienstag, dass die Arbeiten an der Straßenbahn in diesem Jahr nicht beginnen."


def read(*inputs: Path | str, language: str | None = None, **changes: object) -> list[Article | Refusal]:
    return list(open_inputs([str(i) for i in inputs], Settings(**changes), language=language))  # type: ignore[arg-type]


def only_article(*inputs: Path | str, language: str | None = None) -> Article:
    (found,) = read(*inputs, language=language)
    assert isinstance(found, Article), found
    return found


def only_refusal(*inputs: Path | str, language: str | None = None, **changes: object) -> Refusal:
    (found,) = read(*inputs, language=language, **changes)
    assert isinstance(found, Refusal), found
    assert len(found.message) > 20
    return found


def written(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def lines(path: Path, *objects: object) -> Path:
    return written(path, "".join(json.dumps(o) + "\n" for o in objects))


def standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


# Plain text


def test_a_text_is_read_as_it_stands(tmp_path: Path) -> None:
    text = "\r\n  " + FRENCH.replace("\n", "\r\n") + "\t\r\n"
    article = only_article(written(tmp_path / "a.txt", text))
    assert article.text == text
    assert article.sha256 == digest(text)
    assert (article.id, article.language, article.title) == ((tmp_path / "a.txt").as_posix(), "fr", None)
    assert article.origin == article.id


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "cp1252", "mac_roman"],
)
def test_an_encoding_is_told_from_the_bytes(tmp_path: Path, encoding: str) -> None:
    assert only_article(written(tmp_path / "a.txt", FRENCH.encode(encoding))).text == FRENCH


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \r\n\t", "empty"),
        ("a.txt", b"\xef\xbb\xbf", "empty"),
        ("a.txt", b"* * * -- !", "empty"),
        ("a.txt", b"La maire a dit\x00 non", "binary"),
        ("a.bin", bytes(range(256)), "binary"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"x" * 50, "binary"),
        ("a.txt", b"%PDF-1.7 text", "malformed"),
        ("a.docx", b"PK\x03\x04 text", "unsupported"),
        ("a.csv", b"title,text", "empty"),
        ("a.csv", b"titre,chapeau\nA,B", "malformed"),
        ("page_files/a.js", b"var a = 1;", "unsupported"),
        ("feed", b"<?xml version='1.0'?><rss><channel>", "malformed"),
        ("a.xml", b"<?xml version='1.0'?><bill/>", "unsupported"),
        ("a.jsonl.gz", b"\x1f\x8b\x08 text", "malformed"),
        ("a.txt", b"\xff\xfe\x00\xd8a\x00", "unreadable"),
        ("a.txt", GERMAN.encode(), "other_language"),
        ("a.html", b"", "empty"),
        ("a.html", b"<html><body></body></html>", "empty"),
        ("a.json", b'{"text": ', "malformed"),
        ("a.json", b"3", "malformed"),
        ("a.json", b"[" * 100_000, "malformed"),
        ("a.jsonl", b'{"text": "\\ud800 dit la maire"}', "malformed"),
        ("a.jsonl", b'{"text": "La maire\\u0000 a dit"}', "binary"),
        ("a.jsonl", b'{"text": 3}', "malformed"),
        ("a.jsonl", b'{"text": ""}', "empty"),
        ("a.jsonl", b'["text"]', "malformed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    refusal = only_refusal(written(tmp_path / name, data))
    assert refusal.reason == reason, refusal.message
    assert (refusal.origin or "").startswith((tmp_path / name).as_posix())


def test_a_text_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", FRENCH)
    assert only_refusal(path, max_article_chars=len(FRENCH) - 1).reason == "too_long"
    assert isinstance(read(path, max_article_chars=len(FRENCH))[0], Article)


def test_a_file_far_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as stream:
        stream.write(b"La maire a dit")
        stream.truncate(1 << 26)  # the rest is NUL: had it been read, it would be binary
    assert only_refusal(path).reason == "too_long"


def test_one_refusal_does_not_stop_the_rest(tmp_path: Path) -> None:
    bad = written(tmp_path / "bad.txt", b"\x00")
    good = written(tmp_path / "good.txt", FRENCH)
    assert [type(found) for found in read(bad, good, bad)] == [Refusal, Article, Refusal]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs permissions that bind")
def test_a_file_that_may_not_be_opened_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", FRENCH)
    path.chmod(0)
    assert only_refusal(path).reason == "unreadable"


def test_a_broken_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    assert only_refusal(tmp_path).reason == "unreadable"


# Inputs


@pytest.mark.parametrize("name", ["no/such/file.txt", "", "a\x00b", "https://example.org/a.html"])
def test_an_input_that_does_not_exist_is_wrong_usage_before_anything_is_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(IntakeError):
        open_inputs([str(written(tmp_path / "a.txt", FRENCH)), name], Settings())


def test_a_folder_is_walked_in_sorted_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ["c.txt", "b/z.md", "b/a.txt", "a.rst", ".hidden/x.txt", ".x.txt", "d.ndjson"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        written(tmp_path / name, json.dumps({"text": FRENCH}) if name.endswith("json") else FRENCH)
    found = [Path(a.origin or "").relative_to(tmp_path).as_posix() for a in read(tmp_path)]
    assert found == ["a.rst", "b/a.txt", "b/z.md", "c.txt", "d.ndjson:1"]
    assert count_inputs([str(tmp_path)]) == 5


def test_a_link_that_leads_in_a_circle_is_not_followed(tmp_path: Path) -> None:
    written(tmp_path / "a.txt", FRENCH)
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert len(read(tmp_path)) == 1


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path) == []


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (FRENCH.encode(), ["-"]),
        (FRENCH.encode("utf-16"), ["-"]),
        (
            json.dumps({"text": FRENCH}).encode() + b"\n" + json.dumps({"id": "x", "text": FRENCH}).encode(),
            ["-:1", "x"],
        ),
        (json.dumps({"text": FRENCH}, indent=2).encode(), ["-"]),
        (json.dumps([{"text": FRENCH}, {"text": FRENCH}]).encode(), ["-:1", "-:2"]),
        (json.dumps({"text": FRENCH}).encode("utf-16"), ["-:1"]),
        ((DATA / "port.html").read_bytes(), ["-"]),
    ],
)
def test_standard_input_is_told_by_its_bytes(monkeypatch: pytest.MonkeyPatch, data: bytes, ids: list[str]) -> None:
    standard_input(monkeypatch, data)
    found = read("-")
    assert [type(a) for a in found] == [Article] * len(ids)
    assert [a.id for a in found] == ids
    assert not sys.stdin.buffer.closed


def test_two_articles_never_share_an_id(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", *({"id": i, "text": FRENCH} for i in ["x", "x-2", "x", "x", 7, "7"]))
    ids = [found.id for found in read(path, path)]
    assert len(set(ids)) == 12
    assert ids[:6] == ["x", "x-2", "x-3", "x-4", "7", "7-2"]


def test_inputs_are_counted_where_it_is_cheap(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "a"}, {"text": "b"})
    assert count_inputs([str(path), str(written(tmp_path / "b.txt", "c"))]) == 3
    assert count_inputs([str(path), "-"]) is None


# JSON Lines


def test_a_line_gives_all_that_is_known_of_an_article(tmp_path: Path) -> None:
    given_fields = {
        "id": "n1", "title": "Le tramway attendra", "url": "https://courrier.example/1", "outlet": "Le Courrier",
        "published": "2024-03-12", "author": "C. Vasseur", "language": "fr-FR", "text": FRENCH, "unheard": [{}],
    }  # fmt: skip
    article = only_article(lines(tmp_path / "a.jsonl", given_fields))
    assert article.text == "Le tramway attendra\n\n" + FRENCH
    assert (article.id, article.title, article.url) == ("n1", "Le tramway attendra", "https://courrier.example/1")
    assert (article.outlet, article.published, article.author) == ("Le Courrier", "2024-03-12", "C. Vasseur")
    assert (article.language, article.origin) == ("fr", f"{(tmp_path / 'a.jsonl').as_posix()}:1")


def test_a_title_that_the_text_begins_with_is_not_repeated(tmp_path: Path) -> None:
    article = only_article(lines(tmp_path / "a.jsonl", {"title": "Le tramway", "text": "Le tramway\n" + FRENCH}))
    assert article.text == "Le tramway\n" + FRENCH


def test_the_gold_form_is_read_as_it_stands(tmp_path: Path) -> None:
    article = only_article(
        lines(tmp_path / "a.jsonl", {"doc": "fr-1", "title": "Le tramway", "text": "\ufeff" + FRENCH})
    )
    assert (article.id, article.text) == ("fr-1", "\ufeff" + FRENCH)


def test_the_id_is_the_inputs_else_the_url_else_the_line(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "a.jsonl", {"id": "x", "url": "u", "text": FRENCH}, {"url": "u", "text": FRENCH}, {"text": FRENCH}
    )
    assert [a.id for a in read(path)] == ["x", "u", f"{path.as_posix()}:3"]


def test_a_bad_line_costs_that_line(tmp_path: Path) -> None:
    good = json.dumps({"text": FRENCH}).encode()
    latin = json.dumps({"text": FRENCH}, ensure_ascii=False).encode("cp1252")
    path = written(tmp_path / "a.jsonl", b"\xef\xbb\xbf" + good + b"\r\n{nonsense\n\n" + latin + b"\n\xff\xfe\n" + good)
    found = read(path)
    assert [type(a) for a in found] == [Article, Refusal, Article, Refusal, Article]
    assert [(a.origin or "").rpartition(":")[2] for a in found] == ["1", "2", "4", "5", "6"]
    assert {a.text for a in found if isinstance(a, Article)} == {FRENCH}


def test_json_lines_under_the_name_of_json_are_read(tmp_path: Path) -> None:
    assert len(read(lines(tmp_path / "a.json", {"text": FRENCH}, {"text": ENGLISH}))) == 2


# Language


def test_the_language_is_the_one_given_else_the_inputs_else_identified(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": FRENCH, "language": "en"}, {"text": FRENCH, "language": "French"})
    assert [a.language for a in read(path) if isinstance(a, Article)] == ["en", "fr"]
    assert [a.language for a in read(path, language="FR-ca") if isinstance(a, Article)] == ["fr", "fr"]


def test_a_language_that_is_not_set_is_refused_and_named(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": FRENCH, "language": "de"}, {"text": GERMAN}, {"text": FRENCH})
    found = read(path)
    assert [getattr(a, "reason", None) for a in found] == ["other_language", "other_language", None]
    assert all("'de'" in a.message for a in found if isinstance(a, Refusal))
    assert [a.language for a in read(path, languages=("de",)) if isinstance(a, Article)] == ["de", "de"]


# HTML


def test_a_page_gives_the_article_and_what_is_known_of_it() -> None:
    article = only_article(DATA / "tramway.html")
    assert article.text.split("\n\n")[0] == article.title == "Rochebrune suspend son projet de tramway"
    assert article.text.split("\n\n")[1].startswith("Faute d’argent")  # the standfirst
    assert article.text.endswith("que prévu.")
    assert article.url == article.id == "https://courrier-du-val.example/2024/tramway"
    assert (article.outlet, article.author) == ("Le Courrier du Val", "Claire Vasseur")
    assert (article.published, article.language) == ("2024-03-12T08:30:00+01:00", "fr")
    for elsewhere in ("Lire aussi", "Accueil", "Mentions légales"):
        assert elsewhere not in article.text


def test_a_page_is_read_in_the_language_of_its_text_and_in_the_encoding_it_declares() -> None:
    article = only_article(DATA / "port.html")  # says lang="en" and iso-8859-1; is in French and Windows-1252
    assert article.language == "fr"
    assert article.text.count("reprise du travail") == 1
    assert "a déclaré le délégué des dockers, Yann Le Guern, à la sortie de l’assemblée" in article.text
    assert "À lire aussi" not in article.text


TEASER = '<div class="box"><p class="article__desc">La piscine rouvrira avant l’été, dit la maire.</p></div>'
CHAPO = '<div class="article__chapo"><span>La ville n’a plus un euro pour son tramway.</span></div>'
BODY = "".join(f"<p>{line}</p>" for line in FRENCH.strip().split("\n\n"))


@pytest.mark.parametrize(
    ("page", "first"),
    [
        (f"{CHAPO}<div class='content'>{BODY}</div>{TEASER}", "La ville n’a plus"),
        (f"<div class='content'>{BODY}</div>{TEASER}", "La maire de Rochebrune"),
        (f"<aside>{TEASER}</aside><div class='content'>{BODY}</div>", "La maire de Rochebrune"),
    ],
)
def test_the_standfirst_is_kept_and_the_teaser_of_another_article_is_not(tmp_path: Path, page: str, first: str) -> None:
    html = f"<html><head><meta charset=utf-8></head><body><h1>Le tramway attendra</h1>{page}</body></html>"
    article = only_article(written(tmp_path / "a.html", html))
    paragraphs = article.text.split("\n\n")
    assert paragraphs[0] == "Le tramway attendra"
    assert paragraphs[1].startswith(first)
    assert "piscine" not in article.text


@pytest.mark.parametrize(
    ("line", "is_link"),
    [
        ("Lire aussi : Le tramway en dix dates", True),
        ("À lire aussi Le tramway en dix dates", True),
        ("> Lire aussi : « Nous ne céderons pas. »", True),
        ("Read more: The line that never was", True),
        ("Read more", True),
        ("Related articles", True),
        ("Read more books, the minister told pupils.", False),
        ("Related to the mayor, he said nothing.", False),
        ("Lire aussi souvent que possible, c'est ce que demande la ministre.", False),
        ("Il faut lire aussi : les élèves le savent.", False),
    ],
)
def test_a_line_that_leads_elsewhere_is_told_from_a_sentence(line: str, is_link: bool) -> None:
    assert is_link_line(line) is is_link


def test_reading_a_page_says_nothing(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    read(DATA, written(tmp_path / "a.html", "<html><body></body></html>"))
    assert capfd.readouterr() == ("", "")


def test_text_is_read_without_loading_the_html_library(tmp_path: Path) -> None:
    import subprocess

    code = (
        "import sys; from onrecord.intake import open_inputs; from onrecord.settings import Settings; "
        "list(open_inputs([sys.argv[1]], Settings())); sys.exit('trafilatura' in sys.modules or 'lxml' in sys.modules)"
    )
    path = written(tmp_path / "a.txt", FRENCH)
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 0


SUFFIXES = st.sampled_from([".txt", ".html", ".json", ".jsonl", ".bin", ""])
PIECES = (
    b"<html>", b"<p>", b"</p>", b"<article>", b"<h1>", b"<!--", b"<script>", b"<svg><title>", b"<table><td>",
    b"<meta charset=utf-16>", b"<?xml version='1.0'?>", b"&#xd800;", b"&#0;", b"La maire a dit que non. ",
    b'{"text":', b'"id":3', b'"', b"}", b"[", b",", b"null", b"\\ud800",
    b"\n", b"\xff\xfe", b"\x00", b"\xe9", b"\xc3\xa9",
)  # fmt: skip
DIRTY = st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join))


@examples(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=DIRTY, suffix=SUFFIXES)
@example(data=b"<meta charset=unicode_escape>\\ud800\xe9\x81", suffix=".html")
@example(data=b"<div>" * 3000 + b"La maire a dit que non.", suffix=".html")
@example(data=b"<p>La maire a dit \xed\xa0\x80 que non.</p>", suffix=".html")
@example(data=b"\xff\xfe\x00\x00\x00\x00\x00\xff", suffix="")
def test_any_bytes_are_articles_or_refusals(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = written(tmp_path / f"a{suffix}", data)
    found = read(path)
    assert found or suffix in {".jsonl", ".json", ""}
    for article in found:
        assert isinstance(article, Article | Refusal)
        article.id.encode()
        if isinstance(article, Article):
            assert digest(article.text) == article.sha256
            article.text.encode()
    assert read(path) == found


@examples(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=200))
def test_the_text_of_a_line_comes_back_whole(tmp_path: Path, text: str) -> None:
    text = "Non" + text
    for ascii_only in (True, False):
        path = tmp_path / "a.jsonl"
        path.write_text(json.dumps({"text": text}, ensure_ascii=ascii_only), encoding="utf-8", newline="")
        found = only_article(path, language="fr")
        assert found.text == text
