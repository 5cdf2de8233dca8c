"""What an article tells of a speaker beside the names: office, affiliation and gender, wherever it tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from ..language.pack import Pronoun
from ..types import Draft, Gender, Speaker, Unknown
from .cast import Cast, Found
from .mentions import Name
from .offices import office_gender, office_size
from .tokens import Run

MOST_OF_APPOSITION = 10  # words
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
        """From title or office beside a name, a pronoun that means the speaker, a description, or the words around a
        name; None where two of these contradict each other or nothing tells.
        """
        if speaker.gender:
            return speaker.gender
        chains = [c for c, known in enumerate(self.speakers) if known.named_at == speaker.named_at]
        for c in chains:
            if self.genders[c]:
                return self.genders[c]
        told = {gender for run in descriptions for gender in self._genders_in(run)}
        if not told:
            told = {gender for n, draft in enumerate(self.drafts) if (gender := self._gender_said(n, draft, speaker))}
        return told.pop() if len(told) == 1 else None

    def learn_genders(self) -> None:
        """Fills in the genders of names that the words around them tell, so that pronouns are resolved by them, too."""
        for c, chain in enumerate(self.chains):
            if self.genders[c] is None and chain.type == "person":
                told = {gender for name in chain.names if (gender := self._gender_around(name))}
                self.genders[c] = told.pop() if len(told) == 1 else None

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

    def _gender_around(self, name: Name) -> Gender | None:
        """From the noun phrase that a name closes or that follows it: "le socialiste | Ali Roy", "her daughter, | Eva",
        "Ana Roy |, une voisine".
        """
        tokens, pack = self.tokens, self.pack
        i = name.first - 1
        if i >= 0 and tokens.words[i] == ",":
            i -= 1
            noun = pack.person_nouns.get(tokens.forms[i]) if i >= 0 else None
            if noun:
                return noun
        elif i > 0 and tokens.forms[i] in pack.person_nouns:
            return pack.person_nouns[tokens.forms[i]] or pack.determiner_genders.get(tokens.forms[i - 1])
        return self._gender_behind(name.last + 1)

    def _gender_behind(self, i: int) -> Gender | None:
        """Of an apposition between commas; "Roy, the queen said" is none."""
        tokens, pack = self.tokens, self.pack
        if i + 2 >= len(tokens) or tokens.words[i] != "," or not self._closes(i + 1):
            return None
        article = pack.determiner_genders.get(tokens.forms[i + 1])
        for j in range(i + 1 + (tokens.forms[i + 1] in pack.determiners), min(i + 4, len(tokens))):
            form = tokens.forms[j]
            if form in pack.person_nouns:
                return pack.person_nouns[form] or article
            if size := office_size(tokens, pack, j, len(tokens)):
                return office_gender(tokens, pack, j, size) or article
            if not self._is_noun(j):
                break
        return None

    def _closes(self, first: int) -> bool:
        """Does a sign come soon, before any verb?"""
        for i in range(first, min(first + MOST_OF_APPOSITION, len(self.tokens))):
            if not self.tokens.words[i][0].isalnum():
                return self.tokens.words[i] in ",.;)"
            if self.tokens.forms[i] in self.pack.auxiliaries or self.tokens.forms[i] in self.pack.cue_verbs:
                return False
        return False

    def _is_noun(self, i: int) -> bool:
        """A word in lower case that no list of grammar or verbs holds."""
        form, pack = self.tokens.forms[i], self.pack
        grammar = form in pack.function_words or form in pack.determiners
        return self.tokens.words[i].isalpha() and self.tokens.words[i].islower() and not grammar

    def _gender_said(self, n: int, draft: Draft, speaker: Speaker) -> Gender | None:
        """From the pronoun that an indirect statement begins with: "Ana Roy said | she was never told".

        Only where the language has a pronoun of its own for things, the source is a name, and nobody else is spoken to.
        In the project's English articles such a pronoun means the speaker in 88 of 97 cases, and most of the rest have
        a pronoun or a title in their source.
        """
        who = self.found[n][0] if n in self.found else None
        if not isinstance(who, Speaker) or who.named_at != speaker.named_at or draft.type == "direct":
            return None
        if not draft.source or not draft.cue or draft.addressee or draft.cue[0].start > draft.content[0].start:
            return None
        name = self.tokens.range_of(draft.source[0])[1] - 1
        first, stop = self.tokens.range_of(draft.content[0])
        if not self.tokens.words[name][0].isupper() or self.tokens.forms[name] in self.pack.pronouns:
            return None
        if first < stop and self.tokens.forms[first] in self.pack.complementisers:
            first += 1
        if first >= stop or not self._things_apart:
            return None
        return next((p.gender for p in self.pack.pronouns.get(self.tokens.forms[first], ()) if _subject(p)), None)

    @cached_property
    def _things_apart(self) -> bool:
        every = (pronoun for forms in self.pack.pronouns.values() for pronoun in forms)
        return any(_subject(pronoun) and pronoun.gender is None for pronoun in every)


def _subject(pronoun: Pronoun) -> bool:
    return pronoun.role == "subject" and pronoun.person == 3 and pronoun.number == "singular"
