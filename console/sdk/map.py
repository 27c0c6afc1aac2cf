"""What a plugin may do with the map. Coordinates are WGS84 degrees, longitude first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

import numpy.typing as npt

from console.model.records import LonLat
from console.model.text import Text
from console.sdk.editing import Check, Sketch
from console.sdk.layers import MapLayers
from console.sdk.printing import Printing
from console.sdk.symbols import PointStyle, Shape, ShapeStyle, Sprite
from console.sdk.views import MapViews

Undo = Callable[[], None]
"""Takes back what the call that returned it did; calling it twice is harmless."""

Array = npt.NDArray[Any]


class Handle(Protocol):
    """What all layers of a plugin have in common."""

    layer_id: str

    def set_visible(self, visible: bool) -> None: ...
    def remove(self) -> None: ...


class PointLayer(Handle, Protocol):
    """Up to some 100,000 points, given as columns of one length n."""

    def set_points(
        self,
        lon: Array,
        lat: Array,
        *,
        sprite: Array | None = None,
        heading: Array | None = None,
        opacity: Array | None = None,
        accuracy: Array | None = None,
        keys: Array | None = None,
    ) -> None:
        """Replace all points. Later ones are drawn on top (in layers of up to 5,000).

        lon, lat: float64 degrees; sprite: index into the style's sprites;
        heading: degrees clockwise from north; opacity: 0..1; accuracy: metres,
        drawn as a ring around the selected point; keys: uint32 that name a
        point from call to call (needed for interpolation).
        """
        ...

    def set_labels(self, labels: Sequence[str]) -> None:
        """One label a point, in the order of the columns."""
        ...

    def select(self, rows: Sequence[int]) -> None:
        """Highlight these rows."""
        ...

    def on_click(self, handler: Callable[[int], None]) -> Undo:
        """*handler* gets the row clicked (not in clusters, which zoom in)."""
        ...

    def on_double_click(self, handler: Callable[[int], None]) -> Undo:
        """*handler* gets the row double-clicked, after its click; without one the map comes nearer."""
        ...

    def on_hover(self, tooltip: Callable[[int], str]) -> Undo:
        """*tooltip* gives the text to show beside the row under the pointer."""
        ...

    def row_at(self, lon: float, lat: float, pixels: float = 12.0) -> int | None:
        """The nearest visible row within *pixels* of a place."""
        ...


class ShapeLayer(Handle, Protocol):
    """Lines, polygons and texts by key: routes, closures, trails, measured lines."""

    def put(self, key: str, *shapes: Shape) -> None:
        """Set the shapes of *key*, replacing what it had."""
        ...

    def drop(self, key: str) -> None: ...
    def clear(self) -> None: ...

    def on_click(self, handler: Callable[[str], None]) -> Undo:
        """*handler* gets the key clicked."""
        ...

    def key_at(self, lon: float, lat: float, pixels: float = 6.0) -> str | None:
        """Key of the topmost shape at a place, e.g. that of a context menu."""
        ...


class SectorLayer(Handle, Protocol):
    """Some 10,000 sectors of circles as columns of one length: fields of view, of sirens, of aerials."""

    def set_sectors(
        self,
        lon: Array,
        lat: Array,
        heading: Array,
        across: Array,
        reach: Array,
        *,
        color: Array | None = None,
    ) -> None:
        """Replace all sectors; those with NaN are not drawn. Raises ValueError for columns that do not fit.

        lon, lat: degrees; heading: of the sector's middle, degrees clockwise from north; across: degrees
        (360: a circle); reach: metres; color: index into the layer's colours.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TileService:
    """A service of picture tiles: XYZ, WMTS, or WMS asked tile by tile."""

    url: str
    """With ``{z}``, ``{x}``, ``{y}`` (from the north), ``{-y}`` (from the south), ``{matrix}``, ``{s}``, and
    ``{west}``, ``{south}``, ``{east}``, ``{north}`` in metres of EPSG:3857 or degrees."""
    size: int = 256
    """Logical pixels along a tile's side."""
    min_zoom: int = 0
    max_zoom: int = 18
    grid: Literal["mercator", "geographic"] = "mercator"
    """EPSG:3857, or degrees (level 0 is two tiles side by side)."""
    datum: str = "wgs84"
    """``gcj02`` for shifted maps: their tiles are put where they belong."""
    bounds: tuple[float, float, float, float] | None = None
    """West, south, east, north; nothing is asked for beyond."""
    matrices: Sequence[str] = ()
    """Names of the levels, of WMTS."""
    hosts: Sequence[str] = ()
    """What ``{s}`` may be; a, b, c otherwise."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Sent with each request, never written to disk: sign-ins belong here."""


