"""The one building that is singled out: chosen by click or search, marked on the map, followed live."""

from __future__ import annotations

from collections.abc import Callable

import shapely
from PySide6.QtCore import QObject, Signal

from console.sdk import Context, Shape, ShapeStyle, Undo
from console.sdk.scene import ScenePlace, ScenePose
from console.sdk.scene_features import SceneFeature
from plugins.buildings.desktop.band import Band
from plugins.buildings.desktop.building import Building
from plugins.buildings.desktop.city import City, Indexes
from plugins.buildings.desktop.footprints import Bounds
from plugins.buildings.desktop.inside import Inside, around, inside
from plugins.buildings.desktop.modelled import NO_KEY, alike, joined
from plugins.buildings.desktop.outlines import shapes_of

PANEL = "onemap.buildings.card"
FILL = "66"
"""Opacity of the mark, hexadecimal: what it lies on must be seen."""
LOOK = 1.0
"""Seconds between two looks at what is going on inside."""
ROOM = 1.2
"""Share of the view that is left around a building when it is flown to."""
WALL = 2.0
"""Metres that a click in 3D may lie beside an outline: walls are its edge, eaves and balconies beyond."""
FROM, CLOSEST = 4.0, 150.0
"""It is looked at in 3D from so many times its size, metres at least."""


