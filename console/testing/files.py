"""A reader of files that answers what the test says; nothing is read."""

from __future__ import annotations

from concurrent.futures import Future

from console.model.text import Text
from console.sdk.files import FileLayers, FileOptions, FileTrouble, FileUnreadable, OnProgress
from console.tasks.pending import Pending


class MemoryFiles:
    """Implements ``console.sdk.files.Files``. A file that has no answer in ``answers`` is not there."""

    def __init__(self) -> None:
        self.answers: dict[str, FileLayers | FileTrouble | None] = {}
        """By path; None: it is read without end, and ``report`` tells how far it is."""
        self.asked: list[tuple[str, FileOptions]] = []
        self.reading: dict[str, Future[FileLayers]] = {}
        self._heard: dict[str, OnProgress | None] = {}

    def read(
        self, path: str, options: FileOptions | None = None, on_progress: OnProgress | None = None
    ) -> Pending[FileLayers]:
        self.asked.append((path, options or FileOptions()))
        future: Future[FileLayers] = Future()
        answer = self.answers.get(path, FileTrouble(message=Text(f"没有 {path}", f"no {path}")))
        if answer is None:
            self.reading[path], self._heard[path] = future, on_progress
        elif isinstance(answer, FileTrouble):
            future.set_exception(FileUnreadable(answer))
        else:
            future.set_result(answer)
        return Pending(future)

    def report(self, path: str, done: float, text: str = "") -> None:
        """Tell how far a file without end has been read."""
        heard = self._heard[path]
        if heard is not None:
            heard(done, text)
