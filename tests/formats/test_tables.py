"""CSV and XLSX: encodings, delimiters, columns of coordinates, and bytes that are neither."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyogrio.raw import read as gdal_read
from pyogrio.raw import write

from console.formats.messages import Read, Refused
from console.formats.reader import answer
from console.model.sources import FileTrouble, Wanted
from tests.formats.conftest import Ask, column, package, request_for

ROWS = """名称,经度,纬度,楼层,电话
市民中心,114.0596,22.5430,12,0755123
图书馆,114.0550,22.5480,,0755124
无坐标,,,3,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encoding_and_delimiter_are_found_out(
    tmp_path: Path, read: Ask, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "points.csv"
    path.write_bytes(ROWS.replace(",", delimiter).encode(encoding))
    layers = read(path)
    layer = package(layers)
    assert column(layer, "name") == column(layer, "名称") == ["市民中心", "图书馆"]
    assert np.allclose(layer.degrees, [[114.0596, 22.543], [114.055, 22.548]])
    assert column(layer, "楼层")[0] == 12.0 and np.isnan(layer.columns["楼层"][1])
    assert column(layer, "电话") == ["0755123", "0755124"]  # a leading zero is no number's
    assert (layers.taken.x, layers.taken.y) == ("经度", "纬度")
    assert [(item.reason.en, item.count) for item in layers.left_out] == [("no coordinates", 1)]


@pytest.mark.parametrize(
    ("x", "y"),
    [("lng", "lat"), ("Longitude", "LATITUDE"), ("x", "y"), ("经度(度)", "纬度(度)"), ("jd", "wd")],
)
def test_names_of_coordinate_columns(tmp_path: Path, read: Ask, x: str, y: str) -> None:
    path = tmp_path / "p.csv"
    path.write_text(f"id,{y},{x}\n1,31.2,121.4\n", "utf-8")
    assert np.allclose(package(read(path)).degrees, [[121.4, 31.2]])


def test_well_known_text(tmp_path: Path, read: Ask) -> None:
    path = tmp_path / "wkt.csv"
    path.write_text(
        'id,wkt\n1,"POLYGON((121 31,122 31,122 32,121 31))"\n2,rubbish\n3,"POINT(121 31)"\n', "utf-8"
    )
    layers = read(path)
    assert sorted(str(p.shape) for p in layers.packages) == ["point", "polygon"]
    assert layers.left_out[0].count == 1


def test_unknown_columns_are_asked_for_and_taken(
    tmp_path: Path, read: Ask, refusal: Callable[..., FileTrouble]
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("编号,甲,乙\n1,121.4,31.2\n", "utf-8")
    trouble = refusal(path)
    assert trouble.wants == (Wanted.COLUMNS,)
    assert trouble.sublayers[0].fields == ("编号", "甲", "乙")
    assert np.allclose(package(read(path, x="甲", y="乙")).degrees, [[121.4, 31.2]])
    assert refusal(path, x="丙", y="乙").wants == (Wanted.COLUMNS,)
    assert refusal(path, encoding="klingon").wants == (Wanted.ENCODING,)


def test_plane_coordinates_in_a_table(tmp_path: Path, read: Ask, refusal: Callable[..., FileTrouble]) -> None:
    path = tmp_path / "plane.csv"
    path.write_text("x,y\n500000,3455000\n", "utf-8")
    assert refusal(path).wants == (Wanted.DATUM,)
    assert abs(package(read(path, datum="EPSG:4549")).degrees[0, 0] - 120.0) < 1e-6


@pytest.mark.parametrize("name", ["台账.csv", "台账.xlsx"])
def test_real_places_in_a_table(tmp_path: Path, read: Ask, shared_data: Path, name: str) -> None:
    """Named places of Shanghai; as the office's spreadsheet would save them."""
    _, _, wkb, (names,) = gdal_read(shared_data / "shanghai_center.osm.pbf", layer="points", columns=["name"])
    places, named = shapely.get_coordinates(shapely.from_wkb(wkb)), [bool(n) for n in names]
    places, titles = places[named], names[named]
    path = tmp_path / name
    if path.suffix == ".csv":
        lines = [f'"{title}",{x:.7f},{y:.7f}' for title, (x, y) in zip(titles, places, strict=True)]
        path.write_bytes("\r\n".join(["名称,经度,纬度", *lines]).encode("gb18030"))
    else:
        fields = ["名称", "经度", "纬度"]
        columns = [titles, *places.T.copy()]
        write(path, None, columns, fields, geometry_type=None, crs=None, driver="XLSX", layer="设施")
    layers = read(path)
    assert layers.packages[0].features == len(places) > 100
    assert np.allclose(package(layers).degrees, places, atol=1e-7)
    assert column(package(layers), "名称") == titles.tolist()


def test_xlsx(tmp_path: Path, read: Ask) -> None:
    path = tmp_path / "台账.xlsx"
    write(
        path,
        None,
        [np.array(["泵站", "水闸"], object), np.array([121.4, 121.5]), np.array([31.2, 31.3])],
        ["名称", "经度", "纬度"],
        geometry_type=None,
        crs=None,
        driver="XLSX",
        layer="设施",
    )
    assert pyogrio.list_layers(path)[0][0] == "设施"
    layers = read(path)
    assert column(package(layers), "名称") == ["泵站", "水闸"]
    assert np.allclose(package(layers).degrees, [[121.4, 31.2], [121.5, 31.3]])


def test_tables_beside_geometry_are_listed_only(tmp_path: Path, read: Ask) -> None:
    path = tmp_path / "mixed.gpkg"
    write(
        path,
        shapely.to_wkb(shapely.points([[121.0, 31.0]])),
        [np.array([1])],
        ["n"],
        geometry_type="Point",
        crs="EPSG:4326",
        layer="places",
    )
    write(path, None, [np.array([5])], ["n"], geometry_type=None, crs=None, layer="codes", append=True)
    layers = read(path)
    assert [p.sublayer for p in layers.packages] == ["places"]
    assert {s.name: s.geometry for s in layers.sublayers} == {"places": "Point", "codes": ""}


@settings(max_examples=60)
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: f"lon,lat\n{text}".encode()))
def test_any_bytes_as_csv_are_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.csv"
        path.write_bytes(content)
        assert isinstance(answer(request_for(path, Path(folder) / "cache")), Read | Refused)


_KML = b'<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>a</name><Point><coordinates>1,2</coordinates></Point></Placemark></kml>'


@settings(max_examples=25)
@given(
    st.integers(0, len(_KML) - 1),
    st.binary(max_size=40),
    st.integers(0, 60),
)
def test_damaged_kml_is_read_or_refused(at: int, junk: bytes, removed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.kml"
        path.write_bytes(_KML[:at] + junk + _KML[at + removed :])
        assert isinstance(answer(request_for(path, Path(folder) / "cache")), Read | Refused)
