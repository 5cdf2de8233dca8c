"""Sources that name or describe: "le ministre Paul Roy", "M. Roy", "le ministre", "un responsable local"."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..types import Draft, Reason, Speaker
from .cast import Cast, Found
from .chains import Chain
from .mentions import MAX_OFFICE_WORDS, Name, Run, office_gender, office_size


class Naming(Cast):
    """Finds the speaker that a noun phrase names or describes."""

    def _by_name(self, draft: Draft) -> Found | None:
        """The name that the source's noun phrase is about; where its first part has none, that of its apposition."""
        first, last = self._range(draft.source[0])
        for part in self._parts(first, last):
            inside = [
                (c, name)
                for c, chain in enumerate(self.chains)
                for name in chain.names
                if part[0] <= name.first and name.last <= part[1] and self._heads(name, part)
            ]
            for c, name in sorted(inside, key=lambda pair: -pair[1].first):
                if self._whole(self.chains[c], name, part):
                    return self._called(c, name), (
                        Reason("name", self._text(name.first, name.last), self.tokens.span(name.first, name.last)),
                    )
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
            if noun or after in pack.clitics:
                return False
        if name.first == part[0]:
            return True
        before = forms[name.first - 1]
        linking = before in pack.function_words and before not in pack.determiners
        contracted = before in pack.determiners and before in pack.particles
        return not (linking or contracted) or self._all_grammar(forms[part[0] : name.first])

    def _whole(self, chain: Chain, name: Name, part: Run) -> bool:
        """A body's name must be most of the noun phrase: "le gouvernement de France" is not France."""
        forms = self.tokens.forms
        rest = [*forms[part[0] : name.first], *forms[name.last + 1 : part[1] + 1]]
        return chain.type == "person" or self._all_grammar([form for form in rest if form[0].isalnum()])

    def _all_grammar(self, forms: Sequence[str]) -> bool:
        return all(form in self.pack.determiners or form in self.pack.function_words for form in forms)

    def _by_description(self, draft: Draft) -> Found:
        first, last = self._range(draft.source[0])
        end = self._phrase_end(first, last)
        text = self._text(first, end)
        chain = self._described(first, end)
        if chain is not None:
            return self.speakers[chain], (Reason("description", text, draft.source[0]),)
        earlier = self._same_words(first, end)
        if earlier is not None:
            return earlier, (Reason("same_description", text, draft.source[0]),)
        speaker = self._unnamed(text, first, end)
        return speaker, (Reason("as_described", text, draft.source[0]),)

    def _phrase_end(self, first: int, last: int) -> int:
        """The noun phrase without what an apposition or a relative clause adds."""
        for i in range(first + 1, last + 1):
            relative = any(p.role == "relative" for p in self.pack.pronouns.get(self.tokens.forms[i], ()))
            if self.tokens.words[i] in (",", "(", "–", "—") or (
                relative and self.tokens.forms[i] not in self.pack.complementisers
            ):
                return max(first, i - 1)
        return last

    def _described(self, first: int, last: int) -> int | None:
        """The chain whose office says the same as a definite description before it or after it."""
        head = next((i for i in range(first, last + 1) if office_size(self.tokens, self.pack, i, last + 1)), None)
        if head is None or head - first > MAX_OFFICE_WORDS or not self._definite(first):
            return None
        size = office_size(self.tokens, self.pack, head, last + 1)
        wanted = set(self.tokens.forms[head : head + size])
        extra = {
            f for f in self.tokens.forms[head + size : last + 1] if f not in self.pack.function_words and f[0].isalnum()
        }
        gender = office_gender(self.tokens, self.pack, head, size)
        fitting: list[tuple[int, int, int]] = []
        for c, chain in enumerate(self.chains):
            if chain.type != "person" or (gender and chain.gender and gender != chain.gender):
                continue
            for run in chain.offices:
                words = set(self.tokens.forms[run[0] : run[1] + 1])
                if wanted <= words and (not extra or extra & words or len(words) == len(wanted)):
                    before = chain.before(first)
                    fitting.append((len(extra & words), before.last if before else -1, c))
        return max(fitting)[2] if fitting else None

    def _same_words(self, first: int, last: int) -> Speaker | None:
        """A speaker described in the same words before, its determiner aside, or in more words with the same head."""
        own = self._plain(first, last)
        if not own:
            return None
        for other in sorted((m for m in self.found if self.at.get(m, 0) < first), key=lambda m: -self.at[m]):
            speaker = self.found[other][0]
            draft = self.drafts[other]
            if not isinstance(speaker, Speaker) or not draft.source:
                continue
            words = self._plain(*self._range(draft.source[0]))
            if own == words[: len(own)] and self._definite(first):
                return speaker
        return None

    def _plain(self, first: int, last: int) -> list[str]:
        forms = self.tokens.forms[first : last + 1]
        return forms[1:] if forms and forms[0] in self.pack.determiners else list(forms)
