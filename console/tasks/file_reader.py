"""Files of the user's, read by a process of their own (``console.formats.reader``), with progress and cancel.

The process is started and heard on the I/O thread: the GUI thread only gets told.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Qt, Signal, Slot

from console.formats import cache
from console.formats.messages import ReadFile, Reading, Refused, decode_answer, encode
from console.model.sources import FileLayers, FileOptions, FileTrouble
from console.model.text import Text
from console.sdk.files import FileUnreadable, OnProgress
from console.tasks.io_thread import IoThread
from console.tasks.pending import Pending

ROOT = Path(__file__).parents[2]
AT_ONCE = 2
"""Files read at a time; others wait for their turn."""
MEMORY = 3 << 30
SECONDS = 600
"""Of processor time for one file."""
BEAT = 0.5
"""Seconds between two words of progress, at most."""
_MAX_LINE = 16 << 20


class FileReader(QObject):
    """Implements ``console.sdk.files.Files``. Make it on the GUI thread."""

    _said = Signal(object, float, str)

    def __init__(self, io: IoThread, folder: Path) -> None:
        """Results are kept in *folder*."""
        super().__init__()
        self._io = io
        self._folder = folder
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._said.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def read(
        self, path: str, options: FileOptions | None = None, on_progress: OnProgress | None = None
    ) -> Pending[FileLayers]:
        """See ``Files.read``."""
        reading = self._read(Path(path), options or FileOptions(), on_progress)
        return Pending(self._io.submit(reading))

    async def _read(self, path: Path, options: FileOptions, on_progress: OnProgress | None) -> FileLayers:
        try:
            kept = await asyncio.to_thread(cache.find, self._folder, path, options)
        except (OSError, ValueError):
            kept = None  # the process says in the user's words what is the matter
        if kept is not None:
            return kept
        request = ReadFile(
            path=str(path), cache=str(self._folder), options=options, memory=MEMORY, seconds=SECONDS
        )
        async with self._turn:
            return await self._ask(request, lambda done, text: self._said.emit(on_progress, done, text))

    async def _ask(self, request: ReadFile, say: Callable[[float, str], None]) -> FileLayers:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "ignore", "-m", "console.formats.reader"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_environment(),
            limit=_MAX_LINE,
        )
        try:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(encode(request))
            return await _answer(process.stdout, Path(request.path).name, say)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
            cache.sweep(self._folder, process.pid)

    @Slot(object, float, str)
    def _tell(self, on_progress: OnProgress | None, done: float, text: str) -> None:
        if on_progress is not None:
            on_progress(done, text)


async def _answer(lines: asyncio.StreamReader, name: str, say: Callable[[float, str], None]) -> FileLayers:
    """The last word of the process; raises FileUnreadable, also when it ended without one."""
    done, text = 0.0, ""
    while True:
        try:
            line = await asyncio.wait_for(lines.readline(), BEAT)
            answer = decode_answer(line)
        except TimeoutError:
            say(done, text)  # whoever wants to cancel is asked all the same
            continue
        except (msgspec.DecodeError, ValueError) as error:
            raise FileUnreadable(_ended(name)) from error
        if isinstance(answer, Reading):
            done, text = answer.done, answer.text
            say(done, text)
        elif isinstance(answer, Refused):
            raise FileUnreadable(answer.trouble)
        else:
            return answer.layers


def _ended(name: str) -> FileTrouble:
    return FileTrouble(
        message=Text(
            f"读取 {name} 时意外中断:文件可能过大或已损坏",
            f"Reading {name} broke off: it may be too large or broken",
        )
    )


def _environment() -> dict[str, str]:
    """Ours, with the program's own folder to import from whatever the working folder is."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
