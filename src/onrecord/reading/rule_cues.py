"""The words that report, as the rules see them: verb groups and prepositions outside quotation marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ..language.pack import CueVerb, Pack
from ..types import Act, Kind
from .marks import Quotation
from .phrases import begins_infinitive
from .tokens import Run, Tokens


class Cue(msgspec.Struct, frozen=True):
    """A verb group or preposition that reports."""

    run: Run
    head: int  # token that the lists of the pack hold
    act: Act
    kind: Kind
    negated: bool
    clitic: Run | None = None  # the subject of an inversion: "-t-il", inside the run or right after it

    @property
    def after(self) -> int:
        """The first token after the cue and its clitic."""
        return max(self.run[1], -1 if self.clitic is None else self.clitic[1]) + 1


class Context(msgspec.Struct, frozen=True):
    """One sentence, or several that one quotation holds together, with all that rules look at."""

    tokens: Tokens
    pack: Pack
    quotations: Sequence[Quotation]  # outermost ones of the whole text
    around: Sequence[Quotation | None]  # by token
    group: frozenset[str]  # forms that stand before the head in a verb group
    first: int
    last: int

    def quoted(self, i: int) -> Quotation | None:
        """The outermost quotation around a token."""
        return self.around[i]

    def is_link(self, i: int) -> bool:
        """Whether an infinitive begins with this token: "de réduire", "to cut"."""
        return begins_infinitive(self.tokens, self.pack, i, self.last)


def verb_cues(context: Context) -> Iterator[Cue]:
    """Verb groups outside marks whose head the pack lists; auxiliaries, adverbs and negation included."""
    for head in range(context.first, context.last + 1):
        verbs = context.pack.cue_verbs.get(context.tokens.forms[head])
        if verbs and _reports(context, head):
            cue = _cue(context, head, verbs[0])
            if context.tokens.forms[cue.run[0]] not in context.pack.infinitive_links:
                yield cue


def _reports(context: Context, head: int) -> bool:
    """Whether a form of the list is a verb here: outside marks, no name, and not led in like a noun."""
    tokens, pack = context.tokens, context.pack
    if context.quoted(head) is not None:
        return False
    if head == context.first:
        return True
    before = tokens.forms[head - 1]
    possessive = before in pack.clitics and before not in pack.pronouns  # "Manafort's charges"
    name = tokens.words[head][0].isupper()  # "United States" reports nothing
    return not name and not possessive and before not in pack.determiners


def _cue(context: Context, head: int, verb: CueVerb) -> Cue:
    tokens, pack = context.tokens, context.pack
    first, inside = _group_start(context, head)
    last = head
    while last < context.last and tokens.forms[last + 1] in pack.negations | pack.adverbs:
        last += 1
    while last > head and tokens.forms[last] in pack.days:
        last -= 1  # the French list of adverbs has the days; the day of saying is no part of the cue
    negated = any(tokens.forms[i] in pack.negations for i in range(first, last + 1))
    clitic = inside if inside is not None else last + 1 if _is_clitic(context, last + 1) else None
    return Cue((first, last), head, verb.act, verb.kind, negated, None if clitic is None else (clitic, clitic))


def _group_start(context: Context, head: int) -> tuple[int, int | None]:
    """First token of the verb group before a head, and the clitic subject in it: "a-t-il également dit"."""
    first, inside = head, None
    while first > context.first:
        if context.tokens.forms[first - 1] in context.group:
            first -= 1
        elif inside is None and _is_clitic(context, first - 1) and _is_auxiliary(context, first - 2):
            inside = first - 1
            first -= 2
        else:
            break
    return first, inside


def _is_clitic(context: Context, i: int) -> bool:
    """Whether a token is a subject behind its verb."""
    if i > context.last:
        return False
    form = context.tokens.forms[i]
    return form in context.pack.clitics and form in context.pack.pronouns


def _is_auxiliary(context: Context, i: int) -> bool:
    return i >= context.first and context.tokens.forms[i] in context.pack.auxiliaries


def preposition_cues(context: Context) -> Iterator[Cue]:
    """Attributive prepositions outside marks: "selon", "according to"."""
    forms = context.tokens.forms
    for words, kind in _phrases(context.pack):
        for i in range(context.first, context.last - len(words) + 2):
            if forms[i] == words[0] and forms[i : i + len(words)] == words and context.quoted(i) is None:
                yield Cue((i, i + len(words) - 1), i, "assert", kind, negated=False)


def _phrases(pack: Pack) -> list[tuple[list[str], Kind]]:
    """Prepositions of the pack as tokens: "d'après" is two."""
    return [(phrase.replace("'", "' ").split(), kind) for phrase, kind in pack.cue_prepositions.items()]
