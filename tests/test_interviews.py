"""Whose the answers of interviews are."""

from __future__ import annotations

import msgspec
import pytest

from onrecord.desk import Desk
from onrecord.language.loader import load_pack
from onrecord.reading.speakers import Resolver
from onrecord.reading.tokens import tokenise
from onrecord.types import Speaker
from tests.resolving import drafts_of, named, resolver, spans

INTERVIEW = """Entretien avec Jeanne Kerbrat

Jeanne Kerbrat élève des abeilles. Le ministre Paul Roy l'a reçue.

Comment vont vos ruches ?

Mal. J'ai perdu quarante colonies.

À qui la faute ?

Au frelon, que personne ne combat.

Que demandez-vous ?

Que Luc Bart tienne parole.
"""
ANSWERS = (("J'ai perdu quarante colonies", "", ""), ("que personne ne combat", "", ""), ("tienne parole", "", ""))


def rules_of(one: Resolver) -> set[str]:
    return {reasons[-1].rule for _, reasons in one.run()}


def test_the_answers_of_an_interview_are_those_of_whom_its_title_names() -> None:
    one = resolver(INTERVIEW, "fr", *ANSWERS, ("À qui la faute", "", ""))
    assert named(one) == ["Jeanne Kerbrat"] * 3 + ["not_stated"]
    assert rules_of(one) == {"interview"}


def test_who_says_i_in_an_answer_is_the_one_interviewed() -> None:
    text = INTERVIEW.replace("Au frelon", "Je crois que c'est au frelon").replace("À qui", "Je demande : à qui")
    told = (("que c'est au frelon", "crois", "Je"), ("à qui la faute ?", "demande", "Je"))
    drafts = [
        msgspec.structs.replace(draft, source=spans(text, "Je", text.index(f"Je {told[n][1]}")))
        for n, draft in enumerate(resolver(text, "fr", *told).drafts)
    ]
    one = Resolver(tokenise(text, load_pack("fr")), drafts, load_pack("fr"))
    assert named(one) == ["Jeanne Kerbrat", "not_stated"]


def test_a_question_is_no_part_of_the_answer_before_it() -> None:
    text = INTERVIEW.replace("Mal. J'ai perdu quarante colonies.", "« J'ai perdu quarante colonies. »")
    (answer,) = drafts_of(text, ("« J'ai perdu quarante colonies. »", "", ""))
    whole = (*answer.content, *spans(text, "À qui la faute ?"))
    merged = msgspec.structs.replace(answer, content=whole, source=(), cue=(), type="mixed", act="question")
    one = Resolver(tokenise(text, load_pack("fr")), [merged], load_pack("fr"))
    one.keep_to_turns()
    (kept,) = one.drafts
    assert (kept.content, kept.type, kept.act) == (answer.content, "direct", "assert")


def test_what_the_interviewer_asks_is_nobodys_statement() -> None:
    one = resolver(INTERVIEW, "fr", ("À qui la faute", "", ""), ("tienne parole", "", ""))
    one.drafts = [one.drafts[0], msgspec.structs.replace(one.drafts[1], parent=0)]
    one.keep_to_turns()
    assert [draft.content for draft in one.drafts] == [spans(INTERVIEW, "tienne parole")]
    assert one.drafts[0].parent is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("À qui la faute ?", "À qui la faute."),  # two questions
        ("vos ruches ?\n\nMal. J'ai", "les ruches ?\n\nMal. Elle a"),  # an explainer asks nobody
        ("Jeanne Kerbrat", "une éleveuse"),  # of whom nobody knows who she is
    ],
)
def test_some_questions_make_no_interview(old: str, new: str) -> None:
    text = (
        INTERVIEW.replace(old, new)
        .replace("Que demandez-vous ?", "Que demander ?")
        .replace("Le ministre Paul Roy", "On")
    )
    answers = tuple(words for words in ANSWERS if words[0] in text)
    assert "interview" not in rules_of(resolver(text, "fr", *answers))


