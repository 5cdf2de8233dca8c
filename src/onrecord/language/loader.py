"""Reads a language pack from its folder, checks every line, and says which line is wrong and what to do about it."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, get_args

import msgspec

from ..errors import PackError
from ..types import Act, Gender, Kind, SpeakerType
from .pack import Country, CueVerb, Determiner, Number, ObjectVerb, Ordinal, Pack, Pronoun, PronounRole, TimeRole

T = TypeVar("T")

GENDERS: dict[str, Gender | None] = {"f": "feminine", "m": "masculine", "-": None}
NUMBERS: dict[str, Number | None] = {"s": "singular", "p": "plural", "-": None}


class Entry(msgspec.Struct, frozen=True):
    """One line of a word list."""

    file: Path
    line: int  # from 1
    fields: tuple[str, ...]

    def wrong(self, message: str, remedy: str) -> PackError:
        """The error that names this line."""
        return PackError(f"{message} {self.fields[0]!r}", which=self.file, line=self.line, remedy=remedy)

    def one_of(self, number: int, allowed: Sequence[str]) -> str:
        """A field that must be one of a few words."""
        value = self.fields[number]
        if value not in allowed:
            raise self.wrong(f"{value!r} is not allowed for", f"use one of {', '.join(allowed)}")
        return value


@cache
def load_pack(code: str) -> Pack:
    """The pack of a language, read once on first use.

    Raises PackError where there is none, or where a line of it is wrong.
    """
    folder = _folders().get(code)
    if folder is None:
        raise PackError("no pack for language", which=code, remedy=f"known are {', '.join(known_packs())}")
    return load_pack_from(folder)


def known_packs() -> tuple[str, ...]:
    """Codes of the packs at hand: those of the project and those in the folders that ONRECORD_PACKS lists."""
    return tuple(sorted(_folders()))


def load_pack_from(folder: Path) -> Pack:
    """The pack in a folder. Raises PackError, naming file and line, where anything is missing or wrong."""
    table = _toml(folder / "pack.toml")
    words = {name: frozenset(_words(folder, name)) for name in WORD_LISTS}
    return Pack(
        code=str(table["code"]),
        name=str(table["name"]),
        digest=_digest(folder),
        pairs=tuple((str(a), str(b)) for a, b in table["marks"]["pairs"]),
        dashes=tuple(str(dash) for dash in table["marks"]["dashes"]),
        **_plain_lists(words),
        **_cues(folder, words),
        **_people(folder, words),
        **_places_and_times(folder),
    )


def _parted(form: str, words: Words) -> tuple[str, ...]:
    """An entry as the tokeniser parts it, elided words and clitics apart: "chef de l'état", "children's minister"."""
    found: list[str] = []
    for word in form.split(" "):
        start = next((elision for elision in words["elision"] if word.startswith(elision) and word != elision), "")
        rest = word.removeprefix(start)
        end = next((clitic for clitic in words["clitic"] if rest.endswith(clitic) and rest != clitic), "")
        found += filter(None, (start, rest.removesuffix(end), end))
    return tuple(found)


def _plain_lists(words: Words) -> dict[str, Any]:
    """Word lists by the field of a pack that holds them: the plural of the file's name, but for two."""
    plural = {"auxiliary": "auxiliaries"}
    return {plural.get(name, f"{name}s"): forms for name, forms in words.items()}


def _cues(folder: Path, words: Words) -> dict[str, Any]:
    verbs = [_cue_verb(entry, entry.fields[3].split(" ")) for entry in _entries(folder, "cue_verb", 4)]
    phrases = [_cue_verb(entry, entry.fields[3].split(" | ")) for entry in _entries(folder, "cue_phrase", 4)]
    return {
        "cue_verbs": _grouped((form, verb) for verb in verbs for form in sorted(verb.forms)),
        "cue_phrases": {_parted(form, words): verb for verb in phrases for form in sorted(verb.forms)},
        "infinitive_links": _endings(folder, "infinitive_link"),
        "passive_auxiliaries": _endings(folder, "passive_auxiliary"),
        "object_verbs": {entry.fields[0]: _object_verb(entry) for entry in _entries(folder, "object_verb", 3)},
        "addressee_pronouns": _table(folder, "addressee_pronoun", lambda entry: entry.one_of(1, ("before", "after"))),
        "cue_nouns": _table(folder, "cue_noun", lambda entry: entry.one_of(1, get_args(Act))),
        "cue_prepositions": _table(folder, "cue_preposition", lambda entry: entry.one_of(1, get_args(Kind))),
    }


