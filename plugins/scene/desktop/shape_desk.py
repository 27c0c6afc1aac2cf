"""What is cut away and pressed flat: the steps, the way back, outlines of the cut in the scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from console.sdk import Context
from console.sdk.scene_shape import CutBox, CutPlane, FlatArea
from plugins.scene.desktop.shape_file import Cut
from plugins.scene.desktop.shaping import UNKNOWN, box_lines, plane_lines, pushed, reach_of, resized, turned

UNCUT = "onemap.scene.uncut"
MOST_STEPS = 50


class ShapeDesk(QObject):
    """Each change is a step that can be taken back; changes of one thing in a row are one."""

    changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self.shape = ctx.scene.shape
        self._marks = ctx.scene.add_marks("onemap.scene.cut")
        self._pointed: int | None = None
        """The flat area that is outlined."""
        self._base: CutPlane | None = None
        """The plane as it was before it was pushed."""
        self.push = 0.0
        """Metres by which it was pushed."""
        self.reach = UNKNOWN
        """Metres that it is shown and pushed."""
        self._past: list[tuple[Cut | None, Sequence[FlatArea], CutPlane | None, float]] = []
        self._kind = ""
        """Of the last step."""
        self.told = ""
        """What went wrong, or what to do, in the user's words."""
        ctx.undo(self.shape.on_change(self._on_shape))
        self._show()

    # ---- the cut ----

    def set_cut(self, cut: Cut | None) -> None:
        """Cut so; None: all is shown again."""
        if cut == self.shape.cut:
            return
        self._remember()
        if isinstance(cut, CutPlane):
            self._measure(cut)
            self._set_plane(cut, 0.0)
        else:
            self.shape.cut = cut

    def uncut(self) -> None:
        """All is shown again."""
        self.set_cut(None)

    def set_box(self, **fields: float) -> None:
        """Other fields of the box, as in ``resized``."""
        if isinstance(self.shape.cut, CutBox):
            self._remember("box")
            self.shape.cut = resized(self.shape.cut, **fields)

    def push_to(self, metres: float) -> None:
        """The plane, from where it was clicked to what is cut away."""
        if self._base is not None and metres != self.push:
            self._remember("push")
            self._set_plane(self._base, metres)

    def turn(self) -> None:
        """What was cut away is shown, and the other way round."""
        if self._base is not None:
            self._remember()
            self._set_plane(turned(self._base), -self.push)

    def _measure(self, plane: CutPlane) -> None:
        scene = self._ctx.scene
        self.reach = reach_of(scene.models, plane.place, scene.pose)

    def _set_plane(self, base: CutPlane, push: float) -> None:
        self._base, self.push = base, push
        self.shape.cut = pushed(base, push)

    # ---- flat areas ----

    def add_flat(self, area: FlatArea) -> None:
        """One more."""
        self._remember()
        self.shape.flat = [*self.shape.flat, area]

    def set_height(self, at: int, height: float) -> None:
        """Metres above the ellipsoid."""
        areas = list(self.shape.flat)
        if areas[at].height != height:
            self._remember(f"height {at}")
            areas[at] = replace(areas[at], height=height)
            self.shape.flat = areas

    def drop_flat(self, at: int) -> None:
        """As the model is."""
        self._remember()
        self.shape.flat = [area for n, area in enumerate(self.shape.flat) if n != at]

    def point_at(self, at: int | None) -> None:
        """Outline a flat area, so that it is found in the scene; None: none."""
        if at != self._pointed:
            self._pointed = at
            self._outline()

    # ---- the way back ----

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    def undo(self) -> None:
        """The last step."""
        if self._past:
            cut, flat, base, push = self._past.pop()
            self._kind = ""
            self.shape.flat = flat
            self._base, self.push = base, push
            self.shape.cut = cut
            self.tell("")

    def forget_steps(self) -> None:
        """What there was before is of no meaning here."""
        self._past.clear()
        self.changed.emit()

    def _remember(self, kind: str = "") -> None:
        if not kind or kind != self._kind:
            self._past.append((self.shape.cut, self.shape.flat, self._base, self.push))
            del self._past[:-MOST_STEPS]
        self._kind = kind

    # ---- how it is shown ----

    def tell(self, text: str) -> None:
        """In the panel, in the user's words."""
        self.told = text
        self.changed.emit()

    def _on_shape(self) -> None:
        """Whoever changed it."""
        cut = self.shape.cut
        if not isinstance(cut, CutPlane):
            self._base, self.push = None, 0.0
        elif self._base is None or cut != pushed(self._base, self.push):
            self._measure(cut)
            self._base, self.push = cut, 0.0
        self._show()

    def _show(self) -> None:
        self._outline()
        self._ctx.commands.set_enabled(UNCUT, self.shape.cut is not None)
        self.changed.emit()

    def _outline(self) -> None:
        """What cuts, and the area that is pointed at."""
        cut, flat, at = self.shape.cut, self.shape.flat, self._pointed
        self._marks.clear()
        if isinstance(cut, CutBox):
            lines = box_lines(cut)
        else:
            lines = {} if cut is None else plane_lines(cut, self.reach)
        for key, places in lines.items():
            self._marks.put(key, places, text=self._ctx.tr("removed") if key == "arrow" else "")
        if at is not None and 0 <= at < len(flat):
            rim = [replace(place, height=flat[at].height) for place in flat[at].places]
            self._marks.put("flat", [*rim, rim[0]])
