"""Printed sheets: exact scale, vectors, what stands on them, and what happens when it goes wrong."""

from __future__ import annotations

import math
import re
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from pyproj import Geod
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from console.map.printing.layout import round_up
from console.map.views.view import MapView
from console.model.layers import FeatureShape, LayerKind
from console.model.text import Text
from console.sdk.printing import Printed, PrintFailed, PrintSheet
from console.sdk.symbols import PointStyle, Shape, ShapeStyle, Sprite, SpriteShape
from console.sdk.ui.words import WORDS_PROPERTY, word
from console.tasks.driver import GuiDriver
from tests.map.conftest import CENTER, ROOT, Place, package, roads, square, until

SHEET = PrintSheet(width=297, height=210, center=CENTER, scale=10_000, title="值班图")
SECONDS = 60.0
KILOMETRE = 1000.0
INK = "#12ab34"
DOT = Sprite(shape=SpriteShape.CIRCLE, fill="#ff0000", title=Text("在岗", "On duty"))


@pytest.fixture
def answer(view: MapView) -> Iterator[Callable[..., Any]]:
    """What an await gives; an error is given, not raised."""
    driver = GuiDriver()

    def answer(awaitable: Any) -> Any:
        box: list[Any] = []

        async def handler() -> None:
            box.append(await awaitable)

        driver.start(handler(), on_error=box.append)
        until(lambda: bool(box), SECONDS)
        return box[0]

    yield answer
    driver.close()
    pid = view.facet.printing.process_id
    view.facet.printing.close()
    assert not pid or not psutil.pid_exists(pid)


@pytest.fixture
def written(view: MapView, place: Place, answer: Callable[..., Any], tmp_path: Path) -> Callable[..., Path]:
    """Print a sheet over the crossing of two roads; gives the file."""
    view.set_base([place("roads", roads())])

    def written(form: str, sheet: PrintSheet = SHEET) -> Path:
        path = tmp_path / f"图.{form}"
        done = answer(view.facet.printing.write(sheet, str(path), lambda share: None))
        assert isinstance(done, Printed), done
        assert done.bytes == path.stat().st_size
        assert list(tmp_path.glob(".onemap-*")) == []
        return path

    return written


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    before = qapp.property(WORDS_PROPERTY)
    table = tomllib.loads((ROOT / "resources/translations/zh_CN.toml").read_text("utf-8"))
    qapp.setProperty(WORDS_PROPERTY, table)
    yield
    qapp.setProperty(WORDS_PROPERTY, before)


def texts(svg: Path) -> str:
    """All texts of a file, one a line."""
    found = ET.parse(svg).iter("{http://www.w3.org/2000/svg}text")
    return "\n".join("".join(node.itertext()).strip() for node in found)


def line_of(view: MapView, azimuth: float) -> None:
    """A line of a kilometre on the ellipsoid whose middle is CENTER."""
    lons, lats, _ = Geod(ellps="WGS84").fwd(
        [CENTER[0]] * 2, [CENTER[1]] * 2, [azimuth, azimuth + 180], [KILOMETRE / 2] * 2
    )
    shapes = view.facet.add_shapes(f"t.line{azimuth}", listed=False)
    points = [(float(lon), float(lat)) for lon, lat in zip(lons, lats, strict=True)]
    shapes.put("a", Shape(kind="line", points=points, style=ShapeStyle(stroke=INK, width=2.0)))


def ink_paths(svg: str) -> list[tuple[float, float, float, float]]:
    """Ends of the strokes in INK, sheet pixels."""
    found: list[tuple[float, float, float, float]] = []
    group = rf'<g [^>]*stroke="{INK}"[^>]*transform="matrix\(([^)]*)\)"[^>]*>\s*<path [^>]*d="([^"]*)"'
    for matrix, data in re.findall(group, svg):
        a, b, c, d, e, f = map(float, matrix.split(","))
        xy = [tuple(map(float, pair.split(","))) for pair in re.findall(r"-?[\d.e+]+,-?[\d.e+]+", data)]
        (x0, y0), (x1, y1) = xy[0], xy[-1]
        ends = (a * x0 + c * y0 + e, b * x0 + d * y0 + f, a * x1 + c * y1 + e, b * x1 + d * y1 + f)
        found.append(ends)
    return found


def test_the_scale_is_exact_in_all_directions(view: MapView, written: Callable[..., Path]):
    for azimuth in (90.0, 0.0, 45.0):
        line_of(view, azimuth)
    for scale in (10_000.0, 7_777.0):
        lines = ink_paths(written("svg", replace(SHEET, scale=scale)).read_text("utf-8"))
        found = [math.hypot(x1 - x0, y1 - y0) * 25.4 / 300 for x0, y0, x1, y1 in lines]
        assert found == pytest.approx([KILOMETRE * 1000 / scale] * 3, abs=0.05)


