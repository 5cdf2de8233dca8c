"""Forms of a record: nothing lost, nothing that acts, the article's own words."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import FormatError
from onrecord.export import csvform, gold, html, jsonform
from onrecord.export.harmless import harmless
from onrecord.export.terminal import explain, nested, render
from onrecord.types import Article, MadeBy, Reason, Record, Span, Speaker, Statement, Unknown, digest

TEXT = "« Le pont rouvrira », a dit Paul Roy à Nice lundi. Il craint que l'hiver soit « rude »."
ROOT = Path(__file__).parent.parent


def at(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def statement(id: str, content: Span, **more: object) -> Statement:
    fields: dict[str, object] = {
        "cue": (), "source": (), "speaker": Unknown("not_stated"), "type": "direct", "kind": "speech", "act": "assert",
        "negated": False, "parent": None, "addressee": (), "occasion": (), "when": (), "confidence": 0.8, "reasons": (),
    }  # fmt: skip
    return Statement(id=id, content=(content,), **(fields | more))  # type: ignore[arg-type]


def record_of(text: str, statements: tuple[Statement, ...], **more: str) -> Record:
    article = Article(id=more.pop("id", "a"), text=text, language="fr", sha256=digest(text), **more)
    made_by = MadeBy(onrecord="0", reader="rules", pack="fr@0", weights=None, settings="0")
    speakers = tuple({s.speaker for s in statements if isinstance(s.speaker, Speaker)})
    return Record(article=article, statements=statements, speakers=speakers, made_by=made_by)


ROY = Speaker("Paul Roy", "person", named_at=at("Paul Roy"), mentions=(at("Paul Roy"),))
RECORD = record_of(
    TEXT,
    (
        statement(
            "s1", at("« Le pont rouvrira »"), cue=(at("a dit"),), source=(at("Paul Roy"),), speaker=ROY,
            occasion=(at("à Nice"),), when=(at("lundi"),), reasons=(Reason("cue", "dit", at("dit")),),
        ),
        statement("s2", at("que l'hiver soit « rude »"), kind="attitude", type="mixed", speaker=ROY),
        statement("s3", at("« rude »"), parent="s2", speaker=Unknown("ambiguous", ("Paul Roy", "Nice"))),
    ),
)  # fmt: skip


def test_json_gives_the_same_record_back_and_holds_to_its_schema() -> None:
    line = jsonform.encode(RECORD)
    assert jsonform.decode(line) == RECORD
    form = json.loads(line)
    jsonschema.validate(form, jsonform.schema())
    assert form["statements"][0]["text"]["content"] == "« Le pont rouvrira »"
    assert form["schema_version"] == 1


def test_the_published_schema_is_the_one_of_the_code() -> None:
    published = json.loads((ROOT / "docs" / "schema" / "record-1.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(jsonform.schema())), (
        "renew it: .venv/bin/onrecord schema > docs/schema/record-1.schema.json"
    )


@pytest.mark.parametrize("text", ["", "{", "[]", '{"article": 1}', "null"])
def test_what_is_not_a_record_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="onrecord schema"):
        jsonform.decode(text)


def test_csv_has_its_header_and_one_row_a_statement() -> None:
    rows = list(csv.DictReader(io.StringIO(csvform.table([RECORD]))))
    assert tuple(rows[0]) == csvform.HEADER
    assert [(r["speaker"], r["content"], r["unknown"]) for r in rows] == [
        ("Paul Roy", "« Le pont rouvrira »", ""),
        ("Paul Roy", "que l'hiver soit « rude »", ""),
        ("", "« rude »", "ambiguous"),
    ]
    assert TEXT[int(rows[0]["start"]) : int(rows[0]["end"])] == "« Le pont rouvrira »"


@pytest.mark.parametrize("words", ["=1+1", "+1", "@SUM(A1)", "-1+2", "\tx"])
def test_a_spreadsheet_runs_no_cell_of_ours(words: str) -> None:
    found = record_of(words, (statement("s", Span(0, len(words))),), id=words)
    (row,) = csv.DictReader(io.StringIO(csvform.table([found])))
    assert row["content"].startswith("'") and row["article"].startswith("'")


def test_the_gold_form_leaves_attitudes_out_and_parents_with_them() -> None:
    speech = gold.document(RECORD)
    assert [s["content"] for s in speech["statements"]] == [[[0, 20]], [[78, 86]]]
    assert speech["statements"][1]["parent"] is None
    everything = gold.document(RECORD, attitudes=True)
    assert [s["parent"] for s in everything["statements"]] == [None, None, 1]
    assert [s["speaker"] for s in everything["statements"]] == ["Paul Roy", "Paul Roy", None]
    assert json.loads(gold.refused("x")) == {"doc": "x", "statements": []}


HOSTILE = "<script>alert(1)</script> « \x1b[31m\u202e\" onmouseover='x' » & </mark>\x00 http://x.example"


def test_a_page_is_whole_and_lets_nothing_act() -> None:
    found = record_of(
        HOSTILE, (statement("s", Span(3, 40)),), title=HOSTILE, outlet=HOSTILE, url="javascript:x", id=HOSTILE
    )
    page = html.page([found])
    assert "<script" not in page and "\x1b" not in page and "\u202e" not in page
    assert not re.search(r"<[^>]*\son\w+=", page)
    assert not re.search(r"(?:src|href)=[\"'](?!#)", page)
    assert "default-src 'none'" in page


@given(st.text(min_size=1, max_size=80), st.lists(st.tuples(st.integers(0, 79), st.integers(1, 40)), max_size=5))
def test_a_page_holds_the_text_of_the_article_whatever_is_marked(text: str, marks: list[tuple[int, int]]) -> None:
    spans = [Span(a, min(a + n, len(text))) for a, n in marks if a < len(text)]
    found = record_of(text, tuple(statement(f"s{n}", span) for n, span in enumerate(spans)))
    body = re.search(r"<article>(.*)</article>", html.page([found]), re.DOTALL)
    assert body is not None
    plain = unescape(re.sub(r"<[^>]*>", "", body.group(1)))
    expected = "".join(line for line in text.split("\n") if line.strip())
    assert plain == harmless(expected)


def test_the_terminal_form_tells_quotation_from_paraphrase_without_colour() -> None:
    shown = render(RECORD, width=80)
    assert "\x1b" not in shown
    assert "┃ « Le pont rouvrira »" in shown
    assert "┇ que l'hiver soit « rude »" in shown
    assert "Paul Roy · says" in shown
    assert "one of several: Paul Roy, Nice" in shown
    assert all(len(line) <= 80 for line in shown.split("\n"))
    assert "\x1b[" in render(RECORD, color=True)


def test_control_characters_of_an_article_reach_no_terminal() -> None:
    found = record_of(HOSTILE, (statement("s", Span(0, len(HOSTILE))),), title=HOSTILE)
    for shown in (render(found), explain(found)):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", shown)


def test_what_is_nested_follows_what_it_is_nested_in() -> None:
    assert [(s.id, depth) for s, depth in nested(RECORD.statements)] == [("s1", 0), ("s2", 0), ("s3", 1)]


def test_explain_gives_each_reason_under_its_paragraph() -> None:
    shown = explain(RECORD)
    assert "because cue: dit" in shown
    assert "source: Paul Roy" in shown
