"""One of those whom the sentences before name: "le premier", "the latter", "cette dernière", "l'un"."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..language.pack import Ordinal
from ..types import Gender, Reason, Speaker, Unknown
from .cast import Found
from .naming import Naming

LONGEST = 3  # tokens
BACK = 2  # sentences in which the persons are looked for, the one of the words themselves apart
PAIR_HOLDS = 5  # sentences from "the former" to its "latter"


class Pair(msgspec.Struct, frozen=True):
    """The two of whom one was taken up, so that the other is told from it."""

    persons: tuple[Speaker, Speaker]
    taken: int | None  # which of them; None where that was not told
    sentence: int  # in which it was


class Ordinals(Naming):
    """Finds whom words mean that count among those named before."""

    _pair: Pair | None = None

    def _ordinal(self, n: int, first: int, last: int) -> Found | None:
        """Which of those whom the sentences before name; None for other words and where nobody is named there.

        Ambiguous where there should be two and are more, and where nothing tells which of the two.
        """
        ordinal, end = self._ordinal_at(first, last)
        if ordinal is None:
            return None
        where, evidence = self.drafts[n].source[0], self._text(first, end)
        speaker = self._the_last(first, ordinal) if ordinal.which == "last" else self._one_of_two(first, ordinal)
        if speaker is None:
            return None
        told = f"{evidence} → {speaker.name}" if isinstance(speaker, Speaker) else evidence
        return speaker, (Reason("ordinal", told, where),)

    def _ordinal_at(self, first: int, last: int) -> tuple[Ordinal | None, int]:
        """The ordinal that a source is, though the label may have left out its end, and its last token."""
        forms = self.tokens.forms
        for end in range(min(first + LONGEST, len(forms)) - 1, first, -1):
            ordinal = self.pack.ordinals.get(" ".join(forms[first : end + 1]))
            # "l'un de ses partisans" and "le premier ministre" are other words
            if ordinal is not None and last <= end and not self._goes_on(end + 1):
                return ordinal, end
        return None, last

    def _goes_on(self, i: int) -> bool:
        return i < len(self.tokens) and self.tokens.forms[i] not in self.pack.auxiliaries and self._preposition(i)

    # --- "ce dernier" ---

    def _the_last(self, at: int, ordinal: Ordinal) -> Speaker | None:
        """The last of several whom the words before name, of a gender that fits; None where they name only one."""
        for sentence in self._sentences_before(at):
            persons = [c for c in self._named_in(sentence, at) if self.chains[c].type == "person"]
            if persons:
                return self._last_of(persons, ordinal.gender)
        return None

    def _last_of(self, persons: Sequence[int], wanted: Gender | None) -> Speaker | None:
        """The last of several chains of a gender that fits.

        None of one alone, as somebody without a name may have come after, and where a gender is known of an earlier one
        only: the ranks weigh that.
        """
        fitting = [c for c in persons if self._fits(self.genders[c], wanted)]
        if len(set(persons)) < 2 or not fitting:
            return None
        sure = [c for c in fitting if self.genders[c] is not None]
        return self.speakers[fitting[-1]] if not sure or wanted is None or sure[-1] == fitting[-1] else None

    def _sentences_before(self, at: int) -> range:
        """The sentence of a token, in which words before it count, and some before that; the nearest first."""
        here = self._sentence[at]
        return range(here, max(here - BACK, 0) - 1, -1)

    def _named_in(self, sentence: int, before: int) -> list[int]:
        """The chains of the names in a sentence that stand before a token, in order."""
        begin, stop = self.tokens.sentences[sentence]
        return [c for place, c in self.places if begin <= place < min(stop, before)]

    def _fits(self, gender: Gender | None, wanted: Gender | None) -> bool:
        return gender is None or wanted is None or gender == wanted

    # --- "the former … the latter" ---

    def _one_of_two(self, at: int, ordinal: Ordinal) -> Speaker | Unknown | None:
        here, pair = self._sentence[at], self._pair
        if pair is not None and here > pair.sentence + PAIR_HOLDS:
            pair = None
        again = ordinal.which == "first" or (ordinal.which == "second" and pair is not None and pair.taken == 1)
        if pair is None or again:
            persons = self._counted(at, ordinal)
            if len(persons) > 2:
                return Unknown("ambiguous", tuple(s.name for s in persons))
            pair = Pair((persons[0], persons[1]), None, here) if persons else pair
        if pair is None:
            return None
        which = self._which(ordinal, pair)
        self._pair = msgspec.structs.replace(pair, taken=which, sentence=here)
        return Unknown("ambiguous", tuple(s.name for s in pair.persons)) if which is None else pair.persons[which]

    def _which(self, ordinal: Ordinal, pair: Pair) -> int | None:
        if ordinal.which in ("first", "second"):
            return 0 if ordinal.which == "first" else 1
        if pair.taken is not None:
            return 1 - pair.taken  # "l'une …, l'autre"
        fitting = [i for i, speaker in enumerate(pair.persons) if self._fits(speaker.gender, ordinal.gender)]
        return fitting[0] if len(fitting) == 1 else None

    def _counted(self, at: int, ordinal: Ordinal) -> list[Speaker]:
        """The persons, else the bodies, of the nearest sentence that names two or more, each once, in order.

        Of more than two, those of the gender.
        """
        for sentence in self._sentences_before(at):
            chains = list(dict.fromkeys(self._named_in(sentence, at)))
            counted = [c for c in chains if self.chains[c].type == "person"] or chains
            if len(counted) > 2 and ordinal.gender is not None:
                counted = [c for c in counted if self.genders[c] == ordinal.gender] or counted
            if len(counted) > 1:
                return [self.speakers[c] for c in counted]
        return []
