"""What becomes of the tagger's labels: spans that cannot be nonsense, objects apart, acts and confidence put right."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from onrecord.language.loader import load_pack
from onrecord.reading.acts import asks, likeliest_act
from onrecord.reading.addressees import with_object_apart
from onrecord.reading.decode import Labelled, draft_of, settle, uncoordinated
from onrecord.reading.marks import find_quotations
from onrecord.reading.tokens import stretches, tokenise
from onrecord.types import ROLES, Act, Draft, Span

ASSERTED = {act: 0.0 if act == "assert" else -9.0 for act in get_args(Act)}


def span(text: str, part: str) -> Span:
    return Span(text.index(part), text.index(part) + len(part))


def draft(text: str, content: str, cue: str, source: str = "", act: Act = "assert") -> Draft:
    return Draft(
        content=(span(text, content),),
        cue=(span(text, cue),),
        source=(span(text, source),) if source else (),
        act=act,
    )


def covered(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[s.start : s.end] for s in spans]


def labelled(text: str, language: str, **roles: str) -> Draft | None:
    """The draft of labels that give these words these roles."""
    pack = load_pack(language)
    tokens = tokenise(text, pack)
    labels = [0] * len(tokens)
    for role, part in roles.items():
        for i in range(*tokens.range_of(span(text, part))):
            labels[i] = 1 + ROLES.index(role)
    found = Labelled(
        anchor=labels.index(2), first=0, labels=labels, kind="speech", acts=ASSERTED, negated=False, confidence=0.9,
        cueless=False,
    )  # fmt: skip
    return draft_of(tokens, find_quotations(tokens, pack), found)


def test_signs_at_an_edge_stay_outside() -> None:
    text = "The bridge will open, she said."
    found = labelled(text, "en", content="The bridge will open,", cue="said", source="she")
    assert found is not None
    assert covered(text, found.content) == ["The bridge will open"]


def test_a_role_that_runs_into_marks_gives_up_what_is_inside() -> None:
    text = 'Roy said in a talk "we will go" today.'
    found = labelled(text, "en", source="Roy", cue="said", occasion='in a talk "we will go"')
    assert found is not None
    assert covered(text, found.content) == ['"we will go"']
    assert covered(text, found.occasion) == ["in a talk"]


def test_labels_without_content_make_no_draft() -> None:
    assert labelled("Elle a dit non.", "fr", cue="a dit") is None


@pytest.mark.parametrize(
    ("language", "text", "content", "cue", "kept", "addressee"),
    [
        ("fr", "Il a informé la presse que tout va.", "la presse que tout va", "informé", "que tout va", "la presse"),
        ("fr", "Il accuse le maire de mentir.", "le maire de mentir", "accuse", "de mentir", None),
        ("en", "He told us that all is well.", "us that all is well", "told", "that all is well", "us"),
        ("en", "She accused the firm of fraud.", "the firm of fraud", "accused", "of fraud", None),
        ("fr", "Il a annoncé le projet de fermer.", "le projet de fermer", "annoncé", "le projet de fermer", None),
        ("fr", "Il a dit que oui.", "que oui", "dit", "que oui", None),
        ("fr", "Il demande aux rois, reines et valets de partir.", "aux rois, reines et valets de partir",
            "demande", "de partir", "aux rois, reines et valets"),
        ("en", 'He called it "a plan to win".', 'it "a plan to win"', "called", 'it "a plan to win"', None),
        ("en", "He told us all was to be shut.", "all was to be shut", "told", "all was to be shut", None),
    ],
)  # fmt: skip
def test_the_object_of_a_verb_is_parted_from_the_content(  # noqa: PLR0913 - one row of the table
    language: str, text: str, content: str, cue: str, kept: str, addressee: str | None
) -> None:
    pack = load_pack(language)
    act: Act = "announce" if cue == "annoncé" else "assert"
    found = with_object_apart(draft(text, content, cue, act=act), tokenise(text, pack), pack)
    assert covered(text, found.content) == [kept]
    assert covered(text, found.addressee) == ([addressee] if addressee else [])


def test_of_two_cues_to_the_same_words_the_surer_with_a_source_stays() -> None:
    text = "Un agent, qui s'exprimait sous le sceau du secret, a dit : « Rien. »"
    sure = msgspec.structs.replace(draft(text, "« Rien. »", "a dit", "Un agent"), confidence=0.8)
    weak = msgspec.structs.replace(draft(text, "« Rien. »", "s'exprimait"), confidence=0.2)
    assert settle([weak, sure]) == [sure]
    other = msgspec.structs.replace(weak, source=(Span(0, 8),))
    assert len(settle([other, sure])) == 2


def test_an_addressee_takes_what_the_content_took_of_it() -> None:
    text = "Il a demandé au Conseil de sécurité d'agir."
    pack = load_pack("fr")
    one = msgspec.structs.replace(draft(text, "de sécurité d'agir", "a demandé"), addressee=(Span(13, 23),))
    found = with_object_apart(one, tokenise(text, pack), pack)
    assert covered(text, found.content) == ["d'agir"]
    assert covered(text, found.addressee) == ["au Conseil de sécurité"]


def test_a_content_ends_where_the_next_verb_of_its_source_goes_on() -> None:
    text = "Le maire a refusé de signer et a annoncé un recours."
    pack = load_pack("fr")
    first = draft(text, "de signer et a annoncé un recours", "a refusé", "Le maire")
    second = draft(text, "un recours", "a annoncé", "Le maire")
    cut, same = uncoordinated(tokenise(text, pack), [first, second], pack)
    assert covered(text, cut.content) == ["de signer"]
    assert same == second


def test_a_saying_inside_a_content_cuts_nothing() -> None:
    text = "Le maire a dit que le port et sa voisine a promis un pont."
    pack = load_pack("fr")
    outer = draft(text, "que le port et sa voisine a promis un pont", "a dit", "Le maire")
    inner = draft(text, "un pont", "a promis", "sa voisine")
    assert uncoordinated(tokenise(text, pack), [outer, inner], pack) == [outer, inner]


def test_the_weaker_of_two_that_say_the_same_goes_and_parents_are_filled_in() -> None:
    text = "Anne a dit que Paul a dit que oui."
    outer = draft(text, "que Paul a dit que oui", "a dit", "Anne")
    inner = Draft(content=(span(text, "que oui"),), cue=(Span(21, 26),), confidence=0.7)
    weak = Draft(content=(span(text, "que oui"),), cue=(Span(21, 26),), confidence=0.2)
    assert [d.parent for d in settle([weak, inner, outer])] == [None, 0]


@pytest.mark.parametrize(
    ("language", "text", "content", "act", "asking"),
    [
        ("fr", "« Pourquoi partir ? » demande-t-elle.", "« Pourquoi partir ? »", "demand", True),
        ("fr", "Il demande si le pont est ouvert.", "si le pont est ouvert", "demand", True),
        ("fr", "Il demande de partir.", "de partir", "demand", False),
        ("en", "He asked whether it was open.", "whether it was open", "demand", True),
        ("en", "He denied that it was open.", "that it was open", "deny", False),
    ],
)
def test_a_content_that_asks(language: str, text: str, content: str, act: Act, asking: bool) -> None:
    pack = load_pack(language)
    assert asks(tokenise(text, pack), (span(text, content),), act, pack) is asking


def test_pack_and_network_choose_the_act_together() -> None:
    torn = ASSERTED | {"warn": -0.5}
    assert likeliest_act(torn, None) == "assert"
    assert likeliest_act(torn, "warn") == "warn"
    assert likeliest_act(ASSERTED, "warn") == "assert"  # the network is surer than the pack's word weighs


def test_a_text_is_read_in_stretches_of_whole_paragraphs() -> None:
    tokens = tokenise("un deux trois\nquatre cinq\nsix sept huit neuf dix onze", load_pack("fr"))
    assert list(stretches(tokens, 11)) == [(0, 11)]
    assert list(stretches(tokens, 10)) == [(0, 5), (5, 11)]
    assert list(stretches(tokens, 5)) == [(0, 3), (3, 5), (5, 8), (8, 11)]  # the last paragraph is too long for one
    assert list(stretches(tokenise("", load_pack("fr")), 5)) == []


def test_a_part_of_an_interrupted_quotation_is_no_statement_of_its_own() -> None:
    text = "« C'est dur », dit-il, « mais juste »."
    parts = (span(text, "« C'est dur »"), span(text, "« mais juste »"))
    whole = Draft(content=parts, cue=(span(text, "dit-il"),), type="direct", confidence=0.3)
    part = Draft(content=parts[1:], type="direct", confidence=0.9)
    assert settle([part, whole]) == [whole]
