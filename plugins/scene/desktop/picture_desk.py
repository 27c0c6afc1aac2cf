"""Pictures of the 3D view on their way into a file or onto the clipboard; the panel comes and goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage

from console.sdk import Context, Severity, Undo
from console.sdk.context import Progress
from console.sdk.json_file import JsonFile
from console.sdk.saving import put_whole, size_text, suggested_path, why_not
from console.sdk.scene_picture import NoPicture, ScenePicture
from console.sdk.signature import signature
from plugins.scene.desktop.picture_caption import Caption, caption_of
from plugins.scene.desktop.picture_file import captioned, encoded
from plugins.scene.desktop.picture_recipe import PictureRecipe, recipe_from

KEY = "onemap.scene.picture"
TAKING = 0.9
"""Of the progress; the rest is writing."""
COPIED = (3840, 2160)
"""Pixels of a picture on the clipboard at most: other programs get it through this window."""


class PictureDesk(QObject):
    """One picture at a time."""

    changed = Signal()
    """Recipe, progress, or what is told."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self._file = JsonFile(ctx, "picture.json")
        self._work: Undo = lambda: None
        self.recipe = PictureRecipe()
        self.title = self.note = ""
        self.done: float | None = None
        """0..1 while one is made; None: none is."""
        self.told = ""
        """How it went, in the user's words."""
        self.saved: Path | None = None
        """The file that there is of the last one."""
        self._file.load(self._take_kept)
        ctx.undo(self.cancel)

    @property
    def screen(self) -> tuple[int, int]:
        """Pixels of the view; (0, 0): none is open."""
        return self._ctx.scene.pictures.size

    @property
    def pixels(self) -> tuple[int, int]:
        """Of the picture that is asked for."""
        return self.recipe.pixels(self.screen)

    def change(self, **values: Any) -> None:
        """Change the recipe, and remember it."""
        recipe = replace(self.recipe, **values)
        if recipe != self.recipe:
            self.recipe = recipe
            self._file.save([recipe.kept()])
            self.changed.emit()

    def suggested(self) -> Path:
        """The next file, by title and time."""
        name = self.title.strip() or self._ctx.tr("3D view")
        return suggested_path(self.recipe.folder, name, self.recipe.form, datetime.now())

    def save(self, path: Path | None = None) -> None:
        """Write the view as it is now into *path*, or into a file of its own."""
        recipe = self.recipe
        if path is not None and path.suffix.lower() != f".{recipe.form}":
            path = path.with_name(f"{path.name}.{recipe.form}")
        self._begin(self._ctx.tr("Saving the 3D view"), lambda report: self._save(path, recipe, report))

    def copy(self) -> None:
        """Put the view as it is now onto the clipboard."""
        self._begin(self._ctx.tr("Copying the 3D view"), self._copy)

    def cancel(self) -> None:
        """Leave off; nothing stays behind."""
        if self.done is not None:
            self._work()

    # ---- the way of a picture ----

    def _begin(self, name: str, work: Callable[[Callable[[float], None]], Any]) -> None:
        if self.done is None:
            self.done, self.saved = 0.0, None
            self._tell(name + " …")
            self._work = self._ctx.tasks.start(self._run(name, work))

    async def _run(self, name: str, work: Callable[[Callable[[float], None]], Any]) -> None:
        told = ""
        try:
            with self._ctx.tasks.progress(name) as progress:
                told = await work(lambda done: self._report(progress, done))
        except asyncio.CancelledError:
            told = self._ctx.tr("Cancelled; nothing was written.")
            raise
        except (NoPicture, OSError, MemoryError) as error:
            told = self._ctx.tr("Not saved: {reason}", reason=self._reason(error))
            self._ctx.notify(told, Severity.WARNING, key=KEY)
        finally:
            self.done = None
            self._tell(told)

    def _report(self, progress: Progress, done: float) -> None:
        """Called by the engine, not by the task: it is ended from outside when the status bar says so."""
        self.done = done
        self.changed.emit()
        try:
            progress.report(done)
        except asyncio.CancelledError:
            self._ctx.tasks.later(0.0, self.cancel)

    async def _save(self, path: Path | None, recipe: PictureRecipe, report: Callable[[float], None]) -> str:
        taken, caption = await self._taken(recipe.pixels(self.screen), report)
        target, left = path or self.suggested(), Event()

        def write() -> int:
            content = encoded(taken.image, recipe, caption)
            put_whole(target, content, lambda: not left.is_set())
            return len(content)

        try:
            size = await self._ctx.tasks.run(write)
        except BaseException:
            left.set()
            raise
        self.saved = target
        self.change(folder=str(target.parent))
        return self._saved(target, size, taken.lacking)

    def _saved(self, path: Path, size: int, lacking: int) -> str:
        tr = self._ctx.tr
        told = tr("Saved: {path} ({size})", path=path, size=size_text(size))
        if lacking:
            told += "\n" + tr("{count} tiles did not come in time; coarser ones stand there.", count=lacking)
        action = (tr("Open"), lambda: open_file(path))
        self._ctx.notify(told, Severity.WARNING if lacking else Severity.SUCCESS, action=action, key=KEY)
        return told

    async def _copy(self, report: Callable[[float], None]) -> str:
        width, height = self.pixels
        share = min(1.0, COPIED[0] / width, COPIED[1] / height)
        recipe = self.recipe
        taken, caption = await self._taken((round(width * share), round(height * share)), report)
        image: QImage = taken.image
        if recipe.captioned:
            image = await self._ctx.tasks.run(captioned, image, caption)
        QGuiApplication.clipboard().setImage(image)
        return self._ctx.tr("Copied: {width} × {height}", width=image.width(), height=image.height())

    async def _taken(
        self, size: tuple[int, int], report: Callable[[float], None]
    ) -> tuple[ScenePicture, Caption]:
        if self.screen == (0, 0):
            raise NoPicture(self._ctx.tr("No 3D view is open"))
        now, words, family = datetime.now(), (self.title, self.note), QGuiApplication.font().family()
        taken = await self._ctx.scene.pictures.take(*size, lambda done: report(done * TAKING))
        author = await signature(self._ctx)
        return taken, caption_of(self._ctx, words, taken.pose, author, now, family)

    def _reason(self, error: Exception) -> str:
        tr = self._ctx.tr
        if isinstance(error, OSError):
            return why_not(error.errno or 0) or error.strerror or str(error)
        return (
            tr("there is not enough memory; take a smaller size")
            if isinstance(error, MemoryError)
            else str(error)
        )

    def _tell(self, text: str) -> None:
        self.told = text
        self.changed.emit()

    def _take_kept(self, kept: list[Any]) -> None:
        self.recipe = recipe_from(kept[0] if kept else None)
        self.changed.emit()


def open_file(path: Path) -> None:
    """With the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
