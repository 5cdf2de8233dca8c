"""Offices and appositions around a name: "le porte-parole du Kremlin, Dmitri Peskov", "Ada Roy, 44, a bus driver"."""

from __future__ import annotations

from ..language.pack import Pack
from ..types import Gender
from .tokens import Run, Tokens

REACH = 12  # tokens an office may stand before or after its name; longer noun phrases are rare and mostly lists
MAX_OFFICE_WORDS = 4
MAX_MODIFIERS = 5  # words before the noun of an office: "the bank's former deputy chief executive"
OPENS_APPOSITION = frozenset(",(–-—")
ENDS_APPOSITION = frozenset(',).;:–—«»“”"')


def office_size(tokens: Tokens, pack: Pack, i: int, stop: int) -> int:
    """How many tokens from `i` on, at most to `stop`, name an office of the pack; 0 when none does."""
    if tokens.forms[i] not in pack.office_openings:
        return 0
    for size in range(min(MAX_OFFICE_WORDS, stop - i), 0, -1):
        if " ".join(tokens.forms[i : i + size]) in pack.offices:
            return size
    return 0


def office_gender(tokens: Tokens, pack: Pack, i: int, size: int) -> Gender | None:
    """The gender that the office of `size` tokens from `i` on tells; None where it tells none."""
    return pack.offices.get(" ".join(tokens.forms[i : i + size]))


def gender_of(tokens: Tokens, pack: Pack, office: Run) -> Gender | None:
    """The gender that the first noun of an office tells, or the determiner before it: "la | ministre"."""
    article = pack.determiner_genders.get(tokens.forms[office[0] - 1]) if office[0] > 0 else None
    for i in range(office[0], office[1] + 1):
        size = office_size(tokens, pack, i, office[1] + 1)
        if size:
            return office_gender(tokens, pack, i, size) or article
    return article


def office_across(tokens: Tokens, pack: Pack, first: int, begin: int, last: int) -> tuple[int, Run | None]:
    """Where a name begins behind an office that ends with capitals of its run: "secrétaire d'État | Ada Roy"."""
    for start in range(begin, first):
        stop = start + office_size(tokens, pack, start, last + 1)
        if first < stop <= last:
            return stop, (start, stop - 1)
    return first, None


def fuller(tokens: Tokens, pack: Pack, stop: int, office: Run | None) -> Run | None:
    """Of a rank before a name and the office before that, the office: "le ministre de la Défense, le colonel Roy"."""
    if office is None:
        return None
    i = office[0] - 1
    if i > stop and tokens.forms[i] in pack.determiners:
        i -= 1
    before = office_before(tokens, pack, stop, i + 1) if i > stop and tokens.words[i] == "," else None
    return before or office


def office_before(tokens: Tokens, pack: Pack, stop: int, name: int) -> Run | None:
    """ "le ministre français de l'Économie Bruno Le Maire"; "Le président du conseil, Marc Delahaye"; "Son secrétaire,
    don Paul Roy"
    """
    i = _past_titles(tokens, pack, stop, name - 1)
    if i >= stop and tokens.words[i] == ",":
        i -= 1
    last = i
    found: int | None = None
    while i >= stop and last - i < REACH:
        form = tokens.forms[i]
        sign = not tokens.words[i][0].isalnum() and form[0] != "'"
        if sign or (form in pack.cue_verbs and form not in pack.offices):
            break
        if office_size(tokens, pack, i, last + 1):
            found = i
        elif found is not None and form in pack.determiners and form not in pack.particles:
            break
        i -= 1
    return None if found is None else (_with_modifiers(tokens, pack, stop, found), last)


def _past_titles(tokens: Tokens, pack: Pack, stop: int, i: int) -> int:
    """The comma before titles in lower case or a demonym, with a determiner: "|, le révérend", "|, l'Autrichien"."""
    j = i
    while j > stop and (tokens.forms[j].rstrip(".") in pack.titles or tokens.forms[j] in pack.demonyms):
        j -= 1
    if j > stop and tokens.forms[j] in pack.determiners:
        j -= 1
    return j if j >= stop and tokens.words[j] == "," else i


