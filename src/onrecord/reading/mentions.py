"""Names in a text, with what stands around them: titles, offices, appositions."""

from __future__ import annotations

import msgspec

from ..language.pack import Pack
from ..types import Gender, SpeakerType
from .headlines import Headline
from .offices import (
    MAX_OFFICE_WORDS,
    fuller,
    gender_of,
    is_dated,
    office_across,
    office_after,
    office_before,
    office_gender,
    office_size,
)
from .tokens import APOSTROPHES, Run, Tokens, plain


class Name(msgspec.Struct, frozen=True):
    """A name where it stands. `first` to `last` is the name alone, without title and office."""

    first: int
    last: int
    words: tuple[str, ...]  # lower case, with particles but for tied ones: "al-Assad" is "assad"
    type: SpeakerType
    gender: Gender | None = None  # from title or office
    titled: bool = False  # a title of a person stands before it
    office: Run | None = None
    oblique: bool = False  # a preposition stands before it: seldom a subject


def find_names(tokens: Tokens, pack: Pack) -> list[Name]:
    """Names of persons, organisations and countries, in order."""
    return _Finder(tokens, pack).names()


class _Finder:
    """One text, with what is looked up in it again and again."""

    def __init__(self, tokens: Tokens, pack: Pack) -> None:
        self.tokens = tokens
        self.pack = pack
        self.lower = {word for word in tokens.words if word[0].islower()}
        marks = {sign for pair in pack.pairs for sign in pair} | set(pack.dashes)
        self.begins = {first for first, _ in tokens.sentences} | {
            i + 1 for i, word in enumerate(tokens.words) if word in marks
        }
        self.headline = Headline(tokens, self.begins)

    def names(self) -> list[Name]:
        """Every run of capitals that is a name."""
        names = []
        for sentence in self.tokens.sentences:
            i = sentence[0]
            while i < sentence[1]:
                if not _capital(self.tokens.words[i], self.pack):
                    i += 1
                    continue
                last = _extend(self.tokens, self.pack, i, sentence[1])
                for run in self.headline.names_in(i, last) if i < self.headline.stop else [(i, last)]:
                    name = self._with_article(sentence, run) or self._name(sentence, run)
                    if name is not None:
                        names.append(name)
                i = last + 1
        return names

    def _with_article(self, sentence: Run, run: Run) -> Name | None:
        """A body of the lists that an article in capitals belongs to: "Le Monde"."""
        tokens, (first, last) = self.tokens, run
        article = last > first and tokens.forms[first] in self.pack.determiners
        if not article or self._listed(first, last) != "organisation":
            return None
        oblique = first > sentence[0] and _oblique(tokens.forms[first - 1], self.pack)
        return Name(first, last, tuple(tokens.forms[first : last + 1]), "organisation", oblique=oblique)

    def _name(self, sentence: Run, run: Run) -> Name | None:
        tokens, pack = self.tokens, self.pack
        first, last = run
        first, gender, titled, office = _strip_titles(tokens, pack, first, last)
        if first > last:
            return None
        if first in self.begins and not titled and office is None and self._ordinary(first, last):
            first += 1
            if first > last or not _capital(tokens.words[first], pack):
                return None
        if office is None and not titled and self._office_alone(first, last):
            return None
        if office is None and not titled:
            first, office = office_across(tokens, pack, first, max(sentence[0], first - MAX_OFFICE_WORDS), last)
        words = tuple(tokens.forms[first : last + 1])
        if len(words) == 1 and is_dated(words[0], pack) and not self._acronym(sentence, first):
            return None
        before = tokens.forms[run[0] - 1] if run[0] > sentence[0] else ""
        oblique = _oblique(before, pack)
        around = office or office_before(tokens, pack, sentence[0], run[0] if titled else first)
        if around is not None and office is None and oblique:
            if last - first > 1 and not self._body(first, last):
                # "ministre de la Santé Anne Roy": the office takes one word of the run
                around, first, oblique = (around[0], first), first + 1, False
            else:
                around = None  # "ministre des Transports" names no one
            words = tuple(tokens.forms[first : last + 1])
        around = fuller(tokens, pack, sentence[0], around) or office_after(tokens, pack, last, sentence[1])
        # "de", which elsewhere links an infinitive, is no article: "la voiture de Paul Roy"
        article = before in pack.determiners and before not in pack.infinitive_links
        if titled or office is not None:
            type_ = self._listed(first, last) or "person"
        else:
            type_ = self._type(first, last, described=around is not None, article=article)
        if type_ != "person":
            around, gender = None, None
        if around is not None and gender is None:
            gender = gender_of(tokens, pack, around)
        bare = tuple(_bare(word, pack) for word in words)
        return Name(first, last, bare, type_, gender, titled, around, oblique)

    def _ordinary(self, first: int, last: int) -> bool:
        """Is the first word of a sentence capital only because it stands there?"""
        form, pack = self.tokens.forms[first], self.pack
        grammar = (
            pack.function_words,
            pack.interrogatives,
            pack.determiners,
            pack.pronouns,
            pack.cue_verbs,
            pack.negations,
            pack.adverbs,
        )
        if any(form in words for words in (*grammar, pack.auxiliaries, pack.time_words, pack.group_nouns)):
            return True
        if " ".join(self.tokens.forms[first : first + 2]) in pack.ordinals:
            return True  # "Celle-ci"
        return first == last and form in self.lower

    def _office_alone(self, first: int, last: int) -> bool:
        """Is the run an office and no name: "Former US Ambassador"? Its other words stand elsewhere without capital."""
        tokens, pack = self.tokens, self.pack
        start = next((i for i in range(first, last + 1) if i + office_size(tokens, pack, i, last + 1) > last), None)
        if start is None:
            return False
        return all(
            tokens.forms[i] in self.lower or tokens.forms[i] in pack.offices or _known(tokens, pack, i, i)
            for i in range(first + (first in self.begins), start)
        )

    def _acronym(self, sentence: Run, i: int) -> bool:
        """Is a word in capitals one that is written so, as "US" and "WHO", and not a whole sentence in capitals?"""
        word = self.tokens.words[i]
        shouted = not any(other in self.lower for other in self.tokens.words[slice(*sentence)])
        return len(word) > 1 and word.isupper() and not shouted

    def _type(self, first: int, last: int, *, described: bool, article: bool) -> SpeakerType:
        """Of a name without title: what it is by the lists, its words, its article, and whether an office is near."""
        text = self.tokens.text[self.tokens.starts[first] : self.tokens.ends[last]]
        acronym = first == last and text.isupper() and len(text) > 1
        body: SpeakerType | None = "organisation" if acronym or self._body(first, last) else None
        several = last > first
        if article and several and not described:
            body = "organisation"  # "the National Conference", "la Quadrature": persons go without article
        return self._listed(first, last) or body or ("person" if described or several else "unnamed")

    def _listed(self, first: int, last: int) -> SpeakerType | None:
        """What the lists of the pack say that a name is."""
        text = self.tokens.text[self.tokens.starts[first] : self.tokens.ends[last]]
        if text in self.pack.organisations:
            return self.pack.organisations[text]
        return "country" if text in self.pack.countries or text in self.pack.capitals else None

    def _body(self, first: int, last: int) -> bool:
        """Does a word of the name tell that it is a body: "Radio Sawa", "Ada Institute"?"""
        return any(word in self.pack.organisation_nouns for word in self.tokens.forms[first : last + 1])


