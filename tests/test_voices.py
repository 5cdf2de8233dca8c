"""Who speaks through whom, why somebody is not named, the former and the latter."""

from __future__ import annotations

import msgspec
import pytest

from onrecord.desk import Desk
from onrecord.language.loader import load_pack
from onrecord.reading.relays import with_relays_apart
from onrecord.reading.tokens import tokenise
from onrecord.types import Speaker, Unknown
from tests.resolving import drafts_of, named, resolver, spans

# --- why somebody is not named ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "cue", "source", "why"),
    [
        ("fr", "« Non », a dit une source proche du juge, sous couvert d'anonymat.", "a dit",
         "une source proche du juge", "sous couvert d'anonymat"),
        ("fr", "Un riverain, qui a requis l'anonymat parce qu'il travaille pour la mairie, juge « Non » trop dur.",
         "juge", "Un riverain", "qui a requis l'anonymat parce qu'il travaille pour la mairie"),
        ("fr", "Selon un cadre du parti souhaitant rester anonyme, « Non » est exclu.", "Selon", "un cadre du parti",
         "souhaitant rester anonyme"),
        ("en", "“Non”, said an official who asked not to be named because he was not authorised to speak to the press.",
         "said", "an official",
         "who asked not to be named because he was not authorised to speak to the press"),
        ("en", "Speaking on condition of anonymity, a diplomat said “Non” was out of the question.", "said",
         "a diplomat", "Speaking on condition of anonymity"),
        ("fr", "Selon un cadre s'exprimant sous couvert d'anonymat, « Non ».", "Selon",
         "un cadre s'exprimant sous couvert d'anonymat", "s'exprimant sous couvert d'anonymat"),
        ("en", "A nurse, who was granted anonymity to speak freely, said “Non”.", "said", "A nurse",
         "who was granted anonymity to speak freely"),
    ],
)  # fmt: skip
def test_the_terms_of_anonymity_are_kept(language: str, text: str, cue: str, source: str, why: str) -> None:
    ((speaker, _),) = resolver(text, language, ("Non", cue, source)).run()
    assert isinstance(speaker, Speaker)
    assert speaker.anonymity is not None
    assert text[speaker.anonymity.start : speaker.anonymity.end] == why
    assert why not in speaker.name


@pytest.mark.parametrize(
    ("language", "text", "source"),
    [
        ("fr", "Paul Roy, sous couvert d'humour, a dit « Non ». Une source a requis l'anonymat.", "Paul Roy"),
        ("fr", "Un voisin a dit « Non ». Il a parlé sans requérir l'anonymat.", "Un voisin"),
        ("fr", "Un voisin a dit « Non » à Paul Roy, qui a requis l'anonymat.", "Un voisin"),
        ("en", "A neighbour said “Non” about Paul Roy, who spoke anonymously.", "A neighbour"),
    ],
)
def test_a_person_who_is_named_or_another_one_has_no_terms(language: str, text: str, source: str) -> None:
    cue = "a dit" if language == "fr" else "said"
    ((speaker, _),) = resolver(text, language, ("Non", cue, source)).run()
    assert isinstance(speaker, Speaker)
    assert speaker.anonymity is None


def test_terms_told_of_a_later_mention_are_those_of_the_speaker() -> None:
    text = "A nurse said “Non”. The nurse, who asked not to be named, added “Oui”."
    first, second = resolver(text, "en", ("Non", "said", "A nurse"), ("Oui", "added", "The nurse")).run()
    assert isinstance(first[0], Speaker)
    assert first[0] == second[0]
    assert first[0].anonymity == spans(text, "who asked not to be named")[0]


def test_the_body_that_was_told_is_not_who_stays_unnamed() -> None:
    text = "“Non”, an official told The Associated Press on condition of anonymity because the pact was secret."
    ((speaker, _),) = resolver(text, "en", ("Non", "told", "an official")).run()
    assert isinstance(speaker, Speaker)
    assert speaker.anonymity == spans(text, "on condition of anonymity because the pact was secret")[0]


