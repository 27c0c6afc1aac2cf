"""One tileset while it is streamed: which of its tiles are here, which were refused, which are shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from console.model.text import Text
from console.scene.refusal import SceneRefused
from console.scene.stream.drawable import Drawable
from console.scene.stream.loader import Gate
from console.scene.stream.tiled import Loaded, Tiled
from console.scene.tiles import Camera, Selection, select
from console.scene.transforms import Matrix

_AGAIN = 10.0
"""Seconds until a file that may come yet is asked for again; doubled each time."""
_LONGEST = 300.0


class Stage(Protocol):
    """Who draws. All calls come from the thread that draws."""

    def build(self, drawable: Drawable) -> Any:
        """Something that can be shown, hidden yet."""
        ...

    @property
    def kept(self) -> NDArray[np.float64]:
        """(n, 4): planes in Earth-centred metres behind which nothing is drawn: see ``Camera.kept``."""
        ...

    def show(self, built: Any, shown: bool) -> None: ...
    def drop(self, built: Any) -> None: ...


@dataclass(slots=True)
class _Kept:
    """A tile that is here."""

    built: Any
    size: int
    triangles: int
    used: int
    """The frame in which it was needed last."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A tile that is not shown, or not whole."""

    tile: int
    what: str
    """Which file."""
    message: Text


