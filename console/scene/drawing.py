"""What users and plugins draw in the scene: sketches under way, and marks that stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import numpy as np

from console.scene.frame import Frame
from console.scene.lens import Points
from console.scene.overlay.marks import Mark, Marks
from console.sdk.scene import ScenePlace
from console.tasks.pending import Pending

if TYPE_CHECKING:
    from console.scene.view.sketch import Kind
    from console.scene.view.view import SceneView


class Drawing:
    """Marks outlive windows, sketches end with theirs."""

    def __init__(self, view: Callable[[], SceneView | None]) -> None:
        self._view = view
        self.marks = Marks(self._frame, self._repaint)
        self._sketch: Future[Any] | None = None

    async def pick(self, prompt: str) -> ScenePlace | None:
        """A place that the user clicks."""
        places = await self.sketch("place", prompt, None)
        return places[0] if places else None

    async def sketch(
        self, kind: Kind, prompt: str, on_change: Callable[[Sequence[ScenePlace]], str] | None
    ) -> list[ScenePlace] | None:
        """Places that the user clicks; the sketch before, if any, is given up."""
        from console.scene.view.sketch import Sketch

        view = self._view()
        if self._sketch is not None:
            self._sketch.cancel()
        if view is None:
            return None
        frame = view.frame

        def note(points: Sequence[Points]) -> str:
            return on_change([_place(frame, point) for point in points]) if on_change is not None else ""

        sketch = Sketch(view, kind, prompt, note)
        self._sketch = sketch.future
        points = await Pending(sketch.future)
        return None if points is None else [_place(frame, point) for point in points]

    def _frame(self) -> Frame | None:
        view = self._view()
        return None if view is None else view.frame

    def _repaint(self) -> None:
        view = self._view()
        if view is not None:
            view.update()


class MarkLayer:
    """Implements ``console.sdk.scene.SceneMarks``."""

    def __init__(self, layer_id: str, marks: Marks) -> None:
        self._layer, self._marks = layer_id, marks

    def put(
        self,
        key: str,
        places: Sequence[ScenePlace],
        *,
        text: str = "",
        closed: bool = False,
        color: str = "#ffd24a",
        stem: float = 0.0,
    ) -> None:
        """See ``SceneMarks``."""
        degrees = np.array([(place.lon, place.lat, place.height) for place in places], np.float64)
        self._marks.put(self._layer, key, Mark(degrees.reshape(-1, 3), text, closed, color, stem))

    def drop(self, key: str) -> None:
        self._marks.drop(self._layer, key)

    def clear(self) -> None:
        self._marks.drop(self._layer)

    def remove(self) -> None:
        self.clear()


def _place(frame: Frame, point: Points) -> ScenePlace:
    lon, lat, height = (float(value) for value in frame.geographic(point))
    return ScenePlace(lon=lon, lat=lat, height=height)
