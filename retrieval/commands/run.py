"""How every command ends: 0 done, 1 failed with one line on stderr, 2 wrong usage."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import unicodedata
from collections.abc import Callable
from typing import NoReturn

from embeddings.errors import EncoderError
from retrieval.errors import RetrievalError

NO_MEMORY = "there is not enough memory; close other programs, or give this one more"


class Parser(argparse.ArgumentParser):
    """Reports wrong usage in one line."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        self.exit(2, f"{self.prog}: {legible(message)}; see {self.prog} --help\n")


def run(command: str, work: Callable[[], int], *, interrupted: str = "interrupted") -> int:
    """Do `work` and give its exit code; expected errors become one clear line, and so does Ctrl-C."""
    mend_streams()
    try:
        code = work()
        sys.stdout.flush()
        return code
    except (RetrievalError, EncoderError) as exc:
        complain(command, str(exc))
        return 1
    except MemoryError:
        complain(command, NO_MEMORY)
        return 1
    except KeyboardInterrupt:
        complain(command, interrupted)
        return 1
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        _hush()
        return 0
    except OSError as exc:
        # As of a full disk that the output goes to; the index's own trouble is an UnusableIndex.
        _hush()
        complain(command, f"{exc.filename or 'input or output'}: {exc.strerror or exc}")
        return 1


def complain(command: str, message: str) -> None:
    """Say in one line on stderr what is the matter."""
    print(f"{command}: {legible(message)}", file=sys.stderr)  # noqa: T201


def as_json(found: object) -> str:
    """On one line; in ASCII where the output's encoding does not know all characters."""
    return json.dumps(found, ensure_ascii=(sys.stdout.encoding or "").lower().replace("-", "") != "utf8")


def legible(message: str) -> str:
    """A message on one line, without what a terminal would obey: names of files may hold anything."""
    return "".join(ascii(char)[1:-1] if unicodedata.category(char) in ("Cc", "Cs") else char for char in message)


def mend_streams() -> None:
    """Let a closed stream be an empty one, and what an output's encoding does not know be a question mark."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _hush() -> None:
    """Python would complain once more of stdout while it shuts down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