def _with_modifiers(tokens: Tokens, pack: Pack, stop: int, head: int) -> int:
    """Where the noun phrase of a head begins, its determiner apart: "former transport | minister"."""
    first = head
    while first > stop and head - first < MAX_MODIFIERS:
        word, form = tokens.words[first - 1], tokens.forms[first - 1]
        grammar = form in pack.function_words or form in pack.determiners or form in pack.pronouns
        other = form in pack.cue_verbs or form in pack.auxiliaries or form in pack.time_words or is_dated(form, pack)
        if form not in pack.clitics and (not word[0].isalpha() or grammar or other):
            break
        first -= 1
    return first


def office_after(tokens: Tokens, pack: Pack, name: int, stop: int) -> Run | None:
    """ "Dmitri Peskov, le porte-parole du Kremlin,"; "Ada Roy, 44, a former bus driver," """
    i = name + 1
    if i >= stop or tokens.words[i] not in OPENS_APPOSITION:
        return None
    i = _past_age(tokens, i + 1, stop)
    sort = pack.determiners.get(tokens.forms[i]) if i < stop else None
    i += sort is not None
    last = i - 1
    while last + 1 < stop and last + 1 - i < REACH and not _ends_apposition(tokens, pack, last + 1):
        last += 1
    for head in range(i, min(i + MAX_MODIFIERS, last + 1)):
        if office_size(tokens, pack, head, last + 1):
            return i, last
        form = tokens.forms[head]
        if form in pack.function_words and form not in pack.determiners and form not in pack.clitics:
            return None
    # an office that no list holds: "Len Hough, a retired signalman,", "Ada Roy, the agency's chief epidemiologist,"
    closed = last + 1 < stop and tokens.words[last + 1] in ENDS_APPOSITION
    plain_noun = all(
        form not in pack.person_nouns and form not in pack.group_nouns for form in tokens.forms[i : last + 1]
    )
    owned = tokens.words[last][0].islower() and any(form in pack.clitics for form in tokens.forms[i + 1 : last])
    return (i, last) if (sort == "indefinite" or owned) and closed and last > i - 1 and plain_noun else None


def _past_age(tokens: Tokens, i: int, stop: int) -> int:
    """The token after an age and its comma: "44 ans, "; `i` where none stands there."""
    if i < stop and tokens.words[i][0].isdigit():
        for comma in range(i + 1, min(i + 3, stop)):
            if tokens.words[comma] == ",":
                return comma + 1
    return i


def _ends_apposition(tokens: Tokens, pack: Pack, i: int) -> bool:
    form = tokens.forms[i]
    relative = any(p.role == "relative" for p in pack.pronouns.get(form, ()))
    verb = form in pack.auxiliaries and form not in pack.clitics  # "Roy, the agency's chief"
    if tokens.words[i] in ENDS_APPOSITION or verb or (relative and form != "de"):
        return True
    return "clause" in pack.time_parts.get(form, ()) or _is_age(tokens, pack, i + 1) or _is_age(tokens, pack, i)


def _is_age(tokens: Tokens, pack: Pack, i: int) -> bool:
    """A number and a noun of time: "(de) 37 ans", "(for) nine years"."""
    if i + 1 >= len(tokens):
        return False
    number = tokens.words[i][0].isdigit() or "opening" in pack.time_parts.get(tokens.forms[i], ())
    return number and "noun" in pack.time_parts.get(tokens.forms[i + 1], ())


def is_dated(word: str, pack: Pack) -> bool:
    """A word of time or grammar that stands in capitals: "Mi-juin", "Monday"."""
    return word in pack.function_words or any(part in pack.months or part in pack.days for part in word.split("-"))
