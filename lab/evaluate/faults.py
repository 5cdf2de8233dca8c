"""Where a reader goes wrong, by sort and cause: statements missed, invented, with wrong edges, with a wrong speaker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from onrecord.language.pack import Pack
from onrecord.reading.tokens import Tokens, tokenise

from .count import Compared
from .gold import Found, GoldStatement, Spans
from .packs import forms_under, list_of, matchers
from .words import jaccard, words_under

Sort = Literal["missed", "invented", "edges", "speaker"]
SORTS: tuple[Sort, ...] = ("missed", "invented", "edges", "speaker")
SAME_THING = 0.3  # overlap from which an unmatched pair is one statement with wrong edges, not two faults
CONTEXT_CHARS = 90  # shown on either side


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that went wrong in one document."""

    sort: Sort
    cause: str
    doc: str
    gold: Spans  # content; empty for an invented one
    found: Spans  # content; empty for a missed one
    speakers: tuple[str | None, str | None]  # gold's and the reader's
    confidence: float | None


class Judge(msgspec.Struct, frozen=True):
    """A compared document with what is needed to name causes."""

    compared: Compared
    tokens: Tokens
    pack: Pack

    def cue_class(self, cue: Spans | None) -> str:
        """Which list of the pack holds a cue."""
        if not cue:
            return "no cue"
        name = list_of(self.pack, matchers(self.pack), forms_under(self.tokens, cue))
        return "cue in no list" if name is None else f"cue {name}"


def faults_of(compared: Compared, pack: Pack) -> list[Fault]:
    """Every fault of one document."""
    judge = Judge(compared, tokenise(compared.gold.text, pack), pack)
    near = dict(_near(compared))
    missed = [i for i in sorted(compared.wanted) if i not in compared.found and i not in near]
    spoken_for = {*compared.found.values(), *near.values()}
    invented = [j for j in range(len(compared.predicted)) if j not in spoken_for]
    wrong = [i for i in sorted(compared.wanted) if i in compared.found and not compared.named(i)]
    return [
        *(_fault(compared, "missed", _missed_cause(judge, i), i, None) for i in missed),
        *(_fault(compared, "invented", _invented_cause(judge, j), None, j) for j in invented),
        *(_fault(compared, "edges", _edge_cause(judge, i, j), i, j) for i, j in near.items() if i in compared.wanted),
        *(_fault(compared, "speaker", _speaker_cause(judge, i), i, compared.found[i]) for i in wrong),
    ]


def _near(compared: Compared) -> Iterator[tuple[int, int]]:
    """Unmatched gold with the unmatched prediction that overlaps it most, each once."""
    text = compared.gold.text
    gold = {i: words_under(text, s.content) for i, s in enumerate(compared.gold.statements) if i not in compared.found}
    free = set(range(len(compared.predicted))) - set(compared.found.values())
    guesses = {j: words_under(text, compared.predicted[j].content or ()) for j in free}
    pairs = [(jaccard(a, b), -i, -j) for i, a in gold.items() for j, b in guesses.items()]
    done: set[int] = set()
    for overlap, i, j in sorted(pairs, reverse=True):
        if overlap >= SAME_THING and -i not in done and -j in free:
            done.add(-i)
            free.remove(-j)
            yield -i, -j


def _fault(compared: Compared, sort: Sort, cause: str, i: int | None, j: int | None) -> Fault:
    gold = None if i is None else compared.gold.statements[i]
    found = None if j is None else compared.predicted[j]
    name = found.speaker if found is not None and isinstance(found.speaker, str) else None
    return Fault(
        sort=sort,
        cause=cause,
        doc=compared.gold.doc,
        gold=gold.content if gold else (),
        found=(found.content or ()) if found else (),
        speakers=(gold.speaker if gold else None, name),
        confidence=found.confidence if found else None,
    )


def _missed_cause(judge: Judge, i: int) -> str:
    gold = judge.compared.gold.statements[i]
    nested = ", nested" if gold.parent is not None else ""
    source = "" if gold.source or not gold.cue else ", no source"
    return f"{gold.type}, {judge.cue_class(gold.cue)}{source}{nested}"


def _invented_cause(judge: Judge, j: int) -> str:
    found = judge.compared.predicted[j]
    text = judge.compared.gold.text
    words = words_under(text, found.content or ())
    inside = any(words & words_under(text, s.content) for s in judge.compared.gold.statements)
    return f"{found.type or 'untyped'}, {judge.cue_class(found.cue)}{', on words of another' if inside else ''}"