class StreamedLayer:
    """For one thread: the one that draws."""

    def __init__(self, tiled: Tiled, stage: Stage, clock: Callable[[], float] = time.monotonic) -> None:
        self.tiled = tiled
        self.visible = True
        self.placed = np.identity(4)
        """(4, 4): where it is moved to, the tileset's world to Earth-centred metres."""
        self.faults: dict[int, Fault] = {}
        self._stage, self._clock = stage, clock
        self._kept: dict[int, _Kept] = {}
        self._shown: set[int] = set()
        self._ready = np.zeros(0, bool)
        self._later: dict[int, tuple[float, float]] = {}
        """When a refused tile is worth another try, and after how long the next time."""
        self.selection: Selection | None = None
        self.size = 0
        """Bytes."""

    @property
    def triangles(self) -> int:
        """Drawn."""
        return sum(self._kept[tile].triangles for tile in self._shown)

    @property
    def shown(self) -> frozenset[int]:
        """The tiles that are drawn: rows of the tree."""
        return frozenset(self._shown)

    def built(self) -> list[Any]:
        """What is drawn, as the stage made it."""
        return [self._kept[tile].built for tile in sorted(self._shown)]

    def here(self) -> list[tuple[int, Any]]:
        """All that could be drawn at once: rows of the tree, and what the stage made of them."""
        return [(tile, kept.built) for tile, kept in self._kept.items()]

    def choose(self, camera: Camera, limit: float, frame: int) -> Selection:
        """What this view needs; what is here of it is shown, the rest hidden."""
        tree = self.tiled.tree
        if len(self._ready) < len(tree):
            self._ready = np.concatenate([self._ready, np.zeros(len(tree) - len(self._ready), bool)])
        lost = np.zeros(len(tree), bool)
        lost[list(self._later)] = True
        self.selection = select(
            tree, _seen_from(camera, self.placed, self._stage.kept), limit, self._ready, lost
        )
        draw = {int(tile) for tile in self.selection.draw} if self.visible else set[int]()
        for tile in self._shown - draw:
            self._stage.show(self._kept[tile].built, False)
        for tile in draw - self._shown:
            self._stage.show(self._kept[tile].built, True)
        for tile in draw:
            self._kept[tile].used = frame
        self._shown = draw
        return self.selection

    @property
    def lacking(self) -> int:
        """Tiles of the view that are not there, whether they will come or not."""
        shown = self.selection if self.visible else None
        return 0 if shown is None else len(shown.expand) + len(shown.wanted)

    def missing(self) -> list[tuple[float, int]]:
        """Tiles to be read: urgency (smaller first) and row."""
        if self.selection is None or not self.visible:
            return []
        now = self._clock()
        expand = [(rank - 1e6, int(tile)) for rank, tile in enumerate(self.selection.expand)]
        wanted = [(float(rank), int(tile)) for rank, tile in enumerate(self.selection.wanted)]
        return [(rank, tile) for rank, tile in expand + wanted if now >= self._later.get(tile, (0.0, 0.0))[0]]

    def next_try(self) -> float | None:
        """When a refused tile that is wanted may be asked for again, by the clock; None: none will be."""
        if self.selection is None or not self._later or not self.visible:
            return None
        asked = {int(tile) for tile in (*self.selection.expand, *self.selection.wanted)}
        times = [due for tile, (due, _) in self._later.items() if tile in asked and due < np.inf]
        return min(times, default=None)

    def job(self, tile: int, gate: Gate) -> Callable[[], Loaded]:
        """Reads *tile*, in another thread."""
        return self.tiled.job(tile, gate)

    def take(self, tile: int, result: Loaded | Exception, frame: int) -> None:
        """What came of reading *tile*."""
        if isinstance(result, Exception):
            self._refuse(tile, result)
            return
        try:
            for fragment in result.fragments:
                self.tiled.tree.attach(tile, fragment)
        except SceneRefused as error:
            self._refuse(tile, error)
            return
        if result.drawable is not None:
            self._keep(tile, result.drawable, frame)
        self._later.pop(tile, None)

    def _keep(self, tile: int, drawable: Drawable, frame: int) -> None:
        if tile in self._kept:
            return
        built = self._stage.build(drawable)
        self._kept[tile] = _Kept(built, drawable.size, drawable.triangles, frame)
        self.size += drawable.size
        self._ready[tile] = True
        self.faults.pop(tile, None)
        if drawable.unread:
            lines = "; ".join(drawable.unread[:5])
            self.faults[tile] = Fault(tile, self._name(tile), Text(f"部分内容未能显示:{lines}", lines))

    def _refuse(self, tile: int, error: Exception) -> None:
        """It stays as it is: what stands for it is shown on, and it is listed."""
        known = isinstance(error, SceneRefused)
        message = error.message if known else Text("瓦片读取出错", f"the tile could not be read: {error!r}")
        self.faults[tile] = Fault(tile, self._name(tile), message)
        wait = self._later.get(tile, (0.0, _AGAIN / 2))[1] * 2
        again = getattr(error, "again", False)
        self._later[tile] = (self._clock() + wait, min(wait, _LONGEST)) if again else (np.inf, wait)

    def _name(self, tile: int) -> str:
        try:
            return ", ".join(ref.uri.partition("?")[0] for ref in self.tiled.tree.requests(tile))
        except (IndexError, AttributeError):
            return ""

    def idle(self, frame: int) -> list[tuple[int, int]]:
        """What is here and not needed in this frame: when it was last, and the row."""
        return [(kept.used, tile) for tile, kept in self._kept.items() if kept.used < frame]

    def drop(self, tile: int) -> int:
        """Forget what is here of *tile*: bytes given back."""
        kept = self._kept.pop(tile)
        self._ready[tile] = False
        self._shown.discard(tile)
        self._stage.drop(kept.built)
        self.size -= kept.size
        return kept.size

    def close(self) -> None:
        """Give all back."""
        for tile in list(self._kept):
            self.drop(tile)


def _seen_from(camera: Camera, placed: Matrix, kept: NDArray[np.float64]) -> Camera:
    """*camera* in the axes of a tileset that was moved by *placed*."""
    back = np.linalg.inv(placed)
    turn = back[:3, :3]
    position = turn @ camera.position + back[:3, 3]
    planes = kept @ placed
    planes /= np.linalg.norm(planes[:, :3], axis=1, keepdims=True)
    return replace(
        camera, position=position, direction=turn @ camera.direction, up=turn @ camera.up, kept=planes
    )
