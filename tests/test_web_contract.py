"""The API is what its description says: every operation, with what it allows and what it does not, by schemathesis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from onrecord.settings import Settings
from onrecord.store import Store
from tests.storing import said

schemathesis = pytest.importorskip("schemathesis", reason="pip install schemathesis")
make_app = pytest.importorskip("onrecord.web.app", reason='pip install "onrecord[web]"').make_app

HEADERS = {"Host": "127.0.0.1:8777"}
OPERATIONS = (
    ("GET", "/statements"), ("GET", "/statements/{id}"), ("GET", "/facets"), ("GET", "/articles/{id}"),
    ("GET", "/speakers"), ("GET", "/stats"), ("POST", "/read"),
    ("GET", "/judgements"), ("POST", "/judgements"), ("DELETE", "/judgements/{key}"),
)  # fmt: skip
# Those that may be asked what the description rules out
REFUSING = ("/statements", "/facets", "/speakers", "/read", "/judgements")
# A schema cannot say which dates there are, nor which questions and texts can be understood: 400 and 422 are true
UNTOLD = [schemathesis.checks.positive_data_acceptance]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path: Path = tmp_path_factory.mktemp("contract") / "s.db"
    with Store(path, create=True) as store:
        store.write(
            said(f"a{n}", f"Ana Roy{n % 3}", f"non {n}", published=f"2026-{1 + n:02}-01", outlet="AFP")
            for n in range(9)
        )
    app = make_app(path, Settings(reader="rules", max_article_chars=2_000))
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=HEADERS)


def test_every_operation_is_tried(described: Any) -> None:
    found = {(one.ok().method.upper(), one.ok().path) for one in described.get_all_operations()}
    assert found == {(method, f"/api/v1{path}") for method, path in OPERATIONS}


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [(*one, schemathesis.GenerationMode.POSITIVE) for one in OPERATIONS]
    + [(*one, schemathesis.GenerationMode.NEGATIVE) for one in OPERATIONS if one[1] in REFUSING],
)
def test_every_answer_is_as_described(described: Any, method: str, path: str, mode: Any) -> None:
    """To what the description allows, and to what it does not."""
    operation = described[f"/api/v1{path}"][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def answered(case: Any) -> None:
        case.call_and_validate(headers=HEADERS, excluded_checks=UNTOLD)

    answered()
