"""Each format with real buildings in it: the same shapes and attributes come out of all."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyogrio.raw import read as gdal_read
from pyogrio.raw import write
from pyproj import Transformer

from console.geodata.packing import geometries
from console.model.coordinates import Datum, from_wgs84
from console.model.sources import FileTrouble, Wanted
from tests.formats.conftest import Ask, column, package

NAMES = [
    "南山书城",
    "深圳湾体育中心",
    "海岸城",
    "来福士广场",
    "天利中央",
    "保利文化广场",
    "",
    "A座",
    "B座",
    "C座",
]


KML = (".kml", ".kmz")


@pytest.fixture(scope="module")
def buildings(shared_data: Path) -> tuple[np.ndarray, np.ndarray]:
    """Ten real buildings of Nanshan: polygons and heights."""
    _, _, wkb, (_, height) = gdal_read(shared_data / "nanshan-building.geojson", force_2d=True)
    shapes = shapely.from_wkb(wkb)
    parts = np.array([max(shape.geoms, key=lambda part: part.area) for shape in shapes])
    return shapely.make_valid(parts, method="structure"), height.astype(float)


def save(path: Path, shapes: np.ndarray, crs: str | None = "EPSG:4326", **fields: np.ndarray) -> Path:
    write(
        path,
        shapely.to_wkb(shapes),
        list(fields.values()),
        list(fields),
        geometry_type=shapes[0].geom_type,
        crs=crs,
        driver={".kml": "LIBKML", ".kmz": "LIBKML", ".gml": "GML"}.get(path.suffix),
        layer_options={"SPATIAL_INDEX": "NO"} if path.suffix == ".fgb" else None,  # which changes the order
    )
    return path


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".geojson", ".fgb", ".gml", ".kml", ".kmz"])
def test_every_format_gives_the_same_shapes_and_attributes(
    tmp_path: Path, read: Ask, buildings: tuple[np.ndarray, np.ndarray], ending: str
) -> None:
    shapes, height = buildings
    path = save(tmp_path / f"楼{ending}", shapes, 名称=np.array(NAMES, object), height=height)
    layers = read(path)
    (found,) = layers.packages
    assert np.allclose(found.bounds, shapely.total_bounds(shapes), atol=1e-7)
    assert found.shape == "polygon" and found.features == len(shapes)
    layer = package(layers)
    assert column(layer, "名称") == NAMES
    assert column(layer, "name") == NAMES or ending in KML
    if ending not in KML:  # which keep numbers as it pleases
        assert column(layer, "height") == height.tolist()
        assert layer.columns["height"].dtype == np.float64
    again = geometries(layer)
    assert all(a.symmetric_difference(b).area < 1e-10 for a, b in zip(again, shapes, strict=True))
    assert not list(tmp_path.glob("*.gfs")), "reading leaves nothing beside the file"


def test_a_shapefile_in_gbk_without_a_word_of_it(
    tmp_path: Path, read: Ask, buildings: tuple[np.ndarray, np.ndarray]
) -> None:
    shapes, _ = buildings
    path = tmp_path / "gbk.shp"
    write(
        path,
        shapely.to_wkb(shapes),
        [np.array(NAMES, object)],
        ["名称"],
        geometry_type="Polygon",
        crs="EPSG:4490",
        encoding="GB18030",
    )
    path.with_suffix(".cpg").unlink()
    layers = read(path)
    assert column(package(layers), "名称") == NAMES
    assert (layers.datum, layers.datum_known) == ("cgcs2000", "declared")
    assert layers.taken.encoding == "GB18030"


def test_all_kinds_of_attributes_are_kept(tmp_path: Path, read: Ask) -> None:
    points = shapely.points([[121.47, 31.23], [121.48, 31.24]])
    path = save(
        tmp_path / "kinds.gpkg",
        points,
        code=np.array([310101, 310102], np.int64),
        big=np.array([2**40, 1], np.int64),
        open=np.array([True, False]),
        when=np.array(["2026-11-22T08:30:00", "NaT"], "datetime64[ms]"),
        day=np.array(["2026-11-22", "2026-11-23"], "datetime64[D]"),
    )
    layer = package(read(path))
    assert column(layer, "code") == ["310101", "310102"]  # a standard column of packages is text
    assert column(layer, "big") == [2**40, 1] and layer.columns["big"].dtype == np.int64
    assert column(layer, "open") == [1, 0] and layer.columns["open"].dtype == np.int8
    first, second = column(layer, "when")
    assert str(first).startswith("2026-11-22T08:30:00") and second == ""
    assert column(layer, "day")[1] == "2026-11-23"


def test_sublayers_are_listed_and_can_be_chosen(tmp_path: Path, read: Ask) -> None:
    path = tmp_path / "two.gpkg"
    for name, shape in (
        ("井盖", shapely.Point(121.4, 31.2)),
        ("管线", shapely.LineString([(121, 31), (122, 32)])),
    ):
        write(
            path,
            shapely.to_wkb(np.array([shape])),
            [np.array(["x"], object)],
            ["编号"],
            geometry_type=shape.geom_type,
            crs="EPSG:4326",
            layer=name,
            append=path.exists(),
        )
    layers = read(path)
    assert [(s.name, s.features, s.geometry, s.crs, s.fields) for s in layers.sublayers] == [
        ("井盖", 1, "Point", "EPSG:4326", ("编号",)),
        ("管线", 1, "LineString", "EPSG:4326", ("编号",)),
    ]
    chosen = read(path, sublayers=("管线",))
    assert [p.sublayer for p in chosen.packages] == ["管线"]
    assert len(chosen.sublayers) == 2
    assert chosen.version != layers.version


def test_kmz_folders_and_collections(tmp_path: Path, read: Ask) -> None:
    kml = """<?xml version="1.0" encoding="UTF-8"?>
    <kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>预案</name><Placemark>
    <name>集结点</name>
    <MultiGeometry><Point><coordinates>121.47,31.23,0</coordinates></Point><LineString><coordinates>
    121.47,31.23,0 121.48,31.24,0</coordinates></LineString></MultiGeometry></Placemark></Folder>
    </Document></kml>"""
    path = tmp_path / "plan.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("files/readme.txt", "x")
        archive.writestr("doc.kml", kml)
    layers = read(path)
    assert sorted(str(p.shape) for p in layers.packages) == ["line", "point"]
    assert [column(package(layers, at), "Name") for at in (0, 1)] == [["集结点"], ["集结点"]]
    assert column(package(layers), "name") == ["集结点"]
    assert layers.sublayers[0].name == "预案"
    kept = {file.name for file in Path(layers.packages[0].path).parent.iterdir()}
    assert kept == {"0.oml", "1.oml", "result.json"}, "the document itself is not kept"
    assert layers.datum_known == "guessed"


def test_documents_in_a_kmz_that_are_called_the_same(tmp_path: Path, read: Ask) -> None:
    """The main one holds links alone."""
    place = "<Placemark><name>{}</name><Point><coordinates>121.4,31.2</coordinates></Point></Placemark>"
    head = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>预案</name>'
    path = tmp_path / "plan.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("甲", "乙"):
            archive.writestr(f"{name}.kml", f"{head}{place.format(name)}</Document></kml>")
        link = "<NetworkLink><Link><href>甲.kml</href></Link></NetworkLink>"
        archive.writestr("doc.kml", f"{head}{link}</Document></kml>")
    layers = read(path)
    assert [sheet.name for sheet in layers.sublayers] == ["预案", "预案 (2)"]
    assert [column(package(layers, at), "Name") for at in (0, 1)] == [["甲"], ["乙"]]
    (chosen,) = read(path, sublayers=("预案 (2)",)).packages
    assert chosen.features == 1


def test_dxf_asks_for_its_system_and_takes_it(
    tmp_path: Path, read: Ask, refusal: Callable[..., FileTrouble], buildings: tuple[np.ndarray, np.ndarray]
) -> None:
    """Outlines of the real buildings, in metres of the zone of 114 degrees, which DXF does not keep."""
    outlines = shapely.get_exterior_ring(buildings[0])
    plane = Transformer.from_crs("EPSG:4490", "EPSG:4547", always_xy=True)
    lines = shapely.transform(outlines, lambda xy: np.column_stack(plane.transform(*xy.T)))
    path, own = tmp_path / "红线.dxf", np.full(len(lines), "红线", object)
    wkb = shapely.to_wkb(lines)
    write(path, wkb, [own], ["Layer"], geometry_type="LineString", crs="EPSG:4547", driver="DXF")
    assert refusal(path).wants == (Wanted.DATUM,)
    layers = read(path, datum="EPSG:4547")
    assert (layers.datum, layers.datum_known) == ("EPSG:4547", "declared")
    layer = package(layers)
    assert np.allclose(layers.packages[0].bounds, shapely.total_bounds(outlines), atol=1e-7)
    assert column(layer, "Layer") == own.tolist()
    assert refusal(path, datum="EPSG:1").wants == (Wanted.DATUM,)
    path.write_bytes(path.read_bytes().decode().encode("gb18030"))
    assert column(package(read(path, datum="EPSG:4547")), "Layer") == own.tolist()


def test_osm_comes_by_kind(read: Ask, shared_data: Path) -> None:
    layers = read(shared_data / "shanghai_center.osm.pbf")
    roads = next(s for s in layers.sublayers if s.name == "road")
    assert roads.title.zh_CN == "道路" and roads.features > 5000
    assert {package(layers, at).kind for at in range(len(layers.packages))} == {"other"}
    assert "OpenStreetMap" in layers.attribution


def test_declared_shift_is_taken_off(tmp_path: Path, read: Ask) -> None:
    lon, lat = from_wgs84(np.array([121.4737]), np.array([31.2304]), Datum.GCJ02)
    path = save(
        tmp_path / "amap.geojson", np.array([shapely.Point(lon[0], lat[0])]), poi=np.array(["x"], object)
    )
    layers = read(path, datum="gcj02")
    assert np.allclose(package(layers).degrees, [[121.4737, 31.2304]], atol=2e-7)
    assert (layers.datum, layers.datum_known) == ("gcj02", "declared")


def test_gdal_knows_all_our_formats() -> None:
    drivers = pyogrio.list_drivers()
    assert {"GPKG", "ESRI Shapefile", "GeoJSON", "FlatGeobuf", "LIBKML", "DXF", "GML", "XLSX"} <= set(drivers)
