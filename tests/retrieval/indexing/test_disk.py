"""The disk: what cannot be written is never taken for written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.indexing import disk


@pytest.mark.parametrize("array", [np.arange(6, dtype=np.uint64).reshape(2, 3), np.empty((2, 0), np.uint64)])
def test_an_array_is_saved_as_numpy_does(tmp_path: Path, array: np.ndarray) -> None:
    """Byte for byte, one without elements too."""
    disk.save(tmp_path / "own.npy", array)
    np.save(tmp_path / "theirs.npy", array)
    assert (tmp_path / "own.npy").read_bytes() == (tmp_path / "theirs.npy").read_bytes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is always full")
def test_a_full_disk_is_noticed_when_an_array_is_saved() -> None:
    """However small it is: what waits in a buffer until the file is closed counts as well."""
    with pytest.raises(OSError, match="No space left"):
        disk.save(Path("/dev/full"), np.arange(3))
