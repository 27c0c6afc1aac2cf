"""All tilesets of a view together: one queue, one budget of memory, one budget of time a frame."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from console.scene.stream.layer import Stage, StreamedLayer
from console.scene.stream.loader import Loader
from console.scene.stream.tiled import Tiled
from console.scene.tiles import Camera

LIMIT = 16.0
"""Pixels that a tile may be off by."""
BUDGET = 512 << 20
"""Bytes of vertices and pictures."""
_COARSER, _FINER = 1.25, 0.9
_ROOMY = 0.6
"""Share of the budget below which a view is shown finer again."""
_COARSEST = 16.0
"""Times the limit, where memory is short."""
_AHEAD = 24
"""Jobs given to the loader at a time: the rest is asked again in the next frame."""


class Streamer:
    """For the thread that draws. ``frame`` says what a view shows, ``take`` brings in what was read."""

    def __init__(self, woken: Callable[[], None], *, budget: int = BUDGET) -> None:
        """*woken*: called in another thread when there is something to take."""
        self.limit, self.budget = LIMIT, budget
        self.layers: dict[str, StreamedLayer] = {}
        self._loader, self._woken = Loader(woken), woken
        self._frame = 0
        self._scarce = 1.0
        """What the limit is multiplied by so that the view fits into the budget."""

    def add(self, layer_id: str, tiled: Tiled, stage: Stage) -> StreamedLayer:
        """A further layer, drawn on *stage*; one of the same name is replaced."""
        self.remove(layer_id)
        layer = StreamedLayer(tiled, stage)
        self.layers[layer_id] = layer
        return layer

    def remove(self, layer_id: str) -> None:
        """Give it back; harmless if it is not there."""
        layer = self.layers.pop(layer_id, None)
        if layer is not None:
            layer.close()

    def frame(self, camera: Camera) -> None:
        """Show what there is of what *camera* needs, and order what is missing."""
        self._frame += 1
        limit = self.limit * self._scarce
        for layer in self.layers.values():
            layer.choose(camera, limit, self._frame)
        self._fit()
        self._order()

    def take(self, seconds: float) -> bool:
        """Build what was read, for about *seconds*; whether there was anything. Wakes again for the rest."""
        until = time.perf_counter() + seconds
        found = False
        while (done := self._loader.take()) is not None:
            found = True
            (layer, tile), result = done  # type: ignore[misc]
            if layer in self.layers.values():
                layer.take(tile, result, self._frame)
            if time.perf_counter() >= until:
                self._woken()
                break
        return found

    @property
    def busy(self) -> bool:
        """Whether more of this view is to come without anybody doing anything."""
        return self._loader.busy

    @property
    def size(self) -> int:
        """Bytes here."""
        return sum(layer.size for layer in self.layers.values())

    def rest(self) -> float | None:
        """Seconds until a refused tile is worth asking for again, though nothing moves; None: none is."""
        if self.busy:
            return None
        times = [due for layer in self.layers.values() if (due := layer.next_try()) is not None]
        return max(min(times) - time.monotonic(), 0.0) if times else None

    def close(self) -> None:
        """End the threads, give all back."""
        self._loader.close()
        for layer_id in list(self.layers):
            self.remove(layer_id)

    def _order(self) -> None:
        """The most urgent of each layer first, in turn."""
        running = self._loader.running()
        wanted: list[tuple[float, int, StreamedLayer]] = []
        for layer in self.layers.values():
            left = [(rank, tile) for rank, tile in layer.missing() if (layer, tile) not in running]
            wanted.extend((rank, tile, layer) for rank, tile in left[:_AHEAD])
        wanted.sort(key=lambda each: each[0])
        gate = self._loader.gate
        jobs: list[tuple[Any, Any]] = [
            ((layer, tile), layer.job(tile, gate)) for _, tile, layer in wanted[:_AHEAD]
        ]
        self._loader.want(jobs)

    def _fit(self) -> None:
        """Drop what was needed longest ago; where the view alone is too large, show it coarser."""
        size = self.size
        if size <= self.budget * _ROOMY:
            self._scarce = max(1.0, self._scarce * _FINER)
        if size <= self.budget:
            return
        idle = [
            (used, tile, layer) for layer in self.layers.values() for used, tile in layer.idle(self._frame)
        ]
        for _, tile, layer in sorted(idle, key=lambda each: each[0]):
            size -= layer.drop(tile)
            if size <= self.budget:
                return
        self._scarce = min(self._scarce * _COARSER, _COARSEST)