class Desk(QObject):
    """For the GUI thread; what takes long is done in the worker pool."""

    changed = Signal()
    """Another building, another floor, or none."""
    stirred = Signal()
    """Something else is going on inside."""

    def __init__(self, ctx: Context, city: City) -> None:
        super().__init__()
        self._ctx, self._city = ctx, city
        self._layer = ctx.map.add_shapes("onemap.buildings.chosen")
        self._band = Band(ctx)
        self._work: Undo = lambda: None
        self._search: Undo = lambda: None
        self.building: Building | None = None
        self._feature: SceneFeature | None = None
        """What of a model the building is, if it was clicked there."""
        self.floor: int | None = None
        """The one that was clicked in 3D, or chosen in the list."""
        self.inside = Inside()
        self._area: shapely.Geometry | None = None
        """Around the building, where what is going on counts as inside."""
        ctx.on_theme(self._mark)
        ctx.tasks.every(LOOK, self._look)
        ctx.undo(lambda: self._work())
        ctx.undo(lambda: self._search())
        ctx.scene.features.on_change(self._seek)
        ctx.undo(lambda: ctx.scene.features.highlight(None))
        ctx.scene.on_click(self._on_scene_click)
        ctx.commands.bind("onemap.buildings.pick", self._pick)
        ctx.commands.bind("onemap.buildings.here", self._here)
        ctx.commands.bind("onemap.buildings.clear", self.clear)

    # ---- choosing

    def at(self, lon: float, lat: float, height: float | None = None) -> None:
        """Single out the building at a place; the next one there when one is singled out already."""
        self._begin(self._single_out(lon, lat, height))

    def choose(self, key: int) -> None:
        """Single out a building of the footprints, and go there."""
        self._begin(self._go_to(lambda _: key))

    def go(self, lon: float, lat: float, bounds: Bounds | None = None) -> None:
        """Single out the building at a place, if there is one (of these bounds, if it can), and go there."""

        def which(indexes: Indexes) -> int | None:
            footprints = indexes.footprints
            found = footprints.at(lon, lat)
            return min(found, key=lambda key: footprints.bounds(key) != bounds, default=None)

        self._begin(self._go_to(which))

    def clear(self) -> None:
        """Let go of it."""
        self._work()
        if self.building is not None:
            self._take(None)

    def choose_floor(self, floor: int | None) -> None:
        """One of its floors, or none."""
        if floor != self.floor:
            self.floor = floor
            self._band.show(self.building, floor)
            self.changed.emit()

    def look_at(self) -> None:
        """Bring it into view, in two dimensions and in three."""
        if self.building is None:
            return
        self._ctx.map.fit(self.building.bounds, ROOM)
        scene = self._ctx.scene
        if scene.is_open and not scene.linked:  # a linked one goes along
            middle, before = self.building.outline.representative_point(), scene.pose
            size = max(self.building.square_metres**0.5, self.building.height or 0.0)
            scene.fly_to(
                ScenePose(
                    lon=middle.x,
                    lat=middle.y,
                    height=before.height,
                    heading=before.heading,
                    tilt=before.tilt,
                    distance=max(FROM * size, CLOSEST),
                )
            )

    # ---- inside

    def _begin(self, coroutine: object) -> None:
        self._work()
        self._work = self._ctx.tasks.start(coroutine)

    async def _pick(self) -> None:
        """Let the user click buildings, one after another, until Escape."""
        prompt = self._ctx.tr("Click a building")
        while (where := await self._ctx.map.pick_point(prompt)) is not None:
            self.at(*where)

    def _here(self) -> None:
        where = self._ctx.map.last_context_point()
        if where is not None:
            self.at(*where)

    def _on_scene_click(self, lon: float, lat: float, height: float) -> None:
        self.at(lon, lat, height)

    async def _single_out(self, lon: float, lat: float, height: float | None) -> None:
        feature = None
        if height is not None:
            feature = await self._ctx.scene.features.pick(ScenePlace(lon=lon, lat=lat, height=height))
        indexes = await self._city.indexes()
        reach = 0.0 if height is None else WALL
        found = [] if indexes is None else indexes.footprints.at(lon, lat, reach)
        if indexes is not None and found:
            present = None if self.building is None else self.building.key
            after = found.index(present) + 1 if present in found else 0
            building = await self._city.describe(indexes, found[after % len(found)])
            self._take(building if feature is None else joined(building, feature), feature)
        elif feature is not None:
            self._take(await self._city.describe_feature(indexes, feature, lon, lat), feature)
        else:
            self._say_nothing(indexes)
            return
        if height is not None:
            self._choose_floor_at(height)
        self._ctx.panels.show(PANEL)

    def _choose_floor_at(self, height: float) -> None:
        """That of a place on its wall, metres above the ellipsoid."""
        building = self.building
        ground = self._band.ground(building) if building is not None else None
        if building is not None and building.storeys is not None and ground is not None:
            self.choose_floor(building.storeys.at(height - ground))

    async def _go_to(self, which: Callable[[Indexes], int | None]) -> None:
        indexes = await self._city.indexes()
        key = None if indexes is None else which(indexes)
        if indexes is not None and key is not None:
            self._take(await self._city.describe(indexes, key))
            self.look_at()
            self._ctx.panels.show(PANEL)

    def _say_nothing(self, indexes: Indexes | None) -> None:
        tr = self._ctx.tr
        self.clear()
        text = tr("No building here") if indexes is not None else tr("The map has no layer of buildings")
        self._ctx.notify(text, key="onemap.buildings.nothing")

    def _take(self, building: Building | None, feature: SceneFeature | None = None) -> None:
        self.building, self._feature, self.floor = building, feature, None
        self.inside = Inside()
        self._area = None if building is None else around(building.outline)
        self._mark()
        self._band.show(None, None)
        self.changed.emit()
        self._look()
        self._seek()

    def _seek(self) -> None:
        """The part of a model that a building of the map is; what has not come yet is found when it comes."""
        self._search()
        building = self.building
        if building is not None and self._feature is None and building.key != NO_KEY:
            self._search = self._ctx.tasks.start(self._find(building))

    async def _find(self, building: Building) -> None:
        greatest = max(building.outline.geoms, key=lambda part: part.area)
        feature = await self._ctx.scene.features.within(
            [(x, y) for x, y, *_ in greatest.exterior.coords[:-1]]
        )
        if feature is not None and alike(building, feature) and self.building is building:
            self.building, self._feature = joined(building, feature), feature
            self._mark()
            self.changed.emit()

    def _mark(self) -> None:
        """On the map, and by it on meshes and walls of the scene; what is a part of a model, as that part."""
        self._layer.clear()
        ink = self._ctx.color("map.selection")
        self._ctx.scene.features.highlight(self._feature, ink)
        if self.building is None:
            return
        fill = ink + FILL if self._feature is None else ""
        style = ShapeStyle(stroke=ink, width=2.5, casing="map.symbol_outline", fill=fill)
        shapes = shapes_of(self.building.outline, style)
        middle = self.building.outline.representative_point()
        title = self.building.title
        notes = [Shape(kind="text", points=((middle.x, middle.y),), text=title)] if title else []
        self._layer.put("chosen", *shapes, *notes)

    def _look(self) -> None:
        """At what is going on inside."""
        if self.building is None or self._area is None:
            return
        found = inside(self._ctx, self._area)
        if found != self.inside:
            self.inside = found
            self.stirred.emit()
