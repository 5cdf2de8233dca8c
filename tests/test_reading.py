"""Statements and speakers by rules, and what decoding makes of labels."""

from __future__ import annotations

import pytest

from onrecord.desk import Desk
from onrecord.language.loader import load_pack
from onrecord.reading.decode import Labelled, draft_of, settle
from onrecord.reading.marks import find_quotations
from onrecord.reading.tokens import tokenise
from onrecord.settings import Settings
from onrecord.types import Draft, Record, Span, Speaker, Unknown, words_of


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(Settings(reader="rules"))


def told(record: Record) -> list[tuple[str, str, str]]:
    """Speaker, type and words of each statement."""
    return [
        (
            s.speaker.name if isinstance(s.speaker, Speaker) else s.speaker.reason,
            s.type,
            words_of(record.article, s.content),
        )
        for s in record.statements
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "La maire, Anne Roy, dit que la digue tiendra.", ("Anne Roy", "indirect", "que la digue tiendra")),
        ("fr", "« La digue tiendra », a assuré Anne Roy.", ("Anne Roy", "direct", "« La digue tiendra »")),
        ("fr", "Selon Marc Roy, la digue est perdue.", ("Marc Roy", "indirect", "la digue est perdue")),
        ("fr", "Anne Roy dit que la digue est « sûre ».", ("Anne Roy", "mixed", "que la digue est « sûre »")),
        ("fr", "Marc Roy a promis de publier le rapport.", ("Marc Roy", "indirect", "de publier le rapport")),
        ("en", "Dana Whit said that the port would close.", ("Dana Whit", "indirect", "that the port would close")),
        ("en", '"The port will close," said Dana Whit.', ("Dana Whit", "direct", '"The port will close,"')),
        ("en", "According to Tom Brann, the port will close.", ("Tom Brann", "indirect", "the port will close")),
        ("en", "Dana Whit promised to reopen the port.", ("Dana Whit", "indirect", "to reopen the port")),
    ],
)  # fmt: skip
def test_the_rules_find_a_statement(desk: Desk, language: str, text: str, expected: tuple[str, str, str]) -> None:
    assert told(desk.read_text(text, language=language)) == [expected]


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("fr", "Claire Vautrin est préfète. Elle a déclaré que le pont rouvrirait.", "Claire Vautrin"),
        ("fr", "Le ministre Paul Roy est venu. M. Roy a déclaré que le pont rouvrirait.", "Paul Roy"),
        (
            "fr",
            "Paul Roy, ministre des Transports, est venu. Le ministre a déclaré que le pont rouvrirait.",
            "Paul Roy",
        ),
        ("fr", "On a déclaré que le pont rouvrirait.", "not_stated"),
        ("fr", "Un responsable local a déclaré que le pont rouvrirait.", "Un responsable local"),
        ("fr", "Paul Roy a parlé avec Mme Claire Vautrin. Elle a déclaré que le pont rouvrirait.", "Claire Vautrin"),
        ("en", "Tom Brannigan came late. He said that the bridge would reopen.", "Tom Brannigan"),
        ("en", "Chief executive Tom Brannigan came. Brannigan said that the bridge would reopen.", "Tom Brannigan"),
        ("en", "An official said that the bridge would reopen.", "An official"),
        ("en", "The ministry said that the bridge would reopen.", "The ministry"),
    ],
)
def test_the_speaker_is_a_person_and_not_a_pronoun(desk: Desk, language: str, text: str, speaker: str) -> None:
    assert [name for name, _, _ in told(desk.read_text(text, language=language))] == [speaker]


def test_a_floating_quotation_goes_on_in_the_voice_before_it(desk: Desk) -> None:
    text = "« Le pont rouvrira », a dit Paul Roy. « Nous avons pris du retard. Nous le rattraperons. »"
    first, second = told(desk.read_text(text, language="fr"))
    assert (first[0], second[0]) == ("Paul Roy", "Paul Roy")
    assert second[2] == "« Nous avons pris du retard. Nous le rattraperons. »"


