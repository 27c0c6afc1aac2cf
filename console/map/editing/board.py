"""The state of an edit: sketches with their history, the chosen vertex, what is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from console.map.editing.history import History
from console.map.editing.strokes import (
    Edge,
    Rows,
    Sketches,
    Spot,
    appended,
    dropped,
    inserted,
    moved,
    removed,
    rounded,
    rows_of,
    settled,
    shifted,
    spot,
    vertices,
)
from console.model.records import LonLat
from console.sdk.editing import LEAST, Sketch


@dataclass(frozen=True, slots=True)
class Held:
    """What follows the hand: the vertex at a spot, or a sketch as a whole taken hold of at a place."""

    base: Sketches
    """As it was before; an inserted vertex included."""
    spot: Spot
    rows: Rows
    """Where the vertices are that follow."""
    whole: int | None = None
    at: LonLat = (0.0, 0.0)

    @property
    def subject(self) -> int:
        """Index of the sketch that it belongs to."""
        return self.whole if self.whole is not None else min(self.rows)[0]


class Board:
    """``shown`` is what is seen now; ``history`` has what was done and put down."""

    def __init__(self, sketches: Sequence[Sketch], drawing: int | None) -> None:
        self.history = History(tuple(sketches))
        self.drawing = drawing
        """Index of the sketch to which clicks add vertices."""
        self.chosen: Spot | None = None
        self.held: Held | None = None
        self._dragged: Sketches | None = None

    @property
    def shown(self) -> Sketches:
        return self._dragged if self._dragged is not None else self.history.now

    @property
    def drawn(self) -> Sketch | None:
        """The sketch that is being drawn."""
        return None if self.drawing is None else self.shown[self.drawing]

    @property
    def last(self) -> Spot | None:
        """The vertex that was drawn last: the hand goes on from it, not back to it."""
        return spot(self.drawn.points[-1]) if self.drawn is not None and self.drawn.points else None

    @property
    def subject(self) -> int | None:
        """The sketch that the hand works on."""
        if self.drawing is not None or len(self.shown) == 1:
            return self.drawing or 0
        if self.held is not None:
            return self.held.subject
        each = enumerate(self.shown)
        return next((index for index, sketch in each if self.chosen in vertices([sketch])), None)

    @property
    def whole(self) -> bool:
        """Whether every sketch has the vertices that it needs."""
        return all(len(sketch.points) >= LEAST[sketch.kind] for sketch in self.shown)

    def shown_with(self, place: LonLat | None) -> Sketches:
        """With the vertex that a click would add; a point is where the hand is."""
        if self.drawing is None or place is None or self.held is not None:
            return self.shown
        return appended(self.shown, self.drawing, place)

    def add(self, place: LonLat) -> bool:
        """One more vertex; True when that ends it: a point, or a polygon closed at its first vertex."""
        sketch = self.drawn
        assert sketch is not None and self.drawing is not None
        ring = sketch.points
        if sketch.kind == "polygon" and len(ring) >= LEAST["polygon"] and spot(ring[0]) == spot(place):
            return True
        if not ring or spot(ring[-1]) != spot(place):
            self._do(appended(self.history.now, self.drawing, place))
        return sketch.kind == "point"

    def drop_last(self) -> None:
        """Take the last drawn vertex away."""
        if self.drawing is not None:
            self._do(dropped(self.history.now, self.drawing))

    def take(self, where: Spot) -> None:
        """Hold a vertex."""
        self._hold(self.history.now, where)

    def _hold(self, base: Sketches, where: Spot) -> None:
        self.held, self.chosen = Held(base, where, rows_of(base, {where})), where

    def take_edge(self, edge: Edge, place: LonLat) -> None:
        """Hold a new vertex in an edge."""
        place = rounded(place)
        base = inserted(self.history.now, edge, place)
        self._hold(base, spot(place))
        self._dragged = base

    def take_whole(self, index: int, at: LonLat) -> None:
        """Hold a whole sketch at a place."""
        now = self.history.now
        self.held = Held(now, spot(at), rows_of(now, vertices([now[index]])), index, at)

    def hold_at(self, place: LonLat) -> None:
        """What is held follows."""
        held = self.held
        if held is None:
            return
        if held.whole is None:
            self._dragged = moved(held.base, {held.spot: place}, held.rows)
            self.chosen = spot(place)
        else:
            lon, lat = place[0] - held.at[0], place[1] - held.at[1]
            self._dragged = shifted(held.base, held.whole, lon, lat, held.rows)
            self.chosen = None

    def put_down(self) -> bool:
        """Let go of what is held; False (and as before) when it came to lie on its neighbours."""
        result = self.shown if self.drawing is not None else settled(self.shown)
        self.put_back()
        if result is not None:
            self._do(result)
        return result is not None

    def put_back(self) -> None:
        """Let go of what is held, as if it had not been touched."""
        self.held = self._dragged = None

    def remove(self) -> bool:
        """Take the chosen vertex away; False when its line or polygon needs it."""
        if self.chosen is None:
            return False
        result = removed(self.history.now, self.chosen)
        if result is not None:
            self._do(result)
        return result is not None

    def move_to(self, place: LonLat) -> None:
        """The only vertex of a point elsewhere."""
        self._do((replace(self.history.now[0], points=(place,)), *self.history.now[1:]))

    def undo(self) -> None:
        self.put_back()
        self.history.undo()
        self._forget()

    def redo(self) -> None:
        self.put_back()
        self.history.redo()
        self._forget()

    def _do(self, state: Sketches) -> None:
        self.history.put(state)
        self._forget()

    def _forget(self) -> None:
        if self.chosen not in vertices(self.history.now):
            self.chosen = None
