"""Real OpenStreetMap files, and broken ones, through the public door of the importer."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from console.geodata.packing import geometries, texts
from console.model.layers import decode_package, encode_package
from console.model.roads import Access, TurnRule
from console.server.importing import ImportCancelled, ImportFailed, ImportOptions, ImportResult, import_files

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

XML = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="34.20" lon="117.10"/><node id="2" lat="34.20" lon="117.11"/>
<node id="3" lat="34.20" lon="117.12"/><node id="4" lat="34.21" lon="117.11"/>
<node id="5" lat="34.19" lon="117.11"><tag k="amenity" v="bank"/><tag k="name" v="银行"/></node>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
 <tag k="highway" v="residential"/><tag k="name" v="解放路"/>
 <tag k="oneway" v="-1"/><tag k="maxspeed" v="30 mph"/></way>
<way id="11"><nd ref="4"/><nd ref="2"/><tag k="highway" v="footway"/><tag k="bicycle" v="yes"/></way>
<way id="12"><nd ref="3"/><nd ref="4"/>
 <tag k="highway" v="motorway"/><tag k="bridge" v="yes"/><tag k="layer" v="1"/></way>
<way id="13"><nd ref="1"/><nd ref="4"/><tag k="highway" v="proposed"/><tag k="name" v="新路"/></way>
<way id="14"><nd ref="1"/><nd ref="99"/><tag k="highway" v="service"/></way>
<way id="15"><nd ref="1"/><nd ref="2"/><nd ref="4"/><nd ref="1"/>
 <tag k="building" v="apartments"/><tag k="building:levels" v="6"/>
 <tag k="addr:housenumber" v="12号"/><tag k="addr:street" v="解放路"/></way>
</osm>"""


def run(*paths: Path, **options: object) -> ImportResult:
    return import_files(list(paths), ImportOptions(**options), lambda done, text: None, lambda: False)  # type: ignore[arg-type]


def real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{path} is missing")
        pytest.skip(f"needs the test data {path}")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.osm"
    path.write_text(XML, encoding="utf-8")
    return path


def test_roads_are_cut_at_crossings_and_keep_what_tags_say(small: Path) -> None:
    result = run(small)
    roads = next(layer.package for layer in result.layers if layer.kind == "road")
    assert texts(roads, "class") == ["residential", "residential", "footway", "motorway"]
    assert roads.columns["oneway"].tolist() == [-1, -1, 0, 1]
    bits = Access.FOOT | Access.BICYCLE
    assert roads.columns["access"].tolist() == [Access.ALL, Access.ALL, bits, Access.MOTOR]
    assert roads.columns["way"].tolist() == [10, 10, 11, 12]
    assert roads.columns["maxspeed"][0] == pytest.approx(48.28, abs=0.01)
    assert roads.columns["bridge"].tolist() == [0, 0, 0, 1]
    assert roads.columns["from_node"].tolist() == [1, 2, 4, 3]
    assert roads.columns["to_node"].tolist() == [2, 3, 2, 4]


TURNS = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="34.20" lon="117.10"/>
<node id="2" lat="34.20" lon="117.11"><tag k="highway" v="traffic_signals"/></node>
<node id="3" lat="34.20" lon="117.12"/><node id="4" lat="34.21" lon="117.11"/>
<node id="5" lat="34.205" lon="117.11"><tag k="barrier" v="bollard"/></node>
<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
<way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/>
 <tag k="access" v="private"/></way>
<way id="12"><nd ref="2"/><nd ref="5"/><nd ref="4"/><tag k="highway" v="residential"/></way>
<relation id="1"><member type="way" ref="10" role="from"/><member type="node" ref="2" role="via"/>
 <member type="way" ref="12" role="to"/><tag k="type" v="restriction"/>
 <tag k="restriction" v="no_left_turn"/><tag k="except" v="bicycle;psv"/></relation>
<relation id="2"><member type="way" ref="10" role="from"/><member type="way" ref="11" role="via"/>
 <member type="way" ref="12" role="to"/><tag k="type" v="restriction"/>
 <tag k="restriction:motorcar" v="only_straight_on"/></relation>
