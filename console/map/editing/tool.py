"""The edit tool: points, lines and polygons drawn and changed by pointer or by keys alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPainter

from console.map.aim import Aim, AimHost
from console.map.editing.angles import Squared, squared
from console.map.editing.board import Board
from console.map.editing.faults import Fault, fault_of, size_text
from console.map.editing.paint import Scene, paint
from console.map.editing.snap_index import Snap, Source
from console.map.editing.snapping import Snapper
from console.map.editing.strokes import Sketches, rounded, vertices
from console.map.editing.targets import Target, Targets
from console.map.live.sprites import Colors
from console.map.tools import Tool
from console.map.viewport import Viewport, to_world
from console.model.records import LonLat
from console.sdk.editing import Check, Sketch
from console.sdk.ui.words import word

SNAP_REACH = 11.0
"""Logical pixels."""
Key = Qt.Key
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


class EditTool(Tool):
    """``future`` gets the sketches as they were left."""

    def __init__(
        self,
        prompt: str,
        sketches: Sequence[Sketch],
        host: AimHost,
        sources: Callable[[], Sequence[Source]],
        *,
        drawing: int | None = None,
        check: Check | None = None,
        note: Check | None = None,
    ) -> None:
        """*drawing*: the sketch to which clicks add; *note*: said in place of length and area."""
        super().__init__(prompt)
        self._host, self._aim = host, Aim(host)
        self._board = Board(sketches, drawing)
        self._before: Sketches = self._board.shown if drawing is None else ()
        self._check, self._note = check, note
        self._snapper = Snapper(sources, frozenset(vertices(self._before)))
        self.future.add_done_callback(lambda _: self._snapper.close())
        self._snapping = True
        self._right_angles = self._shift = False
        self._snap: Snap | None = None
        self._hand: LonLat | None = None
        """Where pointer or keys are; None before they have moved."""
        self._stop = -1
        self._asked = False
        self._targets = self._own = Targets(self._board.shown)
        self._judged: Sketches = ()
        """What ``_fault`` was found in."""
        self._fault: Fault | None = None
        self._text = ""
        self._keys = self._make_keys()

    def _make_keys(self) -> dict[int, Callable[[], object]]:
        return {
            Key.Key_Space: self._use,
            Key.Key_Return: self._enter,
            Key.Key_Enter: self._enter,
            Key.Key_Escape: self._escape,
            Key.Key_Delete: self._remove,
            Key.Key_Backspace: self._take_back,
            Key.Key_Insert: self._insert,
            Key.Key_Tab: lambda: self._walk(1),
            Key.Key_Backtab: lambda: self._walk(-1),
            Key.Key_M: self._take_whole,
            Key.Key_S: self._toggle_snapping,
            Key.Key_R: self._toggle_right_angles,
        }

    @property
    def snapping_ready(self) -> bool:
        """Whether what is in view has been read."""
        return self._snapper.ready

    @property
    def hints(self) -> str:
        drawn = self._board.drawn
        if drawn is not None:
            text = word("Click or Space: add · Enter or double-click: finish · Backspace: undo · Esc: cancel")
            return text if drawn.kind == "point" else f"{text} · {word('R or Shift: right angles')}"
        return word("Drag a corner or middle · Del: remove · M: move all · S: snap · Enter: done · Esc: quit")

    # ---- the pointer ----

    def move(self, place: LonLat) -> None:
        self._aim.set(place)
        self._shift = bool(QGuiApplication.keyboardModifiers() & SHIFT)
        self._hand = place
        self._follow()

    def grab(self, viewport: Viewport, px: float, py: float) -> bool:
        if self._board.held is not None or (self._board.drawing is not None and not self._snaps):
            return False
        target = self._targets.at(viewport, px, py, self._board.drawing is not None)
        if target is None:
            return False
        self._take(target, viewport.place_at(px, py))
        return True

    def drop(self, dragged: bool) -> None:
        """A vertex that was only clicked is chosen, or added again while drawing: the first one closes."""
        held = self._board.held
        if held is None:
            return
        inserted = held.base is not self._board.history.now
        if dragged or inserted:
            self._board.put_down()
        else:
            self._board.put_back()
            if self._board.drawing is not None and held.whole is None:
                self._add(self._targets.vertices[held.spot])
        self._tell()

    def click(self, place: LonLat) -> None:
        self.move(place)
        self._asked = False
        if self._board.held is not None:
            self._board.put_down()
        elif self._board.drawing is not None:
            self._add(self._place)
        elif [sketch.kind for sketch in self._board.shown] == ["point"]:
            self._board.move_to(self._place)
        else:
            self._board.chosen = None
        self._tell()

    def double_click(self) -> None:
        viewport = self._host.viewport
        busy = self._targets.at(viewport, *viewport.pixel_of(*self._aim.place)) is not None
        if self._board.drawing is not None or not busy:
            self._end()

    # ---- keys ----

    def wants(self, key: int) -> bool:
        return key in self._keys

    def key(self, key: int, fast: bool = False) -> bool:
        if self._aim.key(key, fast):
            self._shift = False  # it makes the crosshair faster
            self._hand = self._aim.place
            self._follow()
            return True
        act = self._keys.get(key)
        if act is None:
            return False
        if key != Key.Key_Escape:
            self._asked = False
        act()
        self._tell()
        return True

    def undo(self) -> None:
        self._board.undo()
        self._tell()

    def redo(self) -> None:
        self._board.redo()
        self._tell()

    def _use(self) -> None:
        """Space: what a click would do at the crosshair, or take hold there."""
        target = self._target()
        if self._board.held is not None or self._board.drawing is not None or target is None:
            self.click(self._aim.place)
        else:
            self._take(target, self._aim.place)

    def _enter(self) -> None:
        if self._board.held is not None:
            self._board.put_down()
        else:
            self._end()

    def _escape(self) -> None:
        """What is held goes back; changes are given up only when asked twice."""
        if self._board.held is not None:
            self._board.put_back()
        elif self._board.drawing is None and self._board.history.changed and not self._asked:
            self._asked = True
        else:
            self.finish(None)

    def _take_back(self) -> None:
        if self._board.drawing is not None:
            self._board.drop_last()
        else:
            self._remove()

    def _remove(self) -> None:
        """The chosen vertex, or the one at the crosshair."""
        self._board.put_back()
        target = self._target()
        if self._board.chosen is None and target is not None:
            self._board.chosen = target.vertex
        self._board.remove()

    def _insert(self) -> None:
        """A new vertex behind the chosen one, to be moved by keys."""
        chosen = self._board.chosen
        edge = next((edge for edge in self._targets.edges if chosen in edge), None)
        if edge is not None and self._board.held is None and self._board.drawing is None:
            place = self._targets.middle_of(edge)
            self._go_to(place)
            self._take(Target(place, edge=edge), place)

    def _walk(self, step: int) -> None:
        stops = self._targets.stops()
        if stops and self._board.held is None:
            self._stop = (self._stop + step) % len(stops) if self._stop >= 0 or step > 0 else len(stops) - 1
            self._board.chosen = stops[self._stop].vertex
            self._go_to(stops[self._stop].place)

    def _take_whole(self) -> None:
        """The sketch of the chosen vertex, or the first."""
        if self._board.held is None and self._board.drawing is None:
            index = self._board.subject or 0
            where = self._targets.handles.get(index)
            if where is not None:
                self._go_to(where)
                self._take(Target(where, whole=index), where)

    def _toggle_snapping(self) -> None:
        self._snapping = not self._snapping
        self._follow()

    def _toggle_right_angles(self) -> None:
        self._right_angles = not self._right_angles
        self._follow()

    def _go_to(self, place: LonLat) -> None:
        """The crosshair there; the map comes along when it is out of sight."""
        viewport = self._host.viewport
        px, py = viewport.pixel_of(*place)
        if not (0 < px < viewport.width and 0 < py < viewport.height):
            x, y = to_world(*place)
            self._host.show_view(viewport.at(float(x), float(y)))
        self._aim.set(place)
        self._hand = place

    # ---- what both do ----

    def _target(self) -> Target | None:
        viewport = self._host.viewport
        return self._targets.at(viewport, *viewport.pixel_of(*self._aim.place))

    def _take(self, target: Target, at: LonLat) -> None:
        if target.vertex is not None:
            self._board.take(target.vertex)
        elif target.edge is not None:
            self._board.take_edge(target.edge, target.place)
        elif target.whole is not None:
            self._board.take_whole(target.whole, at)
        held = self._board.held
        assert held is not None
        if held.base is not self._targets.sketches:
            self._own = Targets(held.base)
        self._tell()

    def _add(self, place: LonLat) -> None:
        if self._board.add(place):
            self._end()

    def _end(self) -> None:
        """Give the sketches, unless something is wrong with them."""
        if not self._board.whole:
            return
        self._fault = self._judge(self._board.shown)
        if self._fault is None:
            self.finish(list(self._board.shown))

    @property
    def _snaps(self) -> bool:
        return self._snapping and not QGuiApplication.keyboardModifiers() & ALT

    @property
    def _place(self) -> LonLat:
        """Where the hand's vertex is."""
        found = self._snap or self._square
        return found.place if found is not None else rounded(self._hand or self._aim.place)

    @property
    def _square(self) -> Squared | None:
        """Where the vertex goes that is at a right angle, while that is wanted."""
        drawn = self._board.drawn
        if drawn is None or self._board.held is not None or not (self._right_angles or self._shift):
            return None
        return squared(drawn.points, self._hand or self._aim.place, SNAP_REACH / self._host.viewport.scale)

    @property
    def _chosen_place(self) -> LonLat | None:
        held, chosen = self._board.held, self._board.chosen
        if chosen is None or held is not None:
            return self._place if held is not None and held.whole is None else None
        return self._targets.vertices.get(chosen)

    def _follow(self) -> None:
        """The hand has moved."""
        if self._board.held is None and self._board.drawing is None:
            return
        self._snap = self._find_snap()
        self._board.hold_at(self._place)
        self._tell()

    def _find_snap(self) -> Snap | None:
        held, hand = self._board.held, self._hand
        moves = held.whole is None if held is not None else self._board.drawing is not None
        if hand is None or not moves or not self._snaps:
            return None
        viewport = self._host.viewport
        self._snapper.look_at(viewport)
        reach = SNAP_REACH / viewport.scale
        own = self._own.snap(hand, reach, held.spot if held is not None else self._board.last)
        if (square := self._square) is not None:  # what is beside would spoil the angle; the start closes
            return own if own is not None and own.place == square.first else None
        found = [snap for snap in (own, self._snapper.find(hand, reach)) if snap is not None]
        best = min(found, key=lambda snap: not snap.vertex, default=None)
        return None if best is None else best._replace(place=rounded(best.place))

    def _judge(self, sketches: Sketches) -> Fault | None:
        """What is wrong; the caller's view counts when the hand is still."""
        fault = fault_of(sketches)
        if fault is None and self._check is not None and self._board.held is None and self._board.whole:
            text = self._check(sketches)
            fault = Fault(text) if text else None
        return fault

    def _tell(self) -> None:
        """Look at the sketches anew."""
        shown = self._board.shown
        if shown is not self._targets.sketches:
            self._targets = Targets(shown)
        if self._board.held is None:
            self._own = self._targets
        seen = self._board.shown_with(self._place if self._hand else None)
        if seen is not self._judged:
            self._judged, self._fault = seen, self._judge(seen)
        self._text = self._said(seen)

    def _said(self, seen: Sketches) -> str:
        if self._note is not None:
            return self._note(seen)
        subject = self._board.subject
        return size_text(seen[subject]) if subject is not None else ""

    def draw(self, painter: QPainter, viewport: Viewport, colors: Colors) -> None:
        self._snapper.look_at(viewport)
        self._aim.draw(painter, viewport, colors)
        board = self._board
        working = board.held is not None or board.drawing is not None
        lines = [self._text, word("Esc again: give up the changes") if self._asked else ""]
        lines.append("" if self._snaps else word("Snapping is off (S)"))
        square = self._square if self._snap is None else None
        lines.append(
            square.text if square is not None else word("Right angles") if self._right_angles else ""
        )
        scene = Scene(
            sketches=board.shown_with(self._place if self._hand else None),
            before=self._before if board.shown != self._before else (),
            targets=self._targets,
            open=board.drawing,
            chosen=self._chosen_place,
            held=board.held is not None,
            snap=self._snap if working else None,
            fault=self._fault,
            guide=(square.last, square.place) if square is not None else None,
            note="\n".join(line for line in lines if line),
            at=self._place if working and self._hand is not None else None,
        )
        paint(painter, viewport, colors, scene)


class DrawTool(EditTool):
    """Draws one line or polygon; ``future`` gets its places alone."""

    def finish(self, result: Any) -> None:
        super().finish(list(result[0].points) if result else None)
