"""Names in a text and what stands around them: what they are, whom they join, which office and gender they have."""

from __future__ import annotations

import unicodedata

import pytest

from onrecord.export.wording import paragraphs
from onrecord.language.loader import load_pack
from onrecord.reading.acts import LONGEST_PHRASE
from onrecord.reading.chains import chains_of
from onrecord.reading.decode import settle
from onrecord.reading.mentions import find_names
from onrecord.reading.speakers import resolve
from onrecord.reading.tokens import tokenise
from onrecord.types import Draft, Span, Speaker


def names(language: str, text: str) -> list[tuple[str, str]]:
    tokens = tokenise(text, load_pack(language))
    found = find_names(tokens, load_pack(language))
    return [(text[tokens.starts[n.first] : tokens.ends[n.last]], n.type) for n in found]


BELOW = "\n\nAn official said that the attack by Tarek Group killed ten. Nobody spoke to Ada Roy of the NBA on Monday."


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("At Least Ten Killed in Tarek Group Attack, Official Says", ["Tarek Group"]),
        ("Mayor Ada Roy Blames Tarek Group for Attack", ["Ada Roy", "Tarek Group"]),
        ("Killed at night: attack by Tarek Group, Luke Bart says", ["Tarek Group", "Luke Bart"]),
    ],
)
def test_in_a_headline_names_are_what_has_capitals_below(title: str, found: list[str]) -> None:
    body = [name for name, _ in names("en", "On Monday" + BELOW)]
    assert [name for name, _ in names("en", title + BELOW)] == found + body


def test_a_headline_without_text_is_read_as_it_stands() -> None:
    assert ("Luke Bart", "person") in names("en", "Mayor Luke Bart, Blamed for Everything, Leaves Leeds")


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("fr", "Hier, Marine Roy a parlé.", [("Marine Roy", "person")]),
        ("fr", "Hier, Mme Banque Roy a parlé.", [("Banque Roy", "person")]),  # a title decides
        ("fr", "Il écoute Radio Sawa, le chef écoute aussi.", [("Radio Sawa", "organisation")]),
        ("fr", "C'est Faraj al-Mahdi qui parle.", [("Faraj al-Mahdi", "person")]),
        ("en", "He met the US and WHO teams.", [("US", "country"), ("WHO", "organisation")]),
        ("en", "The Vice President, Mike Pence, spoke.", [("Mike Pence", "person")]),
        ("en", "In Nova Scotia Premier Ada Roy spoke.", [("Ada Roy", "person")]),
        ("en", "Then US President Roy spoke.", [("Roy", "person")]),
        ("en", "The English Premier League began.", [("English Premier League", "organisation")]),
        ("en", "At Abu Media, Dr Ali bin Tam spoke.", [("Abu Media", "organisation"), ("Ali bin Tam", "person")]),
    ],
)  # fmt: skip
def test_what_a_name_is(language: str, text: str, found: list[tuple[str, str]]) -> None:
    assert names(language, text) == found


def test_decomposed_text_is_read_as_composed_text_is() -> None:
    text = "Hervé Délahaye a parlé à l'été. Mme Délahaye aussi."
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert [unicodedata.normalize("NFC", name) for name, _ in names("fr", decomposed)] == [
        name for name, _ in names("fr", composed)
    ]
    pack = load_pack("fr")
    assert tokenise(composed, pack).forms == tokenise(decomposed, pack).forms


def test_lines_of_windows_and_old_macs_are_lines() -> None:
    pack = load_pack("fr")
    for end in ("\n", "\r\n", "\r"):
        text = f"Un titre{end}{end}Un texte.{end}"
        assert [text[a:b] for a, b in paragraphs(text)] == ["Un titre", "Un texte."]
        assert tokenise(text, pack).paragraphs == [(0, 2), (2, 5)]


def speaker(language: str, text: str, source: str, content: str, cue: str) -> Speaker:
    def span(part: str) -> Span:
        return Span(text.index(part), text.index(part) + len(part))

    draft = Draft(content=(span(content),), cue=(span(cue),), source=(span(source),))
    ((found, _),) = resolve(tokenise(text, load_pack(language)), [draft], load_pack(language))
    assert isinstance(found, Speaker)
    return found


