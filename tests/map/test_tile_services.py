"""Tile services: drawn where they belong, fetched politely, and what happens when they misbehave."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor, QImage
from PySide6.QtWidgets import QApplication

from console.map.engine.services import HOST_LIMIT, tile_box
from console.map.views.view import MapView
from console.model.coordinates import Datum, from_wgs84
from console.model.text import Text
from console.sdk.map import TileService
from console.sdk.ui.words import said, word
from console.sdk.web import SLOW
from tests.map.conftest import CENTER, drawn, until
from tests.map.tile_server import TileServer, picture, tile_server

TITLE = Text("影像", "Imagery")
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def chessboard(path: str) -> tuple[int, bytes]:
    """Red and green tiles in turn."""
    x, y = (int(part) for part in path.split("/")[2:4])
    return 200, picture("#ff0000" if (x + y) % 2 else "#00ff00")


@pytest.fixture
def server(qapp: QApplication) -> Iterator[TileServer]:
    with tile_server(chessboard) as running:
        yield running


@pytest.fixture
def cached(qapp: QApplication, theme: dict[str, str], tmp_path: Path) -> Iterator[Any]:
    """Makes views that share a folder of tiles."""
    made: list[MapView] = []

    def make() -> MapView:
        QCursor.setPos(QPoint(1919, 1079))
        view = MapView(tmp_path / "cache", workers=1)
        view.resize(700, 500)
        view.set_theme("dark", lambda token: theme.get(token, "#888888"))
        view.show()
        view.facet.center_on(*CENTER, 15)
        made.append(view)
        return view

    yield make
    for view in made:
        view.close()
        view.deleteLater()


def xyz(server: TileServer, **more: Any) -> TileService:
    return TileService(url=server.url + "/{z}/{x}/{y}", **more)


def color_at(view: MapView, lon: float, lat: float) -> tuple[int, ...]:
    image: QImage = view.grab().toImage()
    x, y = view.viewport.pixel_of(lon, lat)
    return image.pixelColor(round(x), round(y)).getRgb()[:3]


def shown(view: MapView, lon: float, lat: float, color: tuple[int, ...]) -> None:
    """Wait until a place has a colour."""
    until(lambda: drawn(view) is None and color_at(view, lon, lat) == color)


def tile_middle(z: int, lon: float, lat: float) -> tuple[int, int, float, float]:
    """Column, row and middle of the tile that holds a place."""
    n = 1 << z
    x = int((lon + 180) / 360 * n)
    found = next(y for y in range(n) if _south(z, y) <= lat < _south(z, y - 1))
    return x, found, (x + 0.5) / n * 360 - 180, (_south(z, found) + _south(z, found - 1)) / 2


def _south(z: int, y: int) -> float:
    import math

    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + 1) / (1 << z)))))


def test_tiles_lie_where_they_belong(view: MapView, server: TileServer):
    view.facet.add_tiles("x", xyz(server), title=TITLE)
    x, y, lon, lat = tile_middle(15, *CENTER)
    shown(view, lon, lat, RED if (x + y) % 2 else GREEN)
    shown(view, lon + 360 / (1 << 15), lat, GREEN if (x + y) % 2 else RED)
    view.facet.layers.set_visible("x", False)
    drawn(view)
    assert color_at(view, lon, lat) not in (RED, GREEN)


def test_shifted_tiles_are_put_back(view: MapView, server: TileServer):
    """The middle of a tile in GCJ-02 lies 500 m off in WGS84."""
    view.facet.add_tiles("x", xyz(server, datum="gcj02"), title=TITLE)
    there = from_wgs84(*CENTER, Datum.GCJ02)
    x, y, _, _ = tile_middle(15, float(there[0]), float(there[1]))
    shown(view, *CENTER, RED if (x + y) % 2 else GREEN)


def test_wms_by_box_and_wmts_in_degrees(view: MapView, server: TileServer):
    boxes: list[str] = []

    def wms(path: str) -> tuple[int, bytes]:
        boxes.append(path)
        return 200, picture("#0000ff")

    server.answer = wms
    url = server.url + "/wms?REQUEST=GetMap&BBOX={west},{south},{east},{north}"
    layer = view.facet.add_tiles("wms", TileService(url=url, size=512), title=TITLE)
    shown(view, *CENTER, BLUE)
    box = [float(v) for v in boxes[0].split("BBOX=")[1].split(",")]
    assert box[2] - box[0] == pytest.approx(box[3] - box[1])
    layer.remove()
    server.answer = lambda path: (200, picture("#00ff00" if "/EPSG:4490:14/" in path else "#ff0000"))
    names = [f"EPSG:4490:{z}" for z in range(19)]
    url = server.url + "/wmts/{matrix}/{x}/{y}"
    view.facet.add_tiles("wmts", TileService(url=url, grid="geographic", matrices=names), title=TITLE)
    shown(view, *CENTER, GREEN)


def test_a_geographic_grid_covers_the_world():
    assert tile_box("geographic", 0, 1, 0) == (0.0, -90.0, 180.0, 90.0)
    west, south, east, north = tile_box("mercator", 1, 1, 0)
    assert (west, south) == (0.0, 0.0)
    assert east == north == pytest.approx(20037508.342789244)


def test_what_has_come_outlives_the_program(cached: Any, server: TileServer):
    first = cached()
    first.facet.add_tiles("x", xyz(server), title=TITLE)
    x, y, lon, lat = tile_middle(15, *CENTER)
    color = RED if (x + y) % 2 else GREEN
    shown(first, lon, lat, color)
    first.close()
    asked = server.asked[f"/15/{x}/{y}"]
    second = cached()
    second.facet.add_tiles("x", xyz(server), title=TITLE)
    shown(second, lon, lat, color)
    assert server.asked[f"/15/{x}/{y}"] == asked == 1


def test_a_host_gets_few_requests_at_once_and_secrets_stay_in_memory(
    cached: Any, server: TileServer, tmp_path: Path
):
    server.slow = 0.05
    view = cached()
    service = xyz(server, headers={"Authorization": "Bearer geheim-4711"})
    view.facet.add_tiles("x", service, title=TITLE)
    _, _, lon, lat = tile_middle(15, *CENTER)
    until(lambda: drawn(view) is None and color_at(view, lon, lat) in (RED, GREEN))
    assert server.most_at_once <= HOST_LIMIT
    assert server.headers[0]["Authorization"] == "Bearer geheim-4711"
    assert "geheim" not in repr(service)
    kept = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert kept
    assert not any(b"geheim" in file.read_bytes() or "geheim" in str(file) for file in kept)


def state(view: MapView) -> str:
    return view.facet.layers.entries()[0].state


def test_a_service_that_fails_says_so_and_comes_back(view: MapView, server: TileServer):
    server.answer = lambda path: (500, b"")
    view.facet.add_tiles("x", xyz(server), title=TITLE)
    until(lambda: drawn(view) is None and "500" in state(view))
    server.answer = chessboard
    _, _, lon, lat = tile_middle(15, *CENTER)
    until(lambda: drawn(view) is None and color_at(view, lon, lat) in (RED, GREEN), 40)
    until(lambda: not state(view))


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, b"", "401"),
        (400, b"", "400"),
        (200, b"<html>portal</html>", "it sent something else"),
        (200, b'<?xml?><ServiceException code="x"> no such layer </ServiceException>', "no such layer"),
        (200, b"\x89PNG\r\n\x1a\n broken", "The service sends broken tiles."),
    ],
)
def test_what_is_no_tile_is_told_and_not_asked_for_ever(
    view: MapView, server: TileServer, status: int, body: bytes, said: str
):
    server.answer = lambda path: (status, body)
    view.facet.add_tiles("x", xyz(server), title=TITLE)
    until(lambda: drawn(view) is None and word(said) in state(view))
    assert max(server.asked.values()) <= 5


def test_a_layer_that_is_opened_again_is_not_held_up_by_what_was_before(view: MapView, server: TileServer):
    """Neither by requests that were under way, nor by a refusal before somebody signed in."""
    server.slow = 1.0
    layer = view.facet.add_tiles("x", xyz(server), title=TITLE)
    until(lambda: drawn(view) is None and server.at_once == HOST_LIMIT)
    layer.remove()
    server.slow, server.answer = 0.0, lambda path: (401, b"")
    layer = view.facet.add_tiles("x", xyz(server, headers={"A": "1"}), title=TITLE)
    until(lambda: drawn(view) is None and "401" in state(view))
    layer.remove()
    server.answer = chessboard
    view.facet.add_tiles("x", xyz(server, headers={"A": "2"}), title=TITLE)
    _, _, lon, lat = tile_middle(15, *CENTER)
    until(lambda: drawn(view) is None and color_at(view, lon, lat) in (RED, GREEN))


def test_a_slow_service_is_told_holds_up_no_other_and_comes_back(
    view: MapView, server: TileServer, monkeypatch: pytest.MonkeyPatch
):
    """It answers after the map has lost patience; another host's tiles come meanwhile."""
    monkeypatch.setattr("console.map.engine.services.TIMEOUT", (5.0, 1.5))
    server.slow = 5.0
    with tile_server(lambda path: (200, picture("#0000ff"))) as other:
        view.facet.add_tiles("y", xyz(other), title=TITLE)
        view.facet.add_tiles("x", xyz(server), title=TITLE)
        until(lambda: drawn(view) is None and said(SLOW.text) in state_of(view), 40)
        shown(view, *CENTER, BLUE)
        view.facet.layers.set_visible("y", False)
        server.slow = 0.0
        monkeypatch.setattr("console.map.engine.services.TIMEOUT", (5.0, 15.0))
        _, _, lon, lat = tile_middle(15, *CENTER)
        until(lambda: drawn(view) is None and color_at(view, lon, lat) in (RED, GREEN), 60)
        until(lambda: not state_of(view))


