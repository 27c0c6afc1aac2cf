"""Files that lie: refused in words that help, bounded in time and memory, nothing left behind."""

from __future__ import annotations

import json
import sqlite3
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import shapely
from pyogrio.raw import write

from console.formats.messages import Answer, Read, Refused, decode_answer, encode
from console.model.local_datums import LocalDatum
from console.model.sources import FileTrouble, Wanted
from tests.formats.conftest import Ask, package, request_for

Refusal = Callable[..., FileTrouble]
ROOT = Path(__file__).resolve().parents[2]
POINT = shapely.to_wkb(shapely.points([[121.4, 31.2]]))


def save(path: Path, wkb: Any, crs: str | None = "EPSG:4326", kind: str = "Point") -> Path:
    write(path, wkb, [np.arange(len(wkb))], ["n"], geometry_type=kind, crs=crs)
    return path


def by_process(
    path: Path, cache: Path, memory: int = 3 << 30, seconds: int = 120
) -> tuple[Answer | None, int]:
    """The last word of a real process, and its exit code."""
    request = msgspec.structs.replace(request_for(path, cache), memory=memory)
    done = subprocess.run(
        [sys.executable, "-m", "console.formats.reader"],
        input=encode(request),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        timeout=100,
    )
    lines = done.stdout.splitlines()
    return (decode_answer(lines[-1]) if lines else None), done.returncode


