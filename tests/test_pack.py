"""Packs: the project's own load; a third language is a folder and no code; a bad line is named with its remedy."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from onrecord.desk import Desk
from onrecord.errors import PackError
from onrecord.language.loader import known_packs, load_pack, load_pack_from
from onrecord.settings import Settings

PACKS = Path(__file__).parent / "data" / "packs"


@pytest.mark.parametrize("code", ["en", "fr"])
def test_a_pack_of_the_project_loads_and_is_rich(code: str) -> None:
    pack = load_pack(code)
    lemmas = {verb.lemma for verbs in pack.cue_verbs.values() for verb in verbs}
    assert pack.code == code
    assert len(lemmas) > 150
    assert {verb.act for verbs in pack.cue_verbs.values() for verb in verbs} >= {"deny", "warn", "promise", "accuse"}
    assert len(pack.digest) == 12


def test_forms_carry_the_act_of_their_verb() -> None:
    (verb,) = load_pack("fr").cue_verbs["démentit"]
    assert (verb.lemma, verb.act, verb.kind) == ("démentir", "deny", "speech")


def test_a_third_language_is_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_PACKS", str(PACKS))
    assert "xx" in known_packs()
    desk = Desk(Settings(reader="rules", languages=("xx",)))
    record = desk.read_text("La ministro Ana Kovo diris ke la ponto estas malfermita.", language="xx")
    (statement,) = record.statements
    assert [record.article.text[s.start : s.end] for s in statement.content] == ["ke la ponto estas malfermita"]
    assert record.made_by.pack.startswith("xx@")


def test_a_language_without_pack_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(PackError, match="en, fr"):
        load_pack("qq")


BAD = {
    "twice": ("negation", "ne\nne\n", 2, "delete line 2"),
    "order": ("negation", "pa\nne\n", 2, "sort"),
    "space": ("negation", "ne \n", 1, "mend line 1"),
    "empty line": ("negation", "ne\n\npa\n", 2, "mend line 2"),
    "fields": ("title", "sro\n", 1, "tab"),
    "gender": ("title", "sro\tx\n", 1, "one of f, m, -"),
    "act": ("cue_noun", "diro\tsay\n", 1, "one of assert"),
    "role": ("pronoun", "li\tthing\t3\tm\ts\n", 1, "one of subject"),
    "month": ("month", "januaro\t13\n", 1, "one of 1"),
    "apostrophe": ("elision", "l’\n", 1, "straight"),
    "country": ("capital_alias", "Palaco\tNenie\n", 1, "country.txt"),
    "form twice": ("cue_verb", "dira\tassert\tspeech\tdira dira\n", 1, "once"),
}


@pytest.mark.parametrize(("name", "text", "line", "remedy"), BAD.values(), ids=BAD.keys())
def test_a_bad_line_is_named_with_its_remedy(tmp_path: Path, name: str, text: str, line: int, remedy: str) -> None:
    folder = tmp_path / "xx"
    shutil.copytree(PACKS / "xx", folder)
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load_pack_from(folder)
    assert caught.value.line == line
    assert f"{name}.txt:{line}" in str(caught.value)
    assert remedy in str(caught.value)


def test_a_missing_list_and_bad_bytes_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "xx"
    shutil.copytree(PACKS / "xx", folder)
    (folder / "day.txt").write_bytes(b"lundi\xe9\t1\n")
    with pytest.raises(PackError, match="not UTF-8"):
        load_pack_from(folder)
    os.remove(folder / "day.txt")
    with pytest.raises(PackError, match=r"missing.*day\.txt"):
        load_pack_from(folder)


def test_bad_toml_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "xx"
    shutil.copytree(PACKS / "xx", folder)
    (folder / "pack.toml").write_text("code = ", encoding="utf-8")
    with pytest.raises(PackError, match="TOML"):
        load_pack_from(folder)
