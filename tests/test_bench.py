"""The benchmark runs, with or without what it compares with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.bench import CHECKOUT, cut_evenly, load_texts, main


def test_it_measures_a_few_articles() -> None:
    command = [sys.executable, "benchmarks/bench.py", "--articles", "2", "--rounds", "1", "--no-start-up"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "tagger    articles" in done.stdout
    assert "a second" in done.stdout


def test_without_spacy_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.bench.has_spacy", lambda: False)
    monkeypatch.setattr("benchmarks.bench.pin", lambda core: core)
    monkeypatch.setattr("benchmarks.bench.measure", lambda sides, kinds, rounds: {})
    monkeypatch.setattr("benchmarks.bench.report", lambda *given: None)
    assert main(["--articles", "2", "--no-start-up"]) == 0
    assert "pip install" in capsys.readouterr().out


def test_without_the_shared_texts_the_examples_are_repeated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ONRECORD_SHARED", str(tmp_path))
    assert len(load_texts(20)) == 20


@pytest.mark.parametrize(("text", "pieces"), [("abcdefg", ["abc", "def"]), ("ab", ["ab"]), ("abc", ["abc"])])
def test_even_pieces(text: str, pieces: list[str]) -> None:
    assert cut_evenly(text, 3) == pieces