def test_a_pdf_has_the_paper_and_the_scale(view: MapView, written: Callable[..., Path]):
    line_of(view, 90.0)
    document = QPdfDocument()
    document.load(str(written("pdf")))
    points = document.pagePointSize(0)
    assert (points.width(), points.height()) == pytest.approx((297 / 25.4 * 72, 210 / 25.4 * 72), abs=1)
    image = document.render(0, QSize(2970, 2100)).convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(2100, 2970, 4)
    inked = (pixels[..., 1] > 140) & (pixels[..., 0] < 90) & (pixels[..., 2] < 60)
    columns = np.flatnonzero(inked.any(axis=0))
    wide = (columns[-1] - columns[0] + 1) / 10
    # The round ends of the line stand out by half its width each.
    assert wide == pytest.approx(100.0, abs=0.8)


def test_pdf_and_svg_are_vectors(view: MapView, written: Callable[..., Path]):
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[DOT]), title=Text("人员", "Staff"))
    layer.set_points(np.full(200, CENTER[0]), np.linspace(CENTER[1] - 0.003, CENTER[1] + 0.003, 200))
    svg = written("svg").read_text("utf-8")
    assert "<image" not in svg
    assert svg.count('fill="#ff0000"') > 200, "each symbol is a path"
    assert "人民路" in texts(written("svg")).replace("\n", "") or svg.count("<path") > 500
    assert b"/Subtype /Image" not in written("pdf").read_bytes()


def test_the_legend_holds_what_lies_on_the_sheet(
    view: MapView, place: Place, written: Callable[..., Path], chinese: None
):
    far = package(
        LayerKind.GREEN, FeatureShape.POLYGON, [square(CENTER[0] + 3, CENTER[1], 0.1)], classes=["park"]
    )
    view.set_base([place("roads", roads()), place("green", far)])
    layer = view.facet.add_points("t.staff", PointStyle(sprites=[DOT, replace(DOT, fill="#00ff00")]))
    layer.set_points(np.array([CENTER[0]]), np.array([CENTER[1]]))
    away = view.facet.add_points("t.away", PointStyle(sprites=[DOT]), title=Text("远处", "Away"))
    away.set_points(np.array([CENTER[0] + 2]), np.array([CENTER[1]]))
    found = texts(written("svg"))
    assert {"图例", "主干路"} <= set(found.split("\n"))
    assert "在岗" in found
    for absent in ("高速公路", "公园绿地", "远处"):
        assert absent not in found
    without = texts(written("svg", replace(SHEET, legend="none")))
    assert "主干路" not in without


def test_attribution_is_of_what_lies_on_the_sheet(view: MapView, place: Place, written: Callable[..., Path]):
    far = package(LayerKind.GREEN, FeatureShape.POLYGON, [square(CENTER[0] + 3, CENTER[1], 0.1)])
    info, path = place("green", far)
    view.set_base([place("roads", roads()), (replace(info, attribution="© Far away"), path)])
    found = texts(written("svg"))
    assert "Test" in found
    assert "Far away" not in found


def test_words_author_time_and_scale_in_chinese(written: Callable[..., Path], chinese: None):
    sheet = replace(SHEET, author="王小明 · 鼓楼区", note="内部使用", graticule="lines")
    found = texts(written("svg", sheet))
    for text in (
        "值班图",
        "1:10,000",
        "王小明 · 鼓楼区",
        "制图时间",
        "内部使用",
        "500 米",
        "数据来源",
        "EPSG:3857",
    ):
        assert text in found, text
    assert re.search(r"117°1\d′\d\d″E", found)


def test_what_must_not_be_overlooked_on_the_map_stands_on_the_sheet(
    view: MapView, written: Callable[..., Path]
):
    view.facet.views.say("Not the present")
    assert "Not the present · internal" in texts(written("svg", replace(SHEET, note="internal")))


def test_a_png_has_its_size_and_resolution_though_written_in_strips(written: Callable[..., Path]):
    image = QImage(str(written("png")))
    assert (image.width(), image.height()) == (3508, 2480)
    assert image.dotsPerMeterX() == pytest.approx(300 / 0.0254, abs=1)
    column = 130  # the left edge of the map's frame lies near 10 mm: no strip may lack it
    left = min(range(100, column), key=lambda x: image.pixelColor(x, 1200).lightness())
    dark = [image.pixelColor(left, y).lightness() < 120 for y in range(400, 2100)]
    assert all(dark)


def test_titles_of_any_kind_make_whole_files(written: Callable[..., Path]):
    titles = ("<script>&\"'</svg>]]>", "很长的标题" * 400, "两\n行\t\x07", "؟🚒 عنوان", "{names} %s")
    for title in titles:
        sheet = replace(SHEET, title=title, note=title, author=title)
        ET.parse(written("svg", sheet))
        document = QPdfDocument()
        document.load(str(written("pdf", sheet)))
        assert document.pageCount() == 1, title


