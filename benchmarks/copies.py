"""How well copies are found: python benchmarks/copies.py

Takes the annotated articles of lab/corpora/own for one week's news and plants reprints of half of them in other
outlets: word for word, under another headline and with a line of their own, shortened, with other quotation marks, with
words changed inside the statements, and single quotations taken over into another article. What is planted is known, so
that links can be counted as right, wrong and missed.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from onrecord.store import Store
from onrecord.store.copies import link
from onrecord.types import Article, MadeBy, Record, Span, Speaker, Statement, Unknown, digest, quoted, statement_id

OWN = Path(__file__).resolve().parents[1] / "lab" / "corpora" / "own"
MADE_BY = MadeBy(onrecord="0", reader="annotators", pack="none", weights=None, settings="none")
OUTLETS = ("Le Courrier", "La Gazette", "The Ledger", "Morning Post", "Le Matin", "Ouest-Info")
# Light editing: what a desk changes in a sentence that is not its own
EDITS = (
    (" très ", " "), (" bien ", " "), (" déjà ", " "), (" aussi ", " également "), (" mais ", " toutefois "),
    (" très ", " fort "), (" pas ", " point "), (" avant ", " d'ici "), (" very ", " "), (" also ", " too "),
    (" but ", " yet "), (" would ", " will "), (" just ", " "), (" about ", " around "), (" people ", " persons "),
)  # fmt: skip


class Told(msgspec.Struct, frozen=True):
    """A statement of an annotated article: its spans by role, whose it is, and where it comes from."""

    origin: tuple[str, int]  # document and number: two statements of one origin are copies
    spans: tuple[tuple[int, int], ...]
    cue: tuple[tuple[int, int], ...]
    speaker: str | None
    person: bool
    direct: bool


class Piece(msgspec.Struct, frozen=True):
    """A text with its statements."""

    text: str
    language: str
    statements: tuple[Told, ...]


def annotated() -> dict[str, Piece]:
    """The project's own articles, by id."""
    found = {}
    for language in ("fr", "en"):
        for line in (OWN / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            told = tuple(
                Told(
                    (document["doc"], n),
                    tuple(map(tuple, s["content"])),
                    tuple(map(tuple, s["cue"])),
                    *_speaker(document, s),
                    document["text"][s["content"][0][0]] in '«"“',
                )
                for n, s in enumerate(document["statements"])
            )
            found[document["doc"]] = Piece(document["text"], language, told)
    return found


def _speaker(document: dict[str, Any], statement: dict[str, Any]) -> tuple[str | None, bool]:
    entity = document["entities"].get(statement["speaker"]) or {}
    return entity.get("name"), entity.get("type") == "person"


# --- what a desk does to a text that it takes over -------------------------------------------------------------------


def replaced(piece: Piece, start: int, end: int, new: str) -> Piece:
    """The piece with other words in one place; spans move along, and those that end inside it go."""
    shift = len(new) - (end - start)

    def moved(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...] | None:
        found = []
        for a, b in spans:
            if b <= start:
                found.append((a, b))
            elif a >= end:
                found.append((a + shift, b + shift))
            elif a <= start and end <= b:
                found.append((a, b + shift))
            else:
                return None
        return tuple(found)

    statements = []
    for told in piece.statements:
        spans, cue = moved(told.spans), moved(told.cue)
        if spans is not None and cue is not None and all(a < b for a, b in spans):
            statements.append(msgspec.structs.replace(told, spans=spans, cue=cue))
    return Piece(piece.text[:start] + new + piece.text[end:], piece.language, tuple(statements))


def whole(piece: Piece, order: random.Random) -> Piece:
    """Word for word."""
    return piece


def headed(piece: Piece, order: random.Random) -> Piece:
    """Under another headline and with a line of one's own."""
    line = "L'essentiel de la journée\n\nAvec agences.\n\n" if piece.language == "fr" else "In brief\n\nFrom wires.\n\n"
    return replaced(piece, 0, 0, line)


def shortened(piece: Piece, order: random.Random) -> Piece:
    """The first half of the paragraphs."""
    paragraphs = piece.text.split("\n\n")
    end = len("\n\n".join(paragraphs[: max(2, len(paragraphs) // 2)]))
    return replaced(piece, end, len(piece.text), "")


def marked(piece: Piece, order: random.Random) -> Piece:
    """With other marks and apostrophes."""
    table = str.maketrans({"«": "“", "»": "”", "’": "'", "“": '"', "”": '"', "\xa0": " "})
    return Piece(piece.text.translate(table), piece.language, piece.statements)


def edited(piece: Piece, order: random.Random) -> Piece:
    """With words changed, in the statements as well."""
    for old, new in order.sample(EDITS, len(EDITS)):
        at = piece.text.find(old)
        if at >= 0:
            piece = replaced(piece, at, at + len(old), new)
    return headed(piece, order)


WAYS: dict[str, Callable[[Piece, random.Random], Piece]] = {
    "whole": whole, "headed": headed, "shortened": shortened, "marked": marked, "edited": edited,
}  # fmt: skip


def taken_over(piece: Piece, from_: Piece, order: random.Random) -> Piece | None:
    """A piece with one long quotation of another at its end; None where that has none."""
    long = [
        told
        for told in from_.statements
        if told.direct and told.speaker and len(told.spans) == 1
        and len(from_.text[slice(*told.spans[0])].split()) >= 10
    ]  # fmt: skip
    if not long or piece.language != from_.language:
        return None
    told = order.choice(long)
    words = from_.text[slice(*told.spans[0])]
    start = len(piece.text) + 2
    cue = "a dit" if piece.language == "fr" else "said"
    text = f"{piece.text}\n\n{words}, {cue} {told.speaker}.\n"
    at = start + len(words) + 2
    added = msgspec.structs.replace(told, spans=((start, start + len(words)),), cue=((at, at + len(cue)),))
    return Piece(text, piece.language, (*piece.statements, added))


# --- counting ---------------------------------------------------------------------------------------------------------


def record_of(id: str, piece: Piece, outlet: str, published: str) -> tuple[Record, dict[str, tuple[str, int]]]:
    """A record of a piece, and the origin of each of its statements by id."""
    sha256 = digest(piece.text)
    article = Article(
        id=id, text=piece.text, language=piece.language, sha256=sha256, outlet=outlet, published=published
    )
    statements, origins = [], {}
    for told in piece.statements:
        kind = "person" if told.person else "unnamed"
        speaker = Speaker(name=told.speaker, type=kind) if told.speaker else Unknown("not_stated")  # type: ignore[arg-type]
        one = Statement(
            id="", content=tuple(Span(*s) for s in told.spans), cue=tuple(Span(*s) for s in told.cue), source=(),
            speaker=speaker, type="direct" if told.direct else "indirect", kind="speech", act="assert", negated=False,
            parent=None, addressee=(), occasion=(), when=(), confidence=1.0, reasons=(),
        )  # fmt: skip
        own = statement_id(sha256, one)
        if own not in origins:
            statements.append(msgspec.structs.replace(one, id=own))
            origins[own] = told.origin
    record = Record(article=article, statements=tuple(statements), speakers=quoted(statements), made_by=MADE_BY)
    return record, origins


def planted(order: random.Random) -> list[tuple[Record, dict[str, tuple[str, int]]]]:
    """A week of articles, with reprints among them."""
    pieces = annotated()
    names = sorted(pieces)
    made = []
    for number, name in enumerate(names):
        hour = order.randrange(24)
        made.append(record_of(name, pieces[name], "Agence", f"2026-11-{10 + number % 4:02}T{hour:02}:00:00Z"))
    for name in order.sample(names, len(names) // 2):
        for way in order.sample(sorted(WAYS), 2):
            piece = WAYS[way](pieces[name], order)
            day = 14 + order.randrange(2)
            made.append(record_of(f"{name}/{way}", piece, order.choice(OUTLETS), f"2026-11-{day}"))
    for name in order.sample(names, len(names) // 4):
        other = order.choice(names)
        quoting = taken_over(pieces[name], pieces[other], order) if other != name else None
        if quoting is not None:
            made.append(record_of(f"{name}/quoting", quoting, order.choice(OUTLETS), "2026-11-16"))
    return made


def measure(made: Sequence[tuple[Record, dict[str, tuple[str, int]]]], *, show: int = 0) -> tuple[float, float]:
    """Precision and recall over statements that another article carried first."""
    origins = {(record.article.id, id): origin for record, found in made for id, origin in found.items()}
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "copies.db", create=True) as store:
        store.write([record for record, _ in made])
        began = time.monotonic()
        linked = link(store.connection)
        seconds = time.monotonic() - began
        rows = store.connection.execute(
            "SELECT article, statement, original_article, original_statement FROM copy_list"
        ).fetchall()
    right = {(a, s) for a, s, b, t in rows if origins[a, s] == origins[b, t]}
    wrong = [(a, s, b, t) for a, s, b, t in rows if origins[a, s] != origins[b, t]]
    seen: set[tuple[str, int]] = set()
    wanted = set()
    for record, found in sorted(made, key=lambda one: (one[0].article.published or "", one[0].article.sha256)):
        for id, origin in found.items():
            if origin in seen:
                wanted.add((record.article.id, id))
        seen |= set(found.values())
    missed = wanted - right
    texts = {record.article.id: record for record, _ in made}
    for a, s, b, t in wrong[:show]:
        print(f"wrong: {a} {_words(texts[a], s)!r} = {b} {_words(texts[b], t)!r}")
    for a, s in sorted(missed)[:show]:
        print(f"missed: {a} {_words(texts[a], s)!r}")
    print(
        f"{len(made)} articles, {len(origins)} statements; {len(wanted)} copies planted, {linked.statements} found"
        f" ({linked.changed} with other words), {len(wrong)} wrong, {len(missed)} missed; {seconds:.1f} s"
    )
    return len(right) / max(1, len(rows)), len(wanted & right) / max(1, len(wanted))


def _words(record: Record, id: str) -> str:
    (one,) = (s for s in record.statements if s.id == id)
    return " … ".join(record.article.text[span.start : span.end] for span in one.content)[:90]


def main() -> None:
    """Prints precision and recall."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N that are wrong and N that are missed")
    options = parser.parse_args()
    precision, recall = measure(planted(random.Random(options.seed)), show=options.show)
    print(f"precision {precision:.3f}, recall {recall:.3f}")


if __name__ == "__main__":
    main()
