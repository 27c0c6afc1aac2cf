"""What plugins see of the map: implements ``console.sdk.map.MapFacet``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, cast

from console.map.aim import InUse
from console.map.dropping import FileDrops
from console.map.editing.snap_index import Source
from console.map.editing.sources import sources_of
from console.map.editing.tool import DrawTool, EditTool
from console.map.engine.data_refs import VectorTilesRef
from console.map.engine.messages import FeatureFound
from console.map.layers.data_layers import (
    DataHandle,
    FeatureHandle,
    feature_ref,
    raster_ref,
    styled,
    tiles_style,
)
from console.map.layers.data_legend import legend_of_ramp, legend_of_style
from console.map.layers.layer_tree import LayerTree, Slot
from console.map.live.points import PointsLayer
from console.map.live.sectors import SectorsLayer
from console.map.live.shapes import ShapesLayer
from console.map.outline import Outline, OutlineTool
from console.map.printing.desk import PrintDesk
from console.map.tools import PickTool, Tool
from console.map.viewport import Bounds, resting_zoom, to_world
from console.map.views.views import Views
from console.model.layers import LayerKind
from console.model.records import LonLat
from console.model.text import Text
from console.sdk.editing import Check, Sketch
from console.sdk.map import Identified, LegendItem, PointLayer, TileService, Undo
from console.sdk.symbols import PointStyle
from console.tasks.pending import Pending

if TYPE_CHECKING:
    from console.map.views.view import MapView

AREAS = frozenset({LayerKind.GRID, LayerKind.BOUNDARY})
"""Kinds of layers whose features are areas, with a ``code``."""


class Facet:
    """All methods are for the GUI thread."""

    def __init__(self, view: MapView) -> None:
        self._view = view
        self.context_point: LonLat | None = None
        self._drops = FileDrops(view)
        self.printing = PrintDesk(view)
        self._hand = InUse(lambda: view.in_use)
        self.views = Views(view, self._drops)

    def add_points(
        self,
        layer_id: str,
        style: PointStyle,
        *,
        title: Text | None = None,
        group: str = "live",
        listed: bool = True,
    ) -> PointsLayer:
        layer = PointsLayer(layer_id, style, self._view)
        legend = [LegendItem(title=s.title, sprite=s) for s in style.sprites if s.title is not None]
        name = title or Text(layer_id, layer_id)
        self._add(Slot(layer_id, name, group, layer, legend=legend, listed=listed))
        return layer

    def add_shapes(
        self, layer_id: str, *, title: Text | None = None, group: str = "live", listed: bool = True
    ) -> ShapesLayer:
        layer = ShapesLayer(layer_id, self._view)
        self._add(Slot(layer_id, title or Text(layer_id, layer_id), group, layer, listed=listed))
        return layer

    def add_sectors(
        self,
        layer_id: str,
        colors: Sequence[str],
        *,
        min_zoom: float = 0.0,
        title: Text | None = None,
        group: str = "live",
        listed: bool = True,
    ) -> SectorsLayer:
        layer = SectorsLayer(layer_id, self._view, colors, min_zoom)
        self._add(Slot(layer_id, title or Text(layer_id, layer_id), group, layer, listed=listed))
        return layer

    def add_features(
        self,
        layer_id: str,
        packages: Sequence[str],
        *,
        version: str,
        title: Text,
        style: Sequence[dict[str, Any]] = (),
        bounds: Bounds | None = None,
        attribution: str = "",
    ) -> FeatureHandle:
        ref = feature_ref(layer_id, packages, version, style)
        slot = Slot(layer_id, title, "data", data=ref, bounds=bounds, attribution=attribution)
        slot.legend = legend_of_style(ref.style)
        self._add(slot)
        return FeatureHandle(slot, self._view.tree)

    def add_raster(
        self,
        layer_id: str,
        path: str,
        *,
        version: str,
        title: Text,
        ramp: Sequence[tuple[float, str]] = (),
        bounds: Bounds | None = None,
        attribution: str = "",
        datum: str = "wgs84",
    ) -> DataHandle:
        ref = raster_ref(layer_id, path, version, ramp, datum)
        slot = Slot(layer_id, title, "data", data=ref, bounds=bounds, attribution=attribution)
        slot.legend = legend_of_ramp(ramp)
        self._add(slot)
        return DataHandle(slot, self._view.tree)

    def add_vector_tiles(
        self,
        layer_id: str,
        source: str | TileService,
        *,
        version: str = "",
        title: Text,
        style: Sequence[dict[str, Any]] = (),
        attribution: str = "",
        datum: str = "wgs84",
    ) -> FeatureHandle:
        """Raises ValueError for a style that cannot be drawn or an address with unknown parts."""
        text = tiles_style(style)
        if isinstance(source, str):
            about: Any = {"id": layer_id, "version": version, "path": source, "datum": datum}
            ref = VectorTilesRef(**about, size=512, style=text)
        else:
            ref = styled(self._view.engine.add_service(layer_id, source), text)
        slot = Slot(layer_id, title, "data", data=ref, bounds=ref.bounds, attribution=attribution)
        slot.legend = legend_of_style(text) if style else ()
        self._add(slot)
        return FeatureHandle(slot, self._view.tree)

    def add_tiles(
        self, layer_id: str, service: TileService, *, title: Text, attribution: str = ""
    ) -> DataHandle:
        """Raises ValueError for an address with unknown parts."""
        ref = self._view.engine.add_service(layer_id, service)
        slot = Slot(layer_id, title, "data", data=ref, bounds=service.bounds, attribution=attribution)
        self._add(slot)
        return DataHandle(slot, self._view.tree)

    def _add(self, slot: Slot) -> None:
        self._view.tree.add(slot)

    def center_on(self, lon: float, lat: float, zoom: float | None = None) -> None:
        x, y = to_world(lon, lat)
        goal = self._view.navigator.goal_zoom if zoom is None else zoom
        self._view.followed = None
        self._view.show_view(replace(self._view.viewport, zoom=resting_zoom(goal)).at(float(x), float(y)))

    def fit(self, bounds: Bounds, margin: float = 0.1) -> None:
        self._view.followed = None
        self._view.show_view(self._view.viewport.fitted(bounds, margin))

    def bounds(self) -> Bounds:
        return self._view.viewport.bounds

    def zoom(self) -> float:
        return self._view.viewport.zoom

    def zoom_by(self, levels: float) -> None:
        self._view.zoom_by(levels)

    def full_extent(self) -> None:
        self._view.full_extent()

    def pick_point(self, prompt: str) -> Awaitable[LonLat | None]:
        return cast(Awaitable[LonLat | None], self._use(PickTool(prompt, self._hand)))

    def outline(self, shape: Outline, prompt: str) -> Awaitable[list[LonLat] | None]:
        return cast(Awaitable[list[LonLat] | None], self._use(OutlineTool(prompt, shape, self._hand)))

    def draw(
        self,
        kind: Literal["line", "polygon"],
        prompt: str,
        on_change: Callable[[list[LonLat]], str] | None = None,
        start: Sequence[LonLat] = (),
    ) -> Awaitable[list[LonLat] | None]:
        def note(sketches: Sequence[Sketch]) -> str:
            points = list(sketches[0].points)
            return on_change(points) if on_change is not None and points else ""

        sketch = Sketch(kind=kind, points=tuple(start))
        said = note if on_change is not None else None
        tool = DrawTool(prompt, [sketch], self._hand, self._snap_sources, drawing=0, note=said)
        return cast(Awaitable[list[LonLat] | None], self._use(tool))

    def edit(
        self, sketches: Sequence[Sketch], prompt: str, check: Check | None = None
    ) -> Awaitable[list[Sketch] | None]:
        """Raises ValueError when more than one sketch is yet to be drawn."""
        empty = [index for index, sketch in enumerate(sketches) if not sketch.points]
        if not sketches or len(empty) > 1:
            raise ValueError("there must be sketches, and at most one without points")
        drawing = empty[0] if empty else None
        tool = EditTool(prompt, sketches, self._hand, self._snap_sources, drawing=drawing, check=check)
        return cast(Awaitable[list[Sketch] | None], self._use(tool))

    def _snap_sources(self) -> list[Source]:
        return sources_of(self._view.in_use.tree, self._hand.viewport.zoom)

    def _use(self, tool: Tool) -> Pending[Any]:
        """The tool goes when it has its answer, or when the await is cancelled."""
        if self._view.underMouse():
            where = self._view.mapFromGlobal(self._view.cursor().pos())
            tool.move(self._view.viewport.place_at(where.x(), where.y()))
        self._view.set_tool(tool)

        def on_done(_: Future[object]) -> None:
            if self._view.tool is tool:
                self._view.set_tool(None)

        tool.future.add_done_callback(on_done)
        return Pending(tool.future)

    @property
    def layers(self) -> LayerTree:
        return self._view.tree

    def on_click(self, handler: Callable[[float, float], None]) -> Undo:
        return self._view.place_clicked.add(handler)

    def on_drop(self, handler: Callable[[Sequence[str]], None]) -> Undo:
        return self._drops.dropped.add(handler)

    def on_pointer(self, handler: Callable[[float, float], None]) -> Undo:
        return self._view.place_hovered.add(handler)

    def on_pointer_left(self, handler: Callable[[], None]) -> Undo:
        return self._view.place_left.add(handler)

    def on_view_changed(self, handler: Callable[[], None]) -> Undo:
        return self._view.changed.add(handler)

    def on_context_menu(self, handler: Callable[[float, float], None]) -> Undo:
        return self._view.menu_wanted.add(handler)

    def last_context_point(self) -> LonLat | None:
        return self.context_point

    def follow(self, layer: PointLayer, key: int | None) -> None:
        inner = self._view.tree.find(layer.layer_id)
        found = inner.layer if inner is not None else None
        self._view.followed = (found, key) if isinstance(found, PointsLayer) and key is not None else None
        self._view.follow_now()

    def identify(self, lon: float, lat: float) -> Awaitable[list[Identified]]:
        """Within 6 pixels, and at least 2 m, of a place; as seen in the view that the user works in."""
        metres = max(6.0 * self._view.in_use.viewport.metres_per_pixel, 2.0)
        return self._identify(lon, lat, metres)

    async def _identify(self, lon: float, lat: float, metres: float) -> list[Identified]:
        found = await Pending(self._view.in_use.base_at(lon, lat).identify(lon, lat, metres))
        return [self._identified(feature) for feature in found.features]

    def area_at(self, lon: float, lat: float) -> Awaitable[str | None]:
        """Asked of the layers kept on this machine, so it works while cut off."""
        return self._area_at(lon, lat)

    async def _area_at(self, lon: float, lat: float) -> str | None:
        areas = {slot.id for slot in self._view.tree.ordered() if slot.kind in AREAS}
        if not areas:
            return None
        found = await Pending(self._view.base.identify(lon, lat, 0.0))
        codes = [feature.attributes.get("code", "") for feature in found.features if feature.layer in areas]
        return max(codes, key=lambda code: (len(code), code), default="")

    def _identified(self, feature: FeatureFound) -> Identified:
        slot = self._view.tree.find(feature.layer)
        return Identified(
            layer=feature.layer,
            layer_title=slot.title if slot else Text(feature.layer, feature.layer),
            title=feature.title,
            attributes=feature.attributes,
            where=(feature.lon, feature.lat),
        )
