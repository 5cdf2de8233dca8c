"""Subjects of passives are no sources."""

from __future__ import annotations

import pytest

from onrecord.language.loader import load_pack
from onrecord.reading.passives import without_patient
from onrecord.reading.tokens import tokenise
from onrecord.types import Draft, Kind, Span


def roles(text: str, language: str, cue: str, source: str, kind: Kind = "speech") -> tuple[list[str], list[str]]:
    """What is left of the source, and the addressee."""
    spans = [(Span(text.index(words), text.index(words) + len(words)),) for words in (text[-9:-1], cue, source)]
    one = Draft(content=spans[0], cue=spans[1], source=spans[2], kind=kind)
    pack = load_pack(language)
    found = without_patient(one, tokenise(text, pack), pack)
    return [text[s.start : s.end] for s in found.source], [text[s.start : s.end] for s in found.addressee]


@pytest.mark.parametrize(
    ("language", "text", "cue", "source", "expected"),
    [
        ("en", "Roy was told that all was well.", "was told", "Roy", ([], ["Roy"])),
        ("en", "Roy is accused of grand larceny.", "is accused", "Roy", ([], [])),
        ("en", "Roy was telling us all was well.", "was telling", "Roy", (["Roy"], [])),
        ("en", "Roy has told us that all was well.", "has told", "Roy", (["Roy"], [])),
        ("en", "Roy was told by Ana all was well.", "was told", "Ana", (["Ana"], [])),
        ("fr", "Le maire est accusé d'avoir menti.", "est accusé", "Le maire", ([], [])),
        ("fr", "Le maire a accusé Roy d'avoir menti.", "a accusé", "Le maire", (["Le maire"], [])),
        ("fr", "Le maire est prié de rester assis.", "est prié", "Le maire", ([], ["Le maire"])),
    ],
)
def test_the_subject_of_a_passive_is_told_and_does_not_tell(
    language: str, text: str, cue: str, source: str, expected: tuple[list[str], list[str]]
) -> None:
    assert roles(text, language, cue, source) == expected


def test_who_is_convinced_holds_the_view() -> None:
    assert roles("Le maire est persuadé de gagner.", "fr", "est persuadé", "Le maire", "attitude")[0] == ["Le maire"]
