"""Inspection: the sums of files too large to be compared at each opening are compared while they are in use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from retrieval.errors import DamagedIndex, RetrievalError
from retrieval.indexing import generations
from retrieval.indexing.manifest import Manifest, check_sums, unchecked


class Inspection:
    """Reads what opening left out, once, in a thread of its own."""

    def __init__(self, index: Path, manifest: Manifest) -> None:
        self._index = index
        self._folder = generations.folder_of(index, manifest.name)
        self._manifest = manifest
        self._damage: DamagedIndex | None = None
        self._thread = Thread(target=self._read, name="inspection", daemon=True)
        if unchecked(manifest):
            self._thread.start()

    def check(self) -> None:
        """Raise DamagedIndex if anything was found to be damaged so far."""
        if self._damage is not None:
            raise self._damage.with_traceback(None)

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """What fails inside fails as DamagedIndex, if the files turn out to be damaged."""
        try:
            yield
        except (RetrievalError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException:
            # The panics of a library in Rust are no Exceptions.
            if self._thread.ident is not None:
                self._thread.join()
            self.check()
            raise

    def _read(self) -> None:
        try:
            check_sums(self._index, self._folder, unchecked(self._manifest))
        except DamagedIndex as exc:
            # A generation that is no longer live may be removed at any moment; who has it open can still read it.
            if self._folder.is_dir():
                self._damage = exc
