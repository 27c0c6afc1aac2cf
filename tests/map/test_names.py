"""Texts that meet: names of live layers, notes, and the labels of the map beneath."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from console.map.live.points import PointsLayer
from console.map.live.shapes import ShapesLayer
from console.map.views.furniture_paint import BETWEEN, broken
from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind
from console.sdk.symbols import PointStyle, Shape, ShapeStyle, Sprite, SpriteShape
from tests.map.canvas import Canvas, like
from tests.map.conftest import CENTER, Place, at_rest, package, roads, until

RED = "#ff0000"
WHITE = "#ffffff"


def named(canvas: Canvas, name: str, *places: tuple[float, float], labels: tuple[str, ...]) -> PointsLayer:
    """Points at logical pixels with texts."""
    sprite = Sprite(shape=SpriteShape.CIRCLE, fill=RED)
    layer = PointsLayer(name, PointStyle(sprites=(sprite,), labels_from=10), canvas, lambda: canvas.now)
    layer.set_points(*canvas.columns(*places))
    layer.set_labels(labels)
    return layer


def test_names_of_two_layers_never_lie_on_one_another(qapp: QApplication):
    """The layer on top has the right of way."""
    canvas = Canvas(zoom=17)
    low = named(canvas, "low", (100, 100), (100, 200), labels=("人民广场站", "人民广场站"))
    high = named(canvas, "high", (130, 104), labels=("车祸",))
    alone, both = like(canvas.draw(high), WHITE, 60), like(canvas.draw(low, high), WHITE, 60)
    assert alone.any()
    assert (alone[:150] == both[:150]).all(), "what is below gives way"
    assert both[190:210, 110:180].any()


def test_names_and_notes_lie_above_the_symbols_of_all_layers(qapp: QApplication):
    canvas = Canvas(zoom=17)
    low = named(canvas, "low", (100, 100), labels=("人民广场",))
    note = ShapesLayer("note", canvas)
    style = ShapeStyle(stroke="map.selection")
    note.put("a", Shape(kind="text", points=canvas.places((210, 200)), text="第七网格", style=style))
    before = like(canvas.draw(note, low), WHITE, 60)
    high = PointsLayer("high", PointStyle(sprites=(Sprite(fill=RED),)), canvas)
    high.set_points(*canvas.columns((130, 100), (205, 200)))
    after = canvas.draw(note, low, high)
    assert like(after, RED)[90:110, 120:140].any(), "beside the letters the symbol is seen"
    assert like(after, WHITE, 60)[before].all()


def pixels(view: MapView) -> np.ndarray:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1).copy()


@pytest.mark.parametrize("by_note", [False, True], ids=["name", "note"])
def test_labels_of_the_map_give_way_to_what_is_written_above(view: MapView, place: Place, by_note: bool):
    """Whatever is panned, and they are back when it has gone."""
    town = package(LayerKind.POI, FeatureShape.POINT, [[CENTER]], ["人民广场"], ["suburb"])
    view.set_base([place("poi", town)])
    at_rest(view)
    labelled = pixels(view)
    ground = labelled[5, 400]
    ink = labelled != ground
    ink[500:] = ink[:, 700:] = False
    west, east = np.flatnonzero(ink.any(axis=0))[[0, -1]].tolist()
    assert east - west > 30

    def last_letter(shift: int = 0) -> bool:
        """Whether the end of the label is seen."""
        return bool((pixels(view)[290:310, east - 8 + shift : east + 1 + shift] != ground).any())

    lon, lat = view.viewport.place_at(float(west) - 20, 300.0)
    if by_note:
        layer = view.facet.add_shapes("t.notes")
        layer.put("a", Shape(kind="text", points=[(lon, lat)], text="第七网格"))
    else:
        layer = view.facet.add_points("t.names", PointStyle(sprites=(Sprite(),), labels_from=10))
        layer.set_points(np.array([lon]), np.array([lat]))
        layer.set_labels(["路"])
    until(lambda: not last_letter())
    view.show_view(view.viewport.panned(100, 0))
    assert not last_letter(100)
    view.show_view(view.viewport.panned(-100, 0))
    layer.remove()
    until(lambda: bool((pixels(view) == labelled).all()))


def test_the_attribution_is_read_on_any_ground_and_stays_beside_the_scale_bar(view: MapView, place: Place):
    """On a plate; where the view is narrow, in lines."""
    info, path = place("roads", roads(("", "")))
    texts = ("© OpenStreetMap contributors", "Protomaps © OpenStreetMap", "演示数据 demo data")
    view.set_base([(replace(info, id=f"roads{i}", attribution=text), path) for i, text in enumerate(texts)])
    at_rest(view)
    assert view.attribution == BETWEEN.join(texts)
    wide, narrow = (broken(view.attribution, lambda line, most=most: len(line) <= most) for most in (99, 30))
    assert (wide, narrow) == ([view.attribution], list(texts))
    view.resize(460, 600)
    at_rest(view)
    said = pixels(view)
    view.set_base([(replace(info, id=f"roads{i}", attribution=""), path) for i in range(3)])
    at_rest(view)
    rows, columns = np.nonzero(pixels(view) != said)
    assert columns.min() > 210, "right of the scale bar"
    assert columns.max() == 459 and rows.max() == 599
