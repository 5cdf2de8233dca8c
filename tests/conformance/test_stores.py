"""An object store that answers slowly, with errors, and not at all, under every engine."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from tests.archiving import lines
from tests.conformance.conftest import Carrier
from tests.conformance.doors import Door

pytestmark = pytest.mark.engines
on_each = pytest.mark.parametrize("carrier", ["local", "daft", "ray", "dask"], indirect=True)
SHARDS = 3
number = count()


@pytest.fixture(scope="session")
def bucket(store: Door) -> Any:
    """The bucket, by its own client, with an archive in it."""
    boto3 = pytest.importorskip("boto3")
    client = boto3.client(
        "s3", endpoint_url=f"http://127.0.0.1:{store.behind}", region_name="us-east-1",
        aws_access_key_id="testing", aws_secret_access_key="testing",
    )  # fmt: skip
    client.create_bucket(Bucket="news")
    for n in range(SHARDS):
        client.put_object(Bucket="news", Key=f"in/{n}.jsonl", Body=lines(range(n * 5, n * 5 + 5)))
    return client


def objects(bucket: Any, prefix: str) -> dict[str, bytes]:
    """The Parquet files below a prefix, by their place."""
    listed = bucket.list_objects_v2(Bucket="news", Prefix=f"{prefix}/").get("Contents", ())
    keys = [one["Key"] for one in listed if one["Key"].endswith(".parquet")]
    return {key.removeprefix(prefix): bucket.get_object(Bucket="news", Key=key)["Body"].read() for key in keys}


@pytest.fixture(scope="session")
def well(bucket: Any, environment: dict[str, str], trouble: Any) -> dict[str, bytes]:
    """What the archive gives where all is well."""
    ran = Carrier("local", environment, trouble).run("s3://news/in/", "s3://news/well")
    assert (ran.code, ran.summary["failures"]) == (0, []), ran.error
    found = objects(bucket, "well")
    assert len({place.rpartition("/")[2] for place in found}) == SHARDS
    return found


@pytest.mark.parametrize("manner", ["slow", "errors"])
@on_each
def test_a_store_that_is_slow_or_busy_costs_time_alone(
    carrier: Carrier, manner: str, store: Door, bucket: Any, well: dict[str, bytes]
) -> None:
    out, refused = f"{manner}-{next(number)}", store.refused
    store.manner = manner
    try:
        ran = carrier.run("s3://news/in/", f"s3://news/{out}")
    finally:
        store.manner = "well"
    assert (ran.code, ran.summary["failures"]) == (0, []), ran.error
    assert (store.refused > refused) is (manner == "errors")
    assert objects(bucket, out) == well


@on_each
def test_a_store_that_stops_answering_is_told_and_the_next_run_makes_it_good(
    carrier: Carrier, store: Door, bucket: Any, well: dict[str, bytes]
) -> None:
    out = f"stops-{next(number)}"
    store.manner = "stops"
    try:
        ran = carrier.run("s3://news/in/", f"s3://news/{out}")
    finally:
        store.manner = "well"
    assert ran.code != 0
    assert f"s3://news/{out}" in ran.error
    ran = carrier.run("s3://news/in/", f"s3://news/{out}")
    assert (ran.code, ran.summary["failures"]) == (0, []), ran.error
    assert objects(bucket, out) == well


def test_a_store_that_is_not_there_is_told(environment: dict[str, str], trouble: Any) -> None:
    nobody = environment | {"FSSPEC_S3": environment["FSSPEC_S3"].replace("127.0.0.1", "127.0.0.99")}
    ran = Carrier("local", nobody, trouble).run("s3://news/in/", "s3://news/nowhere")
    assert ran.code != 0
    assert "s3://news" in ran.error
