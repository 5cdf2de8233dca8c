"""Sources that name or describe: "le ministre Paul Roy", "M. Roy", "le ministre", "un responsable local"."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..types import Draft, Reason, Speaker
from .cast import Cast, Found
from .chains import Chain
from .mentions import Name, Run


class Naming(Cast):
    """Finds the speaker that a noun phrase names or describes."""

    def _by_name(self, draft: Draft) -> Found | None:
        """The name that the source's noun phrase is about; where its first part has none, that of its apposition."""
        first, last = self._range(draft.source[0])
        found: list[tuple[int, Name]] = []
        for part in self._parts(first, last):
            inside = [
                (c, name)
                for c, chain in enumerate(self.chains)
                for name in chain.names
                if part[0] <= name.first and name.last <= part[1] and self._heads(name, part)
            ]
            for c, name in sorted(inside, key=lambda pair: -pair[1].first):
                if self._whole(self.chains[c], name, part):
                    found.append((c, name))
                    break
        # "L'avocat de l'Américain, Olivier Roy": the person in the apposition goes before a body in the phrase
        persons = [pair for pair in found if self.chains[pair[0]].type == "person"]
        for c, name in (persons or found)[:1]:
            evidence = self._text(name.first, name.last)
            return self._called(c, name), (Reason("name", evidence, self.tokens.span(name.first, name.last)),)
        return None

    def _called(self, c: int, name: Name) -> Speaker:
        """A person by the fullest name; others as they are called here."""
        if self.speakers[c].type == "person":
            return self.speakers[c]
        return msgspec.structs.replace(self.speakers[c], name=self._text(name.first, name.last))

    def _parts(self, first: int, last: int) -> list[tuple[int, int]]:
        """The noun phrase, and what stands after its first comma when that may name the same person."""
        for i in range(first + 1, last):
            if self.tokens.words[i] in (",", "–", "—"):
                after = self.tokens.forms[i + 1]
                apposition = after in self.pack.determiners or after not in self.pack.function_words
                return [(first, i - 1), (i + 1, last)] if apposition else [(first, i - 1)]
        return [(first, last)]

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

    def _phrase_end(self, first: int, last: int) -> int:
        """The noun phrase without what an apposition or a relative clause adds."""
        for i in range(first + 1, last + 1):
            relative = any(p.role == "relative" for p in self.pack.pronouns.get(self.tokens.forms[i], ()))
            if self.tokens.words[i] in (",", "(", "–", "—") or (
                relative and self.tokens.forms[i] not in self.pack.complementisers
            ):
                return max(first, i - 1)
        return last