def _edge_cause(judge: Judge, i: int, j: int) -> str:
    gold, found = judge.compared.gold.statements[i], judge.compared.predicted[j]
    a, b = (sorted(words_under(judge.compared.gold.text, s.content or ())) for s in (gold, found))
    if len(gold.content) != len(found.content or ()):
        return f"{gold.type}, {len(gold.content)} parts instead of {len(found.content or ())}"
    start = "" if a[0] == b[0] else ", starts early" if b[0] < a[0] else ", starts late"
    end = "" if a[-1] == b[-1] else ", ends late" if b[-1] > a[-1] else ", ends early"
    return f"{gold.type}{start}{end}"


def _speaker_cause(judge: Judge, i: int) -> str:
    compared = judge.compared
    gold, found = compared.gold.statements[i], compared.predicted[compared.found[i]]
    if compared.right(i):
        answer = "not by the fullest name"
    elif not isinstance(found.speaker, str):
        answer = "unknown"
    else:
        answer = "left open by gold" if gold.speaker is None else "another"
    return f"{_source_class(judge, gold, found)}, {answer}"


def _source_class(judge: Judge, gold: GoldStatement, found: Found) -> str:
    """What stands where the source is: nothing, a pronoun, a name or a description."""
    forms = forms_under(judge.tokens, gold.source)
    if not forms:
        return "no source" if gold.cue else "floating"
    if all(form in judge.pack.pronouns or form.lstrip("-") in judge.pack.pronouns for form in forms):
        return "pronoun"
    first = gold.source[0]
    covered = judge.tokens.text[first[0] : first[1]]
    named = covered[:1].isupper() and forms[0] not in judge.pack.determiners
    return ("name" if named else "description") + ("" if found.source else ", source not found")


def counts_by_cause(faults: Sequence[Fault]) -> dict[Sort, Counter[str]]:
    """How many faults of each sort have which cause."""
    counts: dict[Sort, Counter[str]] = {sort: Counter() for sort in SORTS}
    for fault in faults:
        counts[fault.sort][fault.cause] += 1
    return counts


def worst(faults: Sequence[Fault], n: int) -> dict[Sort, list[Fault]]:
    """The n worst of each sort: the commonest cause first, within it those the reader was surest of."""
    counts = counts_by_cause(faults)
    return {
        sort: sorted(
            (fault for fault in faults if fault.sort == sort),
            key=lambda fault: (-counts[fault.sort][fault.cause], fault.cause, -(fault.confidence or 0.0)),
        )[:n]
        for sort in SORTS
    }


def with_words(faults: Sequence[Fault], texts: dict[str, str]) -> Iterator[str]:
    """Markdown with the words of articles: for the terminal, never for the repository."""
    for fault in faults:
        text = texts[fault.doc]
        sure = "" if fault.confidence is None else f" · {fault.confidence:.2f}"
        yield f"- **{fault.cause}**{sure} · {fault.doc}:{_offsets(fault.gold or fault.found)}"
        yield f"  - gold: {_shown(text, fault.gold)} — {fault.speakers[0]}"
        yield f"  - found: {_shown(text, fault.found)} — {fault.speakers[1]}"
        yield f"  - in: {_context(text, fault.gold or fault.found)}"


def without_words(faults: Sequence[Fault]) -> Iterator[str]:
    """Markdown with counts, document ids and offsets alone: what may be kept beside results."""
    for sort, counts in counts_by_cause(faults).items():
        yield f"## {sort}: {counts.total()}\n"
        for cause, n in counts.most_common():
            places = [f"{f.doc}:{_offsets(f.gold or f.found)}" for f in faults if (f.sort, f.cause) == (sort, cause)]
            yield f"- {n} × {cause}: {', '.join(places)}"
        yield ""


def _offsets(spans: Spans) -> str:
    return "+".join(f"{start}-{end}" for start, end in spans)


def _shown(text: str, spans: Spans) -> str:
    return " … ".join(" ".join(text[start:end].split()) for start, end in spans) or "–"


def _context(text: str, spans: Spans) -> str:
    start, end = spans[0][0], spans[-1][1]
    around = text[max(0, start - CONTEXT_CHARS) : start] + "⟦" + text[start:end] + "⟧" + text[end : end + CONTEXT_CHARS]
    return " ".join(around.split())
