"""Interviews set as questions and answers: whose turn each paragraph is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from ..types import Draft, Reason, Span, Speaker, Unknown
from .cast import Cast, Found
from .tokens import Run

QUESTIONS = 3  # paragraphs that ask, at least, in an interview without labels
MOST_IN_QUESTION = 80  # tokens
ANSWERED = 0.6  # share of the questions that a paragraph without question mark follows
SPOKEN = 0.5  # share of the questions to "you", or answered by "I" or between marks: an explainer asks nobody
UNANNOUNCED = 0.8  # the same where no word of title and introduction tells of an interview
NAMED = 3  # times; who is named more often is not likelier to be the one interviewed
TURNS = 2  # of each of two voices, at least, in an interview with labels
LABEL = 7  # tokens of a label with its colon, at most
INITIALS = 4  # letters, at most


class Label(msgspec.Struct, frozen=True):
    """What a turn begins with: "Q:", "Jeanne Kerbrat :", "J. K. :"."""

    run: Run
    key: str  # the same for the labels of one voice
    voice: Speaker | None  # None where nobody known is meant
    asks: bool = False  # a word for questions


class Interviews(Cast):
    """Tells whose voice is heard where no source stands."""

    def _in_turn(self, n: int) -> Found | None:
        """Who speaks in the paragraph of a draft that names nobody; None outside interviews."""
        draft = self.drafts[n]
        where = (draft.source or draft.content)[0]
        paragraph = self._paragraph[self.tokens.range_of(where)[0]]
        if paragraph not in self._turns:
            return None
        voice = self._turns[paragraph]
        if voice is None:
            return Unknown("not_stated"), (Reason("interview", "a question", where),)
        return voice, (Reason("interview", voice.name, where),)

    def _by_label(self, n: int, first: int) -> Found | None:
        """Whom the label of a turn means, where that was taken for a source; None for other words."""
        label = self._labels.get(self._paragraph[first])
        if label is None or first > label.run[1] or not (label.voice or label.asks):
            return None
        return self._in_turn(n)

    def _in_one_turn(self, draft: Draft) -> Draft:
        """The draft without what its content has of later turns: a question is not part of the answer before it."""
        turns = [self._turn_of(span) for span in draft.content]
        content = tuple(span for span, turn in zip(draft.content, turns, strict=True) if turn == turns[0])
        if len(content) == len(turns):
            return draft
        text = self.tokens.text
        quoted = all((text[span.start], text[span.end - 1]) in self.pack.pairs for span in content)
        asked = draft.act == "question" and any("?" in text[span.start : span.end] for span in content)
        return msgspec.structs.replace(
            draft,
            content=content,
            type="direct" if quoted else draft.type,
            act="assert" if draft.act == "question" and not asked else draft.act,
        )

    def _is_asked(self, draft: Draft) -> bool:
        """Is a draft nothing but what the interviewer asks: the writer's own voice, and nobody's statement?"""
        turn = self._turn_of(draft.content[0])
        label = self._labels.get(turn)
        asks = label.asks if label is not None else turn in self._begins and self._begins[turn] is None
        return asks and not draft.cue

    def _turn_of(self, span: Span) -> int:
        """The paragraph that the turn of a span begins with; 0 before the first turn."""
        paragraph = self._paragraph[self.tokens.range_of(span)[0]]
        return max((begin for begin in self._begins if begin <= paragraph), default=0)

    @cached_property
    def _mere_labels(self) -> frozenset[Span | None]:
        """By the place of their name, those who are nothing but the initials of a label or a word for it."""
        runs = [label.run for label in self._labels.values()]
        return frozenset(
            speaker.named_at
            for speaker, chain in zip(self.speakers, self.chains, strict=True)
            if runs and all(any(a <= name.first <= b for a, b in runs) for name in chain.names)
            if all(label.voice != speaker for label in self._labels.values())
        )

    @cached_property
    def _begins(self) -> dict[int, Speaker | None]:
        """Who speaks in the paragraphs that turns begin with; empty where the text is no interview."""
        labels = {paragraph: label.voice for paragraph, label in self._labels.items()}
        return labels or self._asked_and_answered()

    @cached_property
    def _turns(self) -> dict[int, Speaker | None]:
        """Who speaks, by paragraph, from the first turn of an interview on; None for who asks."""
        begins = self._begins
        turns: dict[int, Speaker | None] = {}
        for paragraph in range(min(begins), len(self.tokens.paragraphs)) if begins else ():
            turns[paragraph] = begins[paragraph] if paragraph in begins else turns[paragraph - 1]
        return turns

    def _interviewee(self, before: int) -> Speaker | None:
        """The person of whom title and introduction, up to a paragraph, tell most that whom one interviews is told."""
        stop = self.tokens.paragraphs[before][0]
        persons = [(place, c) for place, c in self.places if place < stop and self.chains[c].type == "person"]
        telling = {self._sentence[i] for i in self._interview_words(before)}
        points: dict[int, int] = {}
        for _, c in persons:
            points[c] = min(points.get(c, 0) + 1, NAMED)
        for c in points:
            own = [place for place, other in persons if other == c]
            points[c] += 2 * any(self._sentence[place] in telling for place in own)
            points[c] += bool(self.chains[c].offices) + (self._paragraph[own[0]] == 0)
        return self.speakers[max(points, key=lambda c: points[c])] if points else None

    def _interview_words(self, before: int) -> list[int]:
        """The tokens of title and introduction that tell of an interview."""
        forms = self.tokens.forms[: self.tokens.paragraphs[before][0]]
        return [i for i, form in enumerate(forms) if form in self.pack.interview_words]

    # --- turns with labels ---

    @cached_property
    def _labels(self) -> dict[int, Label]:
        """The labels by paragraph, where two voices or more have turns; else none."""
        runs = {
            paragraph: run
            for paragraph in range(1, len(self.tokens.paragraphs))
            if (run := self._label_run(*self.tokens.paragraphs[paragraph])) is not None
        }
        if len(runs) < 2 * TURNS:
            return {}
        interviewee = self._interviewee(min(runs))
        labels = {paragraph: self._label(run, interviewee) for paragraph, run in runs.items()}
        keys = [label.key for label in labels.values()]
        return labels if sum(keys.count(key) >= TURNS for key in set(keys)) > 1 else {}

    def _label_run(self, first: int, stop: int) -> Run | None:
        """The label that a paragraph begins with: a word for it, a name or initials, before a colon or a dash."""
        words, particles = self.tokens.words, self.pack.particles
        for i in range(first, min(first + LABEL, stop - 1)):
            ended = words[i] == ":" or (words[i] in self.pack.dashes and words[i - 1][-1] == ".")
            if i > first and (ended or (words[i - 1][-1] == "." and self._labelled(first, i - 1))):
                return first, i - 1
            if words[i] != "." and not words[i][0].isupper() and self.tokens.forms[i] not in particles:
                return None
        return None

    def _labelled(self, first: int, last: int) -> str | None:
        """What a word for turns tells, "question" or "answer": "Q", "Réponse"; None for other words."""
        word = "".join(self.tokens.forms[first : last + 1]).rstrip(".")
        return self.pack.turn_labels.get(word)

    def _label(self, run: Run, interviewee: Speaker | None) -> Label:
        kind = self._labelled(*run)
        if kind is not None:
            asks = kind == "question"
            return Label(run, kind, None if asks else interviewee, asks)
        c = self._meant_by(run)
        return Label(run, self._text(*run).lower() if c is None else str(c), None if c is None else self.speakers[c])

    def _meant_by(self, run: Run) -> int | None:
        """The only chain that has the initials of a label, else the chain that is named in it."""
        text = self._text(*run)
        letters = [letter.lower() for letter in text if letter.isalpha()]
        if text.isupper() and len(letters) <= INITIALS:
            fitting = [c for c, chain in enumerate(self.chains) if letters in self._initials(chain.fullest.words)]
            if len(fitting) == 1:
                return fitting[0]
        return next((c for place, c in self.places if run[0] <= place <= run[1]), None)

    def _initials(self, words: tuple[str, ...]) -> Iterator[list[str]]:
        """The initials of a name: with particles, without, with those after hyphens. None of initials themselves."""
        if any(len(word) > 2 for word in words):
            yield [word[0] for word in words]
            yield [word[0] for word in words if word not in self.pack.particles]
            yield [part[0] for word in words for part in word.split("-") if part]

    # --- questions without labels ---

    def _asked_and_answered(self) -> dict[int, Speaker | None]:
        """Who speaks in each paragraph that asks and in the one after, where they alternate; else none."""
        paragraphs = self.tokens.paragraphs
        asking = [number for number in range(1, len(paragraphs)) if self._asks(*paragraphs[number])]
        answers = [number for number in asking if number + 1 < len(paragraphs) and number + 1 not in asking]
        if len(asking) < QUESTIONS or len(answers) < ANSWERED * len(asking):
            return {}
        if not self._spoken(answers, SPOKEN if self._interview_words(asking[0]) else UNANNOUNCED):
            return {}
        interviewee = self._interviewee(asking[0])
        if interviewee is None:
            return {}
        return {number + 1: interviewee for number in answers} | dict.fromkeys(asking)

    def _asks(self, first: int, stop: int) -> bool:
        """Does a paragraph end with a question mark and stand without quotation marks?"""
        marks = {pair[0] for pair in self.pack.pairs}
        return self.tokens.words[stop - 1] == "?" and stop - first <= MOST_IN_QUESTION and not self._opens(first, marks)

    def _opens(self, first: int, marks: set[str]) -> bool:
        return self.tokens.words[first] in marks

    def _spoken(self, questions: list[int], share: float) -> bool:
        """Do so many questions speak to somebody, or their answers as somebody, and one answer at least?"""
        answering = [self._speaks(number + 1, 1) for number in questions]
        both = [self._speaks(number, 2) or answer for number, answer in zip(questions, answering, strict=True)]
        return any(answering) and sum(both) >= share * len(questions)

    def _speaks(self, paragraph: int, person: int) -> bool:
        """Does a paragraph say "I" or "you" outside quotation marks, or begin with one?"""
        first, stop = self.tokens.paragraphs[paragraph]
        marks = {sign for pair in self.pack.pairs for sign in pair}
        if person == 1 and self._opens(first, marks | set(self.pack.dashes)):
            return True
        inside = False
        for i in range(first, stop):
            inside ^= self.tokens.words[i] in marks
            told = any(pronoun.person == person for pronoun in self.pack.pronouns.get(self.tokens.forms[i], ()))
            if told and not inside and not (self.tokens.words[i].isupper() and len(self.tokens.words[i]) > 2):
                return True
        return False
