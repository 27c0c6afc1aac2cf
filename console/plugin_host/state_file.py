"""A small JSON file that is replaced as a whole, so a crash never leaves half of it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


class StateFile:
    """A dictionary kept in *path*; without a path it lives in memory.

    Writing a few kilobytes without fsync takes well under a millisecond, so it
    may happen on the GUI thread. A file that cannot be read or written is
    logged; the program goes on with what it has.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.data: dict[str, Any] = self._load()

    def _load(self) -> dict[str, Any]:
        if self._path is None or not self._path.exists():
            return {}
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            log.exception("%s cannot be read and is set aside", self._path)
            self._set_aside()
            return {}
        return data if isinstance(data, dict) else {}

    def _set_aside(self) -> None:
        """Keep the broken file for a look, out of the way."""
        if self._path is not None:
            try:
                self._path.replace(self._path.with_suffix(".broken"))
            except OSError:
                log.exception("%s cannot be set aside", self._path)

    def save(self) -> bool:
        """Write the dictionary; False when the disk refused (it is logged)."""
        if self._path is None:
            return True
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(self.data, ensure_ascii=False, indent=1), encoding="utf-8")
            draft.replace(self._path)
        except OSError:
            log.exception("%s cannot be written", self._path)
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            return False
        return True
