"""One view's share in what is drawn of the models: it tells its process, its hands, and shows the line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from console.model.text import Text
from console.scene.cutting import cut_matrix
from console.scene.frame import Frame
from console.scene.process.messages import Flat, SetShape
from console.scene.shape import Shape
from console.scene.view.divider import Divider
from console.sdk.scene_shape import CutBox

if TYPE_CHECKING:
    from console.scene.view.view import SceneView


class Shaping:
    """Follows *shape* until its view ends."""

    def __init__(self, view: SceneView, shape: Shape, title: Callable[[str], Text | None]) -> None:
        """*title*: of a layer; None: it has none, or is not there."""
        self._view, self._shape, self._title = view, shape, title
        self._told = SetShape()
        self.divider = Divider(view, self._move, view.feed.move, self._end)
        view.destroyed.connect(shape.on_change(self.follow))
        self.follow()

    def toggle_underground(self) -> None:
        """The other way round."""
        self._shape.set_underground(not self._shape.underground)

    def follow(self) -> None:
        """Show what is asked for now."""
        asked = request_of(self._shape, self._view.frame)
        if asked != self._told:
            self._told = asked
            self._view.process.put(asked)
        navigator = self._view.navigator
        if navigator.world.underground != asked.underground:
            navigator.allow_underground(asked.underground)
            self._view.went()
        swipe = self._shape.swipe
        if swipe is None:
            self.divider.leave()
        else:
            self.divider.tell(swipe.share, self._titles(swipe.left), self._titles(swipe.right))

    def _titles(self, layers: frozenset[str]) -> list[Text]:
        return [title for layer in sorted(layers) if (title := self._title(layer)) is not None]

    def _move(self, share: float) -> None:
        if self._shape.swipe is not None:
            self._shape.swipe = replace(self._shape.swipe, share=share)

    def _end(self) -> None:
        self._shape.swipe = None


def request_of(shape: Shape, frame: Frame) -> SetShape:
    """What the drawing process of a scene with *frame* is told."""
    cut, swipe = shape.cut, shape.swipe
    return SetShape(
        None if cut is None else cut_matrix(cut, frame).tolist(),
        isinstance(cut, CutBox) and cut.hole,
        [Flat([(place.lon, place.lat) for place in area.places], area.height) for area in shape.flat],
        sorted(swipe.left) if swipe is not None else [],
        sorted(swipe.right) if swipe is not None else [],
        swipe.share if swipe is not None else 0.5,
        shape.underground,
    )
