"""What a conversion has done, a line a file, so that one that was broken off goes on where it was."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import msgspec

from console.scene.convert.draft import FileDraft, write_whole

NAME = ".onemap-conversion.jsonl"


class Entry(msgspec.Struct):
    """One source file: what it was, what became of it."""

    stamp: tuple[int, int]
    """Its bytes, and when it was changed (nanoseconds)."""
    draft: FileDraft
    trouble: tuple[str, str] = ("", "")
    """Why it can't be read, Chinese and English; empty: it was."""


class Header(msgspec.Struct):
    """What a conversion depends on beside its files; another one begins anew."""

    identity: str


class Journal:
    """Lines appended to a file in the target folder. Use as a context manager. Raises OSError."""

    def __init__(self, target: Path, identity: str) -> None:
        self._path = target / NAME
        self._identity = identity
        self._target = target
        self._encoder = msgspec.json.Encoder()
        self._file: IO[bytes] | None = None

    def __enter__(self) -> dict[str, Entry]:
        """The entries that still hold, by file; what came of them is all there."""
        self._target.mkdir(parents=True, exist_ok=True)
        entries = self._load()
        records = (Header(self._identity), *entries.values())
        write_whole(self._path, b"".join(self._encoder.encode(each) + b"\n" for each in records))
        self._file = self._path.open("ab")
        return entries

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, entry: Entry) -> None:
        """Keep *entry*: its contents are written."""
        assert self._file is not None
        self._file.write(self._encoder.encode(entry) + b"\n")
        self._file.flush()

    def _load(self) -> dict[str, Entry]:
        try:
            lines = self._path.read_bytes().splitlines()
            if not lines or msgspec.json.decode(lines[0], type=Header).identity != self._identity:
                return {}
        except (FileNotFoundError, msgspec.MsgspecError):
            return {}
        entries: dict[str, Entry] = {}
        for line in lines[1:]:
            try:
                entry = msgspec.json.decode(line, type=Entry)
            except msgspec.MsgspecError:
                continue  # cut off when it was being written
            if self._is_there(entry.draft):
                entries[entry.draft.file] = entry
        return entries

    def _is_there(self, draft: FileDraft) -> bool:
        for name, size in draft.contents.items():
            path = self._target / name
            if not path.is_file() or path.stat().st_size != size:
                return False
        return True