def test_office_and_gender_come_from_the_article_alone(desk: Desk) -> None:
    record = desk.read_text("La préfète Claire Vautrin a déclaré que le pont rouvrirait.", language="fr")
    speaker = record.statements[0].speaker
    assert isinstance(speaker, Speaker)
    assert speaker.office is not None
    assert (speaker.gender, words_of(record.article, [speaker.office])) == ("feminine", "préfète")
    (other,) = desk.read_text("Claire Vautrin a déclaré que le pont rouvrirait.", language="fr").statements
    assert isinstance(other.speaker, Speaker)
    assert other.speaker.gender is None


def test_a_pronoun_without_antecedent_is_unknown(desk: Desk) -> None:
    (statement,) = desk.read_text("Il a déclaré que le pont rouvrirait.", language="fr").statements
    assert statement.speaker == Unknown("no_antecedent")


def test_two_antecedents_as_likely_are_both_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = {"nobody": -9.0, "gender:other": -9.0}  # nothing tells the two men apart
    monkeypatch.setattr("onrecord.reading.pronouns.load_ranks", lambda: {"pronoun": weights})
    text = "Mme Anne Mara a reçu Paul Roy, Luc Duc et deux maires. Il a déclaré que le pont rouvrirait."
    (statement,) = desk.read_text(text, language="fr").statements
    assert statement.speaker == Unknown("ambiguous", ("Luc Duc", "Paul Roy"))


def test_every_statement_says_why(desk: Desk) -> None:
    record = desk.read_text("« Le pont rouvrira », a dit Paul Roy. Selon Marc Duc, il restera fermé.", language="fr")
    assert all(len(statement.reasons) >= 2 for statement in record.statements)


def labelled(text: str, marked: dict[str, int]) -> Draft | None:
    """The draft of a text whose words have the given labels; the cue is the anchor."""
    tokens = tokenise(text, load_pack("fr"))
    labels = [0] * len(tokens)
    for words, label in marked.items():
        start = text.index(words)
        for i in range(*tokens.range_of(Span(start, start + len(words)))):
            labels[i] = label
    found = Labelled(
        anchor=labels.index(2), first=0, labels=labels, kind="speech", acts={"assert": 0.0}, negated=False,
        confidence=0.9, cueless=False,
    )  # fmt: skip
    return draft_of(tokens, find_quotations(tokens, load_pack("fr")), found)


def content_of(text: str, draft: Draft | None) -> list[str]:
    assert draft is not None
    return [text[span.start : span.end] for span in draft.content]


def test_decoding_balances_marks() -> None:
    text = "« La digue tiendra bon », a dit Paul Roy."
    draft = labelled(text, {"La digue tiendra": 1, "a dit": 2, "Paul Roy": 3})
    assert content_of(text, draft) == ["« La digue tiendra bon »"]


def test_decoding_leaves_the_comma_outside_and_an_interruption_out() -> None:
    text = "La digue, a dit Paul Roy, tiendra."
    draft = labelled(text, {"La digue,": 1, "a dit": 2, "Paul Roy": 3, ", tiendra.": 1})
    assert content_of(text, draft) == ["La digue", "tiendra"]


def test_decoding_gives_nothing_without_a_word_of_content() -> None:
    assert labelled("Paul Roy a dit : « ».", {"a dit": 2, "« »": 1}) is None


def test_the_weaker_of_two_drafts_of_the_same_words_goes() -> None:
    strong = Draft(content=(Span(0, 20),), cue=(Span(22, 26),), confidence=0.9)
    weak = Draft(content=(Span(0, 19),), cue=(Span(22, 26),), confidence=0.4)
    assert settle([weak, strong]) == [strong]


def test_a_draft_inside_another_has_it_as_parent() -> None:
    outer = Draft(content=(Span(0, 50),), cue=(Span(52, 55),))
    inner = Draft(content=(Span(20, 49),), cue=(Span(12, 18),))
    assert [draft.parent for draft in settle([inner, outer])] == [None, 0]
