"""How every command ends: 0 done, 1 failed with one line on stderr, 2 wrong usage."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from embeddings.errors import EncoderError
from retrieval.errors import RetrievalError


class Parser(argparse.ArgumentParser):
    """Reports wrong usage in one line."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def run(command: str, work: Callable[[], int]) -> int:
    """Do `work` and give its exit code; expected errors become one clear line."""
    try:
        code = work()
        sys.stdout.flush()
        return code
    except (RetrievalError, EncoderError) as exc:
        print(f"{command}: {exc}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        print(f"{command}: interrupted; nothing was changed", file=sys.stderr)  # noqa: T201
        return 1
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python would complain once more while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
