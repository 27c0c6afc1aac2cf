"""Pictures of the ground: the same pixels as painted piece by piece, never old, never too many."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from console.map.engine.tiles import target, tiles_in
from console.map.live.points import FEWER, MANY
from console.map.views.ground import SPARE, Ground
from console.map.views.view import MapView
from console.sdk.map import PointLayer
from console.sdk.symbols import PointStyle, Shape, ShapeStyle, Sprite, SpriteShape
from tests.map.conftest import CENTER, Place, drawn, roads, until

RED, BLUE = "#ff2010", "#1060ff"
SPRITES = (Sprite(shape=SpriteShape.CIRCLE, fill=RED), Sprite(shape=SpriteShape.SQUARE, fill=BLUE))
CROWD = MANY + 1_000


def crowd(view: MapView, name: str = "t.crowd", **style: bool) -> PointLayer:
    return view.facet.add_points(name, PointStyle(sprites=SPRITES, **style))


def fill(layer: PointLayer, seed: int = 1, shift: float = 0.0, sprite: int = 0) -> None:
    """A crowd over all of the view."""
    chance = np.random.default_rng(seed)
    lon, lat = (chance.uniform(c - 0.012, c + 0.012, CROWD) for c in CENTER)
    kind = np.full(CROWD, sprite)
    layer.set_points(lon + shift, lat, sprite=kind, keys=np.arange(CROWD))


def settled(view: MapView) -> QImage:
    """The view when nothing is late any more."""
    drawn(view)

    def rests() -> bool:
        shot(view)
        return not view.ground.unfinished

    until(rests)
    return shot(view)


def shot(view: MapView) -> QImage:
    """The view in its own device pixels, whatever those of the screen."""
    dpr = view.devicePixelRatioF()
    image = QImage(round(view.width() * dpr), round(view.height() * dpr), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(dpr)
    view.render(image)
    return image


def pixels(image: QImage) -> np.ndarray:
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[..., 2::-1].astype(int)


def share(image: QImage, color: str) -> float:
    """Share of the pixels that are nearly of a colour."""
    wanted = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    return float((np.abs(pixels(image) - wanted).max(axis=2) < 40).mean())


def assert_alike(a: np.ndarray, b: np.ndarray) -> None:
    """No pixel differs by more than rounding."""
    assert np.abs(a - b).max() <= 2


@pytest.mark.parametrize("dpr", [1.0, 1.5])
def test_the_ground_looks_as_if_it_were_painted_piece_by_piece(
    view: MapView, place: Place, monkeypatch: pytest.MonkeyPatch, dpr: float
):
    monkeypatch.setattr(MapView, "devicePixelRatioF", lambda self: dpr)
    view.resize(790, 590)
    view.facet.center_on(*CENTER, 15)
    view.set_base([place("roads", roads())])
    line = Shape(kind="line", points=(CENTER, (CENTER[0] + 0.01, CENTER[1] + 0.004)), style=ShapeStyle())
    view.facet.add_shapes("t.line").put("one", line)
    layer = crowd(view)
    fill(layer)
    layer.select([5, 900])
    burnt = pixels(settled(view))
    view.navigator.pan(37, -21)
    panned = pixels(settled(view))
    monkeypatch.setattr(Ground, "draw", lambda *_: None)
    assert_alike(panned, pixels(settled(view)))
    view.navigator.pan(-37, 21)
    assert_alike(burnt, pixels(settled(view)))


def test_a_crowd_that_changes_or_moves_is_painted_anew(view: MapView, place: Place):
    view.set_base([place("roads", roads())])
    layer = crowd(view)
    fill(layer)
    before = settled(view)
    assert share(before, RED) > 0.02
    assert share(before, BLUE) == 0
    fill(layer, sprite=1)
    blue = settled(view)
    assert share(blue, RED) == 0
    assert share(blue, BLUE) > 0.02
    fill(layer, sprite=1, shift=0.0004)
    assert not np.array_equal(pixels(settled(view)), pixels(blue))
    layer.set_points(np.empty(0), np.empty(0))
    assert share(settled(view), BLUE) == 0


def test_a_crowd_that_is_hidden_removed_or_faded_leaves_the_ground(view: MapView, place: Place):
    view.set_base([place("roads", roads())])
    layer, other = crowd(view), crowd(view, "t.other")
    fill(layer)
    fill(other, seed=2, sprite=1)
    assert share(settled(view), RED) > 0.01
    layer.set_visible(False)
    hidden = settled(view)
    assert share(hidden, RED) == 0
    assert share(hidden, BLUE) > 0.02
    view.tree.set_opacity("t.other", 0.3)
    assert share(settled(view), BLUE) < 0.001
    other.remove()
    assert share(settled(view), BLUE) == 0


def test_few_points_that_glide_are_not_burnt_into_the_ground(view: MapView, place: Place):
    view.set_base([place("roads", roads())])
    layer = crowd(view, interpolate=True)
    lon, lat = (np.full(FEWER - 1, c) for c in CENTER)
    layer.set_points(lon, lat, keys=np.arange(FEWER - 1))
    settled(view)
    layer.set_points(lon + 0.002, lat, keys=np.arange(FEWER - 1))
    view.grab()
    assert not view.ground.unfinished, "the layer is painted every frame, pictures stay as they are"


def test_a_long_pan_keeps_no_more_pictures_than_the_view_needs(view: MapView, place: Place):
    view.set_base([place("roads", roads())])
    for _ in range(12):
        view.navigator.pan(500, 0)
        settled(view)
    assert len(view.ground) <= len(tiles_in(view.viewport, 30)) + SPARE


def test_other_colours_of_the_theme_are_seen_though_its_map_style_stays(view: MapView, place: Place):
    """A theme of a plugin: dark as ours, with colours of its own."""
    own = {"map.shape": RED}
    view.set_theme("dark", lambda token: own.get(token, "#101820"))
    view.set_base([place("roads", roads())])
    lon, lat = CENTER
    line = Shape(
        kind="line", points=((lon - 0.01, lat + 0.002), (lon + 0.01, lat + 0.002)), style=ShapeStyle(width=9)
    )
    view.facet.add_shapes("t.line").put("one", line)
    assert share(settled(view), RED) > 0.005
    own["map.shape"] = BLUE
    view.set_theme("dark", lambda token: own.get(token, "#101820"))
    blue = settled(view)
    assert share(blue, RED) == 0
    assert share(blue, BLUE) > 0.005


def test_what_is_late_is_made_between_frames_and_its_place_alone_is_painted(view: MapView, place: Place):
    view.set_base([place("roads", roads())])
    fill(crowd(view))
    settled(view)
    key, viewport = tiles_in(view.viewport, 30)[0], view.viewport
    assert view.scene.freshen(viewport, view.clock.now()) is None, "nothing is late"
    view.base.tiles.expire({key})
    view.ground.unfinished = True
    assert view.scene.freshen(viewport, view.clock.now()) == [target(key, viewport)]
    assert not view.ground.unfinished


def test_what_is_late_waits_while_a_part_of_the_view_is_painted(view: MapView, place: Place):
    view.set_base([place("roads", roads())])
    settled(view)
    view.ground.whole = False
    view.base.tiles.expire(tiles_in(view.viewport, 30))
    canvas = QImage(view.size(), QImage.Format.Format_RGB32)
    painter = QPainter(canvas)
    assert view.ground.draw(painter, view.viewport, [], view.colors, view.clock.now()) is not None
    painter.end()
    assert view.ground.unfinished, "or it would be fresh, and not seen"


def test_a_view_that_rests_paints_what_comes_by_itself(view: MapView, place: Place):
    """Without anybody asking for a frame, as ``shot`` does."""
    view.set_base([place("roads", roads())])
    before = settled(view)
    view.base.set_style("light")
    until(lambda: view.base.idle and not view.ground.unfinished)
    assert not np.array_equal(pixels(shot(view)), pixels(before))


def test_labels_around_the_view_wait_for_those_in_it(view: MapView, place: Place):
    labels = view.base.labels
    view.show_view(view.viewport)
    labels.look_at(view.viewport)
    job = labels.next(visible=True)
    assert job is not None
    level = job.level
    assert {(level, column, row) for _, column, row in job.blocks} == set(tiles_in(view.viewport, level))
    assert labels.next(visible=False) is None, "one after the other"
