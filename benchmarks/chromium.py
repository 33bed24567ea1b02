"""Chromium, driven over a pair of pipes with its DevTools protocol (https://chromedevtools.github.io/devtools-protocol/)."""

from __future__ import annotations

import base64
import fcntl
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)


def program() -> str | None:
    """Where Chromium is installed; None where it is not."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def version(executable: str) -> str:
    """What the browser calls itself."""
    asked = subprocess.run([executable, "--version"], capture_output=True, text=True, check=False)
    return " ".join(asked.stdout.split()[:2])


class Page:
    """One tab."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._session: str | None = None
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = str(self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        self._call("Page.enable")

    def resize(self, width: int, height: int) -> None:
        """Set what is visible at once, in pixels."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def open(self, url: str) -> None:
        """Go to `url` and wait until it is loaded."""
        self._send("Page.navigate", {"url": url})
        while self._receive().get("method") != "Page.loadEventFired":
            pass

    def run(self, function: str, *arguments: object) -> object:
        """What a JavaScript function gives for `arguments`."""
        expression = f"({function})({', '.join(json.dumps(argument) for argument in arguments)})"
        found = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(f"the page's script failed: {found['exceptionDetails']}")
        return found["result"].get("value")

    def screenshot(self) -> bytes:
        """What is visible, as PNG."""
        return base64.b64decode(self._call("Page.captureScreenshot", format="png", optimizeForSpeed=True)["data"])

    def close(self) -> None:
        """Close the whole browser."""
        self._session = None
        self._send("Browser.close", {})

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        number = self._send(method, parameters)
        while (answer := self._receive()).get("id") != number:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return dict(answer["result"])

    def _send(self, method: str, parameters: dict[str, object]) -> int:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._commands, data) :]
        return number

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = os.read(self._answers, 1 << 20)
            if not chunk:
                raise RuntimeError("Chromium ended; run it by hand to see why")
            self._buffer += chunk
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))


@contextmanager
def browser(executable: str) -> Iterator[Page]:
    """A new browser without network, closed at the end."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        reader, commands = _pipe()
        answers, writer = _pipe()
        # The browser reads from descriptor 3 and writes to 4, whatever the two are numbered here.
        shell = f'exec "$@" 3<&{reader} 4>&{writer}'
        process = subprocess.Popen(
            ["bash", "-c", shell, "bash", executable, *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(reader, writer),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(reader)
        os.close(writer)
        try:
            page = Page(commands, answers)
            yield page
            page.close()
            process.wait(20)
        finally:
            process.kill()
            process.wait()
            os.close(commands)
            os.close(answers)


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are numbered above 9, out of the way of 3 and 4."""
    ends = os.pipe()
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


def page_url(folder: Path, name: str, markup: str) -> str:
    """The address of a new file in `folder` that holds `markup`."""
    file = folder / name
    file.write_text(markup, encoding="utf-8")
    return file.as_uri()
