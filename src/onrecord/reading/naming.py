"""Sources that name or describe: "le ministre Paul Roy", "M. Roy", "le ministre", "un responsable local"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import msgspec

from ..types import Draft, Reason, Speaker
from .cast import Cast, Found
from .chains import Chain
from .mentions import Name
from .offices import office_size
from .tokens import Run


class Naming(Cast):
    """Finds the speaker that a noun phrase names or describes."""

    def _by_name(self, draft: Draft) -> Found | None:
        """The name that the source's noun phrase is about; where its first part has none, that of its apposition."""
        first, last = self._range(draft.source[0])
        found: list[tuple[int, Name]] = []
        for part in self._parts(first, last):
            inside = [
                (c, name)
                for c, name in self._names_in(part)
                if self._heads(name, part) and not self._complement(name, part)
            ]
            for c, name in sorted(inside, key=lambda pair: (self._hangs(pair[1], part), -pair[1].first)):
                if self._whole(self.chains[c], name, part):
                    found.append((c, name))
                    break
        # "L'avocat de l'Américain, Olivier Roy": the person in the apposition goes before what the phrase names besides
        persons = [pair for pair in found if self.chains[pair[0]].type == "person"]
        body = found and self.chains[found[0][0]].type in ("organisation", "country")  # "University of Utah, Salt Lake"
        for c, name in (found if body else persons or found)[:1]:
            evidence = self._text(name.first, name.last)
            return self._called(c, name), (Reason("name", evidence, self.tokens.span(name.first, name.last)),)
        return None

    def _names_in(self, part: Run) -> Iterator[tuple[int, Name]]:
        """The names that stand whole in a stretch, each with the number of its chain."""
        for place, c in self.places[bisect_left(self.places, (part[0], 0)) :]:
            if place > part[1]:
                return
            name = self.chains[c].at(place)
            if name is not None and name.last <= part[1]:
                yield c, name

    def _hangs(self, name: Name, part: Run) -> bool:
        """Does a preposition stand before the name in its noun phrase: "Anna Roy of Deloitte"?"""
        forms, pack = self.tokens.forms[part[0] + 1 : name.first], self.pack
        return any(form in pack.function_words and form not in pack.determiners for form in forms)

    def _complement(self, name: Name, part: Run) -> bool:
        """Is the name part of what a common noun says: "une étude du professeur Roy", "scientists in Guangdong"?"""
        tokens, pack = self.tokens, self.pack
        stop = next((i for i in range(part[0], name.first) if self._preposition(i)), None)
        if stop is None or stop == part[0]:
            return False
        before = range(part[0], stop)
        told = any(office_size(tokens, pack, i, stop) or tokens.forms[i].rstrip(".") in pack.titles for i in before)
        noun = any(tokens.words[i][0].islower() and not self._grammar(i) for i in before)
        return noun and not told

    def _preposition(self, i: int) -> bool:
        """A preposition, also one contracted with an article, which the lists have as determiner: "de", "du", "au"."""
        form, pack = self.tokens.forms[i], self.pack
        contracted = (form in pack.particles and form not in pack.pronouns) or form in pack.addressee_prepositions
        return form in pack.function_words and (form not in pack.determiners or contracted)

    def _grammar(self, i: int) -> bool:
        form = self.tokens.forms[i]
        return form in self.pack.function_words or form in self.pack.determiners or form in self.pack.clitics

    def _called(self, c: int, name: Name) -> Speaker:
        """A person by the fullest name; others as they are called here."""
        if self.speakers[c].type == "person":
            return self.speakers[c]
        return msgspec.structs.replace(self.speakers[c], name=self._text(name.first, name.last))

    def _parts(self, first: int, last: int) -> list[tuple[int, int]]:
        """The noun phrase, and what stands after its first comma when that may name the same person."""
        for i in range(first + 1, last):
            if self._parts_at(i):
                after = self.tokens.forms[i + 1]
                apposition = after in self.pack.determiners or after not in self.pack.function_words
                return [(first, i - 1), (i + 1, last)] if apposition else [(first, i - 1)]
        return [(first, last)]

    def _parts_at(self, i: int) -> bool:
        """A comma, or a dash between spaces: "Export–Import" is one word to a reader."""
        tokens = self.tokens
        dash = tokens.words[i] in ("–", "—") and tokens.ends[i - 1] < tokens.starts[i]
        return tokens.words[i] == "," or dash

    def _together(self, draft: Draft) -> Found | None:
        """Several who speak with one voice: "Barr and Ross", "China, Iran, and Russia"."""
        first, last = self._range(draft.source[0])
        names = [name for _, name in self._names_in((first, last))]
        joined = names[:1]
        for name in names[1:]:
            if not self._joined(joined[-1].last + 1, name.first):
                break
            joined.append(name)
        if len(joined) < 2 or not self._coordinated(joined) or not self._heads(joined[0], (first, joined[-1].last)):
            return None
        begin, end = joined[0].first, joined[-1].last
        speaker = self._unnamed(self._text(begin, end), begin, end)
        where = self.tokens.span(begin, end)
        return msgspec.structs.replace(speaker, type="group"), (Reason("names", speaker.name, where),)

    def _joined(self, first: int, stop: int) -> bool:
        """Does nothing but commas, "and", articles and titles stand between two names?"""
        pack, forms = self.pack, self.tokens.forms[first:stop]
        links = any(form == "," or form in pack.coordinators for form in forms)
        return links and all(
            form == "," or form in pack.coordinators or form in pack.determiners or form.rstrip(".") in pack.titles
            for form in forms
        )

    def _coordinated(self, names: Sequence[Name]) -> bool:
        """Does "and" stand before the last name?"""
        forms = self.tokens.forms[names[-2].last + 1 : names[-1].first]
        return any(form in self.pack.coordinators for form in forms)

    def _heads(self, name: Name, part: Run) -> bool:
        """Is the name what the noun phrase is about: not "of" it, not its possessor, not before another noun?"""
        forms, pack = self.tokens.forms, self.pack
        if name.last < part[1]:
            after = forms[name.last + 1]
            noun = after[0].isalpha() and after not in pack.function_words and after not in pack.particles
            possessor = after in pack.clitics and name.last + 1 < part[1]  # "Roy's lawyer"; but "Roy's" alone is Roy
            if noun or possessor:
                return False
        if name.first == part[0]:
            return True
        before = name.first - 1
        if forms[before] in pack.determiners and before > part[0] and forms[before - 1] in pack.infinitive_links:
            before -= 1  # "le ministère de l'Intérieur"
        linking = forms[before] in pack.function_words and forms[before] not in pack.determiners
        contracted = forms[before] in pack.determiners and forms[before] in pack.particles
        return not (linking or contracted) or self._all_grammar(forms[part[0] : name.first])

    def _whole(self, chain: Chain, name: Name, part: Run) -> bool:
        """A body's name must be most of the noun phrase: "le gouvernement de France" is not France."""
        forms = self.tokens.forms
        rest = [*forms[part[0] : name.first], *forms[name.last + 1 : part[1] + 1]]
        return chain.type == "person" or self._all_grammar([form for form in rest if form[0].isalnum()])

    def _all_grammar(self, forms: Sequence[str]) -> bool:
        return all(form in self.pack.determiners or form in self.pack.function_words for form in forms)

    def _of_time(self, i: int) -> bool:
        form = self.tokens.forms[i]
        return form in self.pack.days or form in self.pack.time_words

    def _phrase_end(self, first: int, last: int) -> int:
        """The noun phrase without what an apposition, a relative clause or a time adds.

        A time stays in what means a document ("a survey published on Tuesday"): so it is called in 61 of the 67 such
        sources of the train files and the project's articles, and without it in 31.
        """
        document = any(self.tokens.forms[i] in self.pack.document_nouns for i in range(first, last + 1))
        for i in range(first + 1, last + 1):
            relative = any(p.role == "relative" for p in self.pack.pronouns.get(self.tokens.forms[i], ()))
            if self.tokens.words[i] in (",", "(", "–", "—") or (
                relative and self.tokens.forms[i] not in self.pack.complementisers
            ):
                return max(first, i - 1)
            dated = self._of_time(i) or (self._preposition(i) and i < last and self._of_time(i + 1))
            if dated and not document:
                return max(first, i - 1)  # "police | on Thursday"
        return last
