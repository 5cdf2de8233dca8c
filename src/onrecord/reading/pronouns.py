"""Sources that are pronouns: who "il", "she", "qui" and "we" mean where they stand."""

from __future__ import annotations

import msgspec

from ..language.pack import Pronoun
from ..types import Reason, Span, Speaker, Unknown
from .cast import Found, Subject
from .naming import Naming

MAX_BACK = 4  # sentences a pronoun may reach back; on the train files of the gold three in a hundred reach further
MARGIN = 0.05  # of score, below which two antecedents are as likely; see _score
FLOATING_BACK = 3  # paragraphs over which a floating quotation may follow the statement whose voice it goes on with


class Scene(msgspec.Struct, frozen=True):
    """What a pronoun is read against."""

    sentence: int
    spoken: Span | None  # where the one who spoke last is named
    inside: Span | None  # where the one who is being quoted around the pronoun is named
    pronoun: Pronoun


class Pronouns(Naming):
    """Finds the antecedent of a pronoun, by agreement, by who spoke last, by who was subject, by how near."""

    def _pronoun(self, first: int, last: int) -> Pronoun | None:
        words = self.tokens.words[first : last + 1]
        if len(words) == 1 and len(words[0]) > 1 and words[0].isupper():
            return None  # "US" is no pronoun
        known = self.pack.pronouns.get(" ".join(self.tokens.forms[first : last + 1]))
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
        best = self._best(n, at, pronoun)
        if not best:
            return Unknown("no_antecedent"), (Reason("pronoun", evidence, where),)
        if len(best) > 1:
            return Unknown("ambiguous", tuple(s.speaker.name for s in best)), (Reason("pronoun", evidence, where),)
        subject = best[0]
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

    def _best(self, n: int, at: int, pronoun: Pronoun) -> list[Subject]:
        """The likeliest antecedent, by what was said last, who was subject, how near; several where they are as likely.

        Empty where nobody agrees with the pronoun.
        """
        here = self._sentence[at]
        candidates = [
            s
            for s in self.subjects
            if s.at < at and here - self._sentence[s.at] <= MAX_BACK and self._agrees(s, pronoun)
        ]
        spoken = self._last_spoken(n, at, pronoun)
        if spoken is not None:
            candidates.append(spoken)
        scene = Scene(here, spoken.speaker.named_at if spoken else None, self._inside(n), pronoun)
        best: dict[Span | None, tuple[float, int, Subject]] = {}  # by where the speaker is named: names may vary
        for subject in candidates:
            found = (self._score(subject, scene), subject.at, subject)
            known = best.get(subject.speaker.named_at)
            if known is None or found[:2] > known[:2]:
                best[subject.speaker.named_at] = found
        rivals = sorted(best.values(), key=lambda rival: rival[:2], reverse=True)
        return [subject for score, _, subject in rivals if rivals[0][0] - score < MARGIN]

    def _score(self, subject: Subject, scene: Scene) -> float:
        """Weights set by hand on the train files of the gold; order matters, not size."""
        score = -1.0 * (scene.sentence - self._sentence[subject.at])
        if scene.spoken is not None and subject.speaker.named_at == scene.spoken:
            score += 1.6
        if not subject.oblique:
            score += 1.0
        if subject.chain is not None and subject.at == self._first_in_sentence(subject.at):
            score += 0.6
        if subject.gender is not None and subject.gender == scene.pronoun.gender:
            score += 2.0
        if subject.speaker.type == "person" and scene.pronoun.gender:
            score += 2.0
        if scene.inside is not None and subject.speaker.named_at == scene.inside:
            score -= 1.5  # inside a quotation "il" is seldom the one who speaks
        return score

    def _inside(self, n: int) -> Span | None:
        """Where the speaker of the statement around this one is named, when that one is quoted in marks."""
        parent = self.drafts[n].parent
        if parent is None or self.drafts[parent].type != "direct":
            return None
        found = self.found.get(parent)
        return found[0].named_at if found and isinstance(found[0], Speaker) else None

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
        neuter = pronoun.gender is None and pronoun.number == "singular"  # "it"
        return not (neuter and subject.speaker.type in ("person", "unnamed", "group"))

    def _last_spoken(self, n: int, at: int, pronoun: Pronoun) -> Subject | None:
        """The speaker of the statement before, as somebody the pronoun may mean."""
        before = [m for m in self.found if m != n and self.at[m] < at and self.drafts[m].parent is None]
        for m in sorted(before, key=lambda m: -self.at[m])[:3]:
            speaker = self.found[m][0]
            if not isinstance(speaker, Speaker) or self._sentence[at] - self._sentence[self.at[m]] > MAX_BACK + 2:
                continue
            chain = next((c for c, known in enumerate(self.speakers) if known.named_at == speaker.named_at), None)
            gender = self.genders[chain] if chain is not None else speaker.gender
            plural = speaker.type == "group" or (chain is None and self._plural(m))
            subject = Subject(speaker, self.at[m], chain, gender, plural)
            if self._agrees(subject, pronoun):
                return subject
        return None

    def _plural(self, m: int) -> bool:
        first, last = self._range(self.drafts[m].source[0]) if self.drafts[m].source else (0, -1)
        return any(form in self.pack.group_nouns for form in self.tokens.forms[first : last + 1])

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
