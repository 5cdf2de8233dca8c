"""From the tagger's labels to drafts that cannot be nonsense: spans on token edges, marks balanced, nothing twice."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

import msgspec

from ..language.pack import Pack
from ..types import ROLES, Act, Draft, Kind, Reason, Role, Span, StatementType
from .marks import Quotation
from .quoted import behind_colon, whole_quotation
from .tokens import Run, Tokens

EDGE_SIGNS = frozenset(",;:.…-–—") | {"..."}  # stay outside a span when they stand at its edge, outside marks
CELL = 512  # characters
CONTENT = 1  # labels count roles from 1; 0 is "no role"


class Labelled(msgspec.Struct, frozen=True):
    """What the tagger says around one anchor."""

    anchor: int  # token
    first: int  # token that the first label belongs to
    labels: Sequence[int]  # one a token from `first` on: 0, or 1 + position in types.ROLES
    kind: Kind
    acts: Mapping[Act, float]  # log chance of each
    negated: bool
    confidence: float
    cueless: bool


def draft_of(tokens: Tokens, quotations: Sequence[Quotation], found: Labelled) -> Draft | None:
    """The draft that labels amount to; None where no word of content is left."""
    labels = _outside_marks(found, quotations)
    runs = _runs(labels, found.first)
    taken = _taken(runs)
    said = whole_quotation(found.anchor, runs["content"], quotations) if found.cueless else runs["content"]
    said = behind_colon(tokens, _joined(tokens, said), runs["cue"], quotations)
    whole = _plausible(tokens, _balanced(tokens, said, quotations, taken), quotations, taken)
    content = _tidy(tokens, whole, quotations)
    if not content:
        return None
    spans: dict[Role, tuple[Span, ...]] = {
        role: tuple(tokens.span(a, b) for a, b in _tidy(tokens, runs[role], quotations)) for role in ROLES[1:]
    }
    return Draft(
        content=tuple(tokens.span(a, b) for a, b in content),
        cue=spans["cue"],
        source=spans["source"],
        addressee=spans["addressee"],
        occasion=spans["occasion"],
        when=spans["when"],
        type=statement_type(tokens, content, runs["cue"], quotations),
        kind=found.kind,
        act=max(found.acts, key=lambda act: found.acts[act]),
        negated=found.negated,
        confidence=found.confidence,
        reasons=(_reason(tokens, found),),
    )


def statement_type(
    tokens: Tokens, content: Sequence[Run], cue: Sequence[Run], quotations: Sequence[Quotation]
) -> StatementType:
    """Direct when every word of the content stands in marks, mixed when some do, else indirect.

    Marks around the whole statement, its cue included, are those of the statement in which it is nested.
    """
    extent = (content[0][0], content[-1][1])
    near = [q for q in quotations if q.first <= extent[1] and extent[0] <= q.last]
    own = [q for q in near if _inside((q.first, q.last), extent) or not any(_inside(c, (q.first, q.last)) for c in cue)]
    quoted = [
        any(q.first <= i <= q.last for q in own)
        for first, last in content
        for i in range(first, last + 1)
        if tokens.words[i][0].isalnum()
    ]
    if not any(quoted):
        return "indirect"
    return "direct" if all(quoted) else "mixed"


def _inside(run: Run, other: Run) -> bool:
    return other[0] <= run[0] and run[1] <= other[1]


def settle(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts by the start of their content, the weaker of two that say the same left out, parents filled in."""
    kept = _Placed()
    everything = _Placed(drafts)
    whole = [draft for draft in drafts if not any(_is_part(draft, other) for other in everything.near(draft))]
    for draft in sorted(whole, key=lambda d: (-d.confidence, d.content, d.cue)):
        if not any(_same(draft, other) for other in kept.near(draft)):
            kept.add(draft)
    settled = sorted(kept.drafts, key=lambda d: (d.content[0].start, -d.content[-1].end, d.cue))
    parents = _parents(settled)
    return [msgspec.structs.replace(draft, parent=parent) for draft, parent in zip(settled, parents, strict=True)]