def state_of(view: MapView, layer: str = "x") -> str:
    return next(entry.state for entry in view.facet.layers.entries() if entry.id == layer)


def test_a_layer_that_is_refused_holds_up_no_other_of_its_host(view: MapView, server: TileServer):
    """They may have been signed in to differently; what ails the host is told by all."""
    server.answer = lambda path: (401, b"") if "denied" in path else chessboard(path)
    denied = TileService(url=server.url + "/{z}/{x}/{y}?denied")
    view.facet.add_tiles("x", denied, title=TITLE)
    until(lambda: drawn(view) is None and "401" in state(view))
    view.facet.add_tiles("y", xyz(server), title=TITLE)
    _, _, lon, lat = tile_middle(15, *CENTER)
    until(lambda: drawn(view) is None and color_at(view, lon, lat) in (RED, GREEN))
    server.answer = lambda path: (503, b"")
    view.facet.center_on(CENTER[0] + 1, CENTER[1], 15)
    until(lambda: drawn(view) is None and "503" in state_of(view, "y"), 40)
    view.facet.add_tiles("z", TileService(url=server.url + "/z/{z}/{x}/{y}"), title=TITLE)
    until(lambda: drawn(view) is None and "503" in state_of(view, "z"), 40)


def test_pauses_grow_while_a_service_is_overloaded(view: MapView, server: TileServer):
    times: list[float] = []

    def busy(path: str) -> tuple[int, bytes]:
        times.append(time.monotonic())
        return 503, b""

    server.answer = busy
    view.facet.add_tiles("x", xyz(server), title=TITLE)
    until(lambda: drawn(view) is None and len(times) >= HOST_LIMIT + 2, 40)
    assert "503" in state(view)
    assert times[HOST_LIMIT] - times[0] >= 1.0, "nobody asks at once again"
    assert times[HOST_LIMIT + 1] - times[HOST_LIMIT] >= 2.0, "and then one alone, later still"


def test_nothing_there_is_nothing_drawn(view: MapView, server: TileServer):
    server.answer = lambda path: (404, b"")
    view.facet.add_tiles("x", xyz(server), title=TITLE)
    until(lambda: drawn(view) is None and len(server.asked) > 3)
    assert state(view) == ""


def test_a_host_that_is_not_there_is_told(view: MapView):
    view.facet.add_tiles("x", TileService(url="http://127.0.0.1:9/{z}/{x}/{y}"), title=TITLE)
    until(lambda: drawn(view) is None and bool(state(view)))


def test_an_address_with_unknown_parts_is_refused(view: MapView):
    with pytest.raises(ValueError, match="quadkey"):
        view.facet.add_tiles("x", TileService(url="http://127.0.0.1/{quadkey}"), title=TITLE)
    assert view.facet.layers.entries() == []
