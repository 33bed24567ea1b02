"""A real PostgreSQL server in a folder of its own, which tests may kill and start again."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from running import free_port

PASSWORD = "pass phrase @ of/lin"
_UNPRIVILEGED = ("postgres", "nobody")
_SECONDS = 30


class NoServer(Exception):
    """No server can be had here; the message says why."""


class PostgresServer:
    """A server on a loopback port; it takes only who shows the password."""

    @classmethod
    def started(cls) -> PostgresServer:
        """A new one, serving. Raises NoServer."""
        server = cls()
        try:
            server._make()
            server.start()
        except NoServer:
            server.remove()
            raise
        return server

    def __init__(self) -> None:
        """Raises NoServer."""
        self._programs = _programs()
        self._as: dict[str, str] = _somebody_else()
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count()

    def address(self, database: str = "postgres", password: str = PASSWORD) -> str:
        """What STATE_URL is set to."""
        return f"postgresql://lin:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Serve, and wait until it does. Raises NoServer."""
        settings = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        stated = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", *stated],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._as,  # type: ignore[call-overload]
            )
        end = time.monotonic() + _SECONDS
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > end:
                raise NoServer(f"the server does not start: {(self.folder / 'log').read_text('utf-8')[-500:]}")
            time.sleep(0.05)

    def new_database(self) -> str:
        """The address of a new, empty database."""
        name = f"new{next(self._numbers)}"
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.address(name)

    def kill(self) -> None:
        """End it at once, with all of its connections, as a crash of the machine would."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(_SECONDS)
            self._process = None

    def remove(self) -> None:
        """End it, and take its folder away."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make(self) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        for each in (self.folder, secret):
            if self._as:
                shutil.chown(each, self._as["user"])
        options = ("-U", "lin", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "-N")
        self._run("initdb", "-D", str(self.folder / "data"), *options)

    def _ready(self) -> bool:
        asked = [self._programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._programs / program, *arguments]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd=self.folder,
            check=False,
            **self._as,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise NoServer(f"{program} failed: {done.stderr.strip()[-500:]}")


def _programs() -> Path:
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for each in places:
        if (each / "initdb").exists() and (each / "postgres").exists():
            return each
    raise NoServer("PostgreSQL is not installed (initdb is neither on the PATH nor under /usr/lib/postgresql)")


def _somebody_else() -> dict[str, str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid():
        return {}
    known = {each.pw_name for each in pwd.getpwall()}
    for name in _UNPRIVILEGED:
        if name in known:
            return {"user": name}
    raise NoServer("PostgreSQL does not run as root, and there is no user postgres or nobody")
