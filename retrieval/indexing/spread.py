"""Spreading: reading and encoding by the workers of a cluster.

The encoder takes several chunks for each worker from the stream, so that nobody waits, and gives their vectors in
order; it stands where a local one does, inside the journal, which remembers what arrived. Chunks are the local ones,
whose texts are batched as here: the vectors are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from importlib.metadata import version

from embeddings.encoder import Encoder, Vectors, fingerprint
from embeddings.errors import UnusableModel
from embeddings.model import is_packaged, load_encoder
from embeddings.stream import Encoded, Part, encode
from retrieval.errors import RetrievalError
from retrieval.indexing.cluster.connection import Cluster
from retrieval.indexing.cluster.pipeline import Resources, Work
from retrieval.indexing.reads import Fetched, Read, Reader, fetch
from retrieval.reading.files import Source

ARTICLES = 64
"""A worker is given at a time, at the most,"""
BYTES = 4_000_000
"""of so many bytes, unless a single one is larger."""


class SpreadEncoder:
    """An encoder whose work the cluster's workers do, each with the model of that `name` (see `load_encoder`).

    `local` is that model here: for questions, for single texts, and to tell whether the workers have the same one.
    The packaged model takes a core for each worker; any other takes a GPU where the cluster has any.
    """

    def __init__(self, cluster: Cluster, local: Encoder, name: str | None) -> None:
        self.name = local.name
        self.dimension = local.dimension
        self.fingerprint = fingerprint(local)
        self._local = local
        self._cluster = cluster
        gpus = 0 if is_packaged(name) else min(1, cluster.gpus)
        self._resources = Resources(cpus=1, gpus=gpus)
        self._begin = partial(_encoding, name, self.fingerprint)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        return self._local.encode_passages(texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """(len(texts), dimension) float32, unit length."""
        return self._local.encode_questions(texts)

    def encode_stream(self, parts: Iterable[Part]) -> Iterator[Encoded]:
        """The vectors of each part, in order."""
        yield from self._cluster.stream(self._begin, parts, self._resources)


class SpreadReading:
    """A reading by the workers of a cluster, of bytes that are read here: they may not see this machine's disk."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def __call__(self, sources: Sequence[Source], reader: Reader) -> Iterator[Read]:
        """What is in the files, in their order."""
        begin = partial(_reading, reader, _version())
        for reads in self._cluster.stream(begin, _shares(sources), Resources()):
            yield from reads


def _shares(sources: Sequence[Source]) -> Iterator[list[Fetched]]:
    share: list[Fetched] = []
    size = 0
    for source in sources:
        share.append(fetch(source))
        size += len(share[-1].data)
        if len(share) == ARTICLES or size >= BYTES:
            yield share
            share, size = [], 0
    if share:
        yield share


def _reading(reader: Reader, expected: str) -> Work:
    """What a worker reads with."""
    if _version() != expected:
        raise RetrievalError(f"it has version {_version()} of wenda, here is {expected}; install the same on both")
    return partial(_read, reader)


def _read(reader: Reader, share: Sequence[Fetched]) -> list[Read]:
    return [reader.read(fetched) for fetched in share]


def _encoding(name: str | None, expected: str) -> Work:
    """What a worker encodes with. Raises EncoderError where it has not the model, or has another of that name."""
    encoder = load_encoder(name, threads=1)
    if fingerprint(encoder) != expected:
        raise UnusableModel(encoder.name, "its files, or how it is computed, differ from those where the rebuild runs")
    return partial(encode, encoder)


def _version() -> str:
    return version("wenda")
