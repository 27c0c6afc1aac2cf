"""QGIS draws each view that is seen: the layer of the first, and its echoes in those beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from console.map.live.echoes import PictureEcho
from console.map.live.picture_layer import PictureLayer
from console.map.qgis.client import QgisClient
from console.map.qgis.drawing import Drawing

if TYPE_CHECKING:
    from console.map.views.side_view import SideView
    from console.map.views.view import MapView


class Drawings:
    """A ``Drawing`` a view; that of a further view goes when nobody sees it, with its memory."""

    def __init__(
        self, view: MapView, client: QgisClient, layer: PictureLayer, shown: Callable[[], Sequence[str]]
    ) -> None:
        """*shown* names the project's layers to be drawn, topmost first."""
        self._views, self._client, self._layer, self._shown = view.facet.views, client, layer, shown
        self._first = Drawing(view, client, layer, shown)
        self._beside: dict[SideView, tuple[PictureEcho, Drawing]] = {}
        self._undo = self._views.seen.add(self._follow)
        self._follow()

    def look(self) -> None:
        """What is to be shown may have changed."""
        for drawing in self._all():
            drawing.look()

    def renew(self) -> None:
        """The layers themselves have changed."""
        for drawing in self._all():
            drawing.renew()

    def close(self) -> None:
        """Draw nothing more."""
        self._undo()
        for pane in tuple(self._beside):
            self._drop(pane)
        self._first.close()

    def _all(self) -> list[Drawing]:
        return [self._first, *(drawing for _, drawing in self._beside.values())]

    def _follow(self) -> None:
        seen = [pane for pane in self._views.panes if pane.isVisible()]
        for pane in self._beside.keys() - set(seen):
            self._drop(pane)
        for pane in seen:
            echo = pane.scene.echo(self._layer.layer_id)
            if pane not in self._beside and isinstance(echo, PictureEcho):
                echo.part()
                drawing = Drawing(pane, self._client, echo, self._shown)
                self._beside[pane] = echo, drawing
                drawing.look()

    def _drop(self, pane: SideView) -> None:
        """Qt may have deleted it already, so nobody is told."""
        echo, drawing = self._beside.pop(pane)
        echo.picture = None
        drawing.close()
