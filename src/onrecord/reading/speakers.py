"""Who is meant by the words of a source: from "il", "le ministre" and "Peskov" to a speaker, or an honest unknown."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..language.pack import Pack, Pronoun
from ..types import Draft, Speaker
from .cast import Found
from .ordinals import Ordinals
from .profiles import Profiles
from .pronouns import Pronouns
from .relays import Relays, without
from .tokens import Tokens


def resolve(tokens: Tokens, drafts: Sequence[Draft], pack: Pack) -> list[Found]:
    """The speaker of each draft, with the reasons, in the order of the drafts."""
    return Resolver(tokens, drafts, pack).run()


class Resolver(Pronouns, Profiles, Ordinals, Relays):
    """One text. Drafts are taken in the order of their sources, so that each can look back on those before."""

    def keep_to_turns(self) -> None:
        """Leaves out what interviewers ask, also within what was taken for an answer; before anything is resolved."""
        if self._begins:
            asked = {n: -1 for n, draft in enumerate(self.drafts) if self._is_asked(draft)}
            self.drafts = without([self._in_one_turn(draft) for draft in self.drafts], asked)

    def run(self) -> list[Found]:
        """The speaker of each draft, with the reasons, in their order."""
        self.learn_genders()
        order = sorted(range(len(self.drafts)), key=self._position)
        for late in (False, True):  # floating quotations and first persons look at those already resolved
            for n in order:
                if n not in self.found and self._waits(n) == late:
                    self.found[n] = self._resolve(n)
        return [self._whole_found(self.found[n]) for n in range(len(self.drafts))]

    def relay(self, n: int) -> Speaker | None:
        """Who passed on what another said, once all speakers are told; None where nobody did."""
        relay = self._relay(n)
        speaker = None if relay is None else self._whole_found((relay, ()))[0]
        return speaker if isinstance(speaker, Speaker) else None

    def _whole_found(self, found: Found) -> Found:
        """The finding with all that the article tells of the speaker."""
        speaker, reasons = self._completed(found)
        why = self._anonymity.get(speaker.named_at) if isinstance(speaker, Speaker) and speaker.named_at else None
        return (speaker if why is None else msgspec.structs.replace(speaker, anonymity=why)), reasons

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
        if not draft.source or self._in_phrase(self.tokens.range_of(draft.source[0])[0]):
            return self._floating(n) if not draft.cue else self._implied(n)
        first, last = self._range(draft.source[0])
        taken_up = self._by_label(n, first) or self._ordinal(n, first, last)
        if taken_up is not None:
            return taken_up
        pronoun = self._pronoun(first, last) or self._leading_pronoun(first)
        if pronoun is not None:
            return self._by_pronoun(n, first, pronoun)
        named = None if self._withheld(first, last) else self._together(draft) or self._by_name(draft)
        return named or self._by_description(n, draft)

    def _leading_pronoun(self, first: int) -> Pronoun | None:
        """The pronoun that a source begins with and should have ended with: "Je peux"."""
        pronoun = self._pronoun(first, first)
        subject = pronoun is not None and pronoun.role == "subject"
        return pronoun if subject and self.tokens.forms[first] not in self.pack.determiners else None

    def _floating(self, n: int) -> Found:
        """A quotation without cue: in most cases it goes on in the voice of the statement before it."""
        return self._in_turn(n) or self._left_out(n, "floating", "floating", self.drafts[n].content[0])

    def _implied(self, n: int) -> Found:
        """A cue without a source: "saying", and passives without agent: "est accusé", "was told"."""
        return self._left_out(n, "implied", "no_source", self.drafts[n].cue[0])