def test_who_asks_not_to_be_named_is_not_the_name_in_the_description() -> None:
    text = "« Non », a dit un porte-parole de l'équipe Morel, qui a refusé d'être nommé."
    ((speaker, _),) = resolver(text, "fr", ("Non", "a dit", "un porte-parole de l'équipe Morel")).run()
    assert isinstance(speaker, Speaker)
    assert (speaker.name, speaker.type) == ("un porte-parole de l'équipe Morel", "unnamed")


def test_what_a_source_says_of_anothers_anonymity_is_not_its_own() -> None:
    text = "A colonel said that the victim had asked not to be named."
    ((speaker, _),) = resolver(text, "en", ("that the victim had asked not to be named", "said", "A colonel")).run()
    assert isinstance(speaker, Speaker)
    assert speaker.anonymity is None


def test_of_two_sources_the_nearer_stays_unnamed() -> None:
    text = "A clerk said “Non”, but a guard who spoke on condition of anonymity added “Oui”."
    clerk, guard = resolver(text, "en", ("Non", "said", "A clerk"), ("Oui", "added", "a guard")).run()
    assert isinstance(clerk[0], Speaker)
    assert isinstance(guard[0], Speaker)
    assert (clerk[0].anonymity, guard[0].anonymity) == (None, spans(text, "who spoke on condition of anonymity")[0])


@pytest.mark.parametrize(
    ("text", "type_"),
    [("a campaign spokesman", "unnamed"), ("a police officer", "unnamed"), ("the company", "organisation"),
     ("a ministry report", "document"), ("the party of the minister", "organisation")],
)  # fmt: skip
def test_the_last_of_nouns_in_a_row_tells_what_speaks(text: str, type_: str) -> None:
    ((speaker, _),) = resolver(f"“Non”, said {text}.", "en", ("Non", "said", text)).run()
    assert isinstance(speaker, Speaker)
    assert speaker.type == type_


def test_two_statements_of_one_source_have_one_speaker() -> None:
    text = "Un cadre, qui a requis l'anonymat, a dit « Non ». Le cadre a ajouté « Oui »."
    first, second = resolver(text, "fr", ("Non", "a dit", "Un cadre"), ("Oui", "a ajouté", "Le cadre")).run()
    assert first[0] == second[0]


# --- who passed it on -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "cue", "source", "by"),
    [
        ("fr", "« Non », a dit Ana Roy, citée par l'AFP.", "a dit", "Ana Roy", "AFP"),
        (
            "fr",
            "« Non », a dit Ana Roy, maire de Lyon, citée par le quotidien Le Monde.",
            "a dit",
            "Ana Roy",
            "Le Monde",
        ),
        ("fr", "« Non », a dit Ana Roy à l'AFP.", "a dit", "Ana Roy", None),
        ("fr", "« Non », a dit Ana Roy, qui a cité Paul Bart.", "a dit", "Ana Roy", None),
        ("en", "“Non”, said Ana Roy, as quoted by the BBC.", "said", "Ana Roy", "BBC"),
        ("en", "“Non”, Ana Roy was quoted by Reuters as saying.", "was quoted", "Ana Roy", "Reuters"),
        ("en", "“Non”, Ana Roy told Reuters.", "told", "Ana Roy", None),
    ],
)
def test_both_are_kept_who_said_and_who_passed_it_on(
    language: str, text: str, cue: str, source: str, by: str | None
) -> None:
    one = resolver(text, language, ("Non", cue, source))
    assert named(one) == ["Ana Roy"]
    relay = one.relay(0)
    assert (relay and relay.name) == by


