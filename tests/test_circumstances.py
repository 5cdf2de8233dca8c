"""To whom, on which occasion and when: what the pack's words add to the tagger's labels, and take from them."""

from __future__ import annotations

import pytest

from onrecord.language.loader import load_pack
from onrecord.reading.circumstances import times, with_circumstances
from onrecord.reading.tokens import tokenise
from onrecord.types import Draft, Span


def circumstances(text: str, language: str, **roles: str) -> dict[str, str | None]:
    """The roles of a text with the spans given by their words; each as words, None where there is none."""
    tokens, pack = tokenise(text, load_pack(language)), load_pack(language)
    spans = {role: (Span(text.index(words), text.index(words) + len(words)),) for role, words in roles.items()}
    draft = Draft(type="indirect", act="assert", confidence=0.9, **{"cue": (), **spans})  # type: ignore[arg-type]
    found = with_circumstances(draft, tokens, pack)
    kept = {"addressee": found.addressee, "occasion": found.occasion, "when": found.when}
    return {role: text[s[0].start : s[-1].end] if s else None for role, s in kept.items()}


@pytest.mark.parametrize(
    ("text", "cue", "content", "pronoun"),
    [
        ("Le maire lui a dit que tout irait bien.", "a dit", "que tout irait bien", "lui"),
        ("« C'est fini », m’a-t-elle confié.", "a-t-elle confié", "« C'est fini »", "m’"),
        ("Nous confirmons que tout va bien.", "confirmons", "que tout va bien", None),
        ("Pour leur part, ils ont dit non.", "ont dit", "non", None),
    ],
)
def test_a_pronoun_before_a_french_cue_is_the_addressee(text: str, cue: str, content: str, pronoun: str | None) -> None:
    source = {"source": "Nous"} if text.startswith("Nous") else {}
    assert circumstances(text, "fr", cue=cue, content=content, **source)["addressee"] == pronoun


def test_a_pronoun_after_an_english_cue_is_the_addressee_of_a_verb_that_has_one() -> None:
    told = circumstances("She told him the road was shut.", "en", cue="told", content="the road was shut")
    assert told["addressee"] == "him"
    heard = circumstances("She heard him say no.", "en", cue="heard", content="no")
    assert heard["addressee"] is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Il a parlé mardi soir de la route.", "fr", ["mardi soir"]),
        ("La semaine dernière, il a plu.", "fr", ["La semaine dernière"]),
        ("Il l'a dit le 3 juin 2021, puis en 2022.", "fr", ["le 3 juin 2021", "en 2022"]),
        ("Il a été élu dans la ville.", "fr", []),
        ("She said on Monday that two days ago it rained.", "en", ["on Monday", "two days ago"]),
        ("They may march on the town.", "en", []),
        ("He earned 2019 euros.", "en", []),
    ],
)
def test_expressions_of_time_are_found_whole(text: str, language: str, expected: list[str]) -> None:
    pack = load_pack(language)
    tokens = tokenise(text, pack)
    found = [tokens.span(*run) for run in times(tokens, 0, len(tokens), pack)]
    assert [text[span.start : span.end] for span in found] == expected


def test_a_time_beside_the_cue_is_when_it_was_said_and_one_in_the_content_is_not() -> None:
    text = "La maire a annoncé mardi que le pont rouvrirait en juin."
    assert circumstances(text, "fr", cue="a annoncé", content="que le pont rouvrirait en juin")["when"] == "mardi"
    text = "La maire a annoncé que le pont rouvrirait mardi."
    assert circumstances(text, "fr", cue="a annoncé", content="que le pont rouvrirait mardi")["when"] is None


def test_a_time_behind_another_verb_belongs_to_that_one() -> None:
    text = "« Non », a dit la femme que la police avait arrêtée mardi."
    assert circumstances(text, "fr", cue="a dit", content="« Non »", source="la femme")["when"] is None


def test_an_occasion_is_parted_from_its_time() -> None:
    text = "Le ministre annonce mardi soir sur Twitter que tout va bien."
    found = circumstances(
        text, "fr", cue="annonce", content="que tout va bien", source="Le ministre", occasion="mardi soir sur Twitter"
    )
    assert (found["when"], found["occasion"]) == ("mardi soir", "sur Twitter")


def test_an_occasion_beside_the_cue_is_found_by_its_noun() -> None:
    text = "« Rien ne presse », a écrit Ana Roy dans une lettre au préfet."
    found = circumstances(text, "fr", cue="a écrit", content="« Rien ne presse »", source="Ana Roy")
    assert found["occasion"] == "dans une lettre au préfet"


def test_what_tells_no_time_and_no_occasion_is_left_out() -> None:
    text = "Concernant le pont, chez Roy, la maire a dit non."
    found = circumstances(text, "fr", cue="a dit", content="non", when="Concernant le pont", occasion="chez Roy")
    assert (found["when"], found["occasion"]) == (None, None)


def test_an_addressee_ends_before_the_infinitive() -> None:
    text = "Elle a demandé au préfet Roy d'agir vite."
    found = circumstances(text, "fr", cue="a demandé", content="agir vite", addressee="au préfet Roy d'agir")
    assert found["addressee"] == "au préfet Roy"
