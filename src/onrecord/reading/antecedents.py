"""Whom words that do not name mean: every speaker they may mean, told by plain features and ranked by learnt weights.

Pronouns, descriptions, cues without source and floating quotations each have weights of their own: a sum over features
that hold, as in the mention-ranking models of coreference (Denis and Baldridge 2008). `lab/train/speakers.py` fits them
on the speakers of annotated articles; they stand in `models/speakers/weights.json` and can be read.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nsmallest
from typing import Literal

import msgspec

from ..types import Gender, Speaker
from .cast import Cast, Head
from .chains import Chain
from .offices import office_gender, office_size

MentionKind = Literal["pronoun", "description", "implied", "floating"]
NEAR = 12  # tokens around a name in which words of a description are looked for
REACH = 15  # chains looked at for one mention, the nearest; more cost time and, on dev, find nobody


class Mention(msgspec.Struct, frozen=True):
    """Words of a source that do not name, or the place where a source is missing."""

    draft: int
    kind: MentionKind
    at: int  # token
    first: int  # of the words; equal to `at` where there are none
    last: int
    gender: Gender | None = None
    plural: bool = False
    neuter: bool = False  # "it": no person


class Option(msgspec.Struct, frozen=True):
    """Somebody a mention may mean; `speaker` is None for nobody known: the description itself, or an unknown."""

    speaker: Speaker | None
    features: tuple[str, ...]


class Description(msgspec.Struct, frozen=True):
    """What the words of a description tell."""

    head: Head
    determiner: str  # definite, indefinite, possessive, bare
    office: frozenset[str]  # forms of the office in it
    words: frozenset[str]  # its other words that carry meaning
    gender: Gender | None


NOTHING = Description("other", "bare", frozenset(), frozenset(), None)


class Known(msgspec.Struct, frozen=True):
    """What is told of a chain whatever the mention; computed once a text."""

    firsts: list[int]  # the first token of each of its names
    own: frozenset[str]  # the words of its fullest name
    offices: list[frozenset[str]]  # the words of each of its offices
    near: frozenset[str]  # words near its names
    commonest: bool  # no other chain has more names
    in_title: bool


class Antecedents(Cast):
    """Lists the options of a mention. The resolver, which knows who spoke before, is built on it."""

    def options(self, mention: Mention) -> list[Option]:
        """Everybody a mention may mean, and nobody."""
        told = self._told(mention) if mention.kind == "description" else NOTHING
        spoken = self._spoken_before(mention)
        possible = [c for c, chain in enumerate(self.chains) if not _another_gender(chain, mention.gender)]
        nearest = nsmallest(REACH, possible, key=lambda c: self._distance(self.chains[c], mention.at))
        found = [
            Option(self.speakers[c], tuple(self._of_chain(mention, told, c, spoken, rank)))
            for rank, c in enumerate(nearest)
        ]
        for m, speaker in self._described_before(mention):
            found.append(Option(speaker, tuple(self._of_described(mention, told, m, speaker, spoken))))
        found.append(Option(None, tuple(self._of_nobody(mention, told, spoken))))
        return found

    # --- what a mention tells ---

    def _told(self, mention: Mention) -> Description:
        tokens, pack = self.tokens, self.pack
        first, last = mention.first, mention.last
        determiner = pack.determiners.get(tokens.forms[first], "bare")
        head = next((i for i in range(first, last + 1) if office_size(tokens, pack, i, last + 1)), None)
        office: frozenset[str] = frozenset()
        gender = None
        kind = self._head(first, last)
        if head is not None and kind in ("office", "other"):
            size = office_size(tokens, pack, head, last + 1)
            office = frozenset(tokens.forms[head : head + size])
            gender = office_gender(tokens, pack, head, size)
            kind = "office"
        words = frozenset(
            f
            for f in tokens.forms[first : last + 1]
            if f[0].isalnum() and f not in pack.function_words and f not in pack.determiners and f not in office
        )
        return Description(kind, determiner, office, words, gender or self._person_gender(first, last))

    def _person_gender(self, first: int, last: int) -> Gender | None:
        return next(
            (
                self.pack.person_nouns[form]
                for form in self.tokens.forms[first : last + 1]
                if form in self.pack.person_nouns
            ),
            None,
        )

    # --- who is there ---

    def _distance(self, chain: Chain, at: int) -> tuple[int, int]:
        before = chain.before(at)
        return (0, at - before.last) if before else (1, chain.names[0].first - at)

    def _described_before(self, mention: Mention) -> Iterator[tuple[int, Speaker]]:
        """Speakers that were described and never named, each with the draft they last spoke in."""
        seen = {speaker.named_at for speaker in self.speakers}
        for m in self._earlier(mention):
            speaker = self.found[m][0]
            if isinstance(speaker, Speaker) and speaker.named_at not in seen:
                seen.add(speaker.named_at)
                yield m, speaker

    def _earlier(self, mention: Mention) -> list[int]:
        """Drafts already resolved whose source stands before a mention, the nearest first."""
        here = [m for m in self.found if m != mention.draft and (self.at[m], m) < (mention.at, mention.draft)]
        return sorted(here, key=lambda m: (-self.at[m], -m))

    def _spoken_before(self, mention: Mention) -> list[tuple[int, Speaker]]:
        """The last speakers in their own right, the last first, each once."""
        found: list[tuple[int, Speaker]] = []
        for m in self._earlier(mention):
            speaker = self.found[m][0]
            if isinstance(speaker, Speaker) and all(speaker.named_at != s.named_at for _, s in found):
                found.append((m, speaker))
            if len(found) == 3:
                break
        return found

    # --- features ---

    def _of_chain(
        self, mention: Mention, told: Description, c: int, spoken: Sequence[tuple[int, Speaker]], rank: int
    ) -> Iterator[str]:
        chain, speaker = self.chains[c], self.speakers[c]
        before = chain.before(mention.at)
        yield f"rank:{min(rank, 4)}"
        if before is None:
            yield "later"
            yield f"later:{min(self._sentences_apart(chain.names[0].first, mention.at), 3)}"
        else:
            apart = self._sentences_apart(before.first, mention.at)
            yield f"sentence:{min(apart, 6)}"
            yield f"paragraph:{min(self._paragraphs_apart(before.first, mention.at), 4)}"
            yield "oblique" if before.oblique else "straight"
            if not before.oblique and before.first == self._opening[self._sentence[before.first]]:
                yield f"subject:{min(apart, 3)}"
        known = self._known[c]
        yield f"times:{min(bisect_left(known.firsts, mention.at), 4)}"
        if known.commonest:
            yield "commonest"
        if known.in_title:
            yield "in_title"
        yield from self._of_anybody(mention, told, (speaker, self.genders[c]), spoken)
        if self._in_content(mention.draft, known.firsts):
            yield "in_own_content"
        if mention.kind == "description":
            yield from self._described_as(told, known, speaker)
            yield f"{told.head}:{told.determiner}:rank:{min(rank, 2)}"
            yield f"{told.head}:{told.determiner}:{'before' if before else 'later'}"

    def _of_anybody(
        self,
        mention: Mention,
        told: Description,
        somebody: tuple[Speaker, Gender | None],
        spoken: Sequence[tuple[int, Speaker]],
    ) -> Iterator[str]:
        speaker, gender = somebody
        person = speaker.type in ("person", "unnamed")
        yield f"type:{speaker.type}" + (":plural" if mention.plural else ":neuter" if mention.neuter else "")
        wanted = mention.gender or told.gender
        if wanted and person:
            yield "gender:" + ("unknown" if gender is None else "same" if gender == wanted else "other")
        for place, (m, other) in enumerate(spoken):
            if other.named_at == speaker.named_at:
                yield f"spoke:{place}"
                yield f"spoke:{place}:{min(self._sentences_apart(self.at[m], mention.at), 4)}"
                if self._paragraphs_apart(self.at[m], mention.at) == 0:
                    yield f"spoke:{place}:paragraph"
                if self.drafts[m].type == "direct" and place == 0:
                    yield "spoke:direct"
                yield f"{told.head}:{told.determiner}:spoke:{place}"
        parent = self.drafts[mention.draft].parent
        if parent is not None and parent in self.found:
            around = self.found[parent][0]
            own = isinstance(around, Speaker) and around.named_at == speaker.named_at
            yield f"around:{'self' if own else 'other'}:{self.drafts[parent].type}"

    def _described_as(self, told: Description, known: Known, speaker: Speaker) -> Iterator[str]:
        """How far a description says what the article says of a name."""
        yield f"{told.head}:{told.determiner}:{speaker.type}"
        own = known.own
        if own & told.words:
            yield f"name_inside:{speaker.type}"
            yield f"name_inside:{'all' if own <= told.words | told.office else 'part'}:{told.head}"
        if told.office:
            fitting = [words for words in known.offices if told.office <= words]
            yield "office:" + ("same" if fitting else "other" if known.offices else "none")
            if fitting and told.words:
                yield "office:more" if any(told.words & words for words in fitting) else "office:nothing_more"
        words = told.words | told.office
        yield f"near:{min(len(words & known.near - own), 3)}"
        if words <= known.near:
            yield "near:all"

    @cached_property
    def _known(self) -> list[Known]:
        most = max(len(chain.names) for chain in self.chains)
        return [self._known_of(chain, most) for chain in self.chains]

    def _known_of(self, chain: Chain, most: int) -> Known:
        forms = self.tokens.forms
        firsts = [name.first for name in chain.names]
        return Known(
            firsts=firsts,
            own=frozenset(chain.fullest.words),
            offices=[frozenset(forms[first : last + 1]) for first, last in chain.offices],
            near=frozenset(form for name in chain.names for form in self._around(name.first, name.last)),
            commonest=len(firsts) == most,
            in_title=self._paragraph[firsts[0]] == 0,
        )

    def _around(self, first: int, last: int) -> Sequence[str]:
        begin, stop = self.tokens.sentences[self._sentence[first]]
        return self.tokens.forms[max(begin, first - NEAR) : min(stop, last + 1 + NEAR)]

    def _of_described(
        self, mention: Mention, told: Description, m: int, speaker: Speaker, spoken: Sequence[tuple[int, Speaker]]
    ) -> Iterator[str]:
        yield "described"
        yield f"described:{min(self._sentences_apart(self.at[m], mention.at), 6)}"
        yield from self._of_anybody(mention, told, (speaker, speaker.gender), spoken)
        if mention.kind == "description":
            yield f"described:{told.head}:{told.determiner}"
            known = {f.casefold() for f in self._forms_of(speaker)}
            words = told.words | told.office
            shared = words & known
            yield "words:" + ("same" if words == known else "fewer" if words < known else "some" if shared else "none")

    def _forms_of(self, speaker: Speaker) -> list[str]:
        if speaker.named_at is None:
            return []
        forms = self.tokens.forms[slice(*self.tokens.range_of(speaker.named_at))]
        grammar = self.pack.function_words, self.pack.determiners
        return [f for f in forms if f[0].isalnum() and not any(f in words for words in grammar)]

    def _of_nobody(self, mention: Mention, told: Description, spoken: Sequence[tuple[int, Speaker]]) -> Iterator[str]:
        draft = self.drafts[mention.draft]
        yield "nobody"
        if mention.kind == "description":
            yield f"nobody:{told.head}:{told.determiner}"
            yield f"nobody:words:{min(len(told.words), 3)}"
            if any(word[0].isdigit() for word in told.words):
                yield "nobody:number"
            if any(self.tokens.words[i][0].isupper() for i in range(mention.first + 1, mention.last + 1)):
                yield "nobody:capital"
            if self._paragraph[mention.at] == 0:
                yield "nobody:title"
        else:
            yield f"nobody:{draft.type}"
            if draft.cue:
                first, stop = self.tokens.range_of(draft.cue[0])
                yield f"nobody:cue:{min(stop - first, 3)}"
                yield f"nobody:cue:{draft.type}:{min(stop - first, 2)}"
            if mention.plural:
                yield "nobody:plural"
        if not spoken:
            yield "nobody:first"
        if draft.parent is not None:
            yield "nobody:nested"

    # --- places ---

    def _sentences_apart(self, a: int, b: int) -> int:
        return abs(self._sentence[a] - self._sentence[b])

    def _paragraphs_apart(self, a: int, b: int) -> int:
        return abs(self._paragraph[a] - self._paragraph[b])

    def _in_content(self, n: int, tokens: Sequence[int]) -> bool:
        """Does one of the tokens, which are in order, stand in the content of draft `n`?"""
        for span in self.drafts[n].content:
            first, stop = self.tokens.range_of(span)
            place = bisect_left(tokens, first)
            if place < len(tokens) and tokens[place] < stop:
                return True
        return False


def _another_gender(chain: Chain, wanted: Gender | None) -> bool:
    """Does a title say that "she" is not this one: "Mr. Roy"? An office does not; "le ministre" may be a woman."""
    return wanted is not None and any(name.titled and name.gender not in (None, wanted) for name in chain.names)


def chances(options: Sequence[Option], weights: Mapping[str, float]) -> list[float]:
    """The chance of each option: a softmax over the sums of the weights of their features."""
    scores = [sum(weights.get(feature, 0.0) for feature in option.features) for option in options]
    highest = max(scores)
    raised = [math.exp(score - highest) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]
