"""Contents put right by the marks around them.

The counts are of annotated statements in the gold's train files, the project's own articles and those read for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from .marks import Quotation
from .tokens import Run, Tokens


def whole_quotation(anchor: int, runs: Sequence[Run], quotations: Sequence[Quotation]) -> list[Run]:
    """The content of a quotation without cue: all that its marks hold, also past the tagger's window.

    So are 449 of 455 that begin with such a mark and end no later.
    """
    own = next((q for q in quotations if q.first == anchor and q.level == 1 and q.closed), None)
    if own is None:
        return list(runs)
    return [(own.first, own.last), *(run for run in runs if run[0] > own.last)]


def behind_colon(tokens: Tokens, runs: Sequence[Run], cue: Sequence[Run], quotations: Sequence[Quotation]) -> list[Run]:
    """A content before its cue without what leads to its marks: "dans le Pool : | « Il faut réussir » |, a-t-il dit".

    So are 17 of 18 that end with marks behind a colon.
    """
    if not runs or not cue or cue[0][0] < runs[-1][1]:
        return list(runs)
    starts = {q.last: q.first for q in quotations if q.level == 1 and q.closed}
    first, last = runs[-1]
    begin = starts.get(last)
    if begin is None or begin <= first or tokens.words[begin - 1] != ":":
        return list(runs)
    return [*runs[:-1], (begin, last)]