@pytest.mark.parametrize(
    ("language", "text", "around", "inner", "by"),
    [
        ("en", "“Non”, Ana Roy told the BBC, according to Reuters.",
         ("“Non”, Ana Roy told the BBC", "according to", "Reuters"), ("“Non”", "told", "Ana Roy"), "Reuters"),
        ("fr", "Selon Luc Bart, Ana Roy a dit « Non ».",
         ("Ana Roy a dit « Non »", "Selon", "Luc Bart"), ("« Non »", "a dit", "Ana Roy"), "Luc Bart"),
        ("fr", "Luc Bart craint qu'Ana Roy ait dit « Non ».",
         ("qu'Ana Roy ait dit « Non »", "craint", "Luc Bart"), ("« Non »", "ait dit", "Ana Roy"), None),
        ("fr", "Selon Reuters, qui cite un officier, « Non ».",
         ("« Non »", "Selon", "Reuters"), ("« Non »", "cite", "un officier"), "Reuters"),
        ("fr", "Selon l'agence Tass, citant un officier, « Non ».",
         None, ("« Non »", "Selon", "un officier"), "Tass"),
    ],
)  # fmt: skip
def test_who_said_it_on_whose_word(
    language: str, text: str, around: tuple[str, str, str] | None, inner: tuple[str, str, str], by: str | None
) -> None:
    one = resolver(text, language, *filter(None, (around, inner)))
    if around is not None and around[0] != inner[0]:
        one.drafts = [one.drafts[0], msgspec.structs.replace(one.drafts[1], parent=0)]
    names = named(one)
    relay = one.relay(len(names) - 1)
    assert (names[-1], relay and relay.name) == (inner[2], by)
    assert around is None or one.relay(0) is None


def test_a_body_without_a_name_passes_on_and_a_crowd_does_not() -> None:
    for by, name in (("par un journal local", "un journal local"), ("par la foule", None)):
        one = resolver(f"« Non », a dit Ana Roy, reprise {by}.", "fr", ("Non", "a dit", "Ana Roy"))
        assert named(one) == ["Ana Roy"]
        relay = one.relay(0)
        assert (relay and relay.name) == name


def test_who_was_quoted_is_the_source_and_not_who_quotes() -> None:
    text = "Ana Roy was quoted by Tass as saying that it was safe. Tass was founded in 1925."
    said = "that it was safe"
    drafts = drafts_of(text, (said, "was quoted by", "Tass"), (said, "saying", "Tass"))
    (draft,) = with_relays_apart(tokenise(text, load_pack("en")), drafts, load_pack("en"))
    assert draft.source == spans(text, "Ana Roy")


def test_cited_by_is_no_second_statement() -> None:
    text = "Le pont ferme, dit un garde, cité par l'AFP. « Non », dit Ana Roy."
    told = (("Le pont ferme", "dit", "un garde"), ("Le pont ferme", "cité par", "un garde"), ("Non", "dit", "Ana Roy"))
    drafts = drafts_of(text, *told)
    drafts[2] = msgspec.structs.replace(drafts[2], parent=1)
    kept = with_relays_apart(tokenise(text, load_pack("fr")), drafts, load_pack("fr"))
    assert [draft.cue for draft in kept] == [drafts[0].cue, drafts[2].cue]
    assert [draft.parent for draft in kept] == [None, 0]


def test_words_that_were_reported_are_no_source() -> None:
    text = "« Non », dit Ana Roy, dont les propos ont été rapportés par l'AFP."
    drafts = drafts_of(text, ("Non", "ont été rapportés par", "l'AFP"))
    assert with_relays_apart(tokenise(text, load_pack("fr")), drafts, load_pack("fr")) == drafts


def test_a_paper_is_named_with_its_article() -> None:
    assert named(resolver("Le Monde a dit « Non ».", "fr", ("Non", "a dit", "Le Monde"))) == ["Le Monde"]


def test_a_record_tells_who_passed_it_on() -> None:
    record = Desk().read_text("« Le pont rouvrira en mai », a déclaré Ana Roy, citée par l'AFP.", language="fr")
    assert {s.quoted_by.name for s in record.statements if s.quoted_by is not None} == {"AFP"}


# --- the former, the latter -------------------------------------------------------------------------------------------

