"""What plugins see of the scene: implements ``console.sdk.scene.Scene``. Light before the first look."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from console.map.layers.base_layers import data_ref, layer_ref
from console.map.listeners import Listeners
from console.map.viewport import MAX_ZOOM, MIN_ZOOM, clamp_zoom, metres_per_pixel, to_world
from console.model.layers import LayerKind
from console.model.text import Text
from console.scene import placing
from console.scene.drawing import Drawing, MarkLayer
from console.scene.feature_picks import Features
from console.scene.frame import Frame
from console.scene.hands import map_of_pose, map_zoom, pose_of_map
from console.scene.models import Model
from console.scene.pictures import Pictures
from console.scene.pose import Pose
from console.scene.shape import Shape
from console.scene.sight_desk import SightDesk
from console.scene.survey_desk import SurveyDesk
from console.scene.trips import Trips, meant, told
from console.sdk.map import Array, Undo
from console.sdk.scene import Rows, SceneFit, ScenePlace, ScenePose

if TYPE_CHECKING:
    from console.map.live.layer import LiveLayer
    from console.map.views.view import MapView
    from console.scene.earthwork.question import Surroundings
    from console.scene.overlay.drape import DrapePainter
    from console.scene.overlay.live import LiveOver
    from console.scene.process.client import SceneProcess
    from console.scene.process.messages import LayerState, Opened
    from console.scene.view.view import SceneView

_TELL = 60
"""Milliseconds between two words of a view that moves."""
_CHINA = (104.0, 35.0)
SUN = 600
"""Seconds after which the sun stands elsewhere."""
NIGHT, DAY = ("#141b24", "#31475c"), ("#dfe6ec", "#8fb4d6")
"""Horizon and zenith in a dark and in a light theme."""


class SceneFacet(QObject):
    """All methods are for the GUI thread. It outlives its windows."""

    def __init__(self, map_view: MapView) -> None:
        super().__init__(map_view)
        self._map = map_view
        self._pose: Pose | None = None
        self._linked = True
        self._terrain = ("", 0.0)
        self.sun: float | None = None
        self.terrain_fault: Text | None = None
        self._models: dict[str, Model] = {}
        self.trips = Trips(lambda: self.view)
        self.sight = SightDesk()
        self.pictures = Pictures(lambda: self.view)
        self.survey = SurveyDesk(self._standing)
        self.shape = Shape()
        self.features = Features()
        self._window: Window | None = None
        self._process: SceneProcess | None = None
        """The last one."""
        self._drape: DrapePainter | None = None
        self._live: LiveOver | None = None
        self._changed: Listeners[[]] = Listeners()
        self._models_changed: Listeners[[]] = Listeners()
        self._clicked: Listeners[[float, float, float]] = Listeners()
        self._tell = QTimer(self, singleShot=True, interval=_TELL)
        self._tell.timeout.connect(self._changed.fire)
        self._leading = False
        """Whether the scene moves the map just now."""
        self._later = QTimer(self, singleShot=True, interval=_TELL)
        self._later.timeout.connect(self._surround)
        self._sun = QTimer(self, interval=SUN * 1000)
        self._sun.timeout.connect(self._surround)
        self._sun.start()
        self._drawing = Drawing(lambda: self.view)
        map_view.shifted.add(self._on_map)
        map_view.tree.on_change(self._on_layers)
        map_view.touched.add(self._on_touched)

    # ---- windows ----

    def open_window(self) -> Window:
        """See ``Scene``."""
        from console.scene.process.client import SceneProcess

        if self._window is not None:
            self._window.remove()
        pose = self._pose = self._pose or self._like_map()
        frame = Frame(pose.lon, pose.lat, 0.0)
        process = self._process = SceneProcess(frame, self)
        process.start()  # it loads while the rest of this does

        from console.scene.overlay.drape import DrapePainter
        from console.scene.overlay.live import LiveOver
        from console.scene.view.view import SceneView

        view = SceneView(frame, pose, process, self.shape, self._title)
        self._window = Window(view, self._on_gone)
        self._drape = DrapePainter(self._map.tree, lambda: self._map.colors, process.lay, view)
        process.replied.connect(self._drape.hear)
        view.feed.ready.connect(lambda _: self._drape and self._drape.begin())
        self._drape.look(pose)
        self._live = LiveOver(view, self._map.scene.live_layers, lambda: self._map.colors, view)
        view.over += [self._live, self._drawing.marks]
        view.changed.add(self._on_moved)
        view.clicked.add(self._on_clicked)
        view.feed.opened.connect(self._on_opened)
        view.feed.stated.connect(self._on_stated)
        self._surround()
        self.features.enter(view)
        for model in self._models.values():
            model.enter(process)
        return self._window

    @property
    def is_open(self) -> bool:
        return self._window is not None

    @property
    def view(self) -> SceneView | None:
        """The widget, while there is one."""
        return self._window.widget if self._window is not None else None

    def close(self) -> None:
        """End the window and its process; returns when it has ended."""
        if self._window is not None:
            self._window.remove()
        if self._process is not None and isValid(self._process):  # it goes with the map
            self._process.stop()
        self.sight.close()
        self.survey.close()

    def _on_gone(self, window: Window) -> None:
        if self._window is window:
            self._window = self._live = None
            if self._drape is not None:
                self._drape.close()
                self._drape = None
            for model in self._models.values():
                model.leave()
            self._models_changed.fire()

    # ---- what stands around the models ----

    def _surround(self) -> None:
        """The map's layers as the ground, its buildings extruded, the sun of now; said when it is new."""
        if self._window is None:
            return
        from console.scene.process.messages import SetSurroundings

        slots = list(reversed(self._map.tree.ordered()))
        layers = [layer_ref(slot) for slot in slots if slot.base is not None]
        data = [data_ref(slot) for slot in slots if slot.data is not None]
        buildings = [ref.path for ref in layers if ref.kind == LayerKind.BUILDING and ref.visible]
        if self._live is not None:
            self._live.names.show(layers, self._map.scene.style)
            self._live.touch()
        now = time.time() // SUN * SUN if self.sun is None else self.sun
        around = SetSurroundings(layers, data, self._map.scene.style, buildings, now, *self._terrain)
        if around != self._window.process.around:
            self._window.process.put(around)
        dark = self._map.scene.style == "dark"
        self._window.widget.set_sky(*(NIGHT if dark else DAY))

    def _standing(self) -> Surroundings:
        """All that is shown, for the survey."""
        from console.scene.earthwork.question import Surroundings

        layers = [layer_ref(slot) for slot in self._map.tree.ordered() if slot.base is not None]
        buildings = [ref.path for ref in layers if ref.kind == LayerKind.BUILDING and ref.visible]
        models = tuple(model.at() for model in self._models.values() if model.visible)
        return Surroundings(models, tuple(buildings), *self._terrain)

    def _on_layers(self) -> None:
        self._later.start()
        if self._drape is not None:
            self._drape.renew()
        if self._live is not None:
            self._live.touch()

    def _on_touched(self, layer: LiveLayer) -> None:
        if self._drape is not None:
            self._drape.touch(layer)
        if self._live is not None and layer.visible:
            self._live.touch()

    def set_terrain(self, path: str, sea_level: float = 0.0) -> None:
        """See ``Scene``."""
        self._terrain = (path, sea_level)
        self._surround()

    def set_sun(self, seconds: float | None) -> None:
        """See ``Scene``."""
        self.sun = seconds
        self._surround()

    # ---- models ----

    def add_model(
        self, layer_id: str, source: str, *, title: Text, headers: Mapping[str, str] | None = None
    ) -> Model:
        """See ``Scene``."""
        if layer_id in self._models:
            raise ValueError(f"{layer_id} is in the scene already")
        model = Model(layer_id, source, title, dict(headers or {}), self._forget, self._models_changed.fire)
        self._models[layer_id] = model
        if self._window is not None:
            model.enter(self._window.widget.process)
        self._models_changed.fire()
        return model

    @property
    def models(self) -> Sequence[Model]:
        return list(self._models.values())

    def on_models(self, handler: Callable[[], None]) -> Undo:
        return self._models_changed.add(handler)

    def _title(self, layer_id: str) -> Text | None:
        model = self._models.get(layer_id)
        return None if model is None else model.title

    def _forget(self, model: Model) -> None:
        self._models.pop(model.layer_id, None)
        self._models_changed.fire()

    def _on_opened(self, opened: Opened) -> None:
        if opened.layer in self._models:
            self._models[opened.layer].opened(np.array(opened.center), opened.radius, opened.on_earth)

    def _on_stated(self, state: LayerState) -> None:
        from console.scene.process.messages import GROUND

        if state.layer in self._models:
            self._models[state.layer].stated(state)
        elif state.layer == GROUND:
            self.terrain_fault = next((Text(each.zh, each.en) for each in state.faults), None)
            self._models_changed.fire()

    # ---- drawing ----

    def pick_place(self, prompt: str) -> Awaitable[ScenePlace | None]:
        """See ``Scene``."""
        return self._drawing.pick(prompt)

    def draw(
        self,
        kind: Literal["line", "polygon"],
        prompt: str,
        on_change: Callable[[Sequence[ScenePlace]], str] | None = None,
    ) -> Awaitable[list[ScenePlace] | None]:
        """See ``Scene``."""
        return self._drawing.sketch(kind, prompt, on_change)

    def moved(self, about: ScenePlace, east: float, north: float, up: float, heading: float) -> Rows:
        """See ``Scene``."""
        return placing.moved(about, east, north, up, heading)

    def fit(self, pairs: Sequence[tuple[ScenePlace, ScenePlace]], *, tilt: bool = False) -> SceneFit:
        """See ``Scene``."""
        return placing.fitted(pairs, tilt=tilt)

    def add_marks(self, layer_id: str) -> MarkLayer:
        """See ``Scene``."""
        return MarkLayer(layer_id, self._drawing.marks)

    # ---- the view ----

    @property
    def pose(self) -> ScenePose:
        return told(self._pose or self._like_map())

    def show(self, pose: ScenePose) -> None:
        self._pose = meant(pose)
        if self._window is not None:
            self._window.widget.show_pose(self._pose)

    def fly_to(self, pose: ScenePose) -> None:
        if self._window is not None and self._window.widget.isVisible():
            self._window.widget.fly_to(meant(pose))
        else:
            self.show(pose)

    @property
    def linked(self) -> bool:
        return self._linked

    def link(self, linked: bool) -> None:
        self._linked = linked
        if linked:
            self._on_map()
        self._changed.fire()

    def on_view_changed(self, handler: Callable[[], None]) -> Undo:
        return self._changed.add(handler)

    def feet(self, lon: Array, lat: Array) -> Array:
        """See ``Scene``."""
        return self.view.feet(lon, lat) if self.view is not None else np.full(len(lon), np.nan)

    def on_click(self, handler: Callable[[float, float, float], None]) -> Undo:
        return self._clicked.add(handler)

    def _like_map(self) -> Pose:
        """Where the map looks, at its scale, from above at a slant."""
        lon, lat = self._map.viewport.center if self._map.placed else _CHINA
        height = self._window.widget.height() if self._window is not None else self._map.height()
        scale = self._map.viewport.metres_per_pixel
        return pose_of_map(self._pose or Pose(lon, lat), lon, lat, scale, max(height, 1), _scales(lat))

    def _on_map(self) -> None:
        """The map has moved: go along."""
        view = self.view
        if not self._linked or self._leading or view is None or not view.isVisible():
            return
        self._pose = self._like_map()
        if self._pose != view.pose:
            view.show_pose(self._pose)

    def _on_moved(self) -> None:
        """The scene has moved: the map goes along."""
        view = self.view
        if view is None:
            return
        self._pose = view.pose
        self.trips.moved()
        if self._drape is not None:
            self._drape.look(view.pose)
        if not self._tell.isActive():
            self._tell.start()
        if self._linked and not self._leading:
            self._leading = True
            try:
                self._lead(view)
            finally:
                self._leading = False

    def _lead(self, view: SceneView) -> None:
        """Show on the map what the scene looks at, at its scale there."""
        pose = view.pose
        lon, lat, scale = map_of_pose(pose, max(view.height(), 1), _scales(pose.lat))
        x, y = to_world(lon, lat)
        zoom = clamp_zoom(map_zoom(scale, lat))
        self._map.go_along(replace(self._map.viewport, x=float(x), y=float(y), zoom=zoom))

    def _on_clicked(self, lon: float, lat: float, height: float) -> None:
        self._clicked.fire(lon, lat, height)


class Window:
    """A view of the scene, as ``console.sdk.scene.SceneWindow``."""

    def __init__(self, widget: SceneView, gone: Callable[[Window], None]) -> None:
        self.widget = widget
        self.process = widget.process
        self._gone: Callable[[Window], None] | None = gone
        widget.destroyed.connect(self.remove)

    def remove(self) -> None:
        """See ``SceneWindow``."""
        gone, self._gone = self._gone, None
        if gone is not None:
            gone(self)
            self.process.let_go()


def _scales(lat: float) -> tuple[float, float]:
    """Between which the map can be at a latitude (degrees)."""
    return metres_per_pixel(lat, MAX_ZOOM), metres_per_pixel(lat, MIN_ZOOM)
