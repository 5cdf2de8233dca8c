"""What the tagger sees of a token: the same numbers in training and at run time."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from ..language.pack import Pack
from .marks import Quotation
from .tokens import Tokens, plain

# Buckets of the hashed tables. 4,096 keeps collisions of the 11,000 affixes of a million news words under a fifth.
AFFIX_BUCKETS = 4096
FORM_BUCKETS = 8192
SHAPES = 32
STATES = 54  # quotation 3 × mark 3 × boundary 3 × title 2
PARTS = 18  # 0, and one for each of `_parts`

SIGNS = ".,;:!?…«»“”\"'()-–—"


def stable_hash(text: str) -> int:
    """CRC-32 in UTF-8: the same on every machine and in every run, unlike `hash`."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def word_keys(form: str) -> tuple[str, ...]:
    """Under which entries of the word table a plain form is looked up, best first: "-t-il" is "il", "l'" is "l"."""
    if form.endswith("'") and len(form) > 1:
        return form, form[:-1]
    if form.startswith("-") and len(form) > 1:
        return form, form.removeprefix("-t").lstrip("-")
    return (form,)


def shape(word: str) -> int:
    """A number below SHAPES for the outward form: digits, the sign itself, capitals."""
    if word.isdigit():
        return 1
    if any(character.isdigit() for character in word):
        return 2
    if not word[0].isalpha():
        return 3 + min(SIGNS.find(word[0]) + 1, 20)
    if word.isupper():
        return 24 if len(word) > 1 else 25
    return 26 if word[0].isupper() else 27


def form_features(word: str) -> tuple[int, int, int, int, int, int]:
    """Buckets of prefix, suffixes of two to four letters and whole form, and the shape."""
    form = plain(word)
    return (
        stable_hash("p" + form[:3]) % AFFIX_BUCKETS,
        stable_hash("s" + form[-2:]) % AFFIX_BUCKETS,
        stable_hash("s" + form[-3:]) % AFFIX_BUCKETS,
        stable_hash("s" + form[-4:]) % AFFIX_BUCKETS,
        stable_hash("w" + form) % FORM_BUCKETS,
        shape(word),
    )


def states(tokens: Tokens, quotations: Sequence[Quotation]) -> list[int]:
    """One number below STATES a token: inside which depth of marks, whether it opens or closes one, whether it
    begins a sentence or a paragraph, whether it stands in the title."""
    change = [0] * (len(tokens) + 1)  # of the depth of marks, before each token
    mark = [0] * len(tokens)
    for quotation in quotations:
        if quotation.kind == "dash":
            continue
        change[quotation.first] += 1
        change[quotation.last + 1] -= 1
        mark[quotation.first] = 1
        if quotation.closed:
            mark[quotation.last] = 2
    depth = list(accumulate(change))
    boundary = [0] * len(tokens)
    for first, _ in tokens.sentences:
        boundary[first] = 1
    for first, _ in tokens.paragraphs:
        boundary[first] = 2
    title_end = tokens.paragraphs[0][1] if tokens.paragraphs else 0
    return [((min(depth[i], 2) * 3 + mark[i]) * 3 + boundary[i]) * 2 + (i < title_end) for i in range(len(tokens))]


def lexicon(pack: Pack) -> dict[str, int]:
    """The part that a pack gives to each form it lists, as a number below PARTS; a form with several has the first."""
    found: dict[str, int] = {}
    for number, forms in enumerate(_parts(pack)):
        for form in forms:
            found.setdefault(form, number + 1)
    return found


def _parts(pack: Pack) -> Iterator[Iterable[str]]:
    yield pack.complementisers
    yield pack.negations
    yield (p.form for forms in pack.pronouns.values() for p in forms if p.role == "subject")
    yield pack.pronouns
    yield pack.auxiliaries
    yield (max(phrase.replace("'", " ").split(), key=len) for phrase in pack.cue_prepositions)
    yield (form for form, verbs in pack.cue_verbs.items() if verbs[0].kind == "attitude")
    yield (form for form, verbs in pack.cue_verbs.items() if verbs[0].act == "assert")
    yield pack.cue_verbs
    yield pack.cue_nouns
    yield (*pack.months, *pack.days, *pack.time_words)
    yield pack.titles
    yield (*pack.offices, *pack.person_nouns)
    yield pack.group_nouns
    yield (*pack.organisation_nouns, *pack.document_nouns)
    yield (plain(name) for name in (*pack.organisations, *pack.countries, *pack.capitals))
    yield pack.function_words
