"""Feeds, tables, mails, PDF and compressed files: every good article in, every bad one named."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.inputs import ATOM, ENGLISH, RSS, SEEDS, TEXT, mail, pdf
from onrecord.types import Article, Refusal
from tests.intaking import parted, read, written

# --- feeds ------------------------------------------------------------------------------------------------------------


def test_the_entries_of_a_feed_are_articles(tmp_path: Path) -> None:
    articles, refusals = parted(read(written(tmp_path / "feed.xml", RSS)))
    assert refusals == []
    first, second = articles
    assert first.text == f"Le pont rouvrira\n\n{TEXT}\n\nFin & suite."
    assert (first.url, first.outlet, first.author) == ("https://example.org/pont", "Le Courrier", "A. B.")
    assert first.published == "2026-11-26T07:30:00Z"
    assert (second.url, second.published) == (None, None)


def test_an_atom_feed_is_read(tmp_path: Path) -> None:
    (article,), _ = parted(read(written(tmp_path / "feed.atom", ATOM)))
    assert (article.id, article.language, article.published) == (
        "https://example.org/ferry",
        "en",
        "2026-11-26T09:00:00Z",
    )


def test_a_feed_that_was_cut_off_gives_what_it_has_and_a_refusal(tmp_path: Path) -> None:
    articles, refusals = parted(read(written(tmp_path / "feed.rss", RSS[: RSS.index("<item><title>Sans")])))
    assert len(articles) == 1
    assert ["damaged" in refusal.message for refusal in refusals] == [True]


# --- tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_row_is_an_article(tmp_path: Path, delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows(
        [["Headline", "Body", "Date", "Source"], ["Le pont", TEXT, "2026-11-26", "Le Courrier"], ["", "", "", ""]]
    )
    (article,), refusals = parted(read(written(tmp_path / "a.csv", out.getvalue())))
    assert refusals == []
    assert article.text == f"Le pont\n\n{TEXT}"
    assert (article.title, article.published, article.outlet) == ("Le pont", "2026-11-26", "Le Courrier")


def test_columns_are_named_where_their_names_do_not_tell(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f'n,corps\n1,"{TEXT}"\n')
    (refusal,) = read(path)
    assert isinstance(refusal, Refusal)
    assert "n, corps" in refusal.message
    assert "--columns" in refusal.message
    (article,) = read(path, columns={"text": "corps", "id": "n"})
    assert isinstance(article, Article)
    assert (article.id, article.text) == ("1", TEXT)


def test_a_bad_row_costs_that_row(tmp_path: Path) -> None:
    articles, refusals = parted(read(written(tmp_path / "a.csv", f'text\n"{TEXT}"\n123\n"{ENGLISH}"\n""\n')))
    assert [article.language for article in articles] == ["fr", "en"]
    assert len(refusals) == 1


def test_a_long_table_is_read_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.intake.table.SHORT_BYTES", 2000)
    monkeypatch.setattr("onrecord.intake.table.SAMPLE_BYTES", 1000)
    rows = [TEXT, f"{TEXT}\n\nSuite.", ENGLISH] * 20
    raw = b"text\n" + b"".join(f'"{row}"\r\n'.encode("cp1252" if n % 7 == 0 else "utf-8") for n, row in enumerate(rows))
    articles, refusals = parted(read(written(tmp_path / "a.csv", raw)))
    assert [article.text for article in articles] == rows
    assert refusals == []
    (refusal,) = read(written(tmp_path / "b.csv", "\n".join(["text", *rows]).encode("utf-16")))
    assert isinstance(refusal, Refusal)
    assert "UTF-8" in refusal.message


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("0001-01-01", None), ("9999-12-31T00:00:00Z", None), ("yesterday", None), ("", None),
        ("2026-11-26 08:30", "2026-11-26 08:30"), ("Thu, 26 Nov 2026 08:30:00 +0100", "2026-11-26T08:30:00+01:00"),
        ("Mon, 01 Jan 99999 00:00:00", None),
    ],
)  # fmt: skip
def test_a_date_that_can_be_none_is_left_out(tmp_path: Path, date: str, published: str | None) -> None:
    """In every form: a table, a mail, a feed (which writes dates in its own way) and a page."""
    table = written(tmp_path / "a.csv", f'text,date\n"{TEXT}","{date}"\n')
    a_mail = written(tmp_path / "a.eml", f"Subject: Pont\nDate: {date}\n\n{ENGLISH}")
    feed = written(tmp_path / "a.rss", RSS.replace("Thu, 26 Nov 2026 08:30:00 +0100", date))
    head = f'<meta property="article:published_time" content="{date}">'
    page = written(tmp_path / "a.html", f"<html lang=fr><head>{head}</head><body><article><p>{TEXT}</p></article>")
    first, second, *entries, last = parted(read(table, a_mail, feed, page))[0]
    assert [first.published, second.published] == [published, published]
    if published is None:
        assert [entry.published for entry in (*entries, last)] == [None, None, None]


@pytest.fixture
def arrow() -> Any:
    return pytest.importorskip("pyarrow")


def test_parquet_is_read_row_by_row(tmp_path: Path, arrow: Any) -> None:
    import datetime

    parquet = pytest.importorskip("pyarrow.parquet")
    when = datetime.datetime(2026, 11, 26, 8, 30)
    table = arrow.table(
        {"maintext": [TEXT, None, ENGLISH], "date_publish": [when] * 3, "authors": [["A", "B"], [], []]}
    )
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=1)
    articles, refusals = parted(read(tmp_path / "a.parquet"))
    assert [article.text for article in articles] == [TEXT, ENGLISH]
    assert (articles[0].published, articles[0].author) == ("2026-11-26T08:30:00", "A, B")
    assert len(refusals) == 1


def test_a_date_out_of_all_bounds_costs_that_date(tmp_path: Path, arrow: Any) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    date = arrow.array([0, 1 << 60], arrow.timestamp("us"))
    parquet.write_table(arrow.table({"text": [TEXT, TEXT], "date": date}), tmp_path / "a.parquet")
    articles, refusals = parted(read(tmp_path / "a.parquet"))
    assert [article.published for article in articles] == ["1970-01-01T00:00:00", None]
    assert refusals == []


def test_a_damaged_parquet_file_is_refused(tmp_path: Path, arrow: Any) -> None:
    (refusal,) = read(written(tmp_path / "a.parquet", b"PAR1" + b"x" * 200 + b"PAR1"))
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "malformed"


# --- mails, PDF, compressed -------------------------------------------------------------------------------------------


# --- mails, PDF, compressed -------------------------------------------------------------------------------------------


def test_a_press_release_by_mail_is_an_article(tmp_path: Path) -> None:
    (article,) = read(written(tmp_path / "a.eml", mail(plain=TEXT)))
    assert isinstance(article, Article)
    assert article.text.split() == f"Réouverture du pont {TEXT}".split()
    assert (article.author, article.published) == ("Mairie de Brévent", "2026-11-26T08:30:00+01:00")


def test_a_mail_of_html_alone_is_read(tmp_path: Path) -> None:
    (article,) = read(written(tmp_path / "a.eml", mail(html=f"<p>{TEXT}</p><p>Contact</p>")))
    assert isinstance(article, Article)
    assert article.text == f"Réouverture du pont\n\n{TEXT}\n\nContact"


def test_a_pdf_gives_its_paragraphs(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    lines = [
        "La maire de Brévent, Ana Roy, a déclaré lundi que le pont rou-", "vrirait avant l'été, devant les habitants",
        "réunis à la salle des fêtes.", "« Les travaux avancent », a-t-elle ajouté, sans donner de date précise à la",
        "salle.",
    ]  # fmt: skip
    (article,) = read(written(tmp_path / "a.pdf", pdf(lines)))
    assert isinstance(article, Article)
    assert "que le pont rouvrirait avant l'été" in article.text
    assert article.text.count("\n\n") == 1


def test_a_pdf_without_text_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    (refusal,) = read(written(tmp_path / "a.pdf", pdf([])))
    assert isinstance(refusal, Refusal)
    assert "scan" in refusal.message


@pytest.mark.parametrize(("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_compressed_files_are_read_and_damaged_ones_named(tmp_path: Path, suffix: str, pack: Any) -> None:
    line = json.dumps({"text": TEXT}) + "\n"
    raw = pack((line * 300).encode())
    articles, refusals = parted(read(written(tmp_path / f"a.jsonl.{suffix}", raw)))
    assert (len(articles), refusals) == (300, [])
    _, refusals = parted(read(written(tmp_path / f"b.jsonl.{suffix}", raw[: len(raw) - 12])))
    assert ["cut off" in refusal.message or "damaged" in refusal.message for refusal in refusals] == [True]


@pytest.mark.parametrize("name", ["a.txt.gz", "a.csv.gz", "a.jsonl.gz"])
def test_a_bomb_does_not_go_off(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, gzip.compress(b"text\n" + b"a" * (200 << 20), 1))
    articles, refusals = parted(read(path))
    assert (articles, refusals[-1].reason) == ([], "too_long")
    assert len(refusals) < 10


def test_the_same_article_over_and_over_is_no_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.intake.members.SMALL_BYTES", 1000)
    lines = "".join(json.dumps({"id": n, "text": f"{TEXT} {n}"}) + "\n" for n in range(2000))
    articles, refusals = parted(read(written(tmp_path / "a.jsonl.gz", gzip.compress(lines.encode()))))
    assert (len(articles), refusals) == (2000, [])


@pytest.mark.parametrize(
    ("module", "name"),
    [("feedparser", "a.rss"), ("pyarrow.parquet", "a.parquet"), ("pypdf", "a.pdf"), ("fastwarc", "a.warc")],
)
def test_a_library_that_is_not_installed_costs_the_file_and_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    data = b"WARC/1.0\r\n" if name == "a.warc" else SEEDS[name]()
    monkeypatch.setitem(sys.modules, module, None)
    refusal, article = read(written(tmp_path / name, data), written(tmp_path / "b.txt", TEXT))
    assert isinstance(refusal, Refusal)
    extra = "feeds" if name == "a.rss" else name.removeprefix("a.")
    assert f'pip install "onrecord[{extra}]"' in refusal.message
    assert isinstance(article, Article)
