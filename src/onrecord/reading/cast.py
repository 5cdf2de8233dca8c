"""Who appears in a text: chains of names, and everybody a later word may mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ..language.pack import Pack
from ..types import Draft, Gender, Reason, Span, Speaker, SpeakerType, Unknown
from .chains import Chain, chains_of
from .mentions import find_names
from .offices import office_size
from .tokens import Run, Tokens, numbered

Head = Literal["document", "group", "person", "office", "organisation", "other"]
Found = tuple[Speaker | Unknown, tuple[Reason, ...]]


class Cast:
    """One text with its chains. What is found about its drafts is kept here, so that later ones can look back."""

    def __init__(self, tokens: Tokens, drafts: Sequence[Draft], pack: Pack) -> None:
        self.tokens = tokens
        self.drafts = drafts
        self.pack = pack
        self.chains = chains_of(tokens, find_names(tokens, pack))
        self.speakers = [self._named(chain) for chain in self.chains]
        self.genders: list[Gender | None] = [chain.gender for chain in self.chains]
        # where names stand: (token, number of the chain), in order
        self.places = sorted((name.first, c) for c, chain in enumerate(self.chains) for name in chain.names)
        self.found: dict[int, Found] = {}
        self.at: dict[int, int] = {}  # where each draft's source stands
        self.described: dict[Span, list[Run]] = {}  # by the place of the fullest name, descriptions that mean it
        self.unnamed: dict[tuple[str, ...], Speaker] = {}  # who is only described, by the words, determiners apart
        self._sentence = numbered(tokens.sentences)  # of each token
        self._paragraph = numbered(tokens.paragraphs)
        self._opening = {self._sentence[first]: first for first, _ in reversed(self.places)}  # first name by sentence

    def _resolve(self, n: int) -> Found:
        """The speaker of draft `n`; the resolver, which knows all the ways, says how."""
        raise NotImplementedError

    def _range(self, span: Span) -> tuple[int, int]:
        first, stop = self.tokens.range_of(span)
        return first, max(first, stop - 1)

    def _named(self, chain: Chain) -> Speaker:
        first, last = self._full_name(chain)
        office = next((self.tokens.span(*run) for run in chain.offices), None)
        return Speaker(
            name=self._text(first, last),
            type="person" if chain.type == "unnamed" and chain.gender else chain.type,
            named_at=self.tokens.span(first, last),
            office=office,
            gender=chain.gender if chain.type == "person" else None,
            mentions=tuple(self.tokens.span(n.first, n.last) for n in chain.names),
        )

    def _full_name(self, chain: Chain) -> tuple[int, int]:
        """Tokens of the fullest name; where that is a surname alone, with its title: "Mme Roy"."""
        titled = next((name for name in chain.names if name.titled), None)
        if len(chain.fullest.words) > 1 or titled is None:
            return chain.fullest.first, chain.fullest.last
        first = titled.first
        while self._is_title(first - 1) or (self.tokens.words[first - 1] == "." and self._is_title(first - 2)):
            first -= 1
        return first, titled.last

    def _is_title(self, i: int) -> bool:
        return i >= 0 and self.tokens.forms[i].rstrip(".") in self.pack.titles

    def _unnamed(self, text: str, first: int, last: int) -> Speaker:
        return Speaker(
            name=text,
            type=self._kind_of(first, last),
            named_at=self.tokens.span(first, last),
            mentions=(self.tokens.span(first, last),),
        )

    def _kind_of(self, first: int, last: int) -> SpeakerType:
        """What sort of speaker a description means."""
        head: Head = "other"
        for i in range(first, last + 1):
            kind = self._listed(i, last)
            if kind == "other" and head != "other":
                break
            head = kind if kind != "other" else head  # "a campaign | spokesman"
        return head if head in ("document", "group", "organisation") else "unnamed"

    def _head(self, first: int, last: int) -> Head:
        """The list that holds the first noun of a description which any list holds."""
        kinds = (self._listed(i, last) for i in range(first, last + 1))
        return next((kind for kind in kinds if kind != "other"), "other")

    def _listed(self, i: int, last: int) -> Head:
        """The list that holds a noun; "other" where none does."""
        form, pack = self.tokens.forms[i], self.pack
        if form in pack.document_nouns:
            return "document"
        if form in pack.organisation_nouns:
            return "organisation"
        if form in pack.group_nouns:
            return "group"
        if form in pack.person_nouns:
            return "person"
        return "office" if office_size(self.tokens, pack, i, last + 1) else "other"

    def _text(self, first: int, last: int) -> str:
        return self.tokens.text[self.tokens.starts[first] : self.tokens.ends[last]]