def _people(folder: Path, words: Words) -> dict[str, Any]:
    pronouns = [_pronoun(entry) for entry in _entries(folder, "pronoun", 5, unique=False)]
    offices = {_parted(form, words): gender for form, gender in _genders(folder, "office").items()}
    return {
        "titles": _genders(folder, "title"),
        "offices": {" ".join(office): gender for office, gender in offices.items()},
        "office_openings": frozenset(office[0] for office in offices),
        "person_nouns": _genders(folder, "person_noun"),
        "organisations": _table(folder, "organisation", lambda entry: entry.one_of(1, get_args(SpeakerType))),
        "determiners": {
            entry.fields[0]: entry.one_of(1, get_args(Determiner)) for entry in _entries(folder, "determiner", 3)
        },
        "determiner_genders": {
            entry.fields[0]: gender
            for entry in _entries(folder, "determiner", 3)
            if (gender := GENDERS[entry.one_of(2, tuple(GENDERS))])
        },
        "pronouns": _grouped((pronoun.form, pronoun) for pronoun in pronouns),
        "ordinals": {
            " ".join(_parted(entry.fields[0], words)): _ordinal(entry) for entry in _entries(folder, "ordinal", 3)
        },
        "turn_labels": _table(folder, "turn_label", lambda entry: entry.one_of(1, ("question", "answer"))),
        "anonymity": _phrases(folder, "anonymity", words),
        "citings": frozenset(_words(folder, "citing")),
        "relays": _phrases(folder, "relay", words),
    }


def _places_and_times(folder: Path) -> dict[str, Any]:
    countries = [_country(entry) for entry in _entries(folder, "country", 4)]
    by_name = {country.name: country for country, _ in countries}
    return {
        "countries": {name: country for country, aliases in countries for name in (country.name, *aliases)},
        "capitals": {country.capital: country for country, _ in countries} | _capital_aliases(folder, by_name),
        "demonyms": {form: country for country, _ in countries for form in country.demonyms},
        "months": _numbers(folder, "month", 12),
        "days": _numbers(folder, "day", 7),
        "time_parts": {entry.fields[0]: _time_roles(entry) for entry in _entries(folder, "time_part", 2)},
    }


Words = dict[str, frozenset[str]]  # by the name of their list
WORD_LISTS = (
    "elision", "clitic", "abbreviation", "complementiser", "coordinator", "addressee_preposition", "interrogative",
    "occasion_preposition", "occasion_noun", "auxiliary", "adverb", "negation", "group_noun", "organisation_noun",
    "document_noun", "particle", "time_word", "function_word", "interview_word",
)  # fmt: skip


def _folders() -> dict[str, Path]:
    places = [Path(str(files(__package__))) / "packs"]
    places += [Path(place) for place in os.environ.get("ONRECORD_PACKS", "").split(os.pathsep) if place]
    return {
        folder.name: folder
        for place in places
        if place.is_dir()
        for folder in sorted(place.iterdir())
        if (folder / "pack.toml").is_file()
    }


