"""What an article tells of a speaker beside the names: office, affiliation and gender, wherever it tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ..types import Gender, Speaker, Unknown
from .cast import Cast, Found
from .mentions import Run, office_gender, office_size

ENOUGH = 4  # words; longer ones run on into what is no office: "chauffeur depuis dix-neuf ans à Lyon"
MAX_NAME_WORDS = 5  # of a body that a list of the pack holds


class Profiles(Cast):
    """Completes speakers once all are resolved, since an article often tells an office or a gender later on."""

    def _completed(self, found: Found) -> Found:
        """The speaker of a draft with all that the article tells."""
        speaker, reasons = found
        if isinstance(speaker, Unknown) or speaker.type != "person" or speaker.named_at is None:
            return found
        descriptions = self.described.get(speaker.named_at, [])
        office = self._office(speaker, descriptions)
        affiliation = None if office is None else self._affiliation(office)
        whole = msgspec.structs.replace(
            speaker,
            office=None if office is None else self.tokens.span(*office),
            affiliation=None if affiliation is None else self.tokens.span(*affiliation),
            gender=self._gender(speaker, descriptions),
        )
        return whole, reasons

    # --- office ---

    def _office(self, speaker: Speaker, descriptions: Sequence[Run]) -> Run | None:
        """Of the offices beside the names the one that tells most, the first of several: "mayor of Nice", not "Mr";
        else the first description with an office: "la maire".
        """
        beside = [
            run
            for c, own in enumerate(self.speakers)
            if own.named_at == speaker.named_at
            for run in self.chains[c].offices
        ]
        if beside:
            return max(beside, key=self._telling)
        for first, last in descriptions:
            begin = first + (self.tokens.forms[first] in self.pack.determiners)
            if any(office_size(self.tokens, self.pack, i, last + 1) for i in range(begin, last + 1)):
                return begin, last
        return None

    def _telling(self, run: Run) -> int:
        """How many words of an office carry meaning; more than ENOUGH do not tell more."""
        grammar = self.pack.function_words
        return min(ENOUGH, sum(f[0].isalnum() and f not in grammar for f in self.tokens.forms[run[0] : run[1] + 1]))

    def _affiliation(self, office: Run) -> Run | None:
        """The body or country in the words of an office: "porte-parole du Kremlin"."""
        first, last = office
        for i in range(first, last + 1):
            for stop in range(min(i + MAX_NAME_WORDS, last + 1), i, -1):
                text = self._text(i, stop - 1)
                if text in self.pack.organisations or text in self.pack.countries or text in self.pack.capitals:
                    return i, stop - 1
        for chain in self.chains:
            for name in chain.names:
                if first <= name.first and name.last <= last and name.type == "organisation":
                    return name.first, name.last
        return None

    # --- gender ---

    def _gender(self, speaker: Speaker, descriptions: Sequence[Run]) -> Gender | None:
        """From title or office beside a name, a pronoun that means the speaker, or a description."""
        if speaker.gender:
            return speaker.gender
        for known, gender in zip(self.speakers, self.genders, strict=True):
            if gender and known.named_at == speaker.named_at:
                return gender
        told = {gender for run in descriptions for gender in self._genders_in(run)}
        return told.pop() if len(told) == 1 else None

    def _genders_in(self, run: Run) -> Iterator[Gender]:
        first, last = run
        for i in range(first, last + 1):
            size = office_size(self.tokens, self.pack, i, last + 1)
            gender = (
                office_gender(self.tokens, self.pack, i, size)
                if size
                else self.pack.person_nouns.get(self.tokens.forms[i])
            )
            if gender:
                yield gender