@pytest.mark.parametrize(
    ("language", "text", "source", "office"),
    [
        ("en", "Ada Roy, 44, a former bus driver, said yes.", "Ada Roy", "former bus driver"),
        ("en", "Len Hough, a retired gandy dancer, said yes.", "Len Hough", "retired gandy dancer"),
        ("en", "Former bus driver Ada Roy said yes.", "Former bus driver Ada Roy", "Former bus driver"),
        ("en", "Mayor Ada Roy said yes. Ada Roy, mayor of Stone Bay, left.", "Mayor Ada Roy", "mayor of Stone Bay"),
        ("fr", "L'ancien directeur général, Luc Roy, a dit oui.", "Luc Roy", "ancien directeur général"),
        ("fr", "Le ministre de l'Air, le colonel Luc Roy, a dit oui.", "le colonel Luc Roy", "ministre de l'Air"),
        ("fr", "Le gouverneur de la région, Mme Ana Ky, a dit oui.", "Mme Ana Ky", "gouverneur de la région"),
        ("fr", "Le juge d'instruction Luc Roy a dit oui.", "Le juge d'instruction Luc Roy", "juge d'instruction"),
        ("fr", "Le secrétaire d'État Luc Roy a dit oui.", "Le secrétaire d'État Luc Roy", "secrétaire d'État"),
        ("fr", "Son président, le révérend Luc Roy, a dit oui.", "Luc Roy", "président"),
        ("fr", "Luc Roy, chauffeur depuis dix ans, a dit oui.", "Luc Roy", "chauffeur"),
        ("en", "Ana Roy, the firm's chief optician, said yes.", "Ana Roy", "firm's chief optician"),
        ("en", "Chairman of the traders' union, Chief Ana Roy, said yes.", "Ana Roy", "Chairman of the traders' union"),
    ],
)  # fmt: skip
def test_the_office_is_the_one_that_tells_most(language: str, text: str, source: str, office: str) -> None:
    said = ("yes", "said") if language == "en" else ("oui", "a dit")
    found = speaker(language, text, source, *said)
    assert found.office is not None
    assert text[found.office.start : found.office.end] == office


def test_the_affiliation_is_a_body_or_country_of_the_lists_in_the_office() -> None:
    text = "Dmitri Peskov, porte-parole du Kremlin, a dit oui. Ana Roy, ministre de la Santé, a dit non."
    found = speaker("fr", text, "Dmitri Peskov", "oui", "a dit")
    assert found.affiliation is not None
    assert text[found.affiliation.start : found.affiliation.end] == "Kremlin"
    assert speaker("fr", text, "Ana Roy", "non", "a dit").affiliation is None


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("La ministre Camille Roy a dit oui.", "feminine"),  # by its article
        ("Le ministre Camille Roy a dit oui.", "masculine"),
        ("Camille Roy a dit oui. Elle reste fermée, la préfecture.", None),  # a pronoun that need not mean her
        ("Le socialiste Camille Roy a dit oui.", "masculine"),
        ("Sa fille, Camille Roy a dit oui.", "feminine"),
        ("Camille Roy, une riveraine de la rue, a dit oui.", "feminine"),
        ("La campagne Camille Roy a dit oui.", None),  # of a thing
    ],
)
def test_gender_is_told_by_agreement_and_never_guessed(text: str, gender: str | None) -> None:
    source = text[text.index("Camille") :][: len("Camille Roy")]
    assert speaker("fr", text, source, "oui", "a dit").gender == gender


@pytest.mark.parametrize(
    ("source", "content", "gender"),
    [
        ("Sam Roy", "she was never told", "feminine"),
        ("Sam Roy", "it was shut", None),
        ("They", "she was never told", None),
    ],
)
def test_what_somebody_says_may_tell_the_gender(source: str, content: str, gender: str | None) -> None:
    text = f"{source} said {content}."
    tokens, pack = tokenise(text, load_pack("en")), load_pack("en")
    spans = [Span(text.index(part), text.index(part) + len(part)) for part in (content, "said", source)]
    one = Draft(content=(spans[0],), cue=(spans[1],), source=(spans[2],))
    ((found, _),) = resolve(tokens, [one], pack)
    assert (found.gender if isinstance(found, Speaker) else None) == gender


@pytest.mark.parametrize(
    ("language", "text", "source", "name"),
    [
        ("en", "Barr and Ross said yes.", "Barr and Ross", "Barr and Ross"),
        ("en", "China, Iran, and Russia said yes.", "China, Iran, and Russia", "China, Iran, and Russia"),
        ("fr", "Deux élus, Luc Roy et Ana Ky, a dit oui.", "Deux élus, Luc Roy et Ana Ky", "Luc Roy et Ana Ky"),
        ("en", "Ada Roy of Deloitte said yes.", "Ada Roy of Deloitte", "Ada Roy"),
    ],
)
def test_several_who_speak_together_are_a_group(language: str, text: str, source: str, name: str) -> None:
    said = ("yes", "said") if language == "en" else ("oui", "a dit")
    found = speaker(language, text, source, *said)
    assert (found.name, found.type) == (name, "group" if "and" in name or " et " in name else "person")


