"""Whatever comes: damaged inputs of every kind, and any bytes, are read or refused; nothing raises."""

from __future__ import annotations

import random
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from benchmarks.fuzz import damaged, main
from benchmarks.inputs import SEEDS
from onrecord.intake.kinds import kind_of
from onrecord.types import Article, Refusal
from tests.intaking import read, written

# warcio leaves its temporary files to the collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
SUFFIXES = sorted({name.partition(".")[2] for name in SEEDS if "." in name})


@cache
def seed(name: str) -> bytes:
    return SEEDS[name]()


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_what_is_to_be_damaged_is_read(tmp_path: Path, name: str) -> None:
    assert any(isinstance(found, Article) for found in read(written(tmp_path / name, seed(name))))


@pytest.mark.parametrize("name", sorted(SEEDS))
@examples(max_examples=40)
@given(number=st.integers(0, 1 << 64))
def test_damaged_inputs_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, name: str, number: int) -> None:
    order = random.Random(number)
    raw = damaged(name, seed(name), order, seed(order.choice(sorted(SEEDS))))
    for found in read(written(tmp_path_factory.mktemp("x") / name, raw)):
        assert isinstance(found, Article) or found.message


@pytest.mark.parametrize("suffix", SUFFIXES)
@examples(max_examples=30)
@given(raw=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, suffix: str, raw: bytes) -> None:
    for found in read(written(tmp_path_factory.mktemp("x") / f"a.{suffix}", raw)):
        assert isinstance(found, Article | Refusal)


def test_the_long_run_counts_what_it_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["fuzz.py", "--minutes", "0.05", "--keep", str(tmp_path)])
    assert main() == 0
    assert capsys.readouterr().out.rstrip().endswith(" 0 faults")


@given(st.binary(max_size=400))
def test_a_kind_is_told_of_any_bytes(head: bytes) -> None:
    assert kind_of("", head) is not None