def test_not_there_empty_folder_and_of_no_format(tmp_path: Path, refusal: Refusal) -> None:
    assert "无法读取" in refusal(tmp_path / "none.gpkg").message.zh_CN
    (tmp_path / "empty.shp").touch()
    assert "空文件" in refusal(tmp_path / "empty.shp").message.zh_CN
    assert "文件夹" in refusal(tmp_path).message.zh_CN
    (tmp_path / "x.gpkg").write_bytes(b"\x00\x01\x02 no geopackage")
    assert "格式无法识别" in refusal(tmp_path / "x.gpkg").message.zh_CN
    (tmp_path / "x.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    assert "没有可显示的要素" in refusal(tmp_path / "x.geojson").message.zh_CN


def test_the_content_counts_and_not_the_suffix(tmp_path: Path, read: Ask) -> None:
    path = save(tmp_path / "a.gpkg", POINT).rename(tmp_path / "a.shp")
    assert read(path).packages[0].features == 1


@pytest.mark.parametrize("ending", [".gpkg", ".fgb", ".geojson", ".shp"])
def test_cut_off_files_are_refused(tmp_path: Path, refusal: Refusal, ending: str) -> None:
    wkb = shapely.to_wkb(shapely.points(np.random.default_rng(1).uniform((120, 30), (121, 31), (2000, 2))))
    path = save(tmp_path / f"a{ending}", wkb)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    assert "无法读取" in refusal(path).message.zh_CN


def test_a_crs_that_the_coordinates_are_not_in(tmp_path: Path, read: Ask, refusal: Refusal) -> None:
    degrees_as_metres = save(tmp_path / "a.gpkg", POINT, "EPSG:4549")
    trouble = refusal(degrees_as_metres)
    assert trouble.wants == (Wanted.DATUM,)
    assert "CGCS2000" in trouble.message.zh_CN
    assert np.allclose(package(read(degrees_as_metres, datum="wgs84")).degrees, [[121.4, 31.2]])
    metres = shapely.to_wkb(shapely.points([[500_000.0, 3_455_000.0]]))
    metres_as_degrees = save(tmp_path / "b.gpkg", metres)
    assert Wanted.DATUM in refusal(metres_as_degrees).wants
    assert read(metres_as_degrees, datum="EPSG:4549").packages[0].features == 1
    porto = save(tmp_path / "c.gpkg", shapely.to_wkb(shapely.points([[-8.6, 41.1]])), "EPSG:4490")
    assert refusal(porto).wants == (Wanted.DATUM,)


def test_broken_geometry_is_left_out_and_counted(tmp_path: Path, read: Ask) -> None:
    good, bow_tie = (
        shapely.box(121, 31, 122, 32),
        shapely.Polygon([(121, 31), (122, 32), (122, 31), (121, 32)]),
    )
    infinite = shapely.Polygon([(121, 31), (np.inf, 31), (122, 32)])
    wkb = np.array([*map(shapely.to_wkb, (good, bow_tie, infinite)), None], object)
    layers = read(save(tmp_path / "a.gpkg", wkb, kind="Polygon"))
    assert layers.packages[0].features == 2
    counts = {item.reason.en: item.count for item in layers.left_out}
    assert counts["mended (kept)"] == 1
    assert counts["coordinates out of range"] + counts["no coordinates"] == 2
    assert all(item.reason.zh_CN != item.reason.en for item in layers.left_out)


def test_a_vertex_that_is_nowhere(tmp_path: Path, read: Ask) -> None:
    """GEOS reckons bounds without it, so they look sound."""
    lines = [[(121, 31), (np.nan, 31), (122, 32)], [(121, 31), (122, 32)]]
    packed = [struct.pack("<BII", 1, 2, len(line)) + np.array(line, "<f8").tobytes() for line in lines]
    layers = read(save(tmp_path / "a.gpkg", np.array(packed, object), kind="LineString"))
    assert layers.packages[0].features == 1
    assert layers.packages[0].bounds == (121.0, 31.0, 122.0, 32.0)
    assert [(item.reason.en, item.count) for item in layers.left_out] == [("coordinates out of range", 1)]


def test_names_of_columns_without_end(tmp_path: Path, read: Ask, refusal: Refusal) -> None:
    (tmp_path / "a.csv").write_text("x" * 1_000_000)
    assert "不是可读的表格" in refusal(tmp_path / "a.csv").message.zh_CN
    place = {"type": "Point", "coordinates": [1, 2]}
    properties = {"k" * 100_000: 1, "name": "x"}
    rows = [{"type": "Feature", "geometry": place, "properties": properties}]
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    assert read(tmp_path / "a.geojson").sublayers[0].fields == ("name",)


def test_a_billion_features_declared(tmp_path: Path) -> None:
    """In the headers of a shapefile and of a FlatGeobuf, and in the contents of a geopackage."""
    shp = save(tmp_path / "a.shp", POINT)
    for ending, offset, order in ((".dbf", 4, "<I"), (".shx", 24, ">i"), (".shp", 24, ">i")):
        data = bytearray(shp.with_suffix(ending).read_bytes())
        data[offset : offset + 4] = struct.pack(order, 1_000_000_000)
        shp.with_suffix(ending).write_bytes(data)
    said, code = by_process(shp, tmp_path / "cache")
    assert code == 0 and isinstance(said, Read)
    assert said.layers.packages[0].features == 1
    fgb = tmp_path / "a.fgb"
    row = shapely.to_wkb(shapely.points(np.linspace([121.4, 31.2], [121.5, 31.3], 77)))
    for index in ("NO", "YES"):  # with one, the features would stand a billion entries further on
        write(
            fgb, row, [np.arange(77)], ["n"], geometry_type="Point", crs="EPSG:4326",
            layer_options={"SPATIAL_INDEX": index},
        )  # fmt: skip
        fgb.write_bytes(fgb.read_bytes().replace(struct.pack("<Q", 77), struct.pack("<Q", 10**9), 1))
        said, code = by_process(fgb, tmp_path / "cache")
        assert code == 0
        if isinstance(said, Read):
            assert index == "NO" and said.layers.packages[0].features == 77
            assert [item.count for item in said.layers.left_out] == [10**9 - 77], "and that is told"
        else:
            assert isinstance(said, Refused) and "文件不完整" in said.trouble.message.zh_CN
    gpkg = save(tmp_path / "a.gpkg", POINT)
    with sqlite3.connect(gpkg) as database:
        for trigger in database.execute("select name from sqlite_master where type='trigger'").fetchall():
            database.execute(f'drop trigger "{trigger[0]}"')
        database.execute("update gpkg_ogr_contents set feature_count = 1000000000")
    database.close()
    said, code = by_process(gpkg, tmp_path / "cache")
    assert code == 0 and isinstance(said, Read)
    assert said.layers.packages[0].features == 1


def test_zip_bombs(tmp_path: Path, refusal: Refusal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.formats.archive.MAX_UNPACKED", 20 << 20)
    for name, member in (("a.kmz", "doc.kml"), ("a.xlsx", "xl/workbook.xml")):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(member, b" " * (50 << 20))
        assert "解压后超过" in refusal(tmp_path / name).message.zh_CN


@pytest.mark.parametrize("name", ["../../evil.kml", "/etc/evil.kml", "..\\evil.kml", "C:\\evil.kml"])
def test_paths_that_lead_out_of_a_kmz(tmp_path: Path, refusal: Refusal, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.writestr(name, "<kml/>")
    assert "压缩包之外" in refusal(tmp_path / "a.kmz").message.zh_CN
    assert not (tmp_path.parent / "evil.kml").exists()


def test_broken_and_encrypted_archives(tmp_path: Path, refusal: Refusal) -> None:
    with zipfile.ZipFile(tmp_path / "a.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", "<kml>" + "x" * 5000)
    whole = (tmp_path / "a.kmz").read_bytes()
    (tmp_path / "cut.kmz").write_bytes(whole[: len(whole) // 2])
    refusal(tmp_path / "cut.kmz")
    (tmp_path / "torn.kmz").write_bytes(whole[:40] + b"\xff" * 10 + whole[50:])
    refusal(tmp_path / "torn.kmz")
    with zipfile.ZipFile(tmp_path / "plain.zip", "w") as archive:
        archive.writestr("a.shp", "x")
    assert "先解压" in refusal(tmp_path / "plain.zip").message.zh_CN
    with zipfile.ZipFile(tmp_path / "city.qgz", "w") as archive:
        archive.writestr("city.qgs", "<qgis/>")
    assert "QGIS 面板" in refusal(tmp_path / "city.qgz").message.zh_CN
    (tmp_path / "city.qgs").write_text("<!DOCTYPE qgis PUBLIC 'x'>\n<qgis version='3'/>")
    assert refusal(tmp_path / "city.qgs")


def test_xml_that_swells(tmp_path: Path, refusal: Refusal) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!-- x --><!DOCTYPE kml [<!ENTITY a0 "lol">{entities}]><kml>&a11;</kml>'
    (tmp_path / "a.kml").write_text(bomb)
    assert "实体" in refusal(tmp_path / "a.kml").message.zh_CN


@pytest.mark.parametrize(
    "opening", ["", "\ufeff", "<?xml version='1.0' encoding='UTF-8'?>\n<!-- <gml/> -->\n"]
)
def test_gml_with_entities(tmp_path: Path, refusal: Refusal, opening: str) -> None:
    """Of a file beside it, and of one that swells."""
    (tmp_path / "secret.txt").write_text("4711")
    entities = '<!ENTITY own SYSTEM "secret.txt"><!ENTITY a "&own;&own;">'
    body = '<gml:featureMember xmlns:gml="http://www.opengis.net/gml">&a;</gml:featureMember>'
    text = f"{opening}<!DOCTYPE x [{entities}]><FeatureCollection>{body}</FeatureCollection>"
    (tmp_path / "a.gml").write_text(text, "utf-8")
    assert "实体" in refusal(tmp_path / "a.gml").message.zh_CN


def test_a_spreadsheet_whose_texts_swell(tmp_path: Path) -> None:
    """Ten to the eleventh characters by entities, in an archive of some kilobytes."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    namespace = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    related = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "xl/workbook.xml": f'<workbook {namespace} {related}><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1"'
        f' Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<!DOCTYPE x [<!ENTITY a0 "lol">{entities}]><worksheet {namespace}>'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&a11;</t></is></c></row></sheetData>'
        "</worksheet>",
    }
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    said, code = by_process(tmp_path / "a.xlsx", tmp_path / "cache", memory=800 << 20)
    assert isinstance(said, Refused) or code != 0
    assert not list((tmp_path / "cache").glob("*/result.json"))


def dxf(*pairs: tuple[int, object]) -> str:
    return "".join(f"{code}\n{value}\n" for code, value in pairs)


def test_a_drawing_whose_blocks_hold_one_another(tmp_path: Path) -> None:
    """A holds ten times B and B ten times A; a line beside them is not lost."""

    def block(name: str, other: str) -> list[tuple[int, object]]:
        inserts = [
            pair for _ in range(10) for pair in ((0, "INSERT"), (8, "0"), (2, other), (10, 1), (20, 1))
        ]
        return [(0, "BLOCK"), (8, "0"), (2, name), (70, 0), (10, 0), (20, 0), *inserts, (0, "ENDBLK")]

    blocks = [(0, "SECTION"), (2, "BLOCKS"), *block("A", "B"), *block("B", "A"), (0, "ENDSEC")]
    line = [(0, "LINE"), (8, "0"), (10, 121.4), (20, 31.2), (11, 121.5), (21, 31.3)]
    insert = [(0, "INSERT"), (8, "0"), (2, "A"), (10, 121.4), (20, 31.2)]
    entities = [(0, "SECTION"), (2, "ENTITIES"), *line, *insert, (0, "ENDSEC"), (0, "EOF")]
    (tmp_path / "a.dxf").write_text(dxf(*blocks, *entities))
    said, code = by_process(tmp_path / "a.dxf", tmp_path / "cache", memory=1 << 30)
    assert code == 0 and said is not None
    if isinstance(said, Read):
        assert said.layers.packages[0].features >= 1
    else:
        assert said.trouble.message.zh_CN


def test_a_local_datum_that_makes_no_sense(tmp_path: Path, read: Ask, refusal: Refusal) -> None:
    """Definitions come from a file that somebody may have changed."""
    path = save(tmp_path / "a.gpkg", shapely.to_wkb(shapely.points([[1000.0, 2000.0]])), crs=None)
    plane = "+proj=tmerc +lat_0=31.2 +lon_0=121.4 +ellps=krass +units=m +type=crs"
    city = LocalDatum(name="city", title_zh="城", title_en="", crs=plane)
    assert read(path, datum="local:city", local=city).datum == "local:city"
    for odd in (
        replace(city, crs="+proj=tmerc +nadgrids=/etc/passwd +file=x"),
        replace(city, crs="EPSG:4326"),
    ):
        assert refusal(path, datum="local:city", local=odd).wants == (Wanted.DATUM,)
    assert refusal(path, datum="local:other", local=city).wants == (Wanted.DATUM,)


def test_formats_that_may_ask_servers_are_off(tmp_path: Path) -> None:
    """GDAL would take Esri's JSON for GeoJSON, and ask the server that it names for more of it."""
    rows = [{"attributes": {"n": 1}, "geometry": {"x": 1, "y": 2}}]
    fields = [{"name": "n", "type": "esriFieldTypeInteger"}]
    esri = {"geometryType": "esriGeometryPoint", "fields": fields, "features": rows}
    (tmp_path / "a.json").write_text(json.dumps(esri))
    said, _ = by_process(tmp_path / "a.json", tmp_path / "cache")
    assert isinstance(said, Refused)


def test_memory_is_bounded(tmp_path: Path) -> None:
    rows = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [1, 2]},
            "properties": {"t": "x" * 400},
        }
    ]
    path = tmp_path / "big.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows * 120_000}))
    said, code = by_process(path, tmp_path / "cache", memory=330 << 20)
    assert isinstance(said, Refused) or code != 0
    assert not list((tmp_path / "cache").glob("*/result.json"))


def test_osm_that_is_none(tmp_path: Path, refusal: Refusal, shared_data: Path) -> None:
    data = (shared_data / "shanghai_center.osm.pbf").read_bytes()
    (tmp_path / "cut.osm.pbf").write_bytes(data[: len(data) // 2])
    assert "损坏" in refusal(tmp_path / "cut.osm.pbf").message.zh_CN
    (tmp_path / "no.pbf").write_text("hello")
    refusal(tmp_path / "no.pbf")
