"""Forms of a record: nothing lost, nothing that acts, the article's own words."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import get_args

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import FormatError
from onrecord.export import csvform, gold, html, jsonform
from onrecord.export.harmless import harmless
from onrecord.export.terminal import explain, legend, render
from onrecord.export.wording import act_of, nested, paragraph_of
from onrecord.types import Act, Article, MadeBy, Reason, Record, Span, Speaker, Statement, Unknown, digest

TEXT = "« Le pont rouvrira », a dit Paul Roy à Nice lundi. Il craint que l'hiver soit « rude »."


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


HOSTILE = "<script>alert(1)</script> « \x1b[31m\u202e\" onmouseover='x' » & </mark></style> \x00 http://x.example"
VOID = {"meta", "br"}


class Elements(HTMLParser):
    """What a browser makes of a page: its elements with their attributes, and those that are closed out of turn."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.astray: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.astray.append(tag)


def hostile_page() -> str:
    """A page of two articles that hold markup and control characters wherever an article can."""
    shrewd = Speaker(HOSTILE, "person", office=Span(0, 20), mentions=(Span(0, 9), Span(3, 60)))
    said = statement(
        HOSTILE, Span(3, 40), cue=(Span(0, 30),), source=(Span(10, 50),), occasion=(Span(5, 9),), speaker=shrewd,
        reasons=(Reason(HOSTILE, HOSTILE),),
    )  # fmt: skip
    more = {"title": HOSTILE, "outlet": HOSTILE, "author": HOSTILE, "published": HOSTILE, "url": "javascript:x"}
    found = record_of(HOSTILE, (said,), id=HOSTILE, **more)
    return html.page([found, record_of("x\ny", ())])


def test_nothing_in_an_article_acts_on_a_page() -> None:
    page = hostile_page()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)
    elements = Elements(page)
    assert {"script", "img", "iframe", "link", "object", "form"} & {tag for tag, _ in elements.found} == set()
    names = {name for _, attributes in elements.found for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "srcset", "action")]


def test_a_page_is_well_formed_and_loads_nothing() -> None:
    page = hostile_page()
    elements = Elements(page)
    assert elements.astray == [] and elements.open == []
    links = [attributes["href"] or "" for tag, attributes in elements.found if tag == "a"]
    ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {link for link in links if link[:1] != "#" or link[1:] not in ids} == set()
    policy = next(a["content"] for _, a in elements.found if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None and policy.startswith("default-src 'none'")
    assert not re.search(r"url\(|@import", page)


@given(st.text(min_size=1, max_size=80), st.lists(st.tuples(st.integers(0, 79), st.integers(1, 40)), max_size=5))
def test_a_page_holds_the_text_of_the_article_whatever_is_marked(text: str, marks: list[tuple[int, int]]) -> None:
    spans = [Span(a, min(a + n, len(text))) for a, n in marks if a < len(text)]
    found = record_of(text, tuple(statement(f"s{n}", span) for n, span in enumerate(spans)))
    page = html.page([found])
    body = re.search(r"<article[^>]*>(.*)</article>", page, re.DOTALL)
    assert body is not None
    plain = unescape(re.sub(r"<[^>]*>", "", body.group(1))).replace("\n", "")
    assert plain == harmless("".join(line for line in re.split("[\r\n]", text) if line.strip()))
    assert Elements(page).astray == []


def test_nested_and_overlapping_statements_are_all_reached_from_the_text() -> None:
    text = "Un titre\n\nabcdefghij klmnop"
    spans = [Span(10, 20), Span(12, 16), Span(14, 27), Span(14, 16)]
    page = html.page([record_of(text, tuple(statement(f"s{n}", span) for n, span in enumerate(spans)))])
    assert [page.count(f'id="a0-s{n}"') for n in range(4)] == [1, 1, 1, 1]
    assert "<h1>Un titre</h1>" in page


def test_a_page_says_what_is_doubtful_and_what_made_it() -> None:
    page = html.page([record_of(TEXT, (statement("s", at("« rude »"), confidence=0.31),))])
    assert "· ? 31%" in page and "(speaker not stated)" in page
    assert "onrecord 0, reader rules, pack fr@0" in page


def test_the_terminal_form_tells_quotation_from_paraphrase_without_colour() -> None:
    shown = render(RECORD, width=80)
    assert "\x1b" not in shown
    assert "┃ « Le pont rouvrira »" in shown
    assert "┇ que l'hiver soit « rude »" in shown
    assert "Paul Roy · says" in shown
    assert "Paul Roy · thinks or wants" in shown
    assert "(one of several: Paul Roy, Nice)" in shown
    assert all(len(line) <= 80 for line in shown.split("\n"))
    assert all(bar in legend() for bar in "┃┇┊↳¶%?") and "\x1b" not in legend()


def test_colour_changes_no_letter_of_the_terminal_form() -> None:
    for form in (render, explain):
        colored = form(RECORD, width=50, color=True)
        assert "\x1b[" in colored
        assert re.sub(r"\x1b\[[\d;]*m", "", colored) == form(RECORD, width=50)


def test_what_is_doubtful_is_marked_and_an_office_said_once() -> None:
    minister = Speaker("Ana Roy", "person", office=Span(0, 8), mentions=())
    said = [
        statement("s1", Span(9, 13), speaker=minister, confidence=0.49),
        statement("s2", Span(14, 18), speaker=minister),
    ]
    shown = render(record_of("ministre ABCD EFGH", tuple(said)))
    assert "¶0 ? 49%" in shown and "¶0   80%" in shown
    assert shown.count("    ministre\n") == 1


def test_a_line_breaks_neither_inside_a_french_mark_nor_at_a_hyphen() -> None:
    words = "« Nous irons peut-être à la mer demain matin avec eux », dit Zoé : oui !"
    for width in range(40, 90):
        shown = render(record_of(words, (statement("s", Span(0, len(words))),)), width=width)
        lines = [line.strip("┃ ") for line in shown.split("\n") if "┃" in line]
        assert " ".join(lines) == words
        assert not [line for line in lines if line[-1] in "«-" or line[0] in "»:!"]


@given(st.text(min_size=1, max_size=120), st.integers(1, 119), st.integers(10, 200))
def test_the_terminal_form_takes_any_text_and_width(text: str, cut: int, width: int) -> None:
    span = Span(0, min(cut, len(text)))
    found = record_of(text, (statement("s", span, speaker=Unknown("ambiguous", (text, text))),), title=text)
    for shown in (render(found, width=width), explain(found, width=width)):
        assert shown.endswith("\n")
        assert harmless(shown) == shown


def test_paragraphs_are_counted_from_the_title() -> None:
    article = record_of("\n Titre\n\nUn\nDeux", ()).article
    assert [paragraph_of(article, Span(n, n + 1)) for n in (0, 2, 9, 12)] == [0, 0, 1, 2]


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


def test_every_act_is_a_word_of_english_negated_or_not() -> None:
    acts = [(act_of(statement("s", Span(0, 1), act=a, negated=n))) for a in get_args(Act) for n in (False, True)]
    assert " ".join(acts[::2]) == (
        "says denies confirms announces promises warns demands proposes asks accuses praises declines"
    )
    assert acts[3] == "does not deny" and acts[1] == "does not say"
    assert act_of(statement("s", Span(0, 1), kind="attitude", negated=True)) == "does not think or want"
