"""Cuts, flat areas and comparisons are kept from start to start, those of each district by themselves."""

from __future__ import annotations

from typing import Any

from console.sdk import Context
from console.sdk.json_file import JsonFile
from plugins.scene.desktop.comparison import Comparison
from plugins.scene.desktop.shape_desk import ShapeDesk
from plugins.scene.desktop.shape_file import Kept, pack, unpack

PAUSE = 0.3
"""Seconds in which changes are gathered: a slider makes many."""
LONGEST = 80
"""Of a file's name."""


class ShapeStore:
    """Who works in another district finds what was left there, and all is shown without the plugin."""

    def __init__(self, ctx: Context, desk: ShapeDesk, comparison: Comparison) -> None:
        self._ctx, self._desk, self._comparison = ctx, desk, comparison
        self._file: JsonFile | None = None
        self._name = ""
        self._last = Kept()
        """As it is on the disk, or will be."""
        self._waits = False
        desk.changed.connect(self._on_change)
        comparison.changed.connect(self._on_change)
        ctx.undo(self._end)
        ctx.backend.on_user(self._follow)
        self._follow()

    def _follow(self, _user: Any = None) -> None:
        """The districts of whoever is signed in."""
        user = self._ctx.backend.user
        codes = sorted({code[:6] for code in user.areas}) if user is not None else []
        name = f"shape-{'-'.join(codes)[:LONGEST] or 'none'}.json"
        if name != self._name:
            self._save()
            self._name, self._file = name, JsonFile(self._ctx, name)
            self._apply(Kept())
            self._file.load(lambda rows: self._take(name, rows))

    def _take(self, name: str, rows: list[Any]) -> None:
        """What was kept; the user may have been faster."""
        if name != self._name or self._now() != Kept() or not rows:
            return
        try:
            self._apply(unpack(rows[0]))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            self._ctx.log.warning("cuts and flat areas of %s cannot be read: %s", name, error)

    def _apply(self, kept: Kept) -> None:
        shape, comparison = self._desk.shape, self._comparison
        self._last = kept
        comparison.chosen, comparison.share = kept.sides, kept.share
        shape.swipe, shape.flat, shape.cut = None, kept.flat, kept.cut
        if kept.swiping:
            comparison.toggle()
        self._desk.forget_steps()

    def _now(self) -> Kept:
        shape, comparison = self._desk.shape, self._comparison
        return Kept(
            cut=shape.cut,
            flat=tuple(shape.flat),
            sides=comparison.chosen,
            share=comparison.share,
            swiping=comparison.under_way,
        )

    def _on_change(self) -> None:
        if not self._waits and self._now() != self._last:
            self._waits = True
            self._ctx.tasks.later(PAUSE, self._save)

    def _save(self) -> None:
        now, self._waits = self._now(), False
        if self._file is not None and now != self._last:
            self._last = now
            self._file.save([pack(now)])

    def _end(self) -> None:
        """Nobody could show again what is cut away."""
        self._save()
        self._file = None
        shape = self._desk.shape
        shape.swipe, shape.flat, shape.cut = None, (), None