class _Placed:
    """Drafts by where their content stands, so that each is compared with its neighbours alone."""

    def __init__(self, drafts: Sequence[Draft] = ()) -> None:
        self.drafts: list[Draft] = []
        self._cells: dict[int, list[int]] = {}
        for draft in drafts:
            self.add(draft)

    def add(self, draft: Draft) -> None:
        """One draft more."""
        for cell in _cells(draft.content):
            self._cells.setdefault(cell, []).append(len(self.drafts))
        self.drafts.append(draft)

    def near(self, draft: Draft) -> Iterator[Draft]:
        """Those that may share words with a draft, in the order in which they were added."""
        found = {n for cell in _cells(draft.content) for n in self._cells.get(cell, ())}
        return (self.drafts[n] for n in sorted(found))


def _cells(spans: Sequence[Span]) -> set[int]:
    """Stretches of CELL characters that spans touch."""
    return {cell for span in spans for cell in range(span.start // CELL, span.end // CELL + 1)}


def _outside_marks(found: Labelled, quotations: Sequence[Quotation]) -> list[int]:
    """The labels, with no other role running into marks from outside: what it took of the inside is content."""
    labels = list(found.labels)
    stop = found.first + len(labels)
    for quotation in quotations:
        inside = range(max(quotation.first, found.first + 1), min(quotation.last + 1, stop))
        if found.anchor in inside or not inside:
            continue
        running = labels[inside[0] - found.first]
        if running > CONTENT and labels[inside[0] - 1 - found.first] == running:
            for i in inside:
                if labels[i - found.first] != running:
                    break
                labels[i - found.first] = CONTENT
    return labels


def _runs(labels: Sequence[int], first: int) -> dict[Role, list[Run]]:
    """By role, the stretches of its label, as token numbers."""
    found: dict[Role, list[Run]] = {role: [] for role in ROLES}
    start = 0
    for label, equal in groupby(labels):
        stop = start + sum(1 for _ in equal)
        if label:
            found[ROLES[label - 1]].append((first + start, first + stop - 1))
        start = stop
    return found


def _taken(runs: dict[Role, list[Run]]) -> frozenset[int]:
    """Tokens that another role than the content holds."""
    return frozenset(i for role, found in runs.items() if role != "content" for a, b in found for i in range(a, b + 1))


def _joined(tokens: Tokens, runs: Sequence[Run]) -> list[Run]:
    """Runs with those made one that only signs part."""
    joined: list[Run] = []
    for run in runs:
        gap = range(joined[-1][1] + 1, run[0]) if joined else range(0)
        if joined and not any(tokens.words[i][0].isalnum() for i in gap) and _one_line(tokens, joined[-1][1], run[0]):
            joined[-1] = (joined[-1][0], run[1])
        else:
            joined.append(run)
    return joined


def _one_line(tokens: Tokens, left: int, right: int) -> bool:
    return "\n" not in tokens.text[tokens.ends[left] : tokens.starts[right]]


def _balanced(tokens: Tokens, runs: Sequence[Run], quotations: Sequence[Quotation], taken: frozenset[int]) -> list[Run]:
    """Runs widened to the marks they touch: a run that holds one mark of a pair takes the words up to the other."""
    out: list[Run] = []
    for first, last in runs:
        for quotation in quotations:
            if not _reaches_into((first, last), quotation):
                continue
            if first > quotation.first and _free(range(quotation.first, first), taken):
                first = quotation.first
            if last < quotation.last and _free(range(last + 1, quotation.last + 1), taken):
                last = quotation.last
        out.append((first, last))
    return out


def _reaches_into(run: Run, quotation: Quotation) -> bool:
    """Does the run hold more than half of what is in the marks, or one mark with words of the inside?"""
    first, last = max(run[0], quotation.first), min(run[1], quotation.last)
    if first > last or (run[0] <= quotation.first and run[1] >= quotation.last):
        return False
    share = (last - first + 1) / (quotation.last - quotation.first + 1)
    return share > 0.5 or (share > 0.25 and (run[0] <= quotation.first + 1 or run[1] >= quotation.last - 1))


def _free(gap: range, taken: frozenset[int]) -> bool:
    return not any(i in taken for i in gap)


def _plausible(
    tokens: Tokens, runs: Sequence[Run], quotations: Sequence[Quotation], taken: frozenset[int]
) -> list[Run]:
    """The longest run, and of the others those that begin and end where a part of a sentence can.

    That is at a sign, at the words of another role, at an end of the sentence. What is left of a sentence elsewhere is
    a slip of the labels. A run that goes on past its sentence, outside marks, is judged sentence by sentence.
    """
    begins = {first for first, _ in tokens.sentences}
    parts = [part for run in runs for part in _by_sentence(run, begins, quotations)]
    if len(parts) < 2:
        return parts
    longest = max(parts, key=lambda run: (run[1] - run[0], -run[0]))

    def edge(outside: int) -> bool:
        return not 0 <= outside < len(tokens) or outside in taken or not tokens.words[outside][0].isalnum()

    return [
        run
        for run in parts
        if run == longest or ((run[0] in begins or edge(run[0] - 1)) and (run[1] + 1 in begins or edge(run[1] + 1)))
    ]


def _by_sentence(run: Run, begins: set[int], quotations: Sequence[Quotation]) -> list[Run]:
    """A run cut where a sentence begins that no marks hold together with the one before."""
    cuts = [
        i for i in range(run[0] + 1, run[1] + 1) if i in begins and not any(q.first < i <= q.last for q in quotations)
    ]
    return _cut(run, cuts)


def _cut(run: Run, cuts: Sequence[int]) -> list[Run]:
    """A run in parts, each of which but the first begins at a cut."""
    return [(a, b - 1) for a, b in pairwise([run[0], *cuts, run[1] + 1])]


def parted(tokens: Tokens, quotations: Sequence[Quotation], draft: Draft) -> list[Draft]:
    """The draft, and apart from it each whole quotation of another sentence that its content took in.

    Such a one goes on in the same voice and is a statement of its own, without cue and source.
    """
    cue = draft.cue or draft.content[:1]
    home = tokens.range_of(cue[0])[0]
    starts = {q.first for q in quotations if q.level == 1}
    kept: list[Span] = []
    floating: list[Draft] = []
    for span in draft.content:
        first, stop = tokens.range_of(span)
        alone = first in starts and any(home < begin <= first for begin, _ in tokens.sentences)
        if alone and kept and any(q.first == first and q.last == stop - 1 for q in quotations):
            floating.append(_floating(draft, span))
        else:
            kept.append(span)
    return [msgspec.structs.replace(draft, content=tuple(kept)), *floating]


def uncoordinated(tokens: Tokens, drafts: Sequence[Draft], pack: Pack) -> list[Draft]:
    """The drafts, each content cut where the verb of another statement of the same source goes on.

    "a refusé de signer | et a annoncé …": what follows the coordinator is no part of what was refused.
    """
    others = sorted((other for other in drafts if other.cue and other.source), key=lambda other: other.cue[0].start)
    starts = [other.cue[0].start for other in others]
    found = []
    for draft in drafts:
        last = draft.content[-1]
        within = others[bisect_left(starts, last.start) : bisect_right(starts, last.end)]
        found.append(_cut_at_next_cue(tokens, draft, within, pack))
    return found


def _cut_at_next_cue(tokens: Tokens, draft: Draft, drafts: Sequence[Draft], pack: Pack) -> Draft:
    if draft.type == "direct":
        return draft
    last = draft.content[-1]
    ends = [
        tokens.ends[end]
        for other in drafts
        if not _overlap(other.source, draft.content)
        if (end := _end_before(tokens, last, other.cue[0], pack)) is not None
    ]
    if not ends:
        return draft
    return msgspec.structs.replace(draft, content=(*draft.content[:-1], Span(last.start, min(ends))))


def _end_before(tokens: Tokens, content: Span, cue: Span, pack: Pack) -> int | None:
    """The last token of a content that a coordinator and this cue go on after; None where they do not."""
    begins, stop = tokens.range_of(content)
    first = tokens.range_of(cue)[0]
    if not begins < first < stop or tokens.starts[first] != cue.start:
        return None
    link = first - 1
    while link > begins + 1 and tokens.forms[link] in pack.pronouns:
        link -= 1
    end = link - 2 if tokens.words[link - 1] == "," else link - 1
    return end if tokens.forms[link] in pack.coordinators and end >= begins else None


def _floating(draft: Draft, span: Span) -> Draft:
    return Draft(
        content=(span,),
        type="direct",
        act="assert",
        confidence=draft.confidence,
        reasons=(*draft.reasons, Reason("own_sentence", "", span)),
    )


def _tidy(tokens: Tokens, runs: Sequence[Run], quotations: Sequence[Quotation]) -> list[Run]:
    """Runs in order, none inside another, without signs at their edges, those without a word left out."""
    marks = {i for q in quotations for i in (q.first, q.last)}
    tidy: list[Run] = []
    for first, last in sorted(set(runs)):
        while first <= last and tokens.words[first] in EDGE_SIGNS and first not in marks:
            first += 1
        while last >= first and tokens.words[last] in EDGE_SIGNS and last not in marks:
            last -= 1
        if not any(tokens.words[i][0].isalnum() for i in range(first, last + 1)):
            continue
        if tidy and first <= tidy[-1][1]:
            tidy[-1] = (tidy[-1][0], max(last, tidy[-1][1]))
        else:
            tidy.append((first, last))
    return [part for run in tidy for part in _lines(tokens, run)]


def _lines(tokens: Tokens, run: Run) -> list[Run]:
    """A run that goes over several paragraphs, cut at each."""
    return _cut(run, [start for start, _ in tokens.paragraphs if run[0] < start <= run[1]])


def _reason(tokens: Tokens, found: Labelled) -> Reason:
    rule = "tagger_quotation" if found.cueless else "tagger_cue"
    return Reason(rule, tokens.words[found.anchor], tokens.span(found.anchor, found.anchor))


def _same(draft: Draft, other: Draft) -> bool:
    """The same words twice: equal contents, or nearly equal ones whose cues overlap or of which one has none."""
    if draft.content == other.content and draft.cue == other.cue:
        return True
    if draft.content == other.content and draft.cue and other.source and not draft.source:
        return True  # of two cues to the same words, the surer with a source
    shared = _overlap(draft.content, other.content)
    union = _length(draft.content) + _length(other.content) - shared
    cues = not draft.cue or not other.cue or _overlap(draft.cue, other.cue) > 0
    return cues and shared / union > 0.7


def _is_part(draft: Draft, other: Draft) -> bool:
    """A quotation without cue that is one part of another's interrupted content: no statement of its own."""
    return not draft.cue and len(draft.content) < len(other.content) and set(draft.content) <= set(other.content)


def _overlap(left: Sequence[Span], right: Sequence[Span]) -> int:
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in left for b in right)


def _length(spans: Sequence[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _parents(drafts: Sequence[Draft]) -> list[int | None]:
    """For each draft the position of the one that it is nested in; None where there is none."""
    placed = _Placed(drafts)
    number = {id(draft): n for n, draft in enumerate(drafts)}
    return [_parent(draft, [(number[id(other)], other) for other in placed.near(draft)]) for draft in drafts]


def _parent(draft: Draft, near: Sequence[tuple[int, Draft]]) -> int | None:
    """The draft with the shortest content around this one's first content and its cue."""
    inner = (draft.content[0], *draft.cue[:1])

    def holds(other: Draft) -> bool:
        return all(any(o.start <= s.start and s.end <= o.end for o in other.content) for s in inner)

    own = _length(draft.content)
    around = [
        (_length(other.content), n)
        for n, other in near
        if other is not draft and other.content != draft.content and _length(other.content) > own and holds(other)
    ]
    return min(around)[1] if around else None
