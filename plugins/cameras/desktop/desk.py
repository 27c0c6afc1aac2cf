"""What the cameras plugin knows and has selected; layer and panels follow its signals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from console.sdk import Change, Context, MissingService
from console.sdk.records import Camera, LonLat
from plugins.cameras.desktop.catalogue import Catalogue, Filter

RECORD = "camera"
CLOSE_ZOOM = 17.0
GATHER = 0.1
"""Seconds in which changes are gathered."""


class Desk(QObject):
    """Catalogue, filter and selection."""

    changed = Signal()
    """Cameras came, went or changed."""
    filtered = Signal()
    selected_changed = Signal()
    view_changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.filter = Filter()
        self.selected: str | None = None
        self.flying: dict[str, LonLat] = {}
        """Where drones are that are heard; their records say where they are at home."""
        self.areas: Any | None = _areas(ctx)
        """The service ``areas``, which knows names of areas; None without it."""
        self._cameras = ctx.live.collection(RECORD)
        self.catalogue = Catalogue(self._cameras.all())
        self._reload_waits = False
        self._cameras.on_change(self._on_records)
        ctx.map.on_view_changed(self.view_changed.emit)
        ctx.selection.on_change(self._on_selection)
        self._on_selection(ctx.selection.current)

    def shown(self, *, with_view: bool = True) -> npt.NDArray[np.bool_]:
        """Rows that the filter lets through; the map leaves the condition on the view out."""
        return self.catalogue.matches(self.filter if with_view else replace(self.filter, view=None))

    def set_filter(self, **conditions: Any) -> None:
        """Change some conditions of the filter."""
        self.filter = replace(self.filter, **conditions)
        self.filtered.emit()

    def clear_filter(self) -> None:
        """All cameras again; the condition on the view stays."""
        self.set_filter(area="", owner="", kind="", high=None, state="", live=False, text="")

    def area_name(self, code: str) -> str:
        """Name of an area, or its code when names are not known."""
        return self.areas.name(code) if self.areas else code

    def record(self, camera_id: str | None) -> Camera | None:
        """Record of a camera."""
        row = None if camera_id is None else self.catalogue.row_of.get(camera_id)
        return None if row is None else self.catalogue.cameras[row]

    def select(self, camera_id: str) -> None:
        """Select in all views."""
        self.ctx.selection.select(RECORD, camera_id)

    def chosen(self) -> Camera | None:
        """The selected camera; without one the user is asked to select it."""
        camera = self.record(self.selected)
        if camera is None:
            self.ctx.notify(self.ctx.tr("Select a camera first"), key="onemap.cameras.select_first")
        return camera

    def chosen_live(self) -> Camera | None:
        """The selected camera if it has a live picture; else the user is told."""
        camera = self.chosen()
        if camera is None or camera.live:
            return camera
        text = self.ctx.tr("{name} has no live picture here", name=camera.name)
        self.ctx.notify(text, key="onemap.cameras.no_picture")
        return None

    def jump(self, camera_id: str) -> None:
        """Select and bring into the middle."""
        self.select(camera_id)
        camera = self.record(camera_id)
        if camera is not None:
            self.ctx.map.center_on(*self._place(camera), max(self.ctx.map.zoom(), CLOSE_ZOOM))

    def reveal(self, camera_id: str) -> None:
        """Move the view only if the camera is outside of it."""
        camera = self.record(camera_id)
        if camera is None:
            return
        (lon, lat), (west, south, east, north) = self._place(camera), self.ctx.map.bounds()
        if not (west <= lon <= east and south <= lat <= north):
            self.ctx.map.center_on(lon, lat)

    def _place(self, camera: Camera) -> LonLat:
        return self.flying.get(camera.id, camera.where)

    def _on_records(self, _change: Change) -> None:
        """A city's cameras may come in several batches: they are taken in together."""
        if not self._reload_waits:
            self._reload_waits = True
            self.ctx.tasks.later(GATHER, self._reload)

    def _reload(self) -> None:
        self._reload_waits = False
        self.catalogue = Catalogue(self._cameras.all())
        self.changed.emit()

    def _on_selection(self, current: tuple[str, str] | None) -> None:
        selected = current[1] if current is not None and current[0] == RECORD else None
        if selected != self.selected:
            self.selected = selected
            self.selected_changed.emit()


def _areas(ctx: Context) -> Any | None:
    try:
        return ctx.services.get("areas")
    except MissingService:
        return None
