"""Whose code is this? By the folder of the file in a traceback or stack."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

_FILE = re.compile(r'^\s*File "([^"]+)", line \d+', re.MULTILINE)


class Owners:
    """Plugin ids by folder; the deepest folder wins."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}
        self._fresh: list[tuple[Path, str]] = []
        """Not looked up yet: following links of a hundred folders is felt at start-up."""
        self._known: dict[str, str] = {}

    def add(self, folder: Path, plugin_id: str) -> None:
        """Code under *folder* belongs to *plugin_id*."""
        self._fresh.append((folder, plugin_id))
        self._known.clear()

    def of_file(self, filename: str) -> str:
        """The plugin that the file belongs to; empty when none."""
        if filename not in self._known:
            self._settle()
            path = Path(filename).as_posix()
            matches = [folder for folder in self._folders if path.startswith(folder)]
            self._known[filename] = self._folders[max(matches, key=len)] if matches else ""
        return self._known[filename]

    def _settle(self) -> None:
        fresh, self._fresh = self._fresh, []  # another thread may add meanwhile
        for folder, plugin_id in fresh:
            for form in {folder.absolute(), folder.resolve()}:
                self._folders[f"{form.as_posix()}/"] = plugin_id

    def of_traceback(self, traceback: TracebackType | None) -> str:
        """The plugin whose code is nearest to where it was raised."""
        files: list[str] = []
        while traceback is not None:
            files.append(traceback.tb_frame.f_code.co_filename)
            traceback = traceback.tb_next
        return self.of_files(reversed(files))

    def of_trace(self, text: str) -> str:
        """The plugin nearest to the top of a printed stack (most recent call first)."""
        return self.of_files(_FILE.findall(text))

    def of_files(self, files: Iterable[str]) -> str:
        """The plugin whose code comes first in the *files* of a stack, most recent call first."""
        return next((owner for file in files if (owner := self.of_file(file))), "")