def _oblique(before: str, pack: Pack) -> bool:
    """Does the word before a name make it a complement: "of", "avec", "du"?"""
    if before in pack.determiners:
        return before in pack.particles
    return before in pack.function_words and before not in pack.complementisers


def _capital(word: str, pack: Pack) -> bool:
    if word[0].isupper():
        return word[-1] not in APOSTROPHES
    if len(word) < 3 or word.isalpha():
        return False
    at = max(word.rfind("-"), *(word.rfind(sign) for sign in APOSTROPHES))
    particle, rest = plain(word[:at].rstrip("-")), word[at + 1 :]
    return at > 0 and rest[:1].isupper() and (particle in pack.particles or plain(word[: at + 1]) in pack.particles)


def _bare(word: str, pack: Pack) -> str:
    """A name without the particle that a hyphen ties to it, which papers leave out at will: "al-Assad", "Assad"."""
    particle, _, rest = word.partition("-")
    return rest if rest and particle in pack.particles else word


def _extend(tokens: Tokens, pack: Pack, first: int, stop: int) -> int:
    """Last token of the run of capitals that begins at `first`; particles and initials join."""
    i = first
    while i + 1 < stop:
        following = tokens.words[i + 1]
        if _capital(following, pack):
            i += 1
        elif (
            following == "." and len(tokens.words[i]) == 1 and i + 2 < stop and _capital(tokens.words[i + 2], pack)
        ) or _joins(tokens, pack, first, i + 1, stop):
            i += 2
        else:
            break
    dated = i > first and tokens.forms[i] in pack.days  # "Hugh McGuire | Sunday, May 28"
    return i - 1 if dated and (i - first > 1 or tokens.words[i + 1 : i + 2] == [","]) else i


