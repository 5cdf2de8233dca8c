"""Sources that name or describe: "le ministre Paul Roy", "M. Roy", "le ministre", "un responsable local"."""

from __future__ import annotations

import msgspec

from ..types import Draft, Reason, Speaker
from .cast import Cast, Found
from .chains import Chain
from .mentions import MAX_OFFICE_WORDS, Name


class Naming(Cast):
    """Finds the speaker that a noun phrase names or describes."""

    def _by_name(self, n: int, draft: Draft) -> Found | None:
        """The name that the source's noun phrase is about; where its first part has none, that of its apposition."""
        first, last = self._range(draft.source[0])
        for left, right in self._parts(first, last):
            inside = [
                (c, name)
                for c, chain in enumerate(self.chains)
                for name in chain.names
                if left <= name.first and name.last <= right and self._heads(left, name.first, right, name.last)
            ]
            for c, name in sorted(inside, key=lambda pair: -pair[1].first):
                if self._whole(self.chains[c], left, right, name.first, name.last):
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

    def _heads(self, first: int, name: int, last: int, name_last: int) -> bool:
        """Is the name what the noun phrase is about: not "of" it, not its possessor, not before another noun?"""
        if name_last < last:
            after = self.tokens.forms[name_last + 1]
            if after in self.pack.clitics or (
                after[0].isalpha() and after not in self.pack.function_words and after not in self.pack.particles
            ):
                return False
        if name == first:
            return True
        before = self.tokens.forms[name - 1]
        linking = before in self.pack.function_words and before not in self.pack.determiners
        contracted = before in self.pack.determiners and before in self.pack.particles
        if linking or contracted:
            return all(
                f in self.pack.function_words or f in self.pack.determiners for f in self.tokens.forms[first:name]
            )
        return True

    def _whole(self, chain: Chain, first: int, last: int, name: int, name_last: int) -> bool:
        """A body's name must be most of the noun phrase: "le gouvernement de France" is not France."""
        if chain.type == "person":
            return True
        rest = [
            f for f in (*self.tokens.forms[first:name], *self.tokens.forms[name_last + 1 : last + 1]) if f[0].isalnum()
        ]
        return all(form in self.pack.determiners or form in self.pack.function_words for form in rest)

    def _by_description(self, n: int, draft: Draft) -> Found:
        first, last = self._range(draft.source[0])
        end = self._phrase_end(first, last)
        text = self._text(first, end)
        chain = self._described(first, end)
        if chain is not None:
            return self._reached(chain), (Reason("description", text, draft.source[0]),)
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
        head = next((i for i in range(first, last + 1) if self.offices.at(self.tokens, i, last + 1)), None)
        if head is None or head - first > MAX_OFFICE_WORDS or not self._definite(first):
            return None
        size = self.offices.at(self.tokens, head, last + 1)
        wanted = set(self.tokens.forms[head : head + size])
        extra = {
            f for f in self.tokens.forms[head + size : last + 1] if f not in self.pack.function_words and f[0].isalnum()
        }
        gender = self.offices.gender(self.tokens, head, size)
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
