"""What the drawing process does about features: asked for, coloured, highlighted, counted."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from console.scene.feature_columns import MOST_COMMON, Columns
from console.scene.feature_tiles import NO_RULE, Chosen, Hit, Rule, TileFeatures, ruled
from console.scene.frame import Frame
from console.scene.process.messages import (
    GROUND,
    Ask,
    AskWithin,
    ChooseFeature,
    ColorFeatures,
    FeatureAnswer,
    FeatureField,
    FeatureState,
    Reply,
)
from console.scene.process.surroundings import CITY
from console.scene.render.tint import TileTint
from console.scene.stream.layer import StreamedLayer
from console.scene.stream.streamer import Streamer
from console.sdk.feature_filter import FilterError

NEAR = 0.01, 0.3
"""Of its distance, and metres: how far what was clicked may be from a feature that is met there."""
TELL = 2.0
"""Seconds between two counts while tiles come."""
MOST_FIELDS = 200
FINE = 1e-7
"""Degrees, about a centimetre: corners nearer than this to a line are left out."""
MOST_CORNERS = 100_000
"""Vertices of a feature that are told by their outline."""


@dataclass(eq=False)
class _Tile:
    """A tile with features, and what is laid over it."""

    features: TileFeatures
    tint: TileTint
    looks: tuple[Any, ...] | None = None
    """By which it was coloured last."""
    rules: list[tuple[Columns, Any, list[FilterError | None]]] = field(default_factory=list)
    """Of each table: see ``ruled``."""
    ruled_by: Sequence[Rule] | None = None


class FeatureDesk:
    """Its owner's thread is the one that draws."""

    def __init__(self, streamer: Streamer, frame: Frame, send: Callable[[Reply], None]) -> None:
        self._streamer, self._frame, self._send = streamer, frame, send
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self._chosen: tuple[str, Chosen] | None = None
        self._tiles: dict[str, dict[int, _Tile]] = {}
        """Of each layer, by what was built."""
        self._told: dict[str, tuple[Any, ...]] = {}
        self._last = 0.0

    def serve(self, request: Ask | AskWithin | ChooseFeature | ColorFeatures) -> None:
        match request:
            case Ask():
                self._send(self._answer(request))
            case AskWithin():
                self._send(self._standing(request))
                return  # nothing is another: asked at each count, it must not bring about the next
            case ChooseFeature():
                color = _rgb(request.color)
                chosen = None if color is None or not request.key else Chosen(request.key, color)
                self._chosen = None if chosen is None else (request.layer, chosen)
            case ColorFeatures():
                rules = [Rule(each.line, _rgb(each.color), each.hidden) for each in request.rules]
                self._rules[request.layer] = tuple(rules)
        self._told.clear()

    def forget(self, layer: str) -> None:
        """It has gone; its rules stay for one that comes by this name."""
        self._tiles.pop(layer, None)
        self._told.pop(layer, None)

    @property
    def _layers(self) -> list[tuple[str, StreamedLayer]]:
        """The models."""
        return [(n, layer) for n, layer in self._streamer.layers.items() if n not in (GROUND, CITY)]

    def follow(self) -> None:
        """Before a picture: what is shown by now looks as it was asked for."""
        for name, layer in self._layers:
            rules = self._rules.get(name, ())
            chosen = self._chosen[1] if self._chosen is not None and self._chosen[0] == name else None
            for tile in self._known(name, layer):
                if tile.looks != (rules, chosen) and (rules or chosen or tile.looks):
                    tile.looks = rules, chosen
                    tile.tint.lay(tile.features.tints(_rules_of(tile, rules), rules, chosen))
                elif rules or chosen:
                    tile.tint.dress()

    def tell(self, *, busy: bool) -> None:
        """How many features there are by now; rarely while more come."""
        now = time.monotonic()
        if busy and now - self._last < TELL:
            return
        self._last = now
        for name, layer in self._layers:
            tiles = self._known(name, layer)
            state = (self._rules.get(name, ()), *(id(tile) for tile in tiles))
            if tiles and self._told.get(name) != state:
                self._told[name] = state
                self._send(_state(name, tiles, self._rules.get(name, ())))

    def _known(self, name: str, layer: StreamedLayer) -> list[_Tile]:
        """The tiles with features that are here."""
        before, here = self._tiles.get(name, {}), layer.here()
        after: dict[int, _Tile] = {}
        for number, built in here:
            drawable = getattr(built, "drawable", None)
            if drawable is None or not any(batch.features is not None for batch in drawable.batches):
                continue
            tile = before.get(number)
            if tile is None or tile.features.drawable is not drawable:
                tile = _Tile(TileFeatures(drawable, str(number)), TileTint(built))
            after[number] = tile
        self._tiles[name] = after
        return list(after.values())

    # ---- what is at a place

    def _answer(self, ask: Ask) -> FeatureAnswer:
        """*ask*'s eye and place are in the frame; tiles stand on the Earth."""
        eye, place = (np.array(each, np.float64) for each in (ask.eye, ask.place))
        way = place - eye
        away = float(np.linalg.norm(way))
        if not away > 0:
            return FeatureAnswer(ask.number)
        near = max(NEAR[0] * away, NEAR[1]) / away
        turn = self._frame.to_ecef
        start, along = turn[:3, :3] @ eye + turn[:3, 3], turn[:3, :3] @ way
        found: list[tuple[float, str, Hit]] = []
        for name, layer in self._layers:
            if layer.visible:
                self._known(name, layer)
                shown = (self._tiles[name].get(number) for number in layer.shown)
                for tile in (each for each in shown if each is not None):
                    for hit in tile.features.met(layer.placed, start, along):
                        if abs(hit.at - 1.0) <= near:
                            found.append((abs(hit.at - 1.0), name, hit))
        if not found:
            return FeatureAnswer(ask.number)
        _, name, hit = min(found, key=lambda each: each[0])
        shown = self._streamer.layers[name].shown
        return self._told_of(
            ask.number, name, hit, [tile for at, tile in self._tiles[name].items() if at in shown]
        )

    def _standing(self, ask: AskWithin) -> FeatureAnswer:
        """Of all tiles that are here: some that have just come are not shown yet."""
        import shapely  # needed only when somebody chooses a building

        area, turn = shapely.Polygon(ask.ring), self._frame.from_ecef
        found: list[tuple[int, str, Hit]] = []
        for name, layer in self._layers:
            for tile in self._known(name, layer) if layer.visible else ():
                for columns, rows, sizes, middles in tile.features.middles(layer.placed):
                    places = self._frame.geographic(middles @ turn[:3, :3].T + turn[:3, 3])
                    for at in np.flatnonzero(shapely.contains_xy(area, places[:, :2])).tolist():
                        found.append((int(sizes[at]), name, Hit(0.0, columns, int(rows[at]))))
        if not found:
            return FeatureAnswer(ask.number)
        _, name, hit = max(found, key=lambda each: each[0])
        return self._told_of(ask.number, name, hit, list(self._tiles[name].values()))

    def _told_of(self, number: int, name: str, hit: Hit, tiles: Sequence[_Tile]) -> FeatureAnswer:
        layer = self._streamer.layers[name]
        points = np.concatenate([tile.features.points(hit.key, layer.placed) for tile in tiles])
        points = points[:: len(points) // MOST_CORNERS + 1]
        turn = self._frame.from_ecef
        places = self._frame.geographic(points @ turn[:3, :3].T + turn[:3, 3])
        low, high = float(places[:, 2].min()), float(places[:, 2].max())
        return FeatureAnswer(
            number, name, hit.key, hit.columns.told(hit.row), _around(places[:, :2]), low, high
        )


def _around(places: np.ndarray) -> list[tuple[float, float]]:
    """The convex hull of (n, 2) degrees; empty where they have no area."""
    import shapely  # needed only when somebody clicks

    hull = shapely.simplify(shapely.convex_hull(shapely.MultiPoint(places)), FINE)
    if not isinstance(hull, shapely.Polygon):
        return []
    return [(x, y) for x, y in shapely.get_coordinates(hull.exterior)[:-1].tolist()]


def _rules_of(tile: _Tile, rules: Sequence[Rule]) -> dict[int, Any]:
    """Of each table, by its id: see ``ruled``; worked out once."""
    if tile.ruled_by is not rules:
        tile.ruled_by = rules
        tile.rules = [(columns, *ruled(columns, rules)) for columns in tile.features.tables]
    return {id(columns): found for columns, found, _ in tile.rules}


def _state(name: str, tiles: Sequence[_Tile], rules: Sequence[Rule]) -> FeatureState:
    keys: set[str] = set()
    held = [set[str]() for _ in rules]
    faults: list[list[FilterError | None]] = [[] for _ in rules]
    for tile in tiles:
        _rules_of(tile, rules)
        for columns, found, wrong in tile.rules:
            keys.update(columns.keys)
            for key, rule in zip(columns.keys, found.tolist(), strict=True):
                if rule != NO_RULE:
                    held[rule].add(key)
            for at, fault in enumerate(wrong):
                faults[at].append(fault)
    told = [(each[0].what or each[0].kind) if each and all(each) and each[0] else "" for each in faults]
    return FeatureState(name, len(keys), _fields(tiles), [len(each) for each in held], told)


def _fields(tiles: Sequence[_Tile]) -> list[FeatureField]:
    """The attributes of all tables."""
    texts: dict[str, Counter[str]] = {}
    numbers: dict[str, list[np.ndarray]] = {}
    for columns in (each for tile in tiles for each in tile.features.tables):
        for name in list(columns.columns)[:MOST_FIELDS]:
            if columns.is_text(name):
                texts.setdefault(name, Counter()).update(columns.common[name])
            else:
                values = columns.columns[name]
                numbers.setdefault(name, []).append(values[np.isfinite(values)])
    found = [
        FeatureField(name, True, sum(count.values()), common=dict(count.most_common(MOST_COMMON)))
        for name, count in texts.items()
    ]
    for name, parts in numbers.items():
        values = np.concatenate(parts)
        if len(values) and name not in texts:
            found.append(FeatureField(name, False, len(values), float(values.min()), float(values.max())))
    return found[:MOST_FIELDS]


def _rgb(color: str) -> tuple[float, float, float] | None:
    """``#rrggbb`` as 0 to 1; None for none."""
    if len(color) != 7 or not color.startswith("#"):
        return None
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