class DataLayer(Handle, Protocol):
    """Features of files or services, drawn above the base map and below what is live."""

    def set_style(self, style: Sequence[dict[str, Any]]) -> None:
        """Draw by these layers of a MapLibre style from now on; raises ValueError for what is none."""
        ...

    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north, when known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """A feature of the base map under the pointer."""

    layer: str
    layer_title: Text
    title: str
    attributes: dict[str, str]
    where: LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendItem:
    """One line of a layer's legend; *sprite* or *style* says how it is drawn."""

    title: Text
    sprite: Sprite | None = None
    style: ShapeStyle | None = None


@runtime_checkable
class MapFacet(Protocol):
    """``ctx.map``; permission ``map``. All methods are for the GUI thread."""

    def add_points(
        self,
        layer_id: str,
        style: PointStyle,
        *,
        title: Text | None = None,
        group: str = "live",
        listed: bool = True,
    ) -> PointLayer:
        """A layer of points. *layer_id* as in the manifest, which gives the title; *listed* as for shapes."""
        ...

    def add_shapes(
        self, layer_id: str, *, title: Text | None = None, group: str = "live", listed: bool = True
    ) -> ShapeLayer:
        """A layer of shapes; not *listed*: it does not stand in the layer tree."""
        ...

    def add_sectors(
        self,
        layer_id: str,
        colors: Sequence[str],
        *,
        min_zoom: float = 0.0,
        title: Text | None = None,
        group: str = "live",
        listed: bool = True,
    ) -> SectorLayer:
        """A layer of sectors, lightly filled, in *colors* (as of a Sprite); not drawn below *min_zoom*.
        Where several of one colour overlap they are one area. *layer_id* and the others as for shapes."""
        ...

    def add_features(
        self,
        layer_id: str,
        packages: Sequence[str],
        *,
        version: str,
        title: Text,
        style: Sequence[dict[str, Any]] = (),
        bounds: tuple[float, float, float, float] | None = None,
        attribution: str = "",
    ) -> DataLayer:
        """Features of layer packages (paths), in the tree's group ``data``.

        *version*: another for other content. *style*: layers of a MapLibre style (fill, line,
        circle, symbol; colours, widths, filters, texts by expression); without one, features of
        any shape are drawn in one colour.
        Raises ValueError for a style that is none, or a layer that is on the map already.
        """
        ...

    def add_raster(
        self,
        layer_id: str,
        path: str,
        *,
        version: str,
        title: Text,
        ramp: Sequence[tuple[float, str]] = (),
        bounds: tuple[float, float, float, float] | None = None,
        attribution: str = "",
        datum: str = "wgs84",
    ) -> Handle:
        """Pixels of a file: GeoTIFF, COG, MBTiles or PMTiles of pictures.

        *ramp*: (value, colour), rising, for a single band; grey from the 2nd to the 98th percentile without.
        *datum*: of the tiles of an archive, which says nothing of it, as of ``TileService``.
        """
        ...

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
    ) -> DataLayer:
        """Vector tiles of a PMTiles or MBTiles file (path), or of a service, by a MapLibre style's layers.

        *version*: another for other content of a file, *datum*: of its tiles; a service has its own. Without
        a style, roads, water, buildings and names of the usual schemas are drawn. Raises ValueError as
        ``add_features`` does.
        """
        ...

    def add_tiles(self, layer_id: str, service: TileService, *, title: Text, attribution: str = "") -> Handle:
        """Tiles of a service, fetched when they are seen and kept on disk.

        What is wrong with the service stands as the layer's state in the tree. Raises ValueError
        for an address with unknown parts.
        """
        ...

    def center_on(self, lon: float, lat: float, zoom: float | None = None) -> None: ...

    def fit(self, bounds: tuple[float, float, float, float], margin: float = 0.1) -> None:
        """Show west, south, east, north with a margin (share of the view)."""
        ...

    def bounds(self) -> tuple[float, float, float, float]: ...
    def zoom(self) -> float: ...

    def pick_point(self, prompt: str) -> Awaitable[LonLat | None]:
        """Let the user click a place; None when they press Escape."""
        ...

    def outline(self, shape: Literal["box", "lasso"], prompt: str) -> Awaitable[list[LonLat] | None]:
        """Let the user drag a box, or draw around something with the button held; a ring that is not
        closed, at least three places. None when they press Escape."""
        ...

    def draw(
        self,
        kind: Literal["line", "polygon"],
        prompt: str,
        on_change: Callable[[list[LonLat]], str] | None = None,
        start: Sequence[LonLat] = (),
    ) -> Awaitable[list[LonLat] | None]:
        """Let the user draw (double-click or Enter ends, Backspace takes a point back, Escape gives None).

        *start* holds points that are already drawn, as when measuring from a place.

        *on_change* gets the points so far, the pointer included, and returns a
        text to show beside the pointer, such as a length.
        """
        ...

    def edit(
        self, sketches: Sequence[Sketch], prompt: str, check: Check | None = None
    ) -> Awaitable[list[Sketch] | None]:
        """Let the user draw the sketch that has no points yet, or change sketches that are there.

        Gives them in their order; None when the user gives up. Vertices of several sketches at one
        place move together. Polygons that cross themselves are not accepted, nor what *check* (called
        after each stroke, so it must be quick) has something against. Raises ValueError without
        sketches, or for more than one without points.
        """
        ...

    @property
    def layers(self) -> MapLayers: ...

    def on_click(self, handler: Callable[[float, float], None]) -> Undo:
        """*handler* gets the place of a click that hit no live symbol."""
        ...

    def on_drop(self, handler: Callable[[Sequence[str]], None]) -> Undo:
        """*handler* gets the paths of files that the user drops onto the map."""
        ...

    def on_pointer(self, handler: Callable[[float, float], None]) -> Undo:
        """*handler* gets the place under the pointer, at most 30 times a second."""
        ...

    def on_pointer_left(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when the pointer leaves the map: take away what was shown of it."""
        ...

    def follow(self, layer: PointLayer, key: int | None) -> None:
        """Keep the point with this key in the middle; None, or the user's pan, ends it."""
        ...

    @property
    def printing(self) -> Printing:
        """The map on paper: PDF and SVG in vectors, PNG, by scale and paper."""
        ...

    def zoom_by(self, levels: float) -> None: ...
    def full_extent(self) -> None: ...

    def on_view_changed(self, handler: Callable[[], None]) -> Undo: ...

    def on_context_menu(self, handler: Callable[[float, float], None]) -> Undo:
        """*handler* gets the place of the right-click before the menu opens."""
        ...

    def identify(self, lon: float, lat: float) -> Awaitable[list[Identified]]: ...

    def area_at(self, lon: float, lat: float) -> Awaitable[str | None]:
        """Code of the smallest area of the map that holds a place, also while cut off.

        Empty outside of all areas; None when the map has no areas.
        """
        ...

    def last_context_point(self) -> LonLat | None:
        """Where the map's context menu was opened last."""
        ...

    @property
    def views(self) -> MapViews:
        """Further views of the same layers; everything above is about the first one."""
        ...
