"""Plain vector files: kinds, encodings, datums, broken ones, and GeoJSON of any kind."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyogrio.raw import write

from console.geodata.packing import geometries, texts
from console.model.coordinates import to_mercator
from console.model.datums import GCJ02_TWICE, conversion
from console.model.layers import decode_package, encode_package
from console.model.local_datums import Helmert, LocalDatum
from console.server.importing import ImportFailed, ImportOptions, ImportResult, import_files

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
SQUARE = shapely.box(117.1, 34.2, 117.2, 34.3)


def run(*paths: Path, **options: object) -> ImportResult:
    return import_files(list(paths), ImportOptions(**options), lambda done, text: None, lambda: False)  # type: ignore[arg-type]


def save(
    path: Path, shapes: list[shapely.Geometry], crs: str | None = "EPSG:4326", **fields: list[object]
) -> Path:
    """Write *shapes* with GDAL; the ending tells the format."""
    encoding = fields.pop("encoding", None)
    write(
        path,
        shapely.to_wkb(np.array(shapes, dtype=object)),
        [
            np.array(values, dtype=object if isinstance(values[0], str) else None)
            for values in fields.values()
        ],
        list(fields),
        geometry_type=shapes[0].geom_type,
        crs=crs,
        encoding=encoding,
    )
    return path


def geojson(path: Path, *features: tuple[object, dict[str, object]]) -> Path:
    rows = [{"type": "Feature", "geometry": g, "properties": p} for g, p in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".geojson", ".fgb"])
def test_each_format_gives_the_same_buildings(tmp_path: Path, ending: str) -> None:
    path = save(tmp_path / f"houses{ending}", [SQUARE], name=["市民中心"], height=[42.5])
    (layer,) = run(path).layers
    assert layer.kind == "building"
    assert layer.package.text("name", 0) == "市民中心"
    assert layer.package.columns["height"].tolist() == [42.5]
    assert geometries(layer.package)[0].symmetric_difference(SQUARE).area < 1e-9


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030"])
@pytest.mark.parametrize("with_cpg", [True, False])
def test_shapefile_texts_are_read_in_both_encodings(tmp_path: Path, encoding: str, with_cpg: bool) -> None:
    names = ["解放路", "人民东路", "云龙湖风景区"]
    shapes = [shapely.LineString([(117.1, 34.2 + i / 100), (117.2, 34.2 + i / 100)]) for i in range(3)]
    path = save(tmp_path / "roads.shp", shapes, name=names, encoding=encoding)
    if not with_cpg:
        path.with_suffix(".cpg").unlink()
    (layer,) = run(path).layers
    assert layer.kind == "road"
    assert texts(layer.package, "name") == names


def test_roads_that_share_a_vertex_are_joined(tmp_path: Path) -> None:
    along = shapely.LineString([(117.1, 34.2), (117.15, 34.2), (117.2, 34.2)])
    across = shapely.LineString([(117.15, 34.2), (117.15, 34.3)])
    (layer,) = run(save(tmp_path / "road.gpkg", [along, across], oneway=["F", "B"])).layers
    roads = layer.package
    assert len(roads) == 3
    assert roads.columns["to_node"][0] == roads.columns["from_node"][1] == roads.columns["from_node"][2]
    assert roads.columns["oneway"].tolist() == [1, 1, 0]


def test_chinese_projected_coordinates_are_converted_once(tmp_path: Path) -> None:
    path = save(tmp_path / "poi.gpkg", [shapely.Point(500_000, 3_790_000)], "EPSG:4548", name=["站"])
    (layer,) = run(path).layers
    assert (layer.datum, layer.datum_known) == ("EPSG:4548", "declared")
    lon, lat = layer.package.degrees[0]
    phi = np.radians(lat)  # the meridian's length on the ellipsoid of GRS 80, by its series
    north = 111132.952547 * lat - 16038.508741 * np.sin(2 * phi) + 16.832613 * np.sin(4 * phi)
    assert (lon, north) == pytest.approx((117.0, 3_790_000), abs=0.1)


PLACE = (117.19, 34.26)
CITY = LocalDatum(
    name="city",
    title_zh="城建坐标",
    title_en="City",
    crs="+proj=tmerc +lat_0=0 +lon_0=117.2 +x_0=50000 +y_0=-3700000 +ellps=krass +units=m +type=crs",
    helmert=Helmert(dx=15.8, dy=-154.4, dz=-82.3, rx=0.31, ry=-0.22, rz=2.1, scale=-2.4),
)
DATUMS = [
    "wgs84",
    "cgcs2000",
    "gcj02",
    "bd09",
    GCJ02_TWICE,
    "EPSG:4509",
    "EPSG:4527",
    "EPSG:4548",
    "local:city",
]


@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize("crs", [None, "EPSG:4326"])
def test_declared_datum_is_undone(tmp_path: Path, datum: str, crs: str | None) -> None:
    declared = conversion(datum, {"city": CITY})
    x, y = declared.from_wgs84(np.array([PLACE[0]]), np.array([PLACE[1]]))
    path = save(tmp_path / "poi.shp", [shapely.Point(x[0], y[0])], crs, name=["点"])
    (layer,) = run(path, datum=declared).layers
    assert (layer.datum, layer.datum_known) == (datum, "declared")
    assert layer.package.meta["datum"] == datum
    assert layer.package.degrees[0] == pytest.approx(PLACE, abs=1.01e-7)


@pytest.mark.parametrize(
    "crs", ["EPSG:4490", "EPSG:4507", "EPSG:4528", "EPSG:4549", "EPSG:2437", "EPSG:3857"]
)
def test_the_files_own_crs_is_its_datum(tmp_path: Path, crs: str) -> None:
    change = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    path = save(tmp_path / "poi.gpkg", [shapely.Point(*change.transform(*PLACE))], crs, name=["点"])
    (layer,) = run(path).layers
    assert (layer.datum, layer.datum_known) == ("cgcs2000" if crs == "EPSG:4490" else crs, "declared")
    assert layer.package.degrees[0] == pytest.approx(PLACE, abs=1.01e-7)


def test_shifted_data_may_come_in_mercator(tmp_path: Path) -> None:
    lon, lat = conversion("gcj02").from_wgs84(np.array([PLACE[0]]), np.array([PLACE[1]]))
    x, y = to_mercator(lon, lat)
    path = save(tmp_path / "poi.gpkg", [shapely.Point(x[0], y[0])], "EPSG:3857", name=["点"])
    (layer,) = run(path, datum=conversion("gcj02")).layers
    assert layer.package.degrees[0] == pytest.approx(PLACE, abs=1.01e-7)


def test_areas_with_codes_become_areas(tmp_path: Path) -> None:
    path = save(tmp_path / "areas.gpkg", [SQUARE], code=["320302001000"], name=["黄楼街道"])
    result = run(path)
    assert [(a.code, a.name) for a in result.areas] == [("320302001", "黄楼街道")]
    assert result.layers[0].kind == "boundary"


def test_crossed_polygon_is_mended_and_counted(tmp_path: Path) -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[117, 34], [117.1, 34.1], [117.1, 34], [117, 34.1], [117, 34]]],
    }
    flat = {"type": "Polygon", "coordinates": [[[117, 34], [117, 34], [117, 34], [117, 34]]]}
    result = run(geojson(tmp_path / "x.geojson", (bow, {"height": 3}), (flat, {"height": 3})))
    assert result.report.rejected["mended (kept)"] == 1
    assert result.report.rejected["broken geometry"] == 1
    assert shapely.is_valid(geometries(result.layers[0].package)).all()


def test_coordinates_out_of_range_are_left_out_or_refused(tmp_path: Path) -> None:
    good = {"type": "Point", "coordinates": [117, 34]}
    bad = {"type": "Point", "coordinates": [117, 134]}
    result = run(geojson(tmp_path / "x.geojson", (good, {"name": "a"}), (bad, {"name": "b"})))
    assert result.report.rejected == {"coordinates out of range": 1}
    with pytest.raises(ImportFailed, match="out of range"):
        run(geojson(tmp_path / "y.geojson", (bad, {"name": "b"})))


@pytest.mark.parametrize("lost", [".shx", ".dbf"])
def test_shapefile_without_its_parts_is_refused_by_name(tmp_path: Path, lost: str) -> None:
    path = save(tmp_path / "a.shp", [SQUARE], name=["x"])
    path.with_suffix(lost).unlink()
    with pytest.raises(ImportFailed) as failure:
        run(path)
    assert f"a{lost}" in failure.value.message_en and f"a{lost}" in failure.value.message_zh


def test_plane_coordinates_without_prj_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "a.shp", [shapely.Point(500_000, 3_790_000)], "EPSG:4548", name=["x"])
    path.with_suffix(".prj").unlink()
    with pytest.raises(ImportFailed, match=r"\.prj"):
        run(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.gpkg", b""),
        ("notes.txt", b"hello"),
        ("x.geojson", b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>"),
        ("x.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("x.geojson", b'{"type": "FeatureCollection", "features": ['),
        ("x.gpkg", b"SQLite format 3\0" + b"\0" * 500),
        ("x.fgb", b"fgb\x03fgb\x00" + b"\xff" * 200),
    ],
)
def test_unusable_files_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ImportFailed) as failure:
        run(path)
    assert failure.value.message_zh


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed):
        run(tmp_path / "none.gpkg")


def test_real_buildings_of_nanshan() -> None:
    path = DATA / "nanshan-building.geojson"
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{path} is missing")
        pytest.skip(f"needs the test data {path}")
    (layer,) = run(path).layers
    assert layer.kind == "building" and layer.datum_known == "guessed"
    assert len(layer.package) == pytest.approx(5438, abs=20)
    assert len(set(layer.package.columns["height"].tolist())) == 10


longitude, latitude = st.floats(-200, 200), st.floats(-100, 100)
position = st.tuples(longitude, latitude).map(list)
geometry = st.one_of(
    st.none(),
    st.builds(lambda c: {"type": "Point", "coordinates": c}, position),
    st.builds(lambda c: {"type": "LineString", "coordinates": c}, st.lists(position, max_size=6)),
    st.builds(lambda c: {"type": "Polygon", "coordinates": [[*c, *c[:1]]]}, st.lists(position, max_size=8)),
    st.builds(lambda c: {"type": "MultiPoint", "coordinates": c}, st.lists(position, max_size=4)),
)
properties = st.dictionaries(
    st.sampled_from(["name", "highway", "height", "code", "oneway", "building", "楼层"]),
    st.one_of(st.none(), st.text(max_size=12), st.integers(-(10**12), 10**12), st.floats(), st.booleans()),
    max_size=4,
)


@settings(max_examples=60)
@given(st.lists(st.tuples(geometry, properties), max_size=8))
def test_any_geojson_is_taken_or_refused_never_more(features: list[tuple[object, dict[str, object]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = geojson(Path(folder) / "x.geojson", *features)
        try:
            result = run(path)
        except ImportFailed:
            return
    assert result.report.read <= len(features)
    for layer in result.layers:
        package = decode_package(encode_package(layer.package))
        assert np.array_equal(package.xy, layer.package.xy)
        assert (np.abs(package.degrees) <= (180, 90)).all()
        assert texts(package, "name") == texts(layer.package, "name")
        assert len(geometries(package)) == len(package)
