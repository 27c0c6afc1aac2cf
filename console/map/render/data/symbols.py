"""Symbol layers of a style in the words of the label engine: features that look alike share a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor

from console.map.colors import color_of, color_text
from console.map.render.candidates import Names, Spots, View
from console.map.render.data import values as v
from console.map.render.data.layers import StyleLayer, pair_of
from console.map.render.data.painter import NOTHING, Bools, Features, alike
from console.map.render.labels import Ink, Source, source_of
from console.map.render.style import IconRule, LabelRule, Stops
from console.map.viewport import Bounds
from console.sdk.drawings import renderer
from console.sdk.styling import AT_END, NATURAL, PLACEMENT

SAMPLED = range(2, 24)
"""Zooms at which sizes are asked for; between them they grow as scales do."""
HALO = 1.5
"""Width of a halo that has a colour and nothing else."""
_LOOK: dict[str, Any] = {
    "text-color": None,
    "text-halo-color": None,
    "text-halo-width": HALO,
    "text-font": "",
    "text-anchor": "center",
    "text-offset": "",
    "icon-image": "",
    "icon-color": "#000000",
    "icon-opacity": 1.0,
    "icon-rotate": 0.0,
    "icon-anchor": "center",
    "icon-offset": "",
}
"""What may differ from feature to feature, with its defaults."""
_BOLD = ("bold", "semibold", "demibold", "heavy", "black", "medium")
_SIZES = {"text-size": (16.0, 0.5), "icon-size": (1.0, 0.05)}
"""Default, and steps: what differs by less is drawn at once."""
LARGEST = 200.0
"""Logical pixels of letters, and times the natural size of drawings, before they are limited, too."""
TURN = 5.0
"""Steps of ``icon-rotate``, degrees."""


@dataclass(frozen=True, slots=True)
class SymbolLabels:
    """Texts and symbols of features by a symbol layer; implements ``labels.DataLabels``."""

    part: Features
    layer: StyleLayer

    @property
    def rule(self) -> LabelRule:
        return shown_rule(self.layer)

    def source(self, rank: int, ink: Ink) -> Source:
        """One source for each kind of look; none where a value of the style cannot be reckoned, which must
        not keep the names of other layers off the map."""
        try:
            return Together(self._sources(rank, ink))
        except v.FAULTS:
            return Together(())

    def _sources(self, rank: int, ink: Ink) -> list[Source]:
        table, zoom = self.part.table, start_of(self.layer)
        looks = {name: self.layer.get(name, default)(table, zoom) for name, default in _LOOK.items()}
        looks["icon-rotate"] = _stepped(looks["icon-rotate"], TURN)
        texts, icons = (self._sizes(name) for name in _SIZES)
        rows, key = self.part.rows(self.layer, zoom), self._key(zoom)
        strings, codes, said = self._texts(zoom)
        cut = len(looks), len(looks) + len(texts)
        found: list[Source] = []
        for mine, values in alike(rows, [*looks.values(), *texts, *icons]):
            look = dict(zip(looks, values, strict=False))
            rule = _rule(self.layer, look, _stops(values[cut[0] : cut[1]]), _stops(values[cut[1] :]), ink)
            shown = mine if rule.icon is not None else mine & said
            names = Names(np.where(shown, codes, 0).astype(np.int32), strings, key)
            found.append(source_of(self.part.geometry, names, rule, rank))
        return found

    def _texts(self, zoom: float) -> tuple[list[str], npt.NDArray[np.intp], Bools]:
        """All texts, behind an empty one, (n,) which one is whose, and whether that says anything."""
        text = v.texts(self.layer.get("text-field", "")(self.part.table, zoom))
        column = text if isinstance(text, np.ndarray) else np.full(len(self.part.table), text, object)
        strings, codes = np.unique(column.astype(str), return_inverse=True)
        return ["", *strings.tolist()], codes + 1, column.astype(str) != ""

    def _key(self, zoom: float) -> npt.NDArray[np.float64] | None:
        """Weights by ``symbol-sort-key``: low keys are placed first."""
        if "symbol-sort-key" not in self.layer.properties:
            return None
        key = v.numbers(self.layer.get("symbol-sort-key", 0.0)(self.part.table, zoom))
        return -np.nan_to_num(np.broadcast_to(np.asarray(key, np.float64), len(self.part.table)))

    def _sizes(self, name: str) -> list[v.Value]:
        """One for all zooms, or one each of SAMPLED."""
        default, step = _SIZES[name]
        get = self.layer.get(name, default)
        found = [_stepped(get(self.part.table, zoom - 1), step) for zoom in SAMPLED]
        same = all(np.array_equal(found[0], other) for other in found[1:])
        return found[:1] if same else found


@dataclass(frozen=True, slots=True)
class Together:
    """Several sources as one."""

    sources: Sequence[Source]

    def within(self, area: Bounds, view: View) -> list[Spots]:
        return [spots for source in self.sources for spots in source.within(area, view)]


def start_of(layer: StyleLayer) -> float:
    """The zoom at which the layer is asked how it looks."""
    return max(layer.min_zoom, 1.0)


def shown_rule(layer: StyleLayer) -> LabelRule:
    """At which zooms the layer is shown, and what goes for all of its features."""
    start = start_of(layer)

    def one(name: str, default: Any) -> Any:
        try:
            return layer.get(name, default)(NOTHING, start)
        except v.FAULTS:
            return default

    return LabelRule(
        kind="data",
        min_zoom=layer.min_zoom + 1 if layer.min_zoom else 0.0,
        max_zoom=layer.max_zoom + 1,
        color="",
        halo="",
        size=[],
        column="name" if layer.source_layer else "",  # what tiles cut in pieces is named once
        along=one("symbol-placement", "point") in ("line", "line-center"),
        spacing=max(_or(v.numbers(one("symbol-spacing", 250.0)), 250.0), 16.0),
        gap=2 * max(_or(v.numbers(one("text-padding", 2.0)), 2.0), 0.0),
        overlap=one("text-allow-overlap", False) is True,
        optional=one("text-optional", False) is True,
        upright=one("text-rotation-alignment", "auto") == "viewport",
    )


def _rule(layer: StyleLayer, look: Mapping[str, Any], texts: Stops, icons: Stops, ink: Ink) -> LabelRule:
    """What features of one look are drawn by."""
    shown = shown_rule(layer)
    open_color = look["text-color"] is None
    halo = look["text-halo-color"] or (ink[1] if open_color else "rgba(0,0,0,0)")
    return LabelRule(
        **{name: getattr(shown, name) for name in LabelRule.__struct_fields__ if name not in _OWN},
        color=_color(ink[0] if open_color else look["text-color"]),
        halo=_color(halo),
        halo_width=min(max(_or(v.numbers(look["text-halo-width"]), HALO), 0.0), 10.0),
        size=texts,
        bold=any(word in str(look["text-font"]).lower() for word in _BOLD),
        anchor=str(look["text-anchor"]),
        offset=pair_of(look["text-offset"]),
        icon=_icon(layer, look, icons),
    )


_OWN = frozenset({"color", "halo", "halo_width", "size", "bold", "anchor", "offset", "icon"})


def _icon(layer: StyleLayer, look: Mapping[str, Any], sizes: Stops) -> IconRule | None:
    """None without one, or for a drawing that there is not."""
    name = str(look["icon-image"] or "")
    if not name or renderer(name) is None:
        return None
    right, down = pair_of(look["icon-offset"])
    return IconRule(
        name=name,
        color=_color(look["icon-color"], _or(v.numbers(look["icon-opacity"]), 1.0)),
        size=[(zoom, min(max(size * NATURAL, 1.0), 256.0)) for zoom, size in sizes],
        turn=_or(v.numbers(look["icon-rotate"]), 0.0),
        anchor=str(look["icon-anchor"]),
        offset=(right / NATURAL, down / NATURAL),
        overlap=layer.get("icon-allow-overlap", False)(NOTHING, 1.0) is True,
        upright=layer.get("icon-rotation-alignment", "auto")(NOTHING, 1.0) == "viewport",
        at_end=layer.metadata.get(PLACEMENT) == AT_END,
    )


def _stops(sizes: Sequence[Any]) -> Stops:
    zooms = SAMPLED if len(sizes) > 1 else range(1)
    sound = [min(max(_or(v.numbers(size), 1.0), 0.0), LARGEST) for size in sizes]
    return [(float(zoom), size) for zoom, size in zip(zooms, sound, strict=True)]


def _stepped(value: v.Value, step: float) -> v.Value:
    """Numbers in steps where features differ; one for all as it is."""
    number = v.numbers(value)
    return np.round(number / step) * step if isinstance(number, np.ndarray) else number


def _color(text: Any, opacity: float = 1.0) -> str:
    color = color_of(text)
    color = color if color.isValid() else QColor("#000000")
    color.setAlphaF(color.alphaF() * min(max(opacity, 0.0), 1.0))
    return color_text(color)


def _or(value: float, default: float) -> float:
    return value if value == value else default
