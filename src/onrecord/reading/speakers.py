"""Who is meant by the words of a source: from "il", "le ministre" and "Peskov" to a speaker, or an honest unknown."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..language.pack import Pack, Pronoun
from ..types import Draft, Gender, Reason, Span, Speaker, SpeakerType, Unknown
from .chains import Chain, chains_of
from .mentions import MAX_OFFICE_WORDS, Name, Offices, find_names, offices_of
from .tokens import Tokens

Found = tuple[Speaker | Unknown, tuple[Reason, ...]]

MAX_BACK = 4  # sentences a pronoun may reach back; on the train files of the gold three in a hundred reach further
FLOATING_BACK = 3  # paragraphs over which a floating quotation may follow the statement whose voice it goes on with


class Subject(msgspec.Struct, frozen=True):
    """Somebody who may be meant: a chain of names, or a description that stood as a source."""

    speaker: Speaker
    at: int  # token
    chain: int | None
    gender: Gender | None
    plural: bool
    oblique: bool = False


class Scene(msgspec.Struct, frozen=True):
    """What a pronoun is read against."""

    sentence: int
    spoken: str | None  # who spoke last
    inside: str | None  # who is being quoted around the pronoun
    pronoun: Pronoun


def resolve(tokens: Tokens, drafts: Sequence[Draft], pack: Pack) -> list[Found]:
    """The speaker of each draft, with the reasons, in the order of the drafts."""
    return _Resolver(tokens, drafts, pack).run()


class _Resolver:
    """One text. Drafts are taken in the order of their sources, so that each can look back on those before."""

    def __init__(self, tokens: Tokens, drafts: Sequence[Draft], pack: Pack) -> None:
        self.tokens = tokens
        self.drafts = drafts
        self.pack = pack
        self.offices: Offices = offices_of(pack.digest, pack.code)
        self.chains = chains_of(tokens, pack, find_names(tokens, pack))
        self.speakers = [self._named(chain) for chain in self.chains]
        self.genders: list[Gender | None] = [chain.gender for chain in self.chains]
        self.subjects = self._subjects()
        self.found: dict[int, Found] = {}
        self.at: dict[int, int] = {}  # where each draft's source stands
        self._sentence = [0] * len(tokens)
        for number, (first, last) in enumerate(tokens.sentences):
            self._sentence[first:last] = [number] * (last - first)

    def run(self) -> list[Found]:
        order = sorted(range(len(self.drafts)), key=self._position)
        for late in (False, True):  # floating quotations and first persons look at those already resolved
            for n in order:
                if n not in self.found and self._waits(n) == late:
                    self.found[n] = self._resolve(n)
        return [self.found[n] for n in range(len(self.drafts))]

    def _position(self, n: int) -> tuple[int, int]:
        draft = self.drafts[n]
        spans = draft.source or draft.cue or draft.content
        return self.tokens.range_of(spans[0])[0], n

    def _waits(self, n: int) -> bool:
        return not self.drafts[n].source and not self.drafts[n].cue

    def _resolve(self, n: int) -> Found:
        draft = self.drafts[n]
        at = self._position(n)[0]
        self.at[n] = at
        if not draft.source:
            return self._floating(n) if not draft.cue else self._implied(n)
        first, last = self._range(draft.source[0])
        pronoun = self._pronoun(first, last)
        if pronoun is not None:
            return self._by_pronoun(n, first, pronoun)
        return self._by_name(n, draft) or self._by_description(n, draft)

    def _range(self, span: Span) -> tuple[int, int]:
        first, stop = self.tokens.range_of(span)
        return first, max(first, stop - 1)

    # --- names -----------------------------------------------------------------------------------------------------

    def _named(self, chain: Chain) -> Speaker:
        name = chain.fullest
        office = next((self.tokens.span(*run) for run in chain.offices), None)
        return Speaker(
            name=self.tokens.text[self.tokens.starts[name.first] : self.tokens.ends[name.last]],
            type="person" if chain.type == "unnamed" and chain.gender else chain.type,
            named_at=self.tokens.span(name.first, name.last),
            office=office,
            gender=chain.gender if chain.type == "person" else None,
            mentions=tuple(self.tokens.span(n.first, n.last) for n in chain.names),
        )

    def _subjects(self) -> list[Subject]:
        """Every name of a chain, as somebody a later pronoun may mean, by place."""
        subjects = [
            Subject(self.speakers[c], name.first, c, self.genders[c], plural=False, oblique=name.oblique)
            for c, chain in enumerate(self.chains)
            for name in chain.names
        ]
        return sorted(subjects, key=lambda s: s.at)

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
            if self.tokens.words[i] in (",", "(", "–", "—"):
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

    # --- descriptions ----------------------------------------------------------------------------------------------

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

    def _definite(self, first: int) -> bool:
        """Does the phrase begin so that it may mean somebody already named: an article or none, but not "a", "un"?"""
        form = self.tokens.forms[first]
        return form not in self.pack.determiners or form in self.pack.pronouns or form in self.pack.particles

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

    def _unnamed(self, text: str, first: int, last: int) -> Speaker:
        return Speaker(
            name=text,
            type=self._kind_of(first, last),
            named_at=self.tokens.span(first, last),
            mentions=(self.tokens.span(first, last),),
        )

    def _kind_of(self, first: int, last: int) -> SpeakerType:
        """What sort of speaker a description means, by its first noun that a list knows."""
        for i in range(first, last + 1):
            form = self.tokens.forms[i]
            if form in self.pack.document_nouns:
                return "document"
            if form in self.pack.organisation_nouns:
                return "organisation"
            if form in self.pack.group_nouns:
                return "group"
            if form in self.pack.person_nouns or self.offices.at(self.tokens, i, last + 1):
                return "unnamed"
        return "group" if self.tokens.forms[last].endswith("s") else "unnamed"

    # --- pronouns --------------------------------------------------------------------------------------------------

    def _pronoun(self, first: int, last: int) -> Pronoun | None:
        text = " ".join(self.tokens.forms[first : last + 1])
        known = self.pack.pronouns.get(text)
        return known[0] if known else None

    def _by_pronoun(self, n: int, at: int, pronoun: Pronoun) -> Found:
        where = self.drafts[n].source[0]
        evidence = self.tokens.words[at]
        if pronoun.role == "impersonal":
            return Unknown("not_stated"), (Reason("impersonal", evidence, where),)
        if pronoun.role == "relative":
            speaker = self._antecedent(at)
            return (speaker or Unknown("no_antecedent")), (Reason("relative", evidence, where),)
        if pronoun.person == 1:
            return self._first_person(n, where, evidence)
        if pronoun.person == 2:
            return Unknown("not_stated"), (Reason("second_person", evidence, where),)
        subject = self._best(n, at, pronoun)
        if subject is None:
            return Unknown("no_antecedent"), (Reason("pronoun", evidence, where),)
        if subject.chain is not None and pronoun.gender and self.genders[subject.chain] is None:
            self.genders[subject.chain] = pronoun.gender
        return subject.speaker, (Reason("pronoun", f"{evidence} → {subject.speaker.name}", where),)

    def _antecedent(self, at: int) -> Speaker | None:
        """Whom a relative pronoun goes on about: the name or noun phrase just before it."""
        i = at - 1
        while i >= 0 and self.tokens.words[i] in (",", "(", "»", ")"):
            i -= 1
        sentence = self.tokens.sentences[self._sentence[at]][0]
        near = [s for s in self.subjects if sentence <= s.at <= i and i - s.at <= 14]
        if near:
            direct = [s for s in near if s.chain is not None and self.chains[s.chain].type == "person"]
            return (direct or near)[-1].speaker
        first = i
        while first > sentence and self.tokens.forms[first] not in self.pack.determiners and i - first < 8:
            first -= 1
        return self._unnamed(self._text(first, i), first, i) if first <= i else None

    def _first_person(self, n: int, where: Span, evidence: str) -> Found:
        parent = self.drafts[n].parent
        if parent is not None:
            if parent not in self.found:
                self.found[parent] = self._resolve(parent)
            return self.found[parent][0], (Reason("first_person", evidence, where),)
        return self._previous(n, "first_person", evidence, where)

    def _best(self, n: int, at: int, pronoun: Pronoun) -> Subject | None:
        """The likeliest antecedent: agreement first, then what was said last, who was subject, how near."""
        here = self._sentence[at]
        candidates = [
            s
            for s in self.subjects
            if s.at < at and here - self._sentence[s.at] <= MAX_BACK and self._agrees(s, pronoun)
        ]
        spoken = self._last_spoken(n, at, pronoun)
        if spoken is not None:
            candidates.append(spoken)
        scene = Scene(here, spoken.speaker.name if spoken else None, self._inside(n), pronoun)
        return max(candidates, key=lambda s: (self._score(s, scene), s.at), default=None)

    def _score(self, subject: Subject, scene: Scene) -> float:
        """Weights set by hand on the train files of the gold; order matters, not size."""
        score = -1.0 * (scene.sentence - self._sentence[subject.at])
        if subject.speaker.name == scene.spoken:
            score += 1.6
        if not subject.oblique:
            score += 1.0
        if subject.chain is not None and subject.at == self._first_in_sentence(subject.at):
            score += 0.6
        if subject.gender is not None and subject.gender == scene.pronoun.gender:
            score += 2.0
        if subject.speaker.type == "person" and scene.pronoun.gender:
            score += 2.0
        if subject.speaker.name == scene.inside:
            score -= 1.5  # inside a quotation "il" is seldom the one who speaks
        return score

    def _inside(self, n: int) -> str | None:
        """Name of the speaker of the statement around this one, when that one is quoted in marks."""
        parent = self.drafts[n].parent
        if parent is None or self.drafts[parent].type != "direct":
            return None
        found = self.found.get(parent)
        return found[0].name if found and isinstance(found[0], Speaker) else None

    def _first_in_sentence(self, at: int) -> int:
        first, last = self.tokens.sentences[self._sentence[at]]
        return next((s.at for s in self.subjects if first <= s.at < last), -1)

    def _agrees(self, subject: Subject, pronoun: Pronoun) -> bool:
        gender = subject.gender if subject.chain is None else self.genders[subject.chain]
        if gender is not None and pronoun.gender is not None and gender != pronoun.gender:
            return False
        if pronoun.number == "plural" and not subject.plural and subject.speaker.type in ("person", "unnamed"):
            return False
        if pronoun.number == "singular" and subject.plural:
            return False
        if pronoun.gender is None and pronoun.number == "singular":
            return subject.speaker.type not in ("person", "unnamed", "group")  # "it"
        return not (
            pronoun.gender
            and subject.speaker.type == "unnamed"
            and subject.chain is not None
            and subject.speaker.name.isupper()
        )

    def _last_spoken(self, n: int, at: int, pronoun: Pronoun) -> Subject | None:
        """The speaker of the statement before, as somebody the pronoun may mean."""
        before = [m for m in self.found if m != n and self.at[m] < at and self.drafts[m].parent is None]
        for m in sorted(before, key=lambda m: -self.at[m])[:3]:
            speaker = self.found[m][0]
            if not isinstance(speaker, Speaker) or self._sentence[at] - self._sentence[self.at[m]] > MAX_BACK + 2:
                continue
            chain = next((c for c, known in enumerate(self.speakers) if known.name == speaker.name), None)
            gender = self.genders[chain] if chain is not None else speaker.gender
            plural = speaker.type == "group" or (chain is None and self._plural(m))
            subject = Subject(speaker, self.at[m], chain, gender, plural)
            if self._agrees(subject, pronoun):
                return subject
        return None

    def _plural(self, m: int) -> bool:
        first, last = self._range(self.drafts[m].source[0]) if self.drafts[m].source else (0, -1)
        return any(form in self.pack.group_nouns for form in self.tokens.forms[first : last + 1])

    # --- without a source ------------------------------------------------------------------------------------------

    def _floating(self, n: int) -> Found:
        """A quotation that goes on in the voice of the statement before, or whose speaker the next words name."""
        return self._previous(n, "floating", "", self.drafts[n].content[0])

    def _previous(self, n: int, rule: str, evidence: str, where: Span) -> Found:
        here = self.tokens.range_of(self.drafts[n].content[0])[0]
        paragraph = self.tokens.paragraph_of(min(here, len(self.tokens) - 1))
        top = [m for m in self.found if m != n and self.drafts[m].parent is None and self._start(m) <= here]
        for m in sorted(top, key=lambda m: -self._start(m)):
            speaker = self.found[m][0]
            gap = paragraph - self.tokens.paragraph_of(self._start(m))
            if isinstance(speaker, Speaker) and gap <= FLOATING_BACK:
                return speaker, (Reason(rule, evidence or speaker.name, where),)
        near = [
            s
            for s in self.subjects
            if s.at < here and s.speaker.type == "person" and paragraph - self.tokens.paragraph_of(s.at) <= 1
        ]
        if near:
            return near[-1].speaker, (Reason(rule, near[-1].speaker.name, where),)
        return Unknown("no_antecedent"), (Reason(rule, evidence, where),)

    def _start(self, m: int) -> int:
        return self.tokens.range_of(self.drafts[m].content[0])[0]

    def _implied(self, n: int) -> Found:
        """A cue without a source: a passive without agent, unless another statement of the same cue tells."""
        return Unknown("not_stated"), (Reason("no_source", "", self.drafts[n].cue[0]),)

    # --- helpers ---------------------------------------------------------------------------------------------------

    def _text(self, first: int, last: int) -> str:
        return self.tokens.text[self.tokens.starts[first] : self.tokens.ends[last]]

    def _reached(self, chain: int) -> Speaker:
        return self.speakers[chain]
