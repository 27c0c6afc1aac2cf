"""A scene that shows nothing: where one looks, what was clicked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from console.model.text import Text
from console.plugin_host.listeners import Listeners
from console.scene import placing
from console.scene.shape import Shape
from console.scene.trips import Trips
from console.sdk import Undo
from console.sdk.map import Array
from console.sdk.scene import (
    ModelState,
    Rows,
    SceneFault,
    SceneFit,
    SceneMarks,
    SceneModel,
    ScenePlace,
    ScenePose,
    SceneTrips,
    SceneWindow,
)
from console.sdk.scene_picture import LEAST, MOST, NoPicture, ScenePicture
from console.testing.scene_features import MemoryFeatures
from console.testing.sight import MemorySight
from console.testing.survey import MemorySurvey


class MemoryMarks:
    """Implements ``SceneMarks``: what was put is kept by key."""

    def __init__(self, forget: Callable[[], object]) -> None:
        self.shown: dict[str, Sequence[ScenePlace]] = {}
        self.texts: dict[str, str] = {}
        self._forget = forget

    def put(self, key: str, places: Sequence[ScenePlace], *, text: str = "", **_look: Any) -> None:
        self.shown[key], self.texts[key] = places, text

    def drop(self, key: str) -> None:
        self.shown.pop(key, None)

    def clear(self) -> None:
        self.shown.clear()

    def remove(self) -> None:
        self._forget()


class MemoryModel:
    """Implements ``SceneModel``: a model that is there at once, around *center*."""

    def __init__(self, layer_id: str, source: str, title: Text, scene: MemoryScene) -> None:
        self.layer_id, self.source, self.title = layer_id, source, title
        self.state = ModelState.SHOWN
        self.visible = True
        self.faults: Sequence[SceneFault] = ()
        self.fault_count = 0
        self.center: ScenePlace | None = ScenePlace(lon=117.2, lat=34.26, height=40.0)
        self.radius = 100.0
        self.matrix: Rows | None = None
        self._scene = scene

    def set_visible(self, visible: bool) -> None:
        self.visible = visible
        self._scene.tell_models()

    def place(self, matrix: Rows) -> None:
        self.matrix = [list(row) for row in matrix]
        self._scene.tell_models()

    def remove(self) -> None:
        self._scene.models = [model for model in self._scene.models if model is not self]
        self._scene.tell_models()


class MemoryWindow:
    """Implements ``SceneWindow``: there is nothing to be seen in it."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QWidget

        self.widget = QWidget()

    def remove(self) -> None:
        self.widget.hide()


class MemoryPictures:
    """Implements ``ScenePictures``: grey ones."""

    def __init__(self, scene: MemoryScene) -> None:
        self.size = (1280, 720)
        self.failure: NoPicture | None = None
        """What comes instead."""
        self.lacking = 0
        self._scene = scene

    async def take(
        self, width: int, height: int, on_progress: Callable[[float], None] | None = None
    ) -> ScenePicture:
        from PySide6.QtGui import QImage

        if self.failure is not None:
            raise self.failure
        if min(width, height) < LEAST or max(width, height) > MOST:
            raise NoPicture("no such size")
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(0xFF808080)
        if on_progress is not None:
            on_progress(1.0)
        return ScenePicture(image=image, pose=self._scene.pose, lacking=self.lacking)


class MemoryScene:
    """Implements ``Scene``; its window is empty."""

    def __init__(self) -> None:
        self.pose = ScenePose(lon=117.2, lat=34.26)
        self.linked = True
        self.is_open = False
        self.models: Sequence[SceneModel] = ()
        self.trips: SceneTrips = Trips(lambda: None)
        self.sight = MemorySight()
        self.pictures = MemoryPictures(self)
        self.survey = MemorySurvey()
        self.shape = Shape()
        self.features = MemoryFeatures()
        self.terrain = ("", 0.0)
        self.sun: float | None = None
        self.terrain_fault: Text | None = None
        self.ground = np.nan
        """Metres above the ellipsoid, everywhere; nan: not seen."""
        self.answer: list[ScenePlace] | None = None
        """What the user will draw or pick next; None: Escape."""
        self.marks: dict[str, MemoryMarks] = {}
        """By layer."""
        self._models_changed: Listeners[[]] = Listeners()
        self._changed: Listeners[[]] = Listeners()
        self._clicked: Listeners[[float, float, float]] = Listeners()

    def open_window(self) -> SceneWindow:
        return MemoryWindow()

    def add_model(
        self, layer_id: str, source: str, *, title: Text, headers: Mapping[str, str] | None = None
    ) -> SceneModel:
        if any(model.layer_id == layer_id for model in self.models):
            raise ValueError(f"{layer_id} is in the scene already")
        model = MemoryModel(layer_id, source, title, self)
        self.models = [*self.models, model]
        self.tell_models()
        return model

    def tell_models(self) -> None:
        """Models came, went, or changed."""
        self._models_changed.fire()

    def on_models(self, handler: Callable[[], None]) -> Undo:
        return self._models_changed.add(handler)

    def set_terrain(self, path: str, sea_level: float = 0.0) -> None:
        self.terrain = (path, sea_level)

    def set_sun(self, seconds: float | None) -> None:
        self.sun = seconds

    def fail_terrain(self, fault: Text | None) -> None:
        """Tell that something is wrong with the terrain, or nothing any more."""
        self.terrain_fault = fault
        self._models_changed.fire()

    def show(self, pose: ScenePose) -> None:
        self.pose = pose
        self._changed.fire()

    def fly_to(self, pose: ScenePose) -> None:
        self.show(pose)

    def link(self, linked: bool) -> None:
        self.linked = linked
        self._changed.fire()

    def on_view_changed(self, handler: Callable[[], None]) -> Undo:
        return self._changed.add(handler)

    async def pick_place(self, prompt: str) -> ScenePlace | None:
        return self.answer[0] if self.answer else None

    async def draw(
        self,
        kind: Literal["line", "polygon"],
        prompt: str,
        on_change: Callable[[Sequence[ScenePlace]], str] | None = None,
    ) -> list[ScenePlace] | None:
        if self.answer and on_change is not None:
            for count in range(1, len(self.answer) + 1):
                on_change(self.answer[:count])
        return self.answer

    def moved(self, about: ScenePlace, east: float, north: float, up: float, heading: float) -> Rows:
        return placing.moved(about, east, north, up, heading)

    def fit(self, pairs: Sequence[tuple[ScenePlace, ScenePlace]], *, tilt: bool = False) -> SceneFit:
        return placing.fitted(pairs, tilt=tilt)

    def add_marks(self, layer_id: str) -> SceneMarks:
        marks = self.marks[layer_id] = MemoryMarks(lambda: self.marks.pop(layer_id, None))
        return marks

    def feet(self, lon: Array, lat: Array) -> Array:
        return np.full(len(lon), self.ground)

    def on_click(self, handler: Callable[[float, float, float], Any]) -> Undo:
        return self._clicked.add(handler)

    def click(self, lon: float, lat: float, height: float) -> None:
        """Click a place where no symbol is, as the user would."""
        self._clicked.fire(lon, lat, height)
