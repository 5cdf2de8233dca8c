"""Web archives, feeds, tables, mails, PDF and compressed files: every good article in, every bad one named."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import random
import zlib
from collections import Counter
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.warc import HTML, WAYS, archive, page
from benchmarks.warc import written as record
from onrecord.intake import open_inputs
from onrecord.intake.kinds import kind_of
from onrecord.settings import Settings
from onrecord.types import Article, Refusal

# warcio leaves its temporary files to the collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

TEXT = (
    "La maire de Brévent, Ana Roy, a déclaré lundi que le pont rouvrirait avant l'été. « Les travaux avancent »,"
    " a-t-elle ajouté devant les habitants réunis à la salle des fêtes, où l'on attendait l'annonce depuis des mois."
)
ENGLISH = (
    "The harbour master said on Monday that the ferry would sail again before the summer. The crew has been waiting for"
    " weeks, she added, and nobody at the port office could tell the families when the repairs would be over."
)


def read(*paths: Path, **how: Any) -> list[Article | Refusal]:
    return list(open_inputs([str(path) for path in paths], Settings(), **how))


def parted(found: list[Article | Refusal]) -> tuple[list[Article], list[Refusal]]:
    return [one for one in found if isinstance(one, Article)], [one for one in found if isinstance(one, Refusal)]


def written(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


# --- web archives -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_every_good_page_of_an_archive_is_read_and_every_bad_one_named(tmp_path: Path, packed: bool) -> None:
    made = archive(400, packed=packed)
    articles, refusals = parted(read(written(tmp_path / f"a.warc{'.gz' if packed else ''}", made.raw)))
    assert {article.url for article in articles} == made.good
    assert len(refusals) == made.bad
    assert all(refusal.message and refusal.origin for refusal in refusals)


def test_an_archive_that_was_cut_off_keeps_what_stands_before(tmp_path: Path) -> None:
    made = archive(40, packed=True, broken=())
    articles, refusals = parted(read(written(tmp_path / "a.warc.gz", made.raw[:-200])))
    assert len(articles) == 39
    assert ["cut off" in refusal.message for refusal in refusals] == [True]


def test_an_archive_packed_as_one_is_read(tmp_path: Path) -> None:
    made = archive(30, packed=False, broken=())
    articles, refusals = parted(read(written(tmp_path / "a.warc.gz", gzip.compress(made.raw))))
    assert {article.url for article in articles} == made.good
    assert refusals == []


BODY = page(1, random.Random(1))
CUT = len(BODY) // 2


@pytest.mark.parametrize(
    ("coding", "body", "is_whole"),
    [
        ("gzip", gzip.compress(BODY), True), ("x-gzip", gzip.compress(BODY), True),
        ("deflate", zlib.compress(BODY), True),
        ("deflate", zlib.compress(BODY, wbits=-15), True), ("utf-8", BODY, True), ("gzip", BODY, True),
        ("gzip", gzip.compress(BODY)[:-99], False), ("deflate", zlib.compress(BODY)[:-99], False), ("br", b"x", False),
    ],
)  # fmt: skip
def test_an_answer_is_unpacked_and_half_of_one_refused(
    tmp_path: Path, coding: str, body: bytes, is_whole: bool
) -> None:
    """A page that stands there unpacked already, whatever its header says, is a page."""
    raw = record(
        "https://example.org/1", body, packed=False, headers=[("Content-Type", HTML), ("Content-Encoding", coding)]
    )
    (found,) = read(written(tmp_path / "a.warc", raw))
    assert isinstance(found, Article) is is_whole
    assert found.id == "https://example.org/1"
    assert isinstance(found, Article) or found.reason == "malformed"


@pytest.mark.parametrize(
    ("body", "is_whole"),
    [
        (b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY), True), (BODY, True),
        (b"%x\r\n%s" % (len(BODY), BODY[:CUT]), False), (b"%x\r\n%s\r\n" % (CUT, BODY[:CUT]), False),
    ],
)  # fmt: skip
def test_chunks_are_joined_and_missing_ones_told(tmp_path: Path, body: bytes, is_whole: bool) -> None:
    headers = [("Content-Type", HTML), ("Transfer-Encoding", "chunked")]
    (found,) = read(written(tmp_path / "a.warc", record("https://example.org/1", body, packed=False, headers=headers)))
    assert isinstance(found, Article) is is_whole
    assert isinstance(found, Article) or found.reason == "malformed"


def test_the_kinds_of_damage_are_ten(tmp_path: Path) -> None:
    assert len(WAYS) == 10
    made = archive(200, packed=True)
    _, refusals = parted(read(written(tmp_path / "a.warc.gz", made.raw)))
    assert len(Counter(refusal.message.partition("(")[0] for refusal in refusals)) >= 8


# --- feeds ------------------------------------------------------------------------------------------------------------

RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Le Courrier</title>
<language>fr</language>
<item><title>Le pont rouvrira</title><link>https://example.org/pont</link>
<pubDate>Thu, 26 Nov 2026 08:30:00 +0100</pubDate>
<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">A. B.</dc:creator>
<description>Bref.</description>
<content:encoded><![CDATA[<p>{TEXT}</p><script>alert(1)</script><p>Fin &amp; suite.</p>]]>
</content:encoded></item>
<item><title>Sans date</title><link>javascript:alert(1)</link><description>{TEXT}</description></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Ledger</title><entry><title>Ferry</title>
<id>urn:1</id><link href="https://example.org/ferry"/><updated>2026-11-26T09:00:00Z</updated>
<content type="html">&lt;p&gt;{ENGLISH}&lt;/p&gt;</content></entry></feed>"""


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


