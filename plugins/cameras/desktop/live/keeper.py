"""Keeps what a live picture shows, or showed in the last minute: with leave, and its hash on record.

Nothing is written before the backend has given leave, and what it could not record is taken away again.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage

from console.sdk import Context, Severity
from console.sdk.errors import BackendAway, OneMapError
from console.sdk.media import Progress, Reason, Still, Tile
from console.sdk.saving import make_folder, put_whole, size_text, suggested_path, why_not
from console.sdk.signature import signature
from console.sdk.ui.marks import burnt, encoded

RIGHT = "camera.export"
SECONDS = 60.0
"""Of a clip."""
KEY = "onemap.cameras.keep"
LOOK = 0.1
"""Seconds between looks at how far a file is."""


class NotKept(Exception):
    """Why, in the user's words."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose picture it is, and why it is looked at."""

    camera: str
    title: str
    reason: str


class Keeper:
    """Of one console."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    @property
    def allowed(self) -> bool:
        """Whether the user may keep pictures at all."""
        return self._ctx.backend.allowed(RIGHT)

    def picture(self, subject: Subject, tile: Tile) -> None:
        """Into a file."""
        if self._may():
            tile.still(lambda still: self._start(self._save(subject, still)))

    def copy(self, subject: Subject, tile: Tile) -> None:
        """Onto the clipboard."""
        if self._may():
            tile.still(lambda still: self._start(self._copy(subject, still)))

    def clip(self, subject: Subject, tile: Tile) -> None:
        """The last SECONDS into a file, as they came."""
        if self._may():
            self._start(self._clip(subject, tile))

    def _may(self) -> bool:
        if not self.allowed:
            text = self._ctx.tr("Your role may not save pictures of cameras")
            self._ctx.notify(text, Severity.WARNING, key=KEY)
        return self.allowed

    def _start(self, work: Any) -> None:
        self._ctx.tasks.start(self._told(work))

    async def _told(self, work: Any) -> None:
        try:
            await work
        except NotKept as error:
            text = self._ctx.tr("Nothing was saved: {reason}", reason=str(error))
            self._ctx.notify(text, Severity.WARNING, key=KEY)

    # ---- one picture

    async def _save(self, subject: Subject, still: Still | None) -> None:
        leave, image = await self._marked(subject, still, "picture")
        path = suggested_path(_folder("PicturesLocation"), subject.title, "png", datetime.now())
        content = await self._ctx.tasks.run(encoded, image, "png", {"Title": subject.title})
        try:
            await self._ctx.tasks.run(put_whole, path, content)
            await self._report(leave, hashlib.sha256(content).hexdigest(), len(content))
        except OSError as error:
            raise NotKept(self._disk(error)) from error
        except NotKept:
            await self._ctx.tasks.run(_remove, path)
            raise
        self._saved(path, len(content))

    async def _copy(self, subject: Subject, still: Still | None) -> None:
        leave, image = await self._marked(subject, still, "clipboard")
        content = await self._ctx.tasks.run(encoded, image, "png")
        await self._report(leave, hashlib.sha256(content).hexdigest(), len(content))
        QGuiApplication.clipboard().setImage(image)
        text = self._ctx.tr("Copied: {title}, with name and time in it", title=subject.title)
        self._ctx.notify(text, Severity.SUCCESS, key=KEY)

    async def _marked(self, subject: Subject, still: Still | None, what: str) -> tuple[str, QImage]:
        """Leave, and the picture with who, where and when burnt in."""
        tr = self._ctx.tr
        if still is None:
            raise NotKept(tr("there is no picture yet"))
        leave = await self._leave(subject, what, still.at, still.at)
        author = await signature(self._ctx)
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(still.at))
        lines = (f"{subject.title}  ·  {subject.camera}", f"{when}  ·  {tr('Saved by {name}', name=author)}")
        across, family = f"{author}  {when}", QGuiApplication.font().family()
        return leave, await self._ctx.tasks.run(burnt, still.image, lines, across, family)

    # ---- the last minute

    async def _clip(self, subject: Subject, tile: Tile) -> None:
        tr, now = self._ctx.tr, time.time()
        path = suggested_path(_folder("MoviesLocation"), subject.title, "mp4", datetime.now())
        try:
            await self._ctx.tasks.run(make_folder, path.parent)
        except OSError as error:
            raise NotKept(self._disk(error)) from error
        leave = await self._leave(subject, "clip", now - SECONDS, now)
        about = {
            "camera": subject.camera,
            "camera_name": subject.title,
            "reason": subject.reason,
            "exported_by": await signature(self._ctx),
            "ticket": leave[:8],
        }
        end = await self._written(
            tr("Saving the last minute of {title}", title=subject.title), _Clip(path, about, tile)
        )
        try:
            await self._report(leave, end.sha256, end.size)
        except NotKept:
            await self._ctx.tasks.run(_remove, path, path.with_suffix(".json"))
            raise
        self._saved(path, end.size)

    async def _written(self, title: str, clip: _Clip) -> Progress:
        """Wait until the file is whole."""
        try:
            with self._ctx.tasks.progress(title) as progress:
                clip.begin()
                while not clip.over:
                    progress.report(clip.last.done)
                    await self._ctx.tasks.sleep(LOOK)
        except asyncio.CancelledError:
            clip.give_up(lambda: _remove(clip.path, clip.path.with_suffix(".json")))
            raise
        tr, last = self._ctx.tr, clip.last
        if last.disk:
            raise NotKept(tr("the file cannot be written: is the disk full?"))
        if last.reason is Reason.CRASHED:
            raise NotKept(tr("the video program broke off; try again"))
        if last.reason is not Reason.NONE:
            raise NotKept(tr("nothing of this picture could be kept so far"))
        return last

    # ---- the record

    async def _leave(self, subject: Subject, what: str, since: float, until: float) -> str:
        wish = {"what": what, "since": since, "until": until, "reason": subject.reason}
        given = await self._ask(f"/cameras/{quote(subject.camera, safe='')}/keep", wish)
        return given["id"]

    async def _report(self, leave: str, sha256: str, size: int) -> None:
        await self._ask("/cameras/exports/written", {"id": leave, "sha256": sha256, "size": size})

    async def _ask(self, path: str, body: dict[str, Any]) -> Any:
        try:
            return await self._ctx.backend.post(path, body)
        except BackendAway as error:
            text = "the backend cannot be reached, and what it cannot record must not be saved"
            raise NotKept(self._ctx.tr(text)) from error
        except OneMapError as error:
            raise NotKept(str(error)) from error

    def _disk(self, error: OSError) -> str:
        return why_not(error.errno or 0) or self._ctx.tr("the file cannot be written")

    def _saved(self, path: Path, size: int) -> None:
        tr = self._ctx.tr
        text = tr("Saved: {path} ({size})", path=str(path), size=size_text(size))
        folder = QUrl.fromLocalFile(str(path.parent))
        action = (tr("Open the folder"), lambda: QDesktopServices.openUrl(folder))
        self._ctx.notify(text, Severity.SUCCESS, action=action, key=KEY)


class _Clip:
    """A file on its way."""

    def __init__(self, path: Path, about: dict[str, str], tile: Tile) -> None:
        self.path, self._about, self._tile = path, about, tile
        self.last = Progress(0, 0.0)
        self._given_up: Callable[[], None] | None = None

    @property
    def over(self) -> bool:
        """Whole, or come to nothing."""
        return self.last.done >= 1.0 or self.last.reason is not Reason.NONE

    def begin(self) -> None:
        """Have it written."""
        try:
            self._tile.clip(str(self.path), self._about, self._hear)
        except RuntimeError:  # the tile went while leave was asked for
            self.last = Progress(0, 0.0, reason=Reason.NO_VIDEO)

    def give_up(self, clear: Callable[[], None]) -> None:
        """Nobody wants it any more; what is written all the same goes."""
        self._given_up = clear
        clear()

    def _hear(self, progress: Progress) -> None:
        self.last = progress
        if self._given_up is not None and self.over:
            self._given_up()


def _folder(kind: str) -> str:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation[kind])
    return str(Path(place or Path.home()) / "OneMap")


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