def _joins(tokens: Tokens, pack: Pack, first: int, i: int, stop: int) -> bool:
    """A particle between two capitals; elided ones ("d'Ornano") too.

    One that is also an article or a preposition joins a single word ("Charles de Gaulle"), not a whole name to where
    its bearer comes from: "Anna Roy de Lyon".
    """
    form = tokens.forms[i]
    if form not in pack.particles or i + 1 >= stop or not _capital(tokens.words[i + 1], pack):
        return False
    whole = sum(_capital(word, pack) for word in tokens.words[first:i]) - sum(
        form.rstrip(".") in pack.titles or form in pack.offices for form in tokens.forms[first:i]
    )
    return whole < 2 or form not in pack.determiners


def _strip_titles(tokens: Tokens, pack: Pack, first: int, last: int) -> tuple[int, Gender | None, bool, Run | None]:
    """Where the name proper begins; the gender its title tells; whether there is a title; the office before it."""
    gender: Gender | None = None
    titled = False
    office: Run | None = None
    while first <= last:
        form = tokens.forms[first].rstrip(".")
        size = office_size(tokens, pack, first, last + 1)
        if size and first + size <= last + 1:
            gender = gender or office_gender(tokens, pack, first, size)
            office = (office[0] if office else first, first + size - 1)
            first += size
        elif form in pack.demonyms and first + 1 < last and office is None:
            first += 1  # "l'Espagnol Sergio Garcia"
        elif form in pack.titles:
            gender = pack.titles[form] or gender
            titled = True
            first += 1
            if first <= last and tokens.words[first] == ".":
                first += 1
        elif office is not None and tokens.forms[first] in pack.particles:
            first += 1
        else:
            break
    if office is None and not titled:
        first, office = _office_inside(tokens, pack, first, last)
        if office is not None:
            gender = gender_of(tokens, pack, office)
    return first, gender, titled, office


def _office_inside(tokens: Tokens, pack: Pack, first: int, last: int) -> tuple[int, Run | None]:
    """Where the name proper begins after an office in capitals, and that office: "Nova Scotia Premier | Ada Roy"."""
    first += tokens.forms[first] in pack.function_words and first < last  # "But Mayor Roy"
    for i in range(first, last):
        size = office_size(tokens, pack, i, last)
        rest = tokens.forms[i + size : last + 1]
        body = any(form in pack.organisation_nouns for form in rest)  # "English Premier League"
        told = size >= 2 or (i > first and _known(tokens, pack, i - 1, i - 1))  # "US President Roy"
        if size and i > first and not body and (len(rest) >= 2 or told):
            return i + size, (first, i + size - 1)
    return first, None


def _known(tokens: Tokens, pack: Pack, first: int, last: int) -> bool:
    """Is this run of capitals a country, its adjective or a body that the pack lists?"""
    text = tokens.text[tokens.starts[first] : tokens.ends[last]]
    listed = text in pack.countries or text in pack.organisations or text in pack.capitals
    return listed or tokens.forms[last] in pack.demonyms