def _toml(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise PackError("file is missing", which=path, remedy="every pack has one") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(f"not valid TOML ({error})", which=path, remedy="mend the line that the cause names") from error
    for key in ("code", "name", "marks"):
        if key not in table:
            raise PackError(f"{key!r} is missing", which=path, remedy="see the pack of another language")
    return table


def _entries(folder: Path, name: str, n_fields: int, *, unique: bool = True) -> Iterator[Entry]:
    """The lines of a word list, checked: UTF-8, sorted, unique, the right number of fields, no stray space."""
    path = folder / f"{name}.txt"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PackError("word list is missing", which=path, remedy="add it; it may be empty") from error
    except UnicodeDecodeError as error:
        raise PackError("not UTF-8", which=path, remedy="save the file in UTF-8") from error
    before: Entry | None = None
    for number, line in enumerate(text.split("\n")[:-1] if text.endswith("\n") else text.split("\n"), 1):
        if (line.startswith("#") and before is None) or (not line and number == 1 and text in ("", "\n")):
            continue
        entry = Entry(path, number, tuple(line.split("\t")))
        _check(entry, before, n_fields, unique=unique)
        before = entry
        yield entry


def _check(entry: Entry, before: Entry | None, n_fields: int, *, unique: bool) -> None:
    if any(field != field.strip() for field in entry.fields) or not entry.fields[0]:
        raise entry.wrong("empty or with stray space:", f"mend line {entry.line}")
    if len(entry.fields) != n_fields:
        raise entry.wrong(f"{len(entry.fields)} fields instead of {n_fields} for", "part fields by one tab")
    if any("’" in field for field in entry.fields):
        raise entry.wrong("curly apostrophe in", "write a straight one")
    if before is None:
        return
    if unique and entry.fields[0] == before.fields[0]:
        raise entry.wrong("word listed twice:", f"delete line {entry.line}")
    if (entry.fields if not unique else entry.fields[:1]) < (before.fields if not unique else before.fields[:1]):
        raise entry.wrong("not in order:", "sort the file by code point")


def _words(folder: Path, name: str) -> list[str]:
    return [entry.fields[0] for entry in _entries(folder, name, 1)]


def _phrases(folder: Path, name: str, words: Words) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases by their first form, the longest first."""
    phrases = sorted((_parted(form, words) for form in _words(folder, name)), key=len, reverse=True)
    return _grouped((phrase[0], phrase) for phrase in phrases)


def _table(folder: Path, name: str, value: Callable[[Entry], str]) -> dict[str, str]:
    return {entry.fields[0]: value(entry) for entry in _entries(folder, name, 2)}


def _endings(folder: Path, name: str) -> dict[str, tuple[str, ...]]:
    """Forms with the endings that the list gives them; none for "-"."""
    return {
        entry.fields[0]: () if entry.fields[1] == "-" else tuple(entry.fields[1].split(" "))
        for entry in _entries(folder, name, 2)
    }


def _genders(folder: Path, name: str) -> dict[str, Gender | None]:
    return {entry.fields[0]: GENDERS[entry.one_of(1, tuple(GENDERS))] for entry in _entries(folder, name, 2)}


def _numbers(folder: Path, name: str, most: int) -> dict[str, int]:
    allowed = tuple(str(number) for number in range(1, most + 1))
    return {entry.fields[0]: int(entry.one_of(1, allowed)) for entry in _entries(folder, name, 2)}


def _cue_verb(entry: Entry, forms: list[str]) -> CueVerb:
    act = cast("Act", entry.one_of(1, get_args(Act)))
    kind = cast("Kind", entry.one_of(2, get_args(Kind)))
    if len(set(forms)) != len(forms) or "" in forms:
        raise entry.wrong("a form is listed twice or empty for", "list each form once")
    return CueVerb(lemma=entry.fields[0], act=act, kind=kind, forms=frozenset(forms))


def _object_verb(entry: Entry) -> ObjectVerb:
    role = cast('Literal["addressee", "about"]', entry.one_of(1, ("addressee", "about")))
    links = frozenset() if entry.fields[2] == "-" else frozenset(entry.fields[2].split(" "))
    return ObjectVerb(role=role, links=links)


def _time_roles(entry: Entry) -> frozenset[TimeRole]:
    roles = entry.fields[1].split(" ")
    if wrong := [role for role in roles if role not in get_args(TimeRole)]:
        raise entry.wrong(f"{wrong[0]!r} is not allowed for", f"use of {', '.join(get_args(TimeRole))}")
    return frozenset(cast("list[TimeRole]", roles))


def _ordinal(entry: Entry) -> Ordinal:
    which = cast('Literal["first", "second", "last", "either"]', entry.one_of(1, ("first", "second", "last", "either")))
    return Ordinal(which=which, gender=GENDERS[entry.one_of(2, tuple(GENDERS))])


def _country(entry: Entry) -> tuple[Country, tuple[str, ...]]:
    name, capital, demonyms, aliases = entry.fields
    country = Country(name=name, capital=capital, demonyms=tuple(demonyms.split(" ")))
    return country, tuple(alias for alias in aliases.split(" | ") if alias not in ("", "-"))


def _capital_aliases(folder: Path, countries: dict[str, Country]) -> dict[str, Country]:
    found = {}
    for entry in _entries(folder, "capital_alias", 2):
        if entry.fields[1] not in countries:
            raise entry.wrong(f"no country {entry.fields[1]!r} for", "name it as country.txt does")
        found[entry.fields[0]] = countries[entry.fields[1]]
    return found


def _pronoun(entry: Entry) -> Pronoun:
    return Pronoun(
        form=entry.fields[0],
        role=cast("PronounRole", entry.one_of(1, get_args(PronounRole))),
        person=int(entry.one_of(2, ("1", "2", "3"))),
        gender=GENDERS[entry.one_of(3, tuple(GENDERS))],
        number=NUMBERS[entry.one_of(4, tuple(NUMBERS))],
    )


def _grouped(pairs: Iterator[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    grouped: dict[str, tuple[T, ...]] = {}
    for form, item in pairs:
        grouped[form] = (*grouped.get(form, ()), item)
    return grouped


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.t*")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:12]
