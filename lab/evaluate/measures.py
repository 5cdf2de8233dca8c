"""What is measured: each measure is a fraction of counts, so that a point and its interval have one definition."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from .count import GROUPS
from .gold import ROLES


class Share(msgspec.Struct, frozen=True):
    """`part` of `whole`."""

    part: str
    whole: str

    def value(self, counts: Mapping[str, int]) -> float | None:
        """The share; None when there is nothing to divide by."""
        return ratio(counts[self.part], counts[self.whole])


class F1(msgspec.Struct, frozen=True):
    """The harmonic mean of precision and recall."""

    right: str
    predicted: str
    gold: str

    @property
    def precision(self) -> Share:
        """Share of what was predicted that is right."""
        return Share(self.right, self.predicted)

    @property
    def recall(self) -> Share:
        """Share of the gold that was found."""
        return Share(self.right, self.gold)

    def value(self, counts: Mapping[str, int]) -> float | None:
        """F1; None when precision or recall is undefined."""
        p, r = self.precision.value(counts), self.recall.value(counts)
        if p is None or r is None:
            return None
        return 2 * p * r / (p + r) if p + r else 0.0


Measure = Share | F1

HEADLINES: dict[str, F1] = {
    "attributed": F1("attributed", "predicted", "gold"),  # content@0.8 and the speaker right
    "named": F1("named", "predicted", "gold"),  # and a person by the fullest name
    "content@0.8": F1("found", "predicted", "gold"),
    "content@1": F1("exact", "predicted", "gold"),
    "words": F1("words/right", "words/predicted", "words/gold"),
    "whole article": F1("whole/right", "whole/predicted", "words/gold"),  # what marking every word would get
}
SPEAKERS: dict[str, Measure] = {
    "speaker": Share("attributed", "found"),  # of the statements found
    "speaker named": Share("named", "found"),
}
BY_TYPE: dict[str, dict[str, Share]] = {
    group: {
        "content": Share(f"found/{group}", f"gold/{group}"),
        "attributed": Share(f"attributed/{group}", f"gold/{group}"),
        "named": Share(f"named/{group}", f"gold/{group}"),
    }
    for group in GROUPS
}
ON_FOUND: dict[str, Measure] = {
    **{role: F1(f"{role}/right", f"{role}/predicted", f"{role}/gold") for role in ROLES},
    "act": Share("act", "found"),
    "negated": F1("negated/right", "negated/predicted", "negated/gold"),
}
LINKS: dict[str, Measure] = {"nested links": F1("links/right", "links/predicted", "links/gold")}

MEASURES: dict[str, Measure] = {
    **HEADLINES,
    **SPEAKERS,
    **ON_FOUND,
    **LINKS,
    **{f"{name}, {group}": share for group, shares in BY_TYPE.items() for name, share in shares.items()},
}


def ratio(part: float, whole: float) -> float | None:
    """None where there is nothing to divide by: undefined is not zero."""
    return part / whole if whole else None
