"""Bytes to text, in any encoding found in the wild."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from onrecord.intake.decode import decode
from onrecord.intake.found import NotText


@pytest.mark.parametrize(("encoding", "word"), [("iso8859-15", "cœur à 10 €"), ("cp850", "à côté, dès l'été")])
def test_older_encodings_of_french_come_out_right(encoding: str, word: str) -> None:
    text = f"Elle a déclaré que l'année a été très dure, même pour les élèves : {word}."
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize(
    "text",
    [
        "Il est né à Nîmes.",
        "“It’s over,” she said.",
        "« L’État, c’est nous »",
        "É um equívoco, não é?",
        "Perché è così",
    ],
)
def test_one_sentence_tells_windows_from_macintosh(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_cyrillic_is_not_read_as_western() -> None:
    text = "Мэр пообещала вновь открыть бассейн до начала лета. Оппозиция требует опубликовать счета до конца месяца."
    assert decode(text.encode("cp1251")) == text


def test_a_wrong_byte_in_utf_8_costs_that_byte() -> None:
    assert (
        decode("« Été », a-t-elle dit à l".encode() + b"\x92" + "école déjà".encode())
        == "« Été », a-t-elle dit à l’école déjà"
    )


def test_a_byte_order_mark_is_removed_once() -> None:
    assert decode("\ufeff\ufeffété".encode()) == "\ufeffété"


@examples(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_utf_8_is_always_read_as_utf_8(text: str) -> None:
    assert decode(text.encode("utf-8-sig")) == text


@examples(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([None, "latin-1", "utf-16", "koi8-r", "rot13", "idna", "nonsense", "é"])
)
def test_decoding_never_raises(raw: bytes, declared: str | None) -> None:
    assert isinstance(decode(raw, declared=declared), str | NotText)
