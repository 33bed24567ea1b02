"""What an index is made of, as one hash: the articles' files, the settings, and the program that reads them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path

from retrieval.reading import files
from retrieval.reading.files import Source, UnreadableFile
from retrieval.reading.links.site import Site

_PACKAGE = Path(__file__).resolve().parent.parent


class ContentDigest:
    """Takes in files as they are read; equal digests mean that a rebuild would give the same passages and links."""

    def __init__(self, site: Site | None, *, drafts: bool) -> None:
        self._hash = blake2b(_program() + repr((site, drafts)).encode("utf-8", "surrogatepass"))

    def read(self, source: Source) -> bytes:
        """The bytes of a file, taken in. Raises UnreadableFile, whose reason is taken in."""
        try:
            data = files.read_bytes(source.file)
        except UnreadableFile as exc:
            self._add(source.path, str(exc).encode("utf-8", "surrogatepass"))
            raise
        self._add(source.path, data)
        return data

    def hexdigest(self) -> str:
        """The digest of all that was taken in, in the order it was."""
        return self._hash.hexdigest()

    def _add(self, path: str, data: bytes) -> None:
        for part in (path.encode("utf-8", "surrogatepass"), data):
            self._hash.update(blake2b(part).digest())


def digest_of(sources: Iterable[Source], site: Site | None, *, drafts: bool) -> str:
    """The digest of `sources` as they are on the disk now."""
    digest = ContentDigest(site, drafts=drafts)
    for source in sources:
        with suppress(UnreadableFile):
            digest.read(source)
    return digest.hexdigest()


@cache
def _program() -> bytes:
    """A hash of this package: what another version reads may differ, whatever number it carries."""
    digest = blake2b()
    for module in sorted(_PACKAGE.rglob("*.py")):
        digest.update(module.read_bytes())
    return digest.digest()
