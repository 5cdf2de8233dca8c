"""Sources that do not name: pronouns, descriptions, and sources left out. Who is meant is ranked by learnt weights."""

from __future__ import annotations

from ..language.pack import Pronoun
from ..types import Draft, Reason, Span, Speaker, Unknown
from .antecedents import Antecedents, Mention, MentionKind, Option, chances
from .cast import Found
from .interviews import Interviews
from .ranks import load_ranks
from .voices import Voices

RELATIVE_REACH = 14  # tokens between a name and the relative pronoun that goes on about it
# Of chance: two options that differ by no more are as likely. And the least that the likeliest has, descriptions apart,
# for anybody to be named: over five folds of train and dev, 0, 0.3, 0.35, 0.4 and 0.45 give French speakers right in
# 0.907, 0.907, 0.906, 0.905, 0.902, with 10, 14, 21, 26, 35 ambiguous: up to 0.4 most of those refused would be wrong.
MARGIN = 0.03
LEAST = 0.4


class Pronouns(Antecedents, Interviews, Voices):
    """Finds whom a pronoun, a description or nothing at all means where it stands."""

    def _choose(self, mention: Mention, options: list[Option]) -> list[Option]:
        """The likeliest option; several where they are as likely, the first two where even the first is unlikely."""
        found = chances(options, load_ranks()[mention.kind])
        first, second, *_ = (*sorted(found, reverse=True), 0.0)
        unlikely = first < LEAST and mention.kind != "description"
        margin = max(MARGIN, first - second) if unlikely else MARGIN
        return [option for option, chance in zip(options, found, strict=True) if first - chance <= margin]

    def _ranked(self, mention: Mention, rule: str, evidence: str, where: Span) -> Found | None:
        """Whom a mention means, with the reason; None where nobody known is likelier than anybody known."""
        citing = self._citing_before(mention.first)  # nobody cites himself
        options = [option for option in self.options(mention) if self._possible(option.speaker, citing)]
        best = self._choose(mention, options)
        speakers = [option.speaker for option in best if option.speaker is not None]
        if len(best) > len(speakers):
            return None
        if len(speakers) > 1:
            names = tuple(speaker.name for speaker in speakers)
            return Unknown("ambiguous", names), (Reason(rule, evidence, where),)
        (speaker,) = speakers
        told = f"{evidence} → {speaker.name}" if evidence else speaker.name
        return speaker, (Reason(rule, told, where),)

    def _possible(self, speaker: Speaker | None, citing: Speaker | None) -> bool:
        return speaker is None or (speaker != citing and speaker.named_at not in self._mere_labels)

    def _pronoun(self, first: int, last: int) -> Pronoun | None:
        words = self.tokens.words[first : last + 1]
        if len(words) == 1 and len(words[0]) > 1 and words[0].isalpha() and words[0].isupper():
            return None  # "US" is no pronoun; "J'" is one
        form = " ".join(self.tokens.forms[first : last + 1])
        known = self.pack.pronouns.get(form.replace(" -", "-"))  # "celle | -ci"
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
        mention = Mention(
            draft=n,
            kind="pronoun",
            at=at,
            first=at,
            last=at,
            gender=pronoun.gender,
            plural=pronoun.number == "plural",
            neuter=pronoun.gender is None and pronoun.number == "singular",
        )
        found = self._ranked(mention, "pronoun", evidence, where)
        if found is None:
            return Unknown("no_antecedent"), (Reason("pronoun", evidence, where),)
        self._learn_gender(found[0], pronoun)
        return found

    def _learn_gender(self, speaker: Speaker | Unknown, pronoun: Pronoun) -> None:
        """A name whose gender nothing told has that of the pronoun that means it."""
        if isinstance(speaker, Speaker) and pronoun.gender:
            for c, known in enumerate(self.speakers):
                if known.named_at == speaker.named_at and self.genders[c] is None:
                    self.genders[c] = pronoun.gender

    def _antecedent(self, at: int) -> Speaker | None:
        """Whom a relative pronoun goes on about: the name or noun phrase just before it."""
        i = at - 1
        while i >= 0 and self.tokens.words[i] in (",", "(", "»", ")"):
            i -= 1
        sentence = self.tokens.sentences[self._sentence[at]][0]
        if i < sentence:
            return None  # a question: "Who warned them?"
        first = i
        while first > sentence and i - first < 8 and not self._begins_phrase(first):
            first -= 1
        near = [c for place, c in self.places if sentence <= place <= i and i - place <= RELATIVE_REACH]
        if near and not self._withheld(first, i):
            persons = [c for c in near if self.chains[c].type == "person"]
            return self.speakers[(persons or near)[-1]]
        return self._unnamed(self._text(first, i), first, i) if first <= i else None

    def _begins_phrase(self, i: int) -> bool:
        """An article that nothing ties to a noun before it: "un", but not "du" in "un responsable du parti"."""
        forms, pack = self.tokens.forms, self.pack
        tied = forms[i] in pack.particles or (
            i > 0 and forms[i - 1] in pack.function_words and self._preposition(i - 1)
        )
        return forms[i] in pack.determiners and not tied

    def _first_person(self, n: int, where: Span, evidence: str) -> Found:
        parent = self.drafts[n].parent
        if parent is not None:
            if parent not in self.found:
                self.found[parent] = self._resolve(parent)
            return self.found[parent][0], (Reason("first_person", evidence, where),)
        return self._in_turn(n) or self._left_out(n, "floating", "first_person", where)

    def _by_description(self, n: int, draft: Draft) -> Found:
        where = draft.source[0]
        first, last = self._range(where)
        end = self._phrase_end(first, last)
        mention = Mention(draft=n, kind="description", at=first, first=first, last=end)
        text = self._text(first, end)
        found = self._ranked(mention, "description", text, where)
        if found is not None:
            if isinstance(found[0], Speaker) and found[0].named_at is not None:
                self.described.setdefault(found[0].named_at, []).append((first, end))
            return found
        return self._described_alike(text, first, end), (Reason("as_described", text, where),)

    def _described_alike(self, text: str, first: int, last: int) -> Speaker:
        """A speaker of the description's own; who was described in the same words before, unless "a" begins anew."""
        forms = self.tokens.forms[first : last + 1]
        words = tuple(form for form in forms if form not in self.pack.determiners)
        if words not in self.unnamed or self.pack.determiners.get(forms[0]) == "indefinite":
            self.unnamed[words] = self._unnamed(text, first, last)
        return self.unnamed[words]

    def _left_out(self, n: int, kind: MentionKind, rule: str, where: Span) -> Found:
        """Who speaks where no source stands."""
        at = self.tokens.range_of(where)[0]
        found = self._ranked(Mention(draft=n, kind=kind, at=at, first=at, last=at), rule, "", where)
        if found is not None:
            return found
        return Unknown("not_stated" if kind == "implied" else "no_antecedent"), (Reason(rule, "", where),)