def mail(**parts: str) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "Réouverture du pont", "Mairie de Brévent <presse@example.org>"
    message["Date"] = "Thu, 26 Nov 2026 08:30:00 +0100"
    message.set_content(parts.get("plain", "")) if "plain" in parts else None
    if "html" in parts:
        message.add_alternative(parts["html"], subtype="html")
    return bytes(message)


def test_a_press_release_by_mail_is_an_article(tmp_path: Path) -> None:
    (article,) = read(written(tmp_path / "a.eml", mail(plain=TEXT)))
    assert isinstance(article, Article)
    assert article.text.split() == f"Réouverture du pont {TEXT}".split()
    assert (article.author, article.published) == ("Mairie de Brévent", "2026-11-26T08:30:00+01:00")


def test_a_mail_of_html_alone_is_read(tmp_path: Path) -> None:
    (article,) = read(written(tmp_path / "a.eml", mail(html=f"<p>{TEXT}</p><p>Contact</p>")))
    assert isinstance(article, Article)
    assert article.text == f"Réouverture du pont\n\n{TEXT}\n\nContact"


def pdf(lines: list[str]) -> bytes:
    """A page with lines of text, written by hand: no library here writes one."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 11 Tf 50 750 Td {shown} ET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + end


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


def test_a_bomb_does_not_go_off(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt.gz", gzip.compress(b"a" * (200 << 20), 1))
    (refusal,) = read(path)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "too_long"


# --- whatever comes ---------------------------------------------------------------------------------------------------

SEEDS = {
    "a.warc": lambda: archive(12, packed=False).raw, "a.warc.gz": lambda: archive(12, packed=True).raw,
    "a.rss": lambda: RSS.encode(), "a.atom": lambda: ATOM.encode(),
    "a.eml": lambda: mail(plain=TEXT, html=f"<p>{TEXT}"),
    "a.csv": lambda: f'title,text\nA,"{TEXT}"\n'.encode(), "a.pdf": lambda: pdf([TEXT]),
    "a.txt.gz": lambda: gzip.compress(TEXT.encode()),
}  # fmt: skip


@cache
def seed(name: str) -> bytes:
    return SEEDS[name]()


@pytest.mark.parametrize("name", sorted(SEEDS))
@given(data=st.data())
def test_damaged_inputs_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    raw = bytearray(seed(name))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        kind = data.draw(st.sampled_from(["change", "cut", "insert", "repeat"]))
        if kind == "change":
            raw[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del raw[at : at + data.draw(st.integers(1, 200))]
        elif kind == "insert":
            raw[at:at] = data.draw(st.binary(max_size=30))
        else:
            raw[at:at] = raw[at : at + 100]
        if not raw:
            break
    path = written(tmp_path_factory.mktemp("x") / name, bytes(raw))
    for found in read(path):
        assert isinstance(found, Article | Refusal)


@given(st.binary(max_size=400))
def test_a_kind_is_told_of_any_bytes(head: bytes) -> None:
    assert kind_of("", head) is not None
