"""The socket at which the running console hears of links: where it lies, and how one speaks to it.

Without Qt: the command line is quick. Who listens is ``console.shell.doorway``.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import tempfile
from pathlib import Path

from console.paths import config_dir

ANSWERED, REFUSED = b"ok\n", b"no\n"
LONGEST_PATH = 100
"""Bytes; the systems take 104 and 108, with what ends it."""
PATIENCE = 5.0
"""Seconds until a console that does not answer is given up."""


def socket_path() -> str:
    """In a folder of this user alone, one for each folder of settings. Raises OSError if it is not."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    folder = Path(runtime) if runtime else _own_folder()
    name = hashlib.sha256(str(config_dir()).encode()).hexdigest()[:12]
    path = str(folder / f"onemap-{name}.sock")
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise OSError(f"{path} is too long for a socket")
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.stat()
    if state.st_uid != os.getuid() or state.st_mode & 0o022:
        raise OSError(f"{folder} belongs to somebody else")
    return path


def _own_folder() -> Path:
    """Where the system gives users no folder for sockets."""
    return Path(tempfile.gettempdir()) / f"onemap-{os.getuid()}"


def tidy(path: str) -> None:
    """Leave no empty folder behind where the system gives users none; another console's socket keeps it."""
    folder = Path(path).parent
    if folder == _own_folder():
        with contextlib.suppress(OSError):
            folder.rmdir()


def is_somebody_there(path: str) -> bool:
    """Whether a console listens; known at once."""
    with socket.socket(socket.AF_UNIX) as caller:
        return caller.connect_ex(path) == 0


def hand_over(link: str, path: str) -> bool:
    """Say *link* to the running console; False when nobody takes it."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(PATIENCE)
        try:
            caller.connect(path)
            caller.sendall(link.encode() + b"\n")
            return caller.recv(len(ANSWERED)) == ANSWERED
        except OSError:
            return False