def test_a_preview_fits_and_shows_the_map(view: MapView, place: Place, answer: Callable[..., Any]):
    view.set_base([place("roads", roads())])
    image = answer(view.facet.printing.preview(SHEET, 600, 600))
    assert (image.width(), image.height()) == (600, 424)
    assert len({image.pixel(x, 212) for x in range(50, 450)}) > 3


def test_the_frame_lies_around_the_middle_and_fits_what_it_should(view: MapView):
    desk = view.facet.printing
    west, south, east, north = desk.frame(SHEET)
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx(CENTER, abs=1e-5)
    scale = desk.scale_to_fit(SHEET, view.facet.bounds())
    inside = desk.frame(replace(SHEET, scale=scale))
    seen = view.facet.bounds()
    assert inside[0] <= seen[0] and inside[1] <= seen[1] and inside[2] >= seen[2] and inside[3] >= seen[3]
    assert [round_up(n) for n in (9_999, 10_000, 10_001, 41_000)] == [10_000, 10_000, 15_000, 50_000]


def test_paper_without_room_and_other_formats_are_refused(
    view: MapView, answer: Callable[..., Any], tmp_path: Path
):
    desk = view.facet.printing
    with pytest.raises(PrintFailed):
        desk.frame(replace(SHEET, width=60, height=60))
    for path, sheet in (("x.gif", SHEET), ("x.png", replace(SHEET, width=2000, height=2000, dpi=600))):
        assert isinstance(answer(desk.write(sheet, str(tmp_path / path), print)), PrintFailed)


def test_a_cancelled_sheet_leaves_nothing_behind(view: MapView, place: Place, tmp_path: Path):
    view.set_base([place("roads", roads())])
    target = tmp_path / "图.png"
    target.write_bytes(b"before")
    driver, seen = GuiDriver(), list[float]()
    sheet = replace(SHEET, width=841, height=1189)
    cancel = driver.start(view.facet.printing.write(sheet, str(target), seen.append))
    until(lambda: bool(seen), SECONDS)
    cancel()
    until(lambda: list(tmp_path.glob(".onemap-*")) == [], SECONDS)
    assert target.read_bytes() == b"before"
    driver.close()


def test_a_window_that_closes_leaves_no_half_sheet(view: MapView, place: Place, tmp_path: Path):
    view.set_base([place("roads", roads())])
    driver, seen = GuiDriver(), list[float]()
    sheet = replace(SHEET, width=841, height=1189)
    driver.start(view.facet.printing.write(sheet, str(tmp_path / "图.png"), seen.append))
    until(lambda: bool(seen), SECONDS)
    view.close()
    until(lambda: list(tmp_path.glob(".onemap-*")) == [], SECONDS)
    assert not (tmp_path / "图.png").exists()
    driver.close()


def test_a_folder_that_is_none_is_told(view: MapView, answer: Callable[..., Any], tmp_path: Path):
    failed = answer(view.facet.printing.write(SHEET, str(tmp_path / "none" / "x.pdf"), print))
    assert str(failed) == word("There is no such folder.")


def test_a_full_disk_is_told_and_the_old_file_stays(
    view: MapView, place: Place, answer: Callable[..., Any], tmp_path: Path
):
    """The process may write no file of more than 2000 bytes, which to a program is as good as a full disk."""
    view.set_base([place("roads", roads())])
    answer(view.facet.printing.preview(SHEET, 100, 100))
    process = psutil.Process(view.facet.printing.process_id)
    process.rlimit(psutil.RLIMIT_FSIZE, (2000, 2000))
    target = tmp_path / "图.pdf"
    target.write_bytes(b"before")
    failed = answer(view.facet.printing.write(SHEET, str(target), lambda share: None))
    assert str(failed) == word("The disk is full.")
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".onemap")] == []


def test_a_process_that_dies_is_told_and_the_next_sheet_is_printed(
    view: MapView, place: Place, answer: Callable[..., Any], tmp_path: Path
):
    view.set_base([place("roads", roads())])
    desk, seen = view.facet.printing, list[float]()
    box: list[Any] = []
    driver = GuiDriver()
    writing = desk.write(replace(SHEET, width=841, height=1189), str(tmp_path / "a.png"), seen.append)
    driver.start(writing, on_error=box.append)
    until(lambda: bool(seen), SECONDS)
    psutil.Process(desk.process_id).kill()
    until(lambda: bool(box), SECONDS)
    assert isinstance(box[0], PrintFailed)
    assert isinstance(answer(desk.write(SHEET, str(tmp_path / "b.pdf"), print)), Printed)
    driver.close()