<relation id="3"><member type="way" ref="10" role="from"/><member type="way" ref="12" role="to"/>
 <tag k="type" v="restriction"/><tag k="restriction" v="no_u_turn"/></relation>
</osm>"""


def test_turn_restrictions_barriers_and_lights_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "turns.osm"
    path.write_text(TURNS, encoding="utf-8")
    roads = next(layer.package for layer in run(path).layers if layer.kind == "road")
    roads = decode_package(encode_package(roads))
    motor = Access.MOTOR
    assert roads.extras["turns"].tolist() == [
        [10, 2, 0, 12, motor],
        [10, 0, 11, 12, Access.CAR | TurnRule.ONLY],
    ]
    assert sorted(roads.extras["nodes"].tolist()) == [[2, Access.SIGNALS], [5, motor]]
    assert roads.columns["way"].tolist() == [10, 11, 12, 12], "cut at the bollard"
    assert [bool(bits & Access.PRIVATE) for bits in roads.columns["access"]] == [False, True, False, False]


def test_buildings_places_and_addresses_are_found(small: Path) -> None:
    layers = {layer.kind: layer.package for layer in run(small).layers}
    assert layers["building"].columns["height"].tolist() == [18.0]
    assert layers["building"].columns["levels"].tolist() == [6.0]
    assert layers["poi"].text("name", 0) == "银行"
    assert (layers["address"].text("street", 0), layers["address"].text("housenumber", 0)) == (
        "解放路",
        "12号",
    )


def test_report_says_what_was_left_out_and_why(small: Path) -> None:
    report = run(small).report
    assert report.rejected == {"nodes missing from the file": 1, "road planned or under construction": 1}
    assert any("新路" in example for example in report.examples)
    assert report.kept + sum(report.rejected.values()) == report.read


@pytest.mark.parametrize(("name", "least"), [("shanghai_center.osm.pbf", 7000), ("porto.osm.pbf", 90_000)])
def test_real_city_gives_a_road_graph(name: str, least: int) -> None:
    result = run(real(name))
    roads = next(layer for layer in result.layers if layer.kind == "road")
    assert roads.datum_known == "declared" and "OpenStreetMap" in roads.attribution
    package = decode_package(encode_package(roads.package))
    assert len(package) >= least
    ends = np.concatenate([package.columns["from_node"], package.columns["to_node"]])
    _, node = np.unique(ends, return_inverse=True)
    a, b = node[: len(package)], node[len(package) :]
    graph = coo_matrix((np.ones(len(a)), (a, b)), shape=(node.max() + 1,) * 2)
    label = connected_components(graph, directed=False)[1]
    assert np.bincount(label).max() > 0.9 * len(label)


def test_same_node_means_same_place(small: Path) -> None:
    roads = next(layer.package for layer in run(small).layers if layer.kind == "road")
    place: dict[int, tuple[float, float]] = {}
    for line, start, end in zip(
        geometries(roads), roads.columns["from_node"].tolist(), roads.columns["to_node"].tolist(), strict=True
    ):
        for node, xy in ((start, line.coords[0]), (end, line.coords[-1])):
            assert place.setdefault(node, xy) == xy


@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_cut_off_pbf_is_refused_in_both_languages(tmp_path: Path, share: float) -> None:
    whole = real("shanghai_center.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ImportFailed) as failure:
        run(path)
    assert "cut.osm.pbf" in failure.value.message_en
    assert "损坏" in failure.value.message_zh


@pytest.mark.parametrize(("name", "content"), [("x.osm.pbf", b"rubbish" * 90), ("x.osm", b"<osm><node id=")])
def test_rubbish_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ImportFailed):
        run(path)


def test_cancel_stops_and_progress_rises() -> None:
    seen: list[float] = []
    path = real("porto.osm.pbf")
    with pytest.raises(ImportCancelled):
        import_files([path], ImportOptions(), lambda done, _: seen.append(done), lambda: len(seen) >= 6)
    assert seen == sorted(seen) and len(seen) == 6
