"""Styles of the user's: on the map at once, in the legend, taken back, and there after a restart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind, encode_package
from console.model.text import Text
from console.sdk.map import DataLayer
from console.sdk.styling import POLYGON, Symbol, by_number, number_legend, style_layers
from tests.map.conftest import CENTER, Place, drawn, package, square

FAR = (CENTER[0] + 0.006, CENTER[1])
LIMITS, COLORS = (50,), ("#0000ff", "#ff8000")
SYMBOL = Symbol(opacity=1.0, outline_width=0)
BY_HEIGHT = style_layers(
    [POLYGON], by_number("height", LIMITS, COLORS), SYMBOL, legend=number_legend(LIMITS, COLORS)
)


def fill(color: str) -> list[dict[str, Any]]:
    return [{"id": "a", "type": "fill", "paint": {"fill-color": color}}]


@pytest.fixture
def blocks(tmp_path: Path) -> str:
    path = tmp_path / "blocks.oml"
    squares = [square(*CENTER, 0.004), square(*FAR, 0.004)]
    path.write_bytes(encode_package(package(LayerKind.OTHER, FeatureShape.POLYGON, squares, height=[10, 90])))
    return str(path)


def add(view: MapView, path: str) -> DataLayer:
    title = Text("地块", "Blocks")
    return view.facet.add_features("blocks", [path], version="1", title=title, style=fill("#ff0000"))


def colors(view: MapView) -> list[str]:
    """At the middles of the two blocks."""
    drawn(view)
    image: QImage = view.grab().toImage()
    pixels = [view.viewport.pixel_of(*place) for place in (CENTER, FAR)]
    return [image.pixelColor(round(x), round(y)).name() for x, y in pixels]


def test_the_users_style_is_drawn_told_and_taken_back(view: MapView, blocks: str) -> None:
    layer, layers = add(view, blocks), view.facet.layers
    assert layers.style("blocks") == fill("#ff0000")
    layers.set_style("blocks", BY_HEIGHT)
    assert colors(view) == list(COLORS)
    assert layers.style("blocks") == BY_HEIGHT
    legend = [line.title.en for line in layers.entries()[0].legend]
    assert legend == ["below 50", "50 and more", "No data"]
    layer.set_style(fill("#00ff00"))
    assert colors(view) == list(COLORS), "the user's style lies above the plugin's"
    layers.set_style("blocks", ())
    assert colors(view) == ["#00ff00", "#00ff00"]


def test_it_comes_back_with_the_layer_and_after_a_restart(view: MapView, blocks: str) -> None:
    layer = add(view, blocks)
    view.facet.layers.set_style("blocks", BY_HEIGHT)
    layer.remove()
    layer = add(view, blocks)
    assert view.facet.layers.style("blocks") == BY_HEIGHT
    kept = json.loads(json.dumps(view.save_state()))
    view.facet.layers.set_style("blocks", ())
    layer.remove()
    view.restore_state(kept)
    add(view, blocks)
    assert colors(view) == list(COLORS)


@pytest.mark.parametrize("kept", [3, "no json", "[3]", '[{"type": "fill", "paint": 3}]'])
def test_a_kept_style_that_cannot_be_drawn_is_left_out(view: MapView, blocks: str, kept: Any) -> None:
    view.restore_state({"layers": {"blocks": {"style": kept}}})
    add(view, blocks)
    assert view.facet.layers.style("blocks") == fill("#ff0000")


def test_what_cannot_be_drawn_is_refused_and_changes_nothing(view: MapView, blocks: str) -> None:
    add(view, blocks)
    with pytest.raises(ValueError, match="oops"):
        view.facet.layers.set_style(
            "blocks", [{"id": "x", "type": "fill", "paint": {"fill-color": ["oops"]}}]
        )
    assert view.facet.layers.style("blocks") == fill("#ff0000")


def test_base_layers_have_files_and_no_style(view: MapView, place: Place, blocks: str) -> None:
    grid = package(LayerKind.GRID, FeatureShape.POLYGON, [square(*CENTER, 1.0)])
    view.set_base([place("grid", grid)])
    layers = view.facet.layers
    (entry,) = layers.entries()
    files = layers.files("grid")
    assert entry.kind == "grid" and files is not None and Path(files.packages[0]).is_file()
    layers.set_style("grid", fill("#ff0000"))
    assert (
        layers.style("grid") is None and layers.style("nothing") is None and layers.files("nothing") is None
    )
    view.facet.add_features(
        "again", files.packages, version=files.version, title=Text("", "Again"), style=fill("#ff0000")
    )
    assert colors(view) == ["#ff0000", "#ff0000"]


def test_who_chooses_a_layer_is_heard(view: MapView) -> None:
    heard: list[str | None] = []
    undo = view.facet.layers.on_chosen(heard.append)
    for layer in ("a", "a", None):
        view.facet.layers.choose(layer)
    undo()
    view.facet.layers.choose("b")
    assert heard == ["a", None] and view.facet.layers.chosen == "b"


def test_a_filter_leaves_out_what_it_does_not_let_through(view: MapView, blocks: str) -> None:
    add(view, blocks)
    before = colors(view)
    view.tree.set_filter("blocks", ["==", ["literal", 0], ["literal", 1]])
    assert colors(view) != before
    assert view.tree.style("blocks") is not None, "the style is as it was"
    for wrong in (["no such"], "text", 3):
        with pytest.raises(ValueError):
            view.tree.set_filter("blocks", wrong)  # type: ignore[arg-type]
    view.tree.set_filter("blocks", None)
    assert colors(view) == before
    view.tree.set_filter("nobody", ["has", "x"])  # harmless
