"""A model in the scene, as its plugin holds it: it outlives the windows in which it is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from console.model.text import Text
from console.scene.ellipsoid import to_geodetic
from console.scene.transforms import Matrix
from console.sdk.scene import ModelState, Rows, SceneFault, ScenePlace

if TYPE_CHECKING:
    from console.scene.earthwork.question import ModelAt
    from console.scene.process.client import SceneProcess
    from console.scene.process.messages import LayerState


class Model:
    """Implements ``console.sdk.scene.SceneModel``."""

    def __init__(
        self,
        layer_id: str,
        source: str,
        title: Text,
        headers: dict[str, str],
        forget: Callable[[Model], None],
        tell: Callable[[], None],
    ) -> None:
        self.layer_id, self.title = layer_id, title
        self.state = ModelState.WAITING
        self.visible = True
        self.faults: Sequence[SceneFault] = ()
        self.fault_count = 0
        self.radius = 0.0
        self.center: ScenePlace | None = None
        self._source, self._headers = source, headers
        self._forget, self._tell = forget, tell
        self._placed: list[list[float]] | None = None
        self._middle: np.ndarray | None = None
        self._process: SceneProcess | None = None

    # ---- for its plugin ----

    def set_visible(self, visible: bool) -> None:
        from console.scene.process.messages import ShowLayer

        if visible != self.visible:
            self.visible = visible
            self._say(lambda: ShowLayer(self.layer_id, visible))
            self._tell()

    @property
    def matrix(self) -> Rows | None:
        """See ``SceneModel``."""
        return self._placed

    def place(self, matrix: Rows) -> None:
        """See ``SceneModel``. Raises ValueError for what is no (4, 4) of finite numbers."""
        from console.scene.process.messages import PlaceLayer

        rows = np.array(matrix, np.float64)
        if rows.shape != (4, 4) or not np.isfinite(rows).all():
            raise ValueError("not a (4, 4) of finite numbers")
        placed = self._placed = rows.tolist()
        self._say(lambda: PlaceLayer(self.layer_id, placed))
        self._settle()
        self._tell()

    def remove(self) -> None:
        from console.scene.process.messages import RemoveLayer

        self._say(lambda: RemoveLayer(self.layer_id))
        self.leave()
        self._forget(self)

    # ---- for the scene ----

    def enter(self, process: SceneProcess) -> None:
        """Be shown by *process*."""
        from console.scene.process.messages import AddTileset, ShowLayer

        self._process = process
        process.put(AddTileset(self.layer_id, self._source, self._headers, self._placed))
        if not self.visible:
            process.put(ShowLayer(self.layer_id, False))

    def at(self) -> ModelAt:
        """What it is read from, and where it stands."""
        from console.scene.earthwork.question import ModelAt

        return ModelAt(self._source, self._headers, self._placed)

    def leave(self) -> None:
        """Its window has gone."""
        self._process = None
        self.state = ModelState.WAITING

    def opened(self, center: np.ndarray, radius: float, on_earth: bool) -> None:
        """It can be streamed. *center*: (3,), of its own world."""
        self.state = ModelState.SHOWN
        self._middle = center if on_earth or self._placed is not None else None
        self.radius = radius
        self._settle()
        self._tell()

    def stated(self, state: LayerState) -> None:
        """What is wrong with it."""
        if state.refused:
            self.state = ModelState.REFUSED
        self.fault_count = state.count
        self.faults = [SceneFault(what=each.what, message=Text(each.zh, each.en)) for each in state.faults]
        self._tell()

    def _settle(self) -> None:
        """Where its middle is now."""
        if self._middle is not None:
            placed: Matrix = np.identity(4) if self._placed is None else np.array(self._placed)
            lon, lat, height = to_geodetic((placed[:3, :3] @ self._middle + placed[:3, 3])[None])[0]
            self.center = ScenePlace(
                lon=float(np.degrees(lon)), lat=float(np.degrees(lat)), height=float(height)
            )

    def _say(self, message: Callable[[], object]) -> None:
        if self._process is not None:
            self._process.put(message())  # type: ignore[arg-type]
