"""The rule reader: each rule where it fits and where it must not, and what it says of a statement besides its words."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import ReaderError
from onrecord.language.loader import load_pack
from onrecord.reading.readers import load_reader
from onrecord.reading.rules import CONFIDENCE, PREPOSITION_RULES, VERB_RULES, RuleReader
from onrecord.reading.tokens import tokenise
from onrecord.types import Draft, Span

RULES = (*PREPOSITION_RULES, *VERB_RULES)

# Rule, language, text, and the words of the content; each text has one statement.
FITS = [
    ("preposition_first", "fr", "Selon la préfète, la route rouvrira mardi.", ["la route rouvrira mardi"]),
    ("preposition_first", "en", "According to the mayor, the road will reopen.", ["the road will reopen"]),
    ("preposition_last", "fr", "La route rouvrira mardi, selon la préfète.", ["La route rouvrira mardi"]),
    ("preposition_last", "en", "The road will reopen, according to the mayor.", ["The road will reopen"]),
    ("preposition_first", "en", "According to officials, the road will reopen.", ["the road will reopen"]),
    ("quotation_before_cue", "fr", "« La route rouvrira », a assuré la préfète.", ["« La route rouvrira »"]),
    ("quotation_before_cue", "fr", "« La route rouvrira », a-t-elle dit.", ["« La route rouvrira »"]),
    ("quotation_before_cue", "en", "“The road will reopen,” said Ana Bell.", ["“The road will reopen,”"]),
    ("quotation_after_cue", "fr", "La préfète a dit : « La route rouvrira. »", ["« La route rouvrira. »"]),
    ("quotation_after_cue", "en", "Ana Bell said: “The road will reopen.”", ["“The road will reopen.”"]),
    ("clause_after_cue", "fr", "La préfète a dit que la route rouvrirait.", ["que la route rouvrirait"]),
    ("clause_after_cue", "en", "Ana Bell said that the road would reopen.", ["that the road would reopen"]),
    ("bare_clause_after_cue", "en", "Ana Bell said the road would reopen.", ["the road would reopen"]),
    ("clause_before_cue", "fr", "La route va rouvrir, a assuré la préfète.", ["La route va rouvrir"]),
    ("clause_before_cue", "en", "The road would reopen soon, said Ana Bell.", ["The road would reopen soon"]),
    ("infinitive_after_cue", "fr", "La préfète a promis de rouvrir la route.", ["de rouvrir la route"]),
    ("infinitive_after_cue", "fr", "Elle a demandé aux deux villes d'ouvrir la route.", ["d'ouvrir la route"]),
    ("infinitive_after_cue", "en", "Ana Bell promised to reopen the road.", ["to reopen the road"]),
    ("object_after_cue", "fr", "La préfète a annoncé la fermeture de la route.", ["la fermeture de la route"]),
    ("object_after_cue", "en", "Ana Bell announced the closure of a road.", ["the closure of a road"]),
    ("floating_quotation", "fr", "« Nous avons perdu un an déjà. »", ["« Nous avons perdu un an déjà. »"]),
]  # fmt: skip

# Rule, language, and a text in which that rule must find nothing.
DOES_NOT_FIT = [
    ("preposition_first", "fr", "Pour rouvrir la route, la préfète attend des crédits."),
    ("preposition_last", "fr", "Elle marche dans la rue pour la préfète."),
    ("quotation_before_cue", "fr", "« La route » traverse le bois et la préfète dit que tout va bien."),
    ("quotation_after_cue", "fr", "La préfète dit que la route est fermée : « Route barrée »."),
    ("clause_after_cue", "fr", "Le quota pour que chacun pêche est fixé."),
    ("bare_clause_after_cue", "en", "The board met in an effort to establish the cause of the fire."),
    ("clause_before_cue", "en", "Ana Bell, the mayor of Wick, demanded an answer from the company."),
    ("infinitive_after_cue", "fr", "La préfète n'a pas promis de solution."),
    ("infinitive_after_cue", "fr", "La préfète fixe les quotas pour la saison de pêche."),
    ("object_after_cue", "en", "The town's demands a year ago were modest."),
    ("floating_quotation", "fr", "Il lit « Le Monde » au café."),
]


def read(code: str, text: str) -> list[Draft]:
    pack = load_pack(code)
    return RuleReader().read_many([(tokenise(text, pack), pack)])[0]


def words(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def only(code: str, text: str) -> Draft:
    (draft,) = read(code, text)
    return draft


@pytest.mark.parametrize(("rule", "code", "text", "content"), FITS)
def test_a_rule_finds_its_statement(rule: str, code: str, text: str, content: list[str]) -> None:
    draft = only(code, text)
    assert (draft.reasons[0].rule, words(text, draft.content)) == (rule, content)


@pytest.mark.parametrize(("rule", "code", "text"), DOES_NOT_FIT)
def test_a_rule_leaves_alone_what_is_not_its_own(rule: str, code: str, text: str) -> None:
    assert rule not in {draft.reasons[0].rule for draft in read(code, text)}


def test_every_rule_is_explained_measured_and_has_a_case_for_and_against() -> None:
    names = {rule.__name__ for rule in RULES} | {"floating_quotation"}
    assert all(inspect.getdoc(rule) for rule in RULES)
    assert names == set(CONFIDENCE) == {case[0] for case in FITS} == {case[0] for case in DOES_NOT_FIT}


def test_a_statement_says_which_rule_found_it_and_by_which_word() -> None:
    text = "La préfète a dit que la route rouvrirait."
    draft = only("fr", text)
    (reason,) = draft.reasons
    assert (reason.rule, reason.evidence, reason.span) == ("clause_after_cue", "dit", Span(13, 16))
    assert draft.confidence == CONFIDENCE["clause_after_cue"]


def test_an_interrupted_quotation_is_one_statement() -> None:
    text = "« La route », a dit la préfète, « rouvrira. »"
    assert words(text, only("fr", text).content) == ["« La route »", "« rouvrira. »"]


def test_coordinated_cues_are_two_statements() -> None:
    text = "Elle a dit que la route était sûre et a promis de rouvrir le pont."
    first, second = read("fr", text)
    assert words(text, first.content + second.content) == ["que la route était sûre", "de rouvrir le pont"]


def test_coordinated_contents_of_one_cue_are_one_statement() -> None:
    text = "Elle a dit que la route était sûre et que le pont rouvrirait."
    assert words(text, only("fr", text).content) == ["que la route était sûre et que le pont rouvrirait"]


@pytest.mark.parametrize(
    ("code", "text", "type", "act", "kind", "negated"),
    [
        ("fr", "Elle n'a pas confirmé que la route rouvrirait.", "indirect", "confirm", "speech", True),
        ("fr", "Elle dément que la route soit « perdue ».", "mixed", "deny", "speech", False),
        ("fr", "Elle espère que la route rouvrira.", "indirect", "assert", "attitude", False),
        ("fr", "« Non », a-t-elle répondu.", "direct", "assert", "speech", False),
        ("en", "Ana Bell did not say that the road was safe.", "indirect", "assert", "speech", True),
        ("en", "Ana Bell warned that the road was unsafe.", "indirect", "warn", "speech", False),
    ],
)
def test_type_act_kind_and_negation(code: str, text: str, type: str, act: str, kind: str, negated: bool) -> None:  # noqa: PLR0913
    draft = only(code, text)
    assert (draft.type, draft.act, draft.kind, draft.negated) == (type, act, kind, negated)


@pytest.mark.parametrize(
    ("code", "text", "addressee", "when"),
    [
        ("fr", "Elle a assuré aux élus que la route rouvrirait.", ["aux élus"], []),
        ("fr", "Elle a déclaré lundi soir que la route rouvrirait.", [], ["lundi soir"]),
        ("en", "She said on Monday that the road would reopen.", [], ["on Monday"]),
        ("en", "She told Parliament that the road would reopen.", ["Parliament"], []),
        ("en", "She praised Monday's decision to reopen.", [], []),
    ],
)
def test_addressee_and_time_between_cue_and_content(
    code: str, text: str, addressee: list[str], when: list[str]
) -> None:
    draft = only(code, text)
    assert (words(text, draft.addressee), words(text, draft.when)) == (addressee, when)


@pytest.mark.parametrize(
    ("text", "cue", "source"),
    [
        ("« La route rouvrira », a-t-elle dit.", "a-t-elle dit", "-t-elle"),
        ("« La route rouvrira », dit-elle.", "dit", "-elle"),
        ("« La route rouvrira », ont-ils également assuré.", "ont-ils également assuré", "-ils"),
        ("« La route rouvrira », n'a-t-il pas confirmé.", "n'a-t-il pas confirmé", "-t-il"),
    ],
)
def test_an_inversion_has_its_clitic_as_source(text: str, cue: str, source: str) -> None:
    draft = only("fr", text)
    assert (words(text, draft.cue), words(text, draft.source)) == ([cue], [source])


def test_words_quoted_earlier_in_the_sentence_are_not_those_of_its_cue() -> None:
    text = "Le panneau « Route barrée » a disparu et la préfète dit que tout va bien."
    assert words(text, only("fr", text).content) == ["que tout va bien"]


def test_a_source_is_the_whole_noun_phrase_with_its_apposition() -> None:
    text = "Anne Roy, la préfète du Nord, a déclaré que la route rouvrirait."
    assert words(text, only("fr", text).source) == ["Anne Roy, la préfète du Nord"]


def test_a_wrong_mark_costs_no_more_than_its_own_statement() -> None:
    text = "« Jamais fermé, dit-il.\nLa préfète a dit que la route rouvrirait."
    assert ["que la route rouvrirait"] in [words(text, draft.content) for draft in read("fr", text)]


@pytest.mark.parametrize("text", ["", "Dit", "selon", "« »", "a dit lundi", "said on Monday", "Elle a dit lundi que"])
def test_a_text_that_breaks_off_is_read(text: str) -> None:
    assert all(draft.content for code in ("fr", "en") for draft in read(code, text))


PIECES = st.sampled_from(
    ["a dit", "selon", "que", "de", "rouvrir", "la préfète", "lundi", "soir", "« ", " »", '"', ",", ":", ".", "-t-elle",
     "n'", "pas", "et", "aux élus", "\n", "Route", "said", "according to", "to", "on Monday", "'s", "pour"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25), st.sampled_from(["fr", "en"]))
def test_no_order_of_words_breaks_the_rules(pieces: list[str], code: str) -> None:
    text = " ".join(pieces)
    drafts = read(code, text)
    assert drafts == read(code, text)
    assert all(0 <= s.start < s.end <= len(text) for d in drafts for s in d.content + d.cue + d.source + d.when)


def test_an_unknown_reader_is_refused_with_what_to_do() -> None:
    with pytest.raises(ReaderError, match="tagger"):
        load_reader("nobody")