TWO = {
    "fr": "Paul Roy a reçu Luc Bart à la mairie. Le premier a dit « Non ». Le second a dit « Oui ».",
    "en": "Paul Roy met Luc Bart at the town hall. The former said “Non”. The latter said “Oui”.",
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_former_and_the_latter_are_told_by_their_order(language: str) -> None:
    words = ("Le premier", "Le second", "a dit") if language == "fr" else ("The former", "The latter", "said")
    one = resolver(TWO[language], language, ("Non", words[2], words[0]), ("Oui", words[2], words[1]))
    assert named(one) == ["Paul Roy", "Luc Bart"]


def test_of_three_the_former_is_ambiguous() -> None:
    text = "Paul Roy a reçu Luc Bart et Ana Vidal. Le premier a dit « Non »."
    ((speaker, _),) = resolver(text, "fr", ("Non", "a dit", "Le premier")).run()
    assert speaker == Unknown("ambiguous", ("Paul Roy", "Luc Bart", "Ana Vidal"))


def test_the_latter_is_told_from_the_former_though_others_are_named_between() -> None:
    text = "Paul Roy a reçu Luc Bart. Le premier a dit « Non » à Ana Vidal et à Léa Kern. Le second a dit « Oui »."
    one = resolver(text, "fr", ("Non", "a dit", "Le premier"), ("Oui", "a dit", "Le second"))
    assert named(one) == ["Paul Roy", "Luc Bart"]


@pytest.mark.parametrize(
    ("words", "who"),
    [("Ce dernier", "Luc Bart"), ("Celui-ci", "Luc Bart"), ("Cette dernière", "Ana Vidal"), ("Celle-ci", "Ana Vidal")],
)
def test_the_last_is_the_last_named_of_a_gender_that_fits(words: str, who: str) -> None:
    text = f"Mme Ana Vidal a reçu Paul Roy et M. Luc Bart à la mairie. {words} a dit « Non »."
    assert named(resolver(text, "fr", ("Non", "a dit", words))) == [who]


def test_where_one_is_named_the_last_is_no_order() -> None:
    text = "Ana Vidal et Luc Bart parlaient. Paul Roy a reçu un berger. Ce dernier a dit « Non »."
    ((_, reasons),) = resolver(text, "fr", ("Non", "a dit", "Ce dernier")).run()
    assert reasons[-1].rule != "ordinal"


def test_one_and_the_other_are_not_told_but_by_their_gender() -> None:
    men = resolver(
        "Paul Roy a reçu Luc Bart. L'un a dit « Non », l'autre « Oui ».", "fr",
        ("Non", "a dit", "L'un"), ("Oui", "", "l'autre"),
    )  # fmt: skip
    assert [speaker for speaker, _ in men.run()] == [Unknown("ambiguous", ("Paul Roy", "Luc Bart"))] * 2
    both = resolver(
        "M. Paul Roy a reçu Mme Ana Vidal. L'une a dit « Non », l'autre « Oui ».", "fr",
        ("Non", "a dit", "L'une"), ("Oui", "", "l'autre"),
    )  # fmt: skip
    assert named(both) == ["Ana Vidal", "Paul Roy"]


def test_one_of_many_is_nobody_named_before() -> None:
    text = "Paul Roy a reçu Luc Bart. L'un de ses voisins a dit « Non »."
    for source in ("L'un", "L'un de ses voisins"):
        ((_, reasons),) = resolver(text, "fr", ("Non", "a dit", source)).run()
        assert reasons[-1].rule != "ordinal"


def test_a_source_keeps_the_whole_of_such_words() -> None:
    text = "La ministre Ana Roy a reçu la maire Julie Bart. Celle-ci a déclaré que le pont était fermé depuis mai."
    (statement,) = Desk().read_text(text, language="fr").statements
    assert [text[s.start : s.end] for s in statement.source] == ["Celle-ci"]
    assert isinstance(statement.speaker, Speaker)
    assert statement.speaker.name == "Julie Bart"


def test_a_first_minister_is_no_former() -> None:
    text = "Paul Roy a reçu Luc Bart. Le premier ministre a dit « Non »."
    ((_, reasons),) = resolver(text, "fr", ("Non", "a dit", "Le premier ministre")).run()
    assert reasons[-1].rule == "description"