def test_quoted_questions_make_no_interview() -> None:
    text = INTERVIEW
    for question in ("Comment vont vos ruches ?", "À qui la faute ?", "Que demandez-vous ?"):
        text = text.replace(question, f"« {question} »")
    assert "interview" not in rules_of(resolver(text, "fr", *ANSWERS))


LABELLED = """Questions to Martha Lane

Martha Lane keeps sheep near Kendal. Tom Hale spoke to her.

{q} How bad was it?

{a} We lost sixty ewes.

Nobody had come.

{q} Who should have?

{a} The agency.
"""
TURNS = (
    ("How bad was it", "", ""),
    ("We lost sixty ewes", "", ""),
    ("Nobody had come", "", ""),
    ("The agency", "", ""),
)


@pytest.mark.parametrize(
    ("q", "a", "asks"),
    [
        ("Q:", "A:", "not_stated"),
        ("Q.", "A.", "not_stated"),
        ("Question:", "Answer:", "not_stated"),
        ("Tom Hale:", "Martha Lane:", "Tom Hale"),
        ("TH:", "ML:", "Tom Hale"),
        ("T. H.:", "M. L.:", "Tom Hale"),
        ("TOM HALE. —", "MARTHA LANE. —", "Tom Hale"),
    ],
)
def test_turns_with_labels_are_those_of_whom_the_labels_mean(q: str, a: str, asks: str) -> None:
    text = LABELLED.format(q=q, a=a)
    assert named(resolver(text, "en", *TURNS)) == [asks, *["Martha Lane"] * 3]


@pytest.mark.parametrize(("q", "a", "asks"), [("Q:", "A:", "not_stated"), ("TH:", "ML:", "Tom Hale")])
def test_a_label_that_was_taken_for_a_source_means_its_voice(q: str, a: str, asks: str) -> None:
    text = LABELLED.format(q=q, a=a)
    told = (("How bad was it", "", q[:-1]), ("We lost sixty ewes", "", ""))
    drafts = resolver(text, "en", *told).drafts
    label = msgspec.structs.replace(drafts[1], source=spans(text, a[:-1], text.index(a + " We")))
    asked = msgspec.structs.replace(drafts[0], source=spans(text, q[:-1], text.index(q + " How")))
    assert named(Resolver(tokenise(text, load_pack("en")), [asked, label], load_pack("en"))) == [asks, "Martha Lane"]


def test_the_initials_of_a_label_are_nobody_else() -> None:
    text = LABELLED.format(q="TH:", a="ML:").replace("The agency.", "The agency. They said no.")
    ((speaker, _),) = resolver(text, "en", ("no", "said", "They")).run()
    assert not isinstance(speaker, Speaker) or speaker.name not in ("ML", "TH")


@pytest.mark.parametrize(
    "text",
    [
        "Résultats\n\nLyon : Paul Roy élu.\n\nParis : deux tours.\n\nNice : rien.\n\nLille : Ana Vidal élue.",
        "Météo\n\nLe plan Q, dit Paul Roy, est mort. « Tant mieux. »\n\nLa partie A : rien.",
        "Un point\n\nPaul Roy : « Non. »\n\nLa salle applaudit.\n\nPaul Roy : « Oui. »",
    ],
)
def test_lists_and_single_voices_have_no_turns(text: str) -> None:
    assert rules_of(resolver(text, "fr", (text.split("\n\n")[-1], "", ""))) == {"floating"}


def test_the_answers_of_a_real_reading_are_those_of_the_one_interviewed() -> None:
    text = LABELLED.format(q="Q:", a="A:").replace(
        "The agency.", "The agency. “They slept.” I told my son that we would go on."
    )
    record = Desk().read_text(text, language="en")
    told = {
        text[s.content[0].start : s.content[-1].end]: s.speaker.name
        if isinstance(s.speaker, Speaker)
        else s.speaker.reason
        for s in record.statements
    }
    assert told["that we would go on"] == "Martha Lane"
    assert not any(words.endswith("?") for words in told)
