"""Web archives: every good page in, every bad one named."""

from __future__ import annotations

import gzip
import random
import zlib
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.warc import HTML, WAYS, archive, page
from benchmarks.warc import written as record
from onrecord.types import Article
from tests.intaking import parted, read, written

# warcio leaves its temporary files to the collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


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
