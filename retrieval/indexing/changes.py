"""Changes: what is different in the articles folder from what the live generation was made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

from retrieval.indexing.ledger import Ledger, digest_of
from retrieval.reading import files
from retrieval.reading.files import Source, UnreadableFile
from retrieval.reading.links.site import Site

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Changes:
    """Files that are not as they were."""

    changed: tuple[Source, ...]
    """New files, and those with other bytes than before."""
    gone: tuple[str, ...]
    """Paths at which there is no article file any more."""

    def __bool__(self) -> bool:
        return bool(self.changed or self.gone)


def changes(sources: Sequence[Source], ledger: Ledger) -> Changes:
    """What is different in `sources` from what `ledger` says they were."""
    before = ledger.digests()
    changed = tuple(source for source in sources if before.get(source.path) != _digest(source))
    return Changes(changed, tuple(sorted(before.keys() - {source.path for source in sources})))


def digests(sources: Sequence[Source]) -> dict[str, bytes]:
    """Digest of every file by its path, as the ledger keeps it."""
    return {source.path: _digest(source) for source in sources}


def settings(site: Site | None, *, drafts: bool) -> str:
    """A hash of what else decides how articles are read: the site, and the program.

    Another version of the program may read otherwise, whatever number it carries.
    """
    return blake2b(
        _program() + repr(_ordered((site, drafts))).encode("utf-8", "surrogatepass"), digest_size=16
    ).hexdigest()


def _ordered(value: object) -> object:
    """`value` with its sets and mappings in an order that is the same in every process."""
    if is_dataclass(value):
        return type(value).__name__, [(each.name, _ordered(getattr(value, each.name))) for each in fields(value)]
    if isinstance(value, Mapping):
        return sorted((repr(key), repr(_ordered(each))) for key, each in value.items())
    if isinstance(value, Set):
        return sorted(map(repr, value))
    return [_ordered(each) for each in value] if isinstance(value, (list, tuple)) else value


def _digest(source: Source) -> bytes:
    try:
        return digest_of(files.read_bytes(source.file))
    except UnreadableFile as exc:
        return digest_of(str(exc).encode())


@cache
def _program() -> bytes:
    digest = blake2b()
    for module in sorted(_PACKAGE.rglob("*.py")):
        digest.update(module.read_bytes())
    return digest.digest()
