"""A language pack: the words of one language by the role they play, read from files and checked when read."""

from __future__ import annotations

from typing import Literal

import msgspec

from ..types import Act, Gender, Kind, SpeakerType

Number = Literal["singular", "plural"]
Determiner = Literal["definite", "indefinite", "possessive"]
TimeRole = Literal["whole", "noun", "opening", "inner", "closing", "clause"]
PronounRole = Literal["subject", "object", "possessive", "relative", "impersonal"]


class CueVerb(msgspec.Struct, frozen=True):
    """A verb that reports, with what saying it does."""

    lemma: str
    act: Act
    kind: Kind
    forms: frozenset[str]


class ObjectVerb(msgspec.Struct, frozen=True):
    """What the object of a cue verb is: whom the speaker speaks to, or whom the statement is about."""

    role: Literal["addressee", "about"]
    links: frozenset[str]  # after an object that it is about, the words that the content begins with: "de", "of"


class Pronoun(msgspec.Struct, frozen=True):
    """A pronoun form; None where the form does not tell."""

    form: str
    role: PronounRole
    person: int
    gender: Gender | None
    number: Number | None


class Ordinal(msgspec.Struct, frozen=True):
    """What takes up one of several persons named before: "le premier", "the latter", "celle-ci", "l'un"."""

    which: Literal["first", "second", "last", "either"]  # "either" tells that there are two, and not which of them
    gender: Gender | None


class Country(msgspec.Struct, frozen=True):
    """A country with the words that stand for it."""

    name: str
    capital: str
    demonyms: tuple[str, ...]  # "français", "française", …: lower case


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """The data of one language. Forms are lower case with straight apostrophes unless a field says otherwise."""

    code: str  # ISO 639-1
    name: str  # in the language itself
    digest: str  # first 12 hexadecimal digits of the SHA-256 of its files
    # marks
    pairs: tuple[tuple[str, str], ...]  # opening and closing quotation marks, most usual first
    dashes: tuple[str, ...]  # that open a line of dialogue
    # tokens
    elisions: frozenset[str]  # forms that end in an apostrophe: "l'", "qu'"
    clitics: frozenset[str]  # forms after a hyphen or apostrophe that are tokens of their own: "-t-il", "'s"
    abbreviations: frozenset[str]  # with their full stop, as written: "M.", "Dr."
    # cues
    cue_verbs: dict[str, tuple[CueVerb, ...]]  # by form
    cue_phrases: dict[tuple[str, ...], CueVerb]  # "fait savoir", "met en garde": by their words
    cue_nouns: dict[str, Act]  # by form: "annonce"
    cue_prepositions: dict[str, Kind]  # "selon", "d'après", "according to"; words parted by one space
    object_verbs: dict[str, ObjectVerb]  # by lemma: "informer", "accuser"
    passive_auxiliaries: dict[
        str, tuple[str, ...]
    ]  # "was" → endings of a verb after it that tell that it is none: "ing"
    addressee_prepositions: frozenset[str]  # "à", "aux", "to"
    addressee_pronouns: dict[str, Literal["before", "after"]]  # by their place beside the cue: "lui", "him"
    occasion_prepositions: frozenset[str]  # that an occasion begins with: "lors", "sur", "during"
    occasion_nouns: frozenset[str]  # what something is said in or at: "communiqué", "Twitter", "hearing"
    infinitive_links: dict[
        str, tuple[str, ...]
    ]  # "de" → endings that tell an infinitive after it; none: the link alone does
    coordinators: frozenset[str]  # between two cues of one source: "et", "but"
    complementisers: frozenset[str]  # "que", "qu'", "si", "that", "whether"
    interrogatives: frozenset[str]  # "si", "pourquoi", "whether": what an indirect question begins with
    auxiliaries: frozenset[str]  # forms of auxiliaries and modals that stand before a cue verb
    adverbs: frozenset[str]  # that stand inside a verb group: "également", "also"
    negations: frozenset[str]  # "ne", "n'", "pas", "not", "never"
    # mentions
    titles: dict[str, Gender | None]  # "mme" → feminine, "dr" → None; without full stop
    offices: dict[
        str, Gender | None
    ]  # functions of a person: "ministre", "porte-parole", "présidente"; may be several words
    office_openings: frozenset[str]  # their first words
    person_nouns: dict[str, Gender | None]  # nouns for people without a function: "habitante", "témoin"
    group_nouns: frozenset[str]  # plural or collective: "experts", "riverains", "opposition"
    organisation_nouns: frozenset[str]  # heads of organisation names and descriptions: "ministère", "parti", "agence"
    document_nouns: frozenset[str]  # "rapport", "étude", "sondage", "communiqué"
    organisations: dict[str, SpeakerType]  # well-known organisations as written: "AFP", "Reuters", "ONU"
    countries: dict[str, Country]  # by name as written and by every alias ("États-Unis", "USA")
    capitals: dict[
        str, Country
    ]  # by capital as written, for "Washington" acting as a government; also "Kremlin", "Élysée"
    demonyms: dict[str, Country]  # by form, lower case
    pronouns: dict[str, tuple[Pronoun, ...]]
    determiners: dict[str, Determiner]
    determiner_genders: dict[str, Gender]  # of those that tell one: "la", "une"
    ordinals: dict[str, Ordinal]  # by their forms, parted by one space: "the latter", "l' un"
    turn_labels: dict[str, Literal["question", "answer"]]  # before a turn in an interview: "q", "réponse"
    interview_words: frozenset[str]  # that tell of one in title and introduction: "entretien", "spoke"
    particles: frozenset[str]  # inside names: "de", "van", "ben", "al"
    # around sources; by their first form, each phrase by its forms
    anonymity: dict[str, tuple[tuple[str, ...], ...]]  # why somebody is not named: "sous couvert d'anonymat"
    citings: frozenset[str]  # before whom somebody cites: "citant", "quoting"
    relays: dict[str, tuple[tuple[str, ...], ...]]  # before who passes on what another said: "cité par", "quoted by"
    # time
    months: dict[str, int]  # by form, 1 to 12
    days: dict[str, int]  # by form, Monday is 1
    time_words: frozenset[str]  # "hier", "aujourd'hui", "yesterday"
    time_parts: dict[str, frozenset[TimeRole]]  # what a word can be in an expression of time, days and months apart
    # words without content of their own: articles, prepositions, conjunctions, pronouns
    function_words: frozenset[str]
