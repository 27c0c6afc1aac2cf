"""Our dark map style in words that the others of ``map_peers`` understand: one list of strokes and fills.

Left out is what only ours draws: shadows, one-way arrows, bridges and tunnels apart, railway ties.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from console.map.render.style import LineRule, Stops, Style, at_zoom, load_style
from tests.benchmarks.city import SHARED

ZOOMS = [z / 2 for z in range(16, 41)]
"""At which widths are asked for; between them the others draw a straight line."""
POINTS = {0: "#3ecf8e", 1: "#4da3ff", 2: "#ff5c5c"}
"""Colour of each kind of point."""
POINT_RADIUS, CROWDED = 7.0, 4.3
"""Pixels; the smaller one where all points are in view, as ours draws a crowd smaller."""
NEAR = 16.0
"""Zoom from which points are no crowd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """One rule: a fill, or lines of a width in pixels by zoom of the 256-pixel pyramid."""

    layer: str
    color: str
    classes: list[str]
    width: Stops | None = None
    """None for a fill."""
    dash: list[float]
    first: float = 0.0
    last: float = 30.0


def strokes(style: Style) -> Iterator[Stroke]:
    """From the ground up."""
    for area in style.area:
        look = {"layer": area.kind, "classes": area.classes, "first": area.min_zoom, "last": area.max_zoom}
        if area.fill:
            yield Stroke(color=area.fill, dash=[], **look)
        if area.outline and area.outline_width:
            yield Stroke(color=area.outline, width=area.outline_width, dash=[], **look)
    yield from (_line(rule) for rule in style.line)
    for building in style.building:
        look = {"layer": "building", "classes": [], "dash": [], "last": building.max_zoom}
        yield Stroke(color=building.fill_low, first=building.min_zoom, **look)
        yield Stroke(color=building.outline, width=[(14.5, 0.5), (17, 1.0)], first=14.5, **look)
    for road in style.road:
        if road.casing and road.casing_width:
            width = [(z, at_zoom(road.width, z) + 2 * at_zoom(road.casing_width, z)) for z in ZOOMS]
            first = max(road.min_zoom, road.casing_width[0][0] - 1)
            yield Stroke(
                layer="road", classes=road.classes, color=road.casing, width=width, dash=[], first=first
            )
    for road in style.road:
        yield Stroke(
            layer="road", classes=road.classes, color=road.fill, width=road.width, dash=road.dash,
            first=road.min_zoom,
        )  # fmt: skip
    yield from (_line(rule) for rule in style.over if rule.level in (-1, 15))


def _line(rule: LineRule) -> Stroke:
    return Stroke(
        layer=rule.kind, classes=rule.classes, color=rule.color, width=rule.width, dash=rule.dash,
        first=rule.min_zoom, last=rule.max_zoom,
    )  # fmt: skip


def rules_at(zoom: float) -> dict[str, Any]:
    """What is drawn at a zoom, as plain values: land, strokes, labels of roads, points."""
    style = load_style("dark")
    shown = [s for s in strokes(style) if s.layer in SHARED and s.first <= zoom < s.last]
    plain = [asdict(s) | {"width": None if s.width is None else at_zoom(s.width, zoom)} for s in shown]
    labels = [
        {"classes": r.classes, "size": at_zoom(r.size, zoom), "color": r.color, "halo": r.halo[:7]}
        for r in style.label
        if r.kind == "road" and r.applies(zoom)
    ]
    return {
        "land": style.land, "strokes": plain, "labels": labels, "points": POINTS,
        "radius": POINT_RADIUS if zoom >= NEAR else CROWDED,
    }  # fmt: skip


def maplibre_style(address: str, levels: tuple[int, int]) -> dict[str, Any]:
    """A style document of version 8 for the tiles and points under an address."""
    style = load_style("dark")
    layers: list[dict[str, Any]] = [
        {"id": "land", "type": "background", "paint": {"background-color": style.land}}
    ]
    shown = [stroke for stroke in strokes(style) if stroke.layer in SHARED]
    layers += [_layer(f"s{number}", stroke) for number, stroke in enumerate(shown)]
    for number, rule in enumerate(r for r in style.label if r.kind == "road"):
        layers.append(
            {
                "id": f"l{number}", "type": "symbol", "source": "city", "source-layer": "road",
                "minzoom": max(rule.min_zoom - 1, 0), "filter": _of(rule.classes),
                "layout": {
                    "symbol-placement": "line", "symbol-spacing": rule.spacing, "text-field": ["get", "name"],
                    "text-font": ["Noto Sans CJK SC"], "text-size": _stops(rule.size),
                },
                "paint": {"text-color": rule.color, "text-halo-color": rule.halo[:7], "text-halo-width": 1.2},
            }
        )  # fmt: skip
    layers += [_circles("cameras"), _circles("staff")]
    tiles = {"type": "vector", "tiles": [f"{address}/tiles/{{z}}/{{x}}/{{y}}.pbf"]}
    return {
        "version": 8,
        "sources": {
            "city": tiles | {"minzoom": levels[0], "maxzoom": levels[1]},
            "cameras": {"type": "geojson", "data": f"{address}/cameras.json"},
            "staff": {"type": "geojson", "data": f"{address}/staff.json"},
        },
        "layers": layers,
    }


def _layer(name: str, stroke: Stroke) -> dict[str, Any]:
    layer: dict[str, Any] = {"id": name, "source": "city", "source-layer": stroke.layer}
    layer |= {"minzoom": max(stroke.first - 1, 0), "maxzoom": min(stroke.last - 1, 24)}
    if stroke.classes:
        layer["filter"] = _of(stroke.classes)
    if stroke.width is None:
        return layer | {"type": "fill", "paint": {"fill-color": stroke.color, "fill-antialias": True}}
    paint: dict[str, Any] = {"line-color": stroke.color, "line-width": _stops(stroke.width)}
    if stroke.dash:
        return layer | {"type": "line", "paint": paint | {"line-dasharray": stroke.dash}}
    return layer | {"type": "line", "paint": paint, "layout": {"line-join": "round", "line-cap": "round"}}


def _of(classes: list[str]) -> list[Any]:
    return ["in", ["get", "class"], ["literal", classes]]


def _stops(stops: Stops) -> list[Any]:
    """By zoom of the 512-pixel pyramid."""
    pairs = [value for zoom in ZOOMS for value in (zoom - 1, round(at_zoom(stops, zoom), 2))]
    return ["interpolate", ["linear"], ["zoom"], *pairs]


def _circles(name: str) -> dict[str, Any]:
    """The form of points that costs MapLibre least: no symbol to place."""
    color = ["match", ["get", "kind"], 0, POINTS[0], 1, POINTS[1], POINTS[2]]
    radius = ["step", ["zoom"], CROWDED, NEAR - 1, POINT_RADIUS]
    paint = {"circle-radius": radius, "circle-color": color}
    return {"id": name, "type": "circle", "source": name, "paint": paint}
