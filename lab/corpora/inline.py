"""An article with its annotations written into it, which is quicker to write and to check than anchors.

    {s1|La maire de Brimont, Jeanne Morin,} {q1|a annoncé} {w1|mardi} {c1|que « le pont rouvrira »}.

    ---
    @ Jeanne Morin | person | la maire; Mme Morin | office: maire de Brimont | f: La maire
    1 Jeanne Morin | mixed speech announce

A span is `{LABELS|words}`; spans nest. A label is a role (`c` content, `q` cue, `s` source, `to` addressee,
`o` occasion, `w` when) and the number of its statement; `c1,c2` is a span of both. Below the line `---` stand the
speakers, each with type, aliases, the words of its office and of the evidence for its gender (where they first occur),
and the statements: number, speaker (`-` for none), type, kind, act, `neg` where it is negated, `in N` where it is
nested in statement N.
"""

from __future__ import annotations

import re
from typing import Any, get_args

import msgspec

from onrecord.types import Act, Kind, SpeakerType, StatementType

ROLES = {"c": "content", "q": "cue", "s": "source", "to": "addressee", "o": "occasion", "w": "when"}
OPENING = re.compile(r"\{((?:(?:c|q|s|to|o|w)\d+,?)+)\|")
LABEL = re.compile(r"(to|[cqsow])(\d+)")
STATEMENT = re.compile(r"(\d+)\s+(.+?)\s*\|\s*(\w+)\s+(\w+)\s+(\w+)(\s+neg)?(?:\s+in\s+(\d+))?\s*")


class Row(msgspec.Struct, frozen=True):
    """A statement's line below the text, read."""

    number: int
    speaker: str | None
    type: str
    kind: str
    act: str
    negated: bool
    parent: int | None  # number of another


def document(marked: str, doc: str) -> tuple[dict[str, Any], list[str]]:
    """The article in the form of the gold, its statements in the order of their numbers, and what is wrong with it."""
    body, _, below = marked.replace("\r\n", "\n").partition("\n---\n")
    text, spans, problems = _plain(body.strip("\n") + "\n")
    entities: dict[str, Any] = {}
    rows: dict[int, Row] = {}
    for line in filter(None, map(str.strip, below.splitlines())):
        if line.startswith("@"):
            name, entities[name], found = _entity(line[1:].strip(), text)
            problems += found
        elif row := _row(line):
            rows[row.number] = row
        else:
            problems.append(f"neither speaker nor statement: {line!r}")
    order = {number: place for place, number in enumerate(sorted(rows))}
    statements = [_statement(rows[number], spans, order) for number in order]
    for number, statement in zip(order, statements, strict=True):
        problems += [f"statement {number}: {fault}" for fault in _faults(statement, entities)]
        if rows[number].parent not in {None, *order}:
            problems.append(f"statement {number}: nested in {rows[number].parent}, which is not there")
    problems += [f"span {label}{number}: no statement {number} below the line" for label, number in spans]
    return {"doc": doc, "text": text, "entities": entities, "statements": statements}, problems


def _row(line: str) -> Row | None:
    match = STATEMENT.fullmatch(line)
    if match is None:
        return None
    number, speaker, type_, kind, act, negated, parent = match.groups()
    inside = int(parent) if parent else None
    return Row(int(number), None if speaker == "-" else speaker, type_, kind, act, bool(negated), inside)


def _statement(row: Row, spans: dict[tuple[str, int], list[list[int]]], order: dict[int, int]) -> dict[str, Any]:
    """The statement in the form of the gold; its spans are taken out of `spans`."""
    return {
        "id": order[row.number],
        **{role: sorted(spans.pop((label, row.number), [])) for label, role in ROLES.items()},
        "speaker": row.speaker,
        "type": row.type,
        "kind": row.kind,
        "act": row.act,
        "negated": row.negated,
        "parent": None if row.parent is None else order.get(row.parent),
    }


def _plain(marked: str) -> tuple[str, dict[tuple[str, int], list[list[int]]], list[str]]:
    """The text without its marking, and the spans of each label."""
    plain: list[str] = []
    length = at = 0
    open_: list[tuple[str, int]] = []  # labels, start
    spans: dict[tuple[str, int], list[list[int]]] = {}
    problems = []
    while at < len(marked):
        opening = OPENING.match(marked, at)
        if opening:
            open_.append((opening[1], length))
            at = opening.end()
            continue
        character = marked[at]
        at += 1
        if character == "}" and open_:
            labels, start = open_.pop()
            words = "".join(plain)[start:]
            if words.strip() != words or not words:
                problems.append(f"span {labels}: white space at an edge, or nothing in it: {words!r}")
            for role, number in LABEL.findall(labels):
                spans.setdefault((role, int(number)), []).append([start, length])
        elif character in "{}":
            problems.append(f"a brace that opens or closes nothing: {marked[max(0, at - 30) : at + 20]!r}")
        else:
            plain.append(character)
            length += 1
    problems += [f"span {labels} is not closed" for labels, _ in open_]
    return "".join(plain), spans, problems


def _entity(line: str, text: str) -> tuple[str, dict[str, Any], list[str]]:
    name, type_, *rest = (*(part.strip() for part in line.split("|")), "")
    entity: dict[str, Any] = {"type": type_, "aliases": []}
    problems = [] if type_ in get_args(SpeakerType) else [f"type {type_!r}"]
    if name not in text and type_ != "country":
        problems.append("these words are not in the text")
    for part in filter(None, rest):
        field, colon, words = (piece.strip() for piece in part.partition(":"))
        start = text.find(words)
        place = [start, start + len(words)]
        if not colon:
            entity["aliases"] = [alias.strip() for alias in part.split(";") if alias.strip()]
        elif start < 0 or not words:
            problems.append(f"{field}: {words!r} is not in the text")
        elif field == "office":
            entity["office"] = place
        elif field in ("f", "m"):
            entity |= {"gender": field, "evidence": place}
        else:
            problems.append(f"what is {field!r}?")
    problems += [f"alias {alias!r} is not in the text" for alias in entity["aliases"] if alias not in text]
    return name, entity, [f"speaker {name!r}: {problem}" for problem in problems]


def _faults(row: dict[str, Any], entities: dict[str, Any]) -> list[str]:
    faults = [] if row["content"] else ["no content"]
    for field, known in (("type", get_args(StatementType)), ("kind", get_args(Kind)), ("act", get_args(Act))):
        if row[field] not in known:
            faults.append(f"{field} {row[field]!r}: one of {', '.join(known)}")
    if row["speaker"] is not None and row["speaker"] not in entities:
        faults.append(f"speaker {row['speaker']!r} is not among the speakers")
    return faults
