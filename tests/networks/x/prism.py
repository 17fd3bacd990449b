"""Prism from npm: X's own OpenAPI document as a proxy that names every violation, in requests and in answers.

Needs node, npm and either a filled cache or the npm registry; `Missing` says which of them is not there. The document
is X's and no part of the repository: it lies in the folder of recordings, `x-openapi/`.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = "@stoplight/prism-cli@5.16.0"
INSTALL_SECONDS = 300


class Missing(Exception):
    """What Prism needs is not on this machine; the message says what."""


def installed() -> Path:
    """Prism's program; installs it into the cache when it is not there. Raises Missing."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise Missing("node and npm are not installed")
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "earshot-networks" / "prism"
    program = folder / "node_modules" / ".bin" / "prism"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", PACKAGE]
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=INSTALL_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise Missing("the npm registry does not answer, and Prism was not installed before") from error
    return program


@contextmanager
def proxying(document: Path, behind: str) -> Iterator[str]:
    """The address of a Prism that hands requests on to `behind` and notes violations in the header `sl-violations`."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    command = [str(installed()), "proxy", str(document), behind, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout is not None
        if not any("is listening" in line for line in process.stdout):  # ends when the process does
            raise RuntimeError("Prism did not start.")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