@pytest.mark.parametrize(
    ("language", "text", "source", "name"),
    [
        ("fr", "Une étude du professeur Luc Roy a dit oui.", "Une étude du professeur Luc Roy", None),
        ("fr", "La police jeudi a dit oui.", "La police jeudi", "La police"),
        ("en", "The police on Thursday said yes.", "The police on Thursday", "The police"),
        ("en", "Utah University, Salt Lake, said yes.", "Utah University, Salt Lake", "Utah University"),
        ("fr", "L'avocat de l'Américain, Luc Roy, a dit oui.", "L'avocat de l'Américain, Luc Roy", "Luc Roy"),
    ],
)
def test_what_a_noun_phrase_is_about(language: str, text: str, source: str, name: str | None) -> None:
    said = ("yes", "said") if language == "en" else ("oui", "a dit")
    assert speaker(language, text, source, *said).name == (name or source)


def test_a_pronoun_with_its_verb_is_a_pronoun() -> None:
    text = "Luc Roy a dit : « Je peux vous dire que oui. »"
    outer = Draft(content=(Span(16, 46),), cue=(Span(8, 13),), source=(Span(0, 7),), type="direct")
    inner = Draft(content=(Span(35, 42),), cue=(Span(26, 34),), source=(Span(18, 25),), parent=0)
    found = resolve(tokenise(text, load_pack("fr")), [outer, inner], load_pack("fr"))
    assert [who.name for who, _ in found if isinstance(who, Speaker)] == ["Luc Roy", "Luc Roy"]


def test_a_pronoun_does_not_mean_whom_a_title_contradicts() -> None:
    text = "Mr. Paul Roy came. She said yes."
    pack = load_pack("en")
    draft = Draft(content=(Span(28, 31),), cue=(Span(23, 27),), source=(Span(19, 22),))
    ((found, _),) = resolve(tokenise(text, pack), [draft], pack)
    assert not isinstance(found, Speaker)


@pytest.mark.parametrize(("first", "second"), [("Walid al-Busafi", "Busafi"), ("Walid Busafi", "al-Busafi")])
def test_a_particle_tied_by_a_hyphen_may_be_left_out(first: str, second: str) -> None:
    tokens = tokenise(f"{first} est venu hier. {second} a dit non.", load_pack("fr"))
    (chain,) = chains_of(tokens, find_names(tokens, load_pack("fr")))
    assert (len(chain.names), tokens.words[chain.fullest.first]) == (2, "Walid")


def test_long_lists_of_names_join_as_short_ones_do() -> None:
    text = ". ".join(f"Ana Roy{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(300)) + ". Royaa. Ana Royab."
    tokens = tokenise(text, load_pack("en"))
    chains = chains_of(tokens, find_names(tokens, load_pack("en")))
    assert len(chains) == 300
    assert {len(chain.names) for chain in chains} == {1, 2}


@pytest.mark.parametrize("code", ["fr", "en"])
def test_every_entry_of_several_words_is_parted_as_texts_are(code: str) -> None:
    pack = load_pack(code)
    for words in (*pack.cue_phrases, *(tuple(office.split(" ")) for office in pack.offices)):
        text = " ".join(("I", *words)).replace("' ", "'").replace(" '", "'").replace(" -", "-")
        assert tuple(tokenise(text, pack).forms[-len(words) :]) == words
        assert len(words) <= LONGEST_PHRASE


def test_each_draft_is_compared_with_its_neighbours_alone_and_nothing_changes() -> None:
    far = [
        Draft(content=(Span(n * 5000, n * 5000 + 4000),), cue=(Span(n * 5000 + 4100, n * 5000 + 4110),))
        for n in range(9)
    ]
    inside = Draft(content=(Span(5100, 5200),), cue=(Span(5050, 5060),))
    again = Draft(content=(Span(1, 4000),), confidence=0.1)
    settled = settle([*far, inside, again])
    assert len(settled) == 10
    assert [draft.parent for draft in settled if draft.content == inside.content] == [1]


@pytest.mark.parametrize(("second", "same"), [("La police", True), ("la police", True), ("Une police", False)])
def test_who_is_described_in_the_same_words_is_the_same_unless_anew(second: str, same: bool) -> None:
    text = f"La police a dit oui. {second} a dit non."
    start = text.index(second, 10)
    drafts = [
        Draft(content=(Span(16, 19),), cue=(Span(10, 15),), source=(Span(0, 9),)),
        Draft(content=(Span(len(text) - 4, len(text) - 1),), source=(Span(start, start + len(second)),)),
    ]
    one, other = (who for who, _ in resolve(tokenise(text, load_pack("fr")), drafts, load_pack("fr")))
    assert isinstance(one, Speaker) and isinstance(other, Speaker)
    assert (one.named_at == other.named_at) is same
