"""The learned reader: its weights are proved before they are used, and the pack has its say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from onrecord.desk import Desk
from onrecord.errors import ReaderError
from onrecord.language.loader import load_pack
from onrecord.reading.acts import act_of, is_negated
from onrecord.reading.sources import main_source, pronoun_beside
from onrecord.reading.tagger import load
from onrecord.reading.tokens import tokenise
from onrecord.settings import Settings
from onrecord.types import Span, Speaker

WEIGHTS = Path(__file__).parents[1] / "src" / "onrecord" / "models" / "tagger"


def spans(text: str, *words: str) -> tuple[Span, ...]:
    return tuple(Span(text.index(part), text.index(part) + len(part)) for part in words)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "tagger"
    shutil.copytree(WEIGHTS, copy)
    return copy


def test_a_folder_of_weights_reads_as_the_package_does(folder: Path) -> None:
    text = "« Le pont rouvrira avant la fin de l'été », a déclaré Paul Roy."
    own = Desk(Settings(reader=str(folder))).read_text(text, language="fr")
    assert own == Desk().read_text(text, language="fr")


@pytest.mark.parametrize("name", ["weights.npz", "encoder.onnx", "roles.onnx"])
def test_damaged_weights_are_refused_by_name(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(ReaderError, match=rf"not those of their card \({name}\)"):
        load(folder)


@pytest.mark.parametrize("card", ["", "{", "[]", "{}"])
def test_weights_without_a_card_of_their_form_are_refused(folder: Path, card: str) -> None:
    (folder / "card.json").write_text(card, encoding="utf-8")
    with pytest.raises(ReaderError, match="--reader rules"):
        load(folder)


def test_the_card_names_data_licence_and_figures() -> None:
    card = json.loads((WEIGHTS / "card.json").read_text(encoding="utf-8"))
    assert {"data", "licence", "seed", "code", "calibration", "settings"} <= set(card)
    assert sum(file["bytes"] for file in card["files"].values()) < 25e6


@pytest.mark.parametrize(
    ("language", "text", "cue", "act", "negated"),
    [
        ("fr", "Il a démenti le projet.", "a démenti", "deny", False),
        ("fr", "Il met en garde la ville.", "met en garde", "warn", False),
        ("fr", "Il n'a pas confirmé le projet.", "n'a pas confirmé", "confirm", True),
        ("en", "She did not promise help.", "did not promise", "promise", True),
        ("en", "She zapped it.", "zapped", None, False),
    ],
)
def test_acts_and_negation_come_from_the_pack(
    language: str, text: str, cue: str, act: str | None, negated: bool
) -> None:
    pack = load_pack(language)
    tokens = tokenise(text, pack)
    assert act_of(tokens, spans(text, cue), pack) == act
    assert is_negated(tokens, spans(text, cue), pack) is negated


def test_a_source_loses_what_hangs_at_its_end_and_a_name_in_capitals_loses_nothing() -> None:
    pack = load_pack("fr")
    text = "Le chauffeur lui a dit oui."
    assert main_source(tokenise(text, pack), spans(text, "Le chauffeur lui"), pack) == spans(text, "Le chauffeur")
    english = load_pack("en")
    text = "The US has said no."
    assert main_source(tokenise(text, english), spans(text, "The US"), english) == spans(text, "The US")


@pytest.mark.parametrize(
    ("language", "text", "cue", "pronoun"),
    [
        ("fr", "« Oui », a-t-il dit.", "a-t-il dit", ("-t-il",)),
        ("fr", "« Oui », dit-elle.", "dit", ("-elle",)),
        ("en", '"Yes," she said.', "said", ("she",)),
        ("en", "The mayor said he would go.", "said", ()),
    ],
)
def test_the_pronoun_of_a_cue_is_its_source(language: str, text: str, cue: str, pronoun: tuple[str, ...]) -> None:
    pack = load_pack(language)
    assert pronoun_beside(tokenise(text, pack), spans(text, cue), pack) == spans(text, *pronoun)


def test_an_acronym_in_brackets_means_the_body_and_a_party_is_not_its_member() -> None:
    desk = Desk(Settings(reader="rules"))
    text = "La Confédération générale du travail (CGT) est là. La CGT a déclaré que la grève durerait."
    (statement,) = desk.read_text(text, language="fr").statements
    assert isinstance(statement.speaker, Speaker)
    assert [text[span.start : span.end] for span in statement.speaker.mentions] == ["Confédération", "CGT", "CGT"]
    text = "Anne Mara (RN) est là. Le RN a déclaré que la grève durerait."
    (statement,) = desk.read_text(text, language="fr").statements
    assert isinstance(statement.speaker, Speaker)
    assert "Mara" not in statement.speaker.name
