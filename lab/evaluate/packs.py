"""The worth of a pack's cue lists: how many of the gold's cues they hold, and how often their forms are cues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from onrecord.language.pack import Pack
from onrecord.reading.tokens import Tokens, tokenise

from .gold import GoldDocument, Spans
from .measures import ratio
from .table import figure, grid

Matcher = Callable[[Sequence[str], int], int]  # how many forms from a position on the list matches; 0 for none
HEAVIEST = 12  # forms and heads listed by name in the report
MOST_FORMS = 6  # in one entry of a list


def matchers(pack: Pack) -> dict[str, Matcher]:
    """How to find each cue list's forms: prepositions and phrases first, as "met en garde" is more than "met"."""
    return {
        "preposition": _entries(pack.cue_prepositions),
        "phrase": _entries(" ".join(words) for words in pack.cue_phrases),
        "verb": _entries(pack.cue_verbs),
        "noun": _entries(pack.cue_nouns),
    }


def _entries(listed: Iterable[str]) -> Matcher:
    """The longest entry at a position; a space after an apostrophe does not count: "d'", "après" is "d'après"."""
    written = {entry.replace("' ", "'") for entry in listed}
    most = min(MOST_FORMS, max((entry.count(" ") + entry.count("'") + 1 for entry in written), default=0))

    def longest(forms: Sequence[str], at: int) -> int:
        lengths = range(min(most, len(forms) - at), 0, -1)
        return next((n for n in lengths if " ".join(forms[at : at + n]).replace("' ", "'") in written), 0)

    return longest


class ListWorth(msgspec.Struct, frozen=True, kw_only=True):
    """One list over gold documents."""

    covers: int  # cues that the list is the first to hold
    occurrences: int  # of its forms in the texts
    inside: int  # of these, inside a gold cue
    doubtful: tuple[tuple[str, int, int], ...]  # form, occurrences outside cues, inside: those most often no cue

    @property
    def precision(self) -> float | None:
        """Share of its occurrences that are cues."""
        return ratio(self.inside, self.occurrences)


class PackWorth(msgspec.Struct, frozen=True, kw_only=True):
    """A pack over gold documents."""

    cues: int
    lists: dict[str, ListWorth]
    missing: tuple[tuple[str, int], ...]  # last word of the cues that no list holds, most frequent first

    @property
    def coverage(self) -> float | None:
        """Share of the gold's cues that some list holds."""
        return ratio(sum(worth.covers for worth in self.lists.values()), self.cues)


def list_of(pack: Pack, lists: Mapping[str, Matcher], forms: Sequence[str]) -> str | None:
    """The first list that holds the head of a cue; None where none does.

    A preposition heads a cue that begins with it; else any word may that is no function word, auxiliary or clitic.
    """
    if not forms:
        return None
    light = light_forms(pack)
    for name, holds in lists.items():
        places = [0] if name == "preposition" else [i for i, form in enumerate(forms) if form not in light]
        if any(holds(forms, i) for i in places):
            return name
    return None


def light_forms(pack: Pack) -> frozenset[str]:
    """Forms that head no cue."""
    return pack.function_words | pack.clitics | pack.adverbs | pack.negations | pack.auxiliaries


def forms_under(tokens: Tokens, spans: Spans) -> list[str]:
    """The forms of the tokens that spans touch."""
    return [tokens.forms[i] for i in tokens_under(tokens, spans)]


def tokens_under(tokens: Tokens, spans: Spans) -> Iterator[int]:
    """The tokens that spans touch."""
    for start, end in spans:
        yield from (i for i in range(len(tokens)) if tokens.starts[i] < end and tokens.ends[i] > start)


def worth_of(pack: Pack, documents: Sequence[GoldDocument]) -> PackWorth:
    """Coverage and precision of each cue list of a pack, over all gold cues of whatever kind."""
    read = [(document, tokenise(document.text, pack)) for document in documents]
    lists = matchers(pack)
    covered: Counter[str | None] = Counter()
    missing: Counter[str] = Counter()
    for document, tokens in read:
        for statement in document.statements:
            forms = forms_under(tokens, statement.cue)
            if forms:
                name = list_of(pack, lists, forms)
                covered[name] += 1
                missing.update([_head(pack, forms)] if name is None else [])
    worth = {name: _list_worth(read, holds, covered[name]) for name, holds in lists.items()}
    return PackWorth(cues=covered.total(), lists=worth, missing=tuple(missing.most_common(HEAVIEST)))


def _head(pack: Pack, forms: Sequence[str]) -> str:
    """The last form that may head a cue; the last one of all when none may."""
    light = light_forms(pack)
    return next((form for form in reversed(forms) if form not in light), forms[-1])


def _list_worth(read: Sequence[tuple[GoldDocument, Tokens]], holds: Matcher, covers: int) -> ListWorth:
    inside: Counter[str] = Counter()
    outside: Counter[str] = Counter()
    for document, tokens in read:
        cues = {i for s in document.statements for i in tokens_under(tokens, s.cue)}
        for form, is_cue in _occurrences(tokens, holds, cues):
            (inside if is_cue else outside)[form] += 1
    doubtful = tuple((form, n, inside[form]) for form, n in outside.most_common(HEAVIEST))
    return ListWorth(
        covers=covers, occurrences=inside.total() + outside.total(), inside=inside.total(), doubtful=doubtful
    )


def _occurrences(tokens: Tokens, holds: Matcher, cues: set[int]) -> Iterator[tuple[str, bool]]:
    """Each occurrence of a list's forms, and whether it lies in a cue."""
    at = 0
    while at < len(tokens):
        n = holds(tokens.forms, at)
        if n:
            yield " ".join(tokens.forms[at : at + n]), any(i in cues for i in range(at, at + n))
        at += max(n, 1)


def report(language: str, worth: PackWorth) -> str:
    """The worth of a pack as tables."""
    rows = [
        [name, str(w.covers), figure(ratio(w.covers, worth.cues)), str(w.occurrences), figure(w.precision)]
        for name, w in worth.lists.items()
    ]
    rows.append(["all", "", figure(worth.coverage), "", ""])
    parts = [
        f"{language}: {worth.cues} gold cues",
        grid(["list", "cues", "coverage", "occurrences", "precision"], rows),
    ]
    parts += [
        f"{name}, most often no cue: " + ", ".join(f"{form} {out}/{out + into}" for form, out, into in w.doubtful)
        for name, w in worth.lists.items()
        if w.doubtful
    ]
    parts.append("cues in no list, by head: " + (", ".join(f"{head} {n}" for head, n in worth.missing) or "none"))
    return "\n".join(parts)
