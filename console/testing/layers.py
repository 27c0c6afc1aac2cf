"""Layers that keep what plugins put into them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from console.plugin_host.listeners import Listeners
from console.sdk import PointStyle, Shape, Undo


class MemoryLayer:
    """What all layers have in common."""

    def __init__(self, layer_id: str, forget: Callable[[str], object]) -> None:
        self.layer_id = layer_id
        self.visible = True
        self._forget = forget
        self._clicked: Listeners[[Any]] = Listeners()

    def set_visible(self, visible: bool) -> None:
        self.visible = visible

    def remove(self) -> None:
        """Take the layer off the map; a second time it is harmless, as on the real one."""
        forget, self._forget = self._forget, lambda layer_id: None
        forget(self.layer_id)

    def on_click(self, handler: Callable[[Any], None]) -> Undo:
        return self._clicked.add(handler)

    def click(self, what: Any) -> None:
        """Click the row or key *what*, as the user would."""
        self._clicked.fire(what)


class MemoryPoints(MemoryLayer):
    """Implements ``PointLayer``: the columns are kept under their names."""

    def __init__(self, layer_id: str, style: PointStyle, forget: Callable[[str], object]) -> None:
        super().__init__(layer_id, forget)
        self.style = style
        self.lon = self.lat = np.empty(0)
        self.columns: dict[str, Any] = {}
        self.labels: Sequence[str] = ()
        self.selected: Sequence[int] = ()
        self.tooltip: Callable[[int], str] = lambda row: ""
        self._doubled: Listeners[[int]] = Listeners()

    def set_points(self, lon: Any, lat: Any, **columns: Any) -> None:
        """Keep the columns; they must be of one length."""
        given = {name: np.asarray(values) for name, values in columns.items() if values is not None}
        self.lon, self.lat, self.columns = np.asarray(lon, float), np.asarray(lat, float), given
        lengths = {name: len(values) for name, values in (given | {"lon": self.lon, "lat": self.lat}).items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of different length: {lengths}")

    def set_labels(self, labels: Sequence[str]) -> None:
        self.labels = labels

    def select(self, rows: Sequence[int]) -> None:
        self.selected = rows

    def on_double_click(self, handler: Callable[[int], None]) -> Undo:
        return self._doubled.add(handler)

    def double_click(self, row: int) -> None:
        """Double-click a row, as the user would."""
        self.click(row)
        self._doubled.fire(row)

    def on_hover(self, tooltip: Callable[[int], str]) -> Undo:
        self.tooltip = tooltip
        return lambda: None

    def row_at(self, lon: float, lat: float, pixels: float = 12.0) -> int | None:
        """The nearest point, however far: this map has no pixels."""
        distance = np.hypot(self.lon - lon, self.lat - lat)
        return int(distance.argmin()) if len(distance) else None


class MemoryShapes(MemoryLayer):
    """Implements ``ShapeLayer``."""

    def __init__(self, layer_id: str, forget: Callable[[str], object]) -> None:
        super().__init__(layer_id, forget)
        self.shapes: dict[str, tuple[Shape, ...]] = {}

    def put(self, key: str, *shapes: Shape) -> None:
        self.shapes[key] = shapes

    def drop(self, key: str) -> None:
        self.shapes.pop(key, None)

    def clear(self) -> None:
        self.shapes.clear()

    def key_at(self, lon: float, lat: float, pixels: float = 6.0) -> str | None:
        """The last one that has a vertex at the place: this map has no pixels."""
        found = [key for key, shapes in self.shapes.items() if any((lon, lat) in s.points for s in shapes)]
        return found[-1] if found else None


class MemorySectors(MemoryLayer):
    """Implements ``SectorLayer``: the columns are kept under their names."""

    def __init__(
        self, layer_id: str, colors: Sequence[str], min_zoom: float, forget: Callable[[str], object]
    ) -> None:
        super().__init__(layer_id, forget)
        self.colors, self.min_zoom = colors, min_zoom
        self.columns: dict[str, Any] = {}

    def set_sectors(
        self, lon: Any, lat: Any, heading: Any, across: Any, reach: Any, *, color: Any | None = None
    ) -> None:
        """Keep the columns; they must be of one length."""
        given = {"lon": lon, "lat": lat, "heading": heading, "across": across, "reach": reach}
        given |= {} if color is None else {"color": color}
        self.columns = {name: np.asarray(values) for name, values in given.items()}
        if len({len(values) for values in self.columns.values()}) > 1:
            raise ValueError("columns of different length")


class MemoryFeatures(MemoryLayer):
    """Implements ``DataLayer``: what was asked for is kept."""

    def __init__(self, layer_id: str, forget: Callable[[str], object], **asked: Any) -> None:
        super().__init__(layer_id, forget)
        self.asked = asked
        """``packages``, ``version``, ``title``, ``style``, ``bounds``, ``attribution``."""
        self.user_style: Sequence[dict[str, Any]] = ()

    def set_style(self, style: Sequence[dict[str, Any]]) -> None:
        self.asked["style"] = style

    def bounds(self) -> tuple[float, float, float, float] | None:
        return self.asked["bounds"]
