"""Whom sources mean that do not name: pronouns, descriptions, nothing at all."""

from __future__ import annotations

import pytest

from onrecord.language.loader import load_pack
from onrecord.reading.antecedents import Mention, Option, chances
from onrecord.reading.ranks import load_ranks
from onrecord.reading.speakers import Resolver, resolve
from onrecord.reading.tokens import tokenise
from onrecord.types import Draft, Span, Speaker, Unknown


def span(text: str, part: str, nth: int = 1) -> Span:
    at = -1
    for _ in range(nth):
        at = text.index(part, at + 1)
    return Span(at, at + len(part))


def speakers(language: str, text: str, *drafts: Draft) -> list[str | None]:
    found = resolve(tokenise(text, load_pack(language)), drafts, load_pack(language))
    return [speaker.name if isinstance(speaker, Speaker) else None for speaker, _ in found]


BRIDGE = "La maire, Ana Roy, a déclaré que le pont rouvrirait. Elle a ajouté que tout irait bien."


def test_a_pronoun_means_who_agrees_and_spoke_last() -> None:
    drafts = [
        Draft(
            content=(span(BRIDGE, "que le pont rouvrirait"),),
            cue=(span(BRIDGE, "a déclaré"),),
            source=(span(BRIDGE, "La maire, Ana Roy"),),
        ),
        Draft(
            content=(span(BRIDGE, "que tout irait bien"),),
            cue=(span(BRIDGE, "a ajouté"),),
            source=(span(BRIDGE, "Elle"),),
        ),
    ]
    assert speakers("fr", BRIDGE, *drafts) == ["Ana Roy", "Ana Roy"]


def test_a_floating_quotation_goes_on_in_the_last_voice() -> None:
    text = '"We leave today," said Paul Stone. The crowd cheered. "Nobody stays behind."'
    first = Draft(
        content=(span(text, '"We leave today,"'),),
        cue=(span(text, "said"),),
        source=(span(text, "Paul Stone"),),
        type="direct",
    )
    floating = Draft(content=(span(text, '"Nobody stays behind."'),), type="direct")
    assert speakers("en", text, first, floating) == ["Paul Stone", "Paul Stone"]


def test_an_office_said_before_means_who_holds_it() -> None:
    text = "Le ministre de la Santé, Paul Roy, est là. Anne Mara aussi. Le ministre de la Santé a promis des lits."
    draft = Draft(
        content=(span(text, "des lits"),),
        cue=(span(text, "a promis"),),
        source=(span(text, "Le ministre de la Santé", 2),),
        act="promise",
    )
    assert speakers("fr", text, draft) == ["Paul Roy"]


def test_a_passive_without_agent_has_no_speaker() -> None:
    text = "Le préfet Jean Tal a ouvert le bal. Ana Roy est accusée de fraude."
    draft = Draft(content=(span(text, "de fraude"),), cue=(span(text, "est accusée"),), act="accuse")
    assert speakers("fr", text, draft) == [None]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("fr", "M. Soyer a dit oui.", "M. Soyer"),
        ("fr", "Ici M. Soyer. Jean Soyer a dit oui.", "Jean Soyer"),
        ("fr", "L'avocat de l'Américain, Olivier de Vilmorin, a dit oui.", "Olivier de Vilmorin"),
        ("fr", "B. Roland a dit oui. Bruno Roland est là.", "Bruno Roland"),
        ("fr", "Anna Roy de Lyon Radio a dit oui.", "Anna Roy"),
        ("en", "Mr Wu said yes.", "Mr Wu"),
    ],
)
def test_a_name_is_the_fullest_without_what_hangs_on_it(language: str, text: str, name: str) -> None:
    cue = "a dit" if language == "fr" else "said"
    start = text.rindex(".", 0, text.index(cue)) + 1 if ". Jean" in text else 0
    source = Span(start + (start > 0), text.index(cue) - 1)
    source = Span(source.start, source.end - (text[source.end - 1] == ","))
    draft = Draft(content=(span(text, "oui" if language == "fr" else "yes"),), cue=(span(text, cue),), source=(source,))
    assert speakers(language, text, draft) == [name]


def test_chances_are_a_softmax_over_sums_of_weights() -> None:
    options = [Option(None, ("a", "b")), Option(None, ("b", "unheard_of"))]
    first, second = chances(options, {"a": 1.0, "b": 5.0})
    assert first + second == pytest.approx(1.0)
    assert first / second == pytest.approx(2.718, abs=1e-3)


def test_the_weights_know_the_features_and_every_kind_of_mention() -> None:
    ranks = load_ranks()
    assert set(ranks) == {"pronoun", "description", "implied", "floating"}
    pack = load_pack("fr")
    one = Resolver(
        tokenise(BRIDGE, pack), [Draft(content=(span(BRIDGE, "tout"),), source=(span(BRIDGE, "Elle"),))], pack
    )
    at = one.tokens.range_of(span(BRIDGE, "Elle"))[0]
    options = one.options(Mention(draft=0, kind="pronoun", at=at, first=at, last=at, gender="feminine"))
    assert [option.speaker.name if option.speaker else None for option in options] == ["Ana Roy", None]
    assert any(feature in ranks["pronoun"] for feature in options[0].features)


def test_two_as_likely_are_both_named() -> None:
    pack = load_pack("en")
    text = "He said yes."
    one = Resolver(tokenise(text, pack), [], pack)
    anna, paul = Speaker(name="Anna", type="person"), Speaker(name="Paul", type="person")
    mention = Mention(draft=0, kind="pronoun", at=0, first=0, last=0)
    one.options = lambda mention: [Option(anna, ()), Option(paul, ())]  # type: ignore[method-assign]
    found = one._ranked(mention, "pronoun", "He", Span(0, 2))
    assert found is not None
    assert found[0] == Unknown("ambiguous", ("Anna", "Paul"))


def test_two_unlikely_ones_are_both_named_and_a_likely_one_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = load_pack("en")
    one = Resolver(tokenise("He said yes.", pack), [], pack)
    mention = Mention(draft=0, kind="pronoun", at=0, first=0, last=0)
    options = [Option(Speaker(name=name, type="person"), (name,)) for name in ("Anna", "Paul", "Carl", "Dora")]
    for weight, chosen in ((0.3, ["Anna", "Paul"]), (3.0, ["Anna"])):
        weights = {"Anna": weight, "Paul": 0.1, "Carl": 0.0, "Dora": 0.0}
        monkeypatch.setattr("onrecord.reading.pronouns.load_ranks", lambda weights=weights: {"pronoun": weights})
        assert [option.speaker.name for option in one._choose(mention, options) if option.speaker] == chosen


def test_a_pronoun_tells_the_gender_of_a_name_and_nothing_else_does() -> None:
    text = "Camille Roy a déclaré que oui. Elle a ajouté que non."
    drafts = [
        Draft(content=(span(text, "que oui"),), cue=(span(text, "a déclaré"),), source=(span(text, "Camille Roy"),)),
        Draft(content=(span(text, "que non"),), cue=(span(text, "a ajouté"),), source=(span(text, "Elle"),)),
    ]
    pack = load_pack("fr")
    both = resolve(tokenise(text, pack), drafts, pack)
    alone = resolve(tokenise(text, pack), drafts[:1], pack)
    assert [speaker.gender for speaker, _ in both if isinstance(speaker, Speaker)] == ["feminine", "feminine"]
    assert [speaker.gender for speaker, _ in alone if isinstance(speaker, Speaker)] == [None]
