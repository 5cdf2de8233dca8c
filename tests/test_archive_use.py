"""What is done with the output of an archive: asked by other tools, and taken into a store."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import polars
import pytest

from onrecord.archive.taken import taken
from onrecord.collect import collect, take
from onrecord.desk import Desk
from onrecord.intake import open_inputs
from onrecord.store import Store
from tests.archiving import RULES, done, held, lines, parted, written

ROOT = Path(__file__).parent.parent
QUERIES = re.findall(r"```sql\n(.*?)```", (ROOT / "docs/formats.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def archived(tmp_path: Path) -> Path:
    """The output of two inputs, one with something refused."""
    (tmp_path / "b.jsonl").write_bytes(lines(range(30, 50)) + b"{}\n")
    for path in (written(tmp_path / "a.jsonl.gz", range(30)), str(tmp_path / "b.jsonl")):
        done(path, tmp_path / "out")
    return tmp_path / "out"


def asked(query: str, out: Path) -> list[dict[str, Any]]:
    """The rows of a query of the docs."""
    found = duckdb.sql(query.replace("OUT/", f"{out}/"))
    assert found is not None
    rows: list[dict[str, Any]] = found.pl().to_dicts()
    return rows


def test_the_queries_of_the_docs_give_what_is_there(archived: Path) -> None:
    records, refusals = held(archived)
    quoted, denied, refused = (asked(query, archived) for query in QUERIES)
    said = [s for r in records for s in r.statements if s.kind == "speech" and hasattr(s.speaker, "name")]
    assert sum(row["statements"] for row in quoted) == len(said) > 0
    assert {row["month"] for row in quoted} == {"2024-01", "2024-02", "2024-03", "2024-04", "undated"}
    assert {row["outlet"] for row in quoted} == {"Le Pont", "The Bridge"}
    assert len(denied) == sum(s.act == "deny" and r.article.language == "fr" for r in records for s in r.statements)
    assert refused == [{"reason": "malformed", "number": 1, "such_as": refusals[0].message}]


def test_polars_reads_what_comes_out(archived: Path) -> None:
    records, _ = held(archived)
    statements = polars.read_parquet(archived / "statements", hive_partitioning=True)
    articles = polars.scan_parquet(archived / "articles", hive_partitioning=True).collect()
    assert len(articles) == len(records) == 50
    assert set(articles["language"]) == {"fr", "en"}
    assert len(statements) == sum(len(record.statements) for record in records)
    joined = statements.join(articles, left_on=["shard", "article"], right_on=["shard", "id"])
    assert len(joined) == len(statements)


def stored(store: Store) -> Any:
    """What a store holds, without the time at which it was written."""
    refusals = store.connection.execute("SELECT id, reason, message, origin FROM refusal ORDER BY id").fetchall()
    return list(store.records()), refusals


def test_a_store_holds_the_same_by_way_of_an_archive(tmp_path: Path, archived: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a.jsonl.gz", "b.jsonl")]
    with Store(tmp_path / "one.db", create=True) as one, Store(tmp_path / "two.db", create=True) as two:
        collect(open_inputs(paths, RULES.reading), one, Desk(RULES.reading))
        progress = take(taken(str(archived)), two)
        assert stored(one) == stored(two)
        assert (progress.new, progress.refused) == (50, 1)
        assert two.verify().problems == ()
        assert take(taken(str(archived)), two).unchanged == 50


def test_the_second_of_two_articles_with_one_id_gets_the_suffix_that_reading_gives_it(tmp_path: Path) -> None:
    paths = [written(tmp_path / "a.jsonl", range(4)), written(tmp_path / "b.jsonl", range(2, 6))]
    for path in paths:
        done(path, tmp_path / "out")
    records, _ = held(tmp_path / "out")
    assert [record.article.id for record in records] == [one.id for one in open_inputs(paths, RULES.reading)]


def reprinted(folder: Path) -> list[str]:
    """The examples in one newspaper, and two days later, a little edited, in another."""
    texts = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "examples").glob("*.txt"))]
    for name, day, opening in (("a", 1, ""), ("b", 3, "Our own headline\n\n")):
        rows = [
            {"id": f"{name}{n}", "text": opening + text, "published": f"2024-05-0{day}", "outlet": name}
            for n, text in enumerate(texts)
        ]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return [str(folder / "a.jsonl"), str(folder / "b.jsonl")]


def test_copies_and_persons_over_an_archive_are_those_over_its_inputs(tmp_path: Path) -> None:
    made = reprinted(tmp_path)
    with Store(tmp_path / "one.db", create=True) as one, Store(tmp_path / "two.db", create=True) as two:
        collect(open_inputs(made, RULES.reading), one, Desk(RULES.reading))
        for path in made:
            done(path, tmp_path / "out")
        take(taken(str(tmp_path / "out")), two)
        assert one.link_copies() == two.link_copies()
        assert one.join_persons() == two.join_persons()
        for table in ("copy", "article_copy", "person", "person_name"):
            query = f"SELECT * FROM {table} ORDER BY 1, 2"
            assert one.connection.execute(query).fetchall() == two.connection.execute(query).fetchall() != []


def test_the_command_line_goes_the_whole_way(tmp_path: Path) -> None:
    written(tmp_path / "in/a.jsonl", range(20))
    (tmp_path / "in/b.jsonl").write_bytes(b"{}\n")

    def onrecord(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "onrecord", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=tmp_path)

    told = onrecord("archive", "in", "--out", "out", "--reader", "rules", "--plan", "--format", "json")
    estimate = json.loads(told.stdout)
    assert (estimate["shards"], estimate["articles"], told.returncode) == (2, 20, 0)
    assert not (tmp_path / "out").exists()
    ran = onrecord("archive", "in", "--out", "out", "--reader", "rules")
    assert ran.returncode == 1, ran.stderr
    assert "20 articles" in ran.stdout
    assert "1 refused (1 malformed)" in ran.stdout
    other = onrecord("archive", "in", "--out", "out", "--reader", "rules", "--min-confidence", "0.9")
    assert (other.returncode, "counted twice" in other.stderr) == (2, True)
    collected = onrecord("collect", "out", "--into", "news.db")
    assert "20 new, 1 refused (1 malformed)" in collected.stdout
    records, _ = parted(list(taken(str(tmp_path / "out"))))
    with Store(tmp_path / "news.db") as store:
        assert {r.article.id: msgspec.json.encode(r) for r in store.records()} == {
            r.article.id: msgspec.json.encode(r) for r in records
        }
