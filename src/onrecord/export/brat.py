"""brat standoff (https://brat.nlplab.org/standoff.html): a folder to look at, correct and score in that tool.

One pair of files an article, `NAME.txt` with the text as it stands and `NAME.ann`, and `annotation.conf`; beside them
`NAME.json` with what is known of the article. A content over several lines or interrupted is one annotation with
several spans. Contents carry the attributes act, type, kind and negated, and a note with the speaker; cue, source and
the rest are tied to their content. Read back, a record has all of that, but not its reasons, mentions, offices, nor
what made it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec

from ..errors import FormatError
from ..types import (
    ROLES,
    Act,
    Article,
    Kind,
    MadeBy,
    Record,
    Span,
    Speaker,
    SpeakerType,
    Statement,
    StatementType,
    Unknown,
    digest,
    quoted,
    statement_id,
)  # fmt: skip

NAMES: dict[str, str] = {role: role.capitalize() for role in ROLES}
PLAIN = re.compile(r"[^\w.-]+")
MOST_NAME_CHARS = 80
LINES = re.compile(r"[^\n\r]+")
MADE_BY = MadeBy(onrecord="brat", reader="brat", pack="none", weights=None, settings="none")
TEXT_BOUND = re.compile(r"(?P<id>T\d+)\t(?P<type>\w+) (?P<spans>\d+ \d+(?:;\d+ \d+)*)\t")
RELATION = re.compile(r"R\d+\t(?P<role>\w+) Arg1:(?P<content>T\d+) Arg2:(?P<other>T\d+)")
ATTRIBUTE = re.compile(r"A\d+\t(?P<name>\w+) (?P<of>T\d+)(?: (?P<value>\w+))?")
NOTE = re.compile(r"#\d+\tAnnotatorNotes (?P<of>T\d+)\t(?P<note>.*)")


def write(records: Iterable[Record], folder: Path) -> int:
    """Writes the files of all records into a folder, which is made; how many records."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "annotation.conf").write_text(configuration(), encoding="utf-8")
    taken: set[str] = set()
    for record in records:
        name = _name(record.article.id, taken)
        # The text as it stands: offsets are those of its characters, line ends too
        (folder / f"{name}.txt").write_text(record.article.text, encoding="utf-8", newline="")
        lines = "".join(line + "\n" for line in lines_of(record))
        (folder / f"{name}.ann").write_text(lines, encoding="utf-8", newline="\n")
        article = {name: v for name, v in msgspec.to_builtins(record.article).items() if name != "text"}
        (folder / f"{name}.json").write_text(json.dumps(article, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(taken)


def _name(id: str, taken: set[str]) -> str:
    plain = PLAIN.sub("-", id).strip("-.")[-MOST_NAME_CHARS:] or "article"
    name, number = plain, 1
    while name.lower() in taken:  # some file systems take "A" and "a" for one
        number += 1
        name = f"{plain}-{number}"
    taken.add(name.lower())
    return name


def configuration() -> str:
    """annotation.conf for what is written here."""
    entities = "\n".join(NAMES.values())
    relations = "\n".join(f"{NAMES[role]}Of\tArg1:Content, Arg2:{NAMES[role]}" for role in ROLES[1:])
    attributes = "\n".join(
        f"{name}\tArg:Content, Value:{'|'.join(get_args(words))}"
        for name, words in (("Act", Act), ("Type", StatementType), ("Kind", Kind))
    )
    relations += "\nNestedIn\tArg1:Content, Arg2:Content\n<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>"
    return (
        f"[entities]\n{entities}\n\n[relations]\n{relations}\n"
        f"\n[events]\n\n[attributes]\n{attributes}\nNegated\tArg:Content\n"
    )


def lines_of(record: Record) -> Iterator[str]:
    """The lines of an .ann file."""
    text, count = record.article.text, {"T": 0, "R": 0, "A": 0, "#": 0}

    def number(sort: str) -> str:
        count[sort] += 1
        return f"{sort}{count[sort]}"

    content_of: dict[str, str] = {}
    for statement in record.statements:
        content_of[statement.id] = content = number("T")
        yield _bound(content, "content", statement.content, text)
        for name, value in (("Act", statement.act), ("Type", statement.type), ("Kind", statement.kind)):
            yield f"{number('A')}\t{name} {content} {value}"
        if statement.negated:
            yield f"{number('A')}\tNegated {content}"
        yield f"{number('#')}\tAnnotatorNotes {content}\t{json.dumps(_note(statement), ensure_ascii=False)}"
        for role in ROLES[1:]:
            if spans := getattr(statement, role):
                other = number("T")
                yield _bound(other, role, spans, text)
                yield f"{number('R')}\t{NAMES[role]}Of Arg1:{content} Arg2:{other}"
    for statement in record.statements:
        if statement.parent is not None:
            yield f"{number('R')}\tNestedIn Arg1:{content_of[statement.id]} Arg2:{content_of[statement.parent]}"


def _bound(id: str, role: str, spans: Iterable[Span], text: str) -> str:
    """A text-bound annotation; brat wants no line end inside a span, so a span over lines becomes several."""
    pieces = [
        (span.start + line.start(), span.start + line.end())
        for span in spans
        for line in LINES.finditer(text[span.start : span.end])
    ]
    places = ";".join(f"{start} {end}" for start, end in pieces)
    return f"{id}\t{NAMES[role]} {places}\t{' '.join(text[start:end] for start, end in pieces)}"


def _note(statement: Statement) -> dict[str, Any]:
    speaker = statement.speaker
    if isinstance(speaker, Unknown):
        told: dict[str, Any] = {"unknown": speaker.reason, "candidates": list(speaker.candidates)}
    else:
        told = {"speaker": speaker.name, "type": speaker.type, "gender": speaker.gender}
    return {name: value for name, value in told.items() if value} | {"confidence": statement.confidence}


# --- and back ---------------------------------------------------------------------------------------------------------


def read(folder: Path) -> Iterator[Record | FormatError]:
    """The records of a folder, in order of their names; an error for each pair of files that is none."""
    for path in sorted(folder.glob("*.ann")):
        try:
            yield _record(path)
        except (OSError, ValueError, KeyError, msgspec.ValidationError) as error:
            yield FormatError(f"no annotation of brat ({error})", which=path, remedy="see docs/formats.md")
        except FormatError as error:
            yield error


def _record(path: Path) -> Record:
    with path.with_suffix(".txt").open(encoding="utf-8", newline="") as stream:
        text = stream.read()
    about = path.with_suffix(".json")
    told: dict[str, Any] = json.loads(about.read_text(encoding="utf-8")) if about.exists() else {}
    told = {"id": path.stem, "language": "fr"} | told | {"text": text, "sha256": digest(text)}
    article = msgspec.convert(told, Article)
    statements = _statements(path.read_text(encoding="utf-8").splitlines(), article)
    return Record(article=article, statements=statements, speakers=quoted(statements), made_by=MADE_BY)


def _statements(lines: Iterable[str], article: Article) -> tuple[Statement, ...]:
    bounds: dict[str, tuple[str, tuple[Span, ...]]] = {}
    told: dict[str, dict[str, Any]] = {}
    nested: dict[str, str] = {}
    for line in lines:
        if match := TEXT_BOUND.match(line):
            pairs = [tuple(map(int, pair.split())) for pair in match["spans"].split(";")]
            bounds[match["id"]] = match["type"], tuple(Span(start, end) for start, end in pairs)
        elif match := RELATION.match(line):
            if match["role"] == "NestedIn":
                nested[match["content"]] = match["other"]
            else:
                told.setdefault(match["content"], {})[match["role"].removesuffix("Of").lower()] = match["other"]
        elif match := ATTRIBUTE.match(line):
            told.setdefault(match["of"], {})[match["name"]] = match["value"] or True
        elif match := NOTE.match(line):
            told.setdefault(match["of"], {})["note"] = json.loads(match["note"])
    return _put_together(article, bounds, told, nested)


def _put_together(
    article: Article, bounds: dict[str, tuple[str, tuple[Span, ...]]], told: dict[str, dict[str, Any]],
    nested: dict[str, str],
) -> tuple[Statement, ...]:  # fmt: skip
    made: dict[str, Statement] = {}
    seen: dict[str, int] = {}
    for id, (kind, spans) in bounds.items():
        if kind != NAMES["content"]:
            continue
        facts = told.get(id, {})
        roles: dict[str, Any] = {role: bounds[facts[role]][1] if role in facts else () for role in ROLES[1:]}
        one = Statement(
            id="", content=spans, **roles, speaker=_speaker(facts.get("note", {})), type=facts.get("Type", "indirect"),
            kind=facts.get("Kind", "speech"), act=facts.get("Act", "assert"), negated=bool(facts.get("Negated")),
            parent=None, confidence=facts.get("note", {}).get("confidence", 1.0), reasons=(),
        )  # fmt: skip
        own = statement_id(article.sha256, one)
        seen[own] = seen.get(own, 0) + 1
        made[id] = msgspec.structs.replace(one, id=own if seen[own] == 1 else f"{own}-{seen[own]}")
    return tuple(
        msgspec.structs.replace(one, parent=made[nested[id]].id) if id in nested else one for id, one in made.items()
    )


def _speaker(note: dict[str, Any]) -> Speaker | Unknown:
    if "speaker" in note:
        kind: SpeakerType = note.get("type", "person")
        return Speaker(name=note["speaker"], type=kind, gender=note.get("gender"))
    return Unknown(note.get("unknown", "not_stated"), tuple(note.get("candidates", ())))
