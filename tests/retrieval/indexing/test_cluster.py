"""Reading and embedding on a Ray cluster: two workers on this machine."""

from __future__ import annotations

import gc
import os
import signal
import time
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from embeddings.errors import NoPackagedModel
from embeddings.model import load_encoder
from embeddings.stream import Encoded, Part
from retrieval.errors import ClusterFailed
from retrieval.indexing import build, generations, spread
from retrieval.indexing.build import build_index
from retrieval.indexing.catalogue.reader import Catalogue
from retrieval.indexing.cluster import connection
from retrieval.indexing.cluster.connection import Cluster, connected
from retrieval.indexing.cluster.pipeline import Resources
from retrieval.indexing.intake import CATALOGUE
from retrieval.indexing.spread import SpreadEncoder, SpreadReading
from retrieval.indexing.vectors.index import VectorIndex

SAMPLES = Path(__file__).resolve().parents[3] / "tests" / "articles" / "2022"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with connected("auto", 2) as cluster:
        yield cluster
    with warnings.catch_warnings():
        # Ray stops its processes, and leaves what stood for them to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="module")
def model():
    try:
        return load_encoder()
    except NoPackagedModel as exc:
        pytest.skip(str(exc))


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few sample articles."""
    folder = tmp_path_factory.mktemp("articles")
    for file in sorted(SAMPLES.rglob("*.md"))[:6]:
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


@pytest.fixture(scope="module")
def local(articles: Path, model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index as it is built without a cluster."""
    index = tmp_path_factory.mktemp("local") / "index"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "CHUNK", 4)
        build_index(articles, index, encoder=model)
    return index


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small shares, so that a few articles are many of them."""
    monkeypatch.setattr(build, "CHUNK", 4)
    monkeypatch.setattr(spread, "ARTICLES", 2)


def _assert_equal(index: Path, local: Path) -> None:
    """The passages are the same byte for byte, and so are their sentences' vectors but for rounding."""
    folders = [generations.folder_of(each, generations.live_name(each)) for each in (index, local)]
    found, expected = (list(Catalogue(folder / CATALOGUE).passages_from(0)) for folder in folders)
    assert found == expected
    rows = np.arange(sum(len(passage.sentences) for passage in expected))
    ours, theirs = (VectorIndex(folder).sentence_vectors(rows) for folder in folders)
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    assert float(((ours * theirs).sum(axis=1) / lengths).min()) >= 0.999


def test_two_workers_build_what_one_process_builds(
    cluster: Cluster, articles: Path, local: Path, model, tmp_path: Path
) -> None:
    """The outcome is the same, and all of it was embedded by the workers."""
    encoder = SpreadEncoder(cluster, model, None)
    report = build_index(articles, tmp_path / "index", encoder=encoder, reading=SpreadReading(cluster))
    assert report.embedded > 0
    _assert_equal(tmp_path / "index", local)


def test_a_killed_worker_s_share_is_done_again(
    cluster: Cluster, articles: Path, local: Path, model, tmp_path: Path
) -> None:
    """A worker that is killed in the middle costs time only."""
    encoder = Killing(cluster, model, None)
    build_index(articles, tmp_path / "index", encoder=encoder)
    assert encoder.killed
    _assert_equal(tmp_path / "index", local)


class Killing(SpreadEncoder):
    """Kills one of its workers after the first part."""

    killed = 0

    def encode_stream(self, parts: Iterable[Part]) -> Iterator[Encoded]:
        for encoded in super().encode_stream(parts):
            if not self.killed:
                self.killed = _worker()
                os.kill(self.killed, signal.SIGKILL)
            yield encoded


def _worker() -> int:
    """The process of one of the cluster's workers."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (folder / "cmdline").read_bytes().startswith(b"ray::MapWorker"):
            return int(folder.name)
    raise AssertionError("no worker")


def test_results_come_in_order_and_items_are_taken_a_few_at_a_time(cluster: Cluster) -> None:
    """However long each takes; the stream of items is never read far ahead of the results."""
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(40):
            taken += 1
            yield number

    def slow(number: int) -> int:
        time.sleep(0.05 if number % 3 else 0)
        return number * 2

    for number, result in enumerate(cluster.stream(lambda: slow, items(), Resources())):
        assert result == number * 2
        assert taken <= number + 2 * 4
    assert taken == 40


def test_nothing_to_do_is_done(cluster: Cluster) -> None:
    """An empty stream has no results, and starts no worker."""
    assert list(cluster.stream(lambda: len, [], Resources())) == []


def test_a_model_that_a_worker_has_not_is_one_line(cluster: Cluster, articles: Path, model, tmp_path: Path) -> None:
    """What the worker could not load is said, and where; the index is as it was."""
    encoder = SpreadEncoder(cluster, model, str(tmp_path / "no" / "model"))
    with pytest.raises(ClusterFailed, match=r"^auto: the worker on \S+: .*no such model folder$"):
        build_index(articles, tmp_path / "index", encoder=encoder)
    assert not list((tmp_path / "index" / "generations").iterdir())


def test_another_model_of_the_same_name_is_refused(cluster: Cluster, articles: Path, model, tmp_path: Path) -> None:
    """Vectors of two models are never mixed."""
    encoder = SpreadEncoder(cluster, model, None)
    encoder._begin = type(encoder._begin)(encoder._begin.func, None, "another fingerprint")
    with pytest.raises(ClusterFailed, match="differ from those where the rebuild runs"):
        build_index(articles, tmp_path / "index", encoder=encoder)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ray://127.0.0.1:1", "no cluster answers there"),
        ("ray://no-such-host.invalid:10001", "no cluster answers there"),
        ("http://127.0.0.1:1", "no address of a cluster; give auto, or ray://host:10001"),
        ("nonsense", "no address of a cluster"),
    ],
)
def test_a_cluster_that_is_not_there_is_one_line(address: str, words: str) -> None:
    """Within seconds."""
    with pytest.raises(ClusterFailed, match=words), connected(address):
        raise AssertionError


class Refusing:
    """Ray whose cluster refuses a client so many times."""

    exceptions = SimpleNamespace(RayError=type("RayError", (Exception,), {}))

    def __init__(self, times: int) -> None:
        self.left = times

    def init(self, **_: object) -> None:
        if self.left:
            self.left -= 1
            raise ConnectionAbortedError("Initialization failure from server:\nstill starting")


def test_a_cluster_that_has_just_started_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.0)
    connection._connect(Refusing(connection.REFUSALS - 1), "ray://host", "ray://host", None)
    with pytest.raises(ClusterFailed, match="the cluster failed: still starting"):
        connection._connect(Refusing(connection.REFUSALS), "ray://host", "ray://host", None)
