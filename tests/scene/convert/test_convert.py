"""OSGB to 3D Tiles, read back by our reader of 3D Tiles: every triangle is there, and where it was."""

from __future__ import annotations

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from pyproj import Transformer

from console.scene.convert import ConversionCancelled, ConversionReport, Options, convert_delivery
from console.scene.gltf import decode_image
from console.scene.osgb import Metadata, Placement, find_metadata, open_pyramids, read_osgb_file
from console.scene.refusal import SceneRefused
from console.scene.tiles import FolderSource
from tests.support.osg import osgconv
from tests.support.osgb_writer import Body, OsgbWriter, file_of, square
from tests.support.tilesets import excess, unfold, vertices

ONE = "Tile_+000_+013"
JOURNAL = ".onemap-conversion.jsonl"
CONVERT = """
import sys
from pathlib import Path
from console.scene.convert import Options, convert_delivery
convert_delivery(Path(sys.argv[1]), Path(sys.argv[2]), Options(jobs=2), lambda *_: None, lambda: False)
"""


def convert(source: Path, target: Path, options: Options | None = None) -> ConversionReport:
    return convert_delivery(source, target, options or Options(jobs=1), lambda *_: None, lambda: False)


def written(folder: Path) -> dict[str, bytes]:
    """All that a conversion made, without its journal."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != JOURNAL)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def estate(shared_data: Path) -> Path:
    return shared_data / "osgb_estate"


@pytest.fixture(scope="module")
def small(estate: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A delivery of one tile, thirteen files."""
    folder = tmp_path_factory.mktemp("small")
    shutil.copytree(estate / "Data" / ONE, folder / "Data" / ONE)
    shutil.copy(estate / "metadata.xml", folder)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


@pytest.fixture(scope="module")
def whole(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ConversionReport]:
    """It, converted without a break."""
    target = tmp_path_factory.mktemp("whole")
    return target, convert(small, target)


def test_a_real_delivery_becomes_a_tileset_that_our_reader_shows_whole(estate: Path, tmp_path: Path) -> None:
    report = convert(estate, tmp_path, Options(jobs=2))
    assert (report.files, report.absent, report.refused, report.unread) == (35, 89, [], {})
    tree, contents, refusals = unfold(FolderSource(tmp_path))
    assert refusals == [] and len(contents) == report.tiles == 122
    drawn = sum(content.triangles for found in contents.values() for content in found)
    meshes = [m for path in estate.rglob("*.osgb") for m in read_osgb_file(path).meshes()]
    with_area = [np.sort(m.indices, axis=1) for m in meshes]
    assert (
        drawn == report.triangles == sum(int((np.diff(t, axis=1) > 0).all(axis=1).sum()) for t in with_area)
    )
    for tile, (content,) in contents.items():
        assert excess(tree, tile, vertices(tree, tile, content)) < 1e-3


def test_vertices_stand_to_a_millimetre_where_the_projection_puts_them(
    small: Path, whole: tuple[Path, ConversionReport]
) -> None:
    metadata = find_metadata(small)
    to_ecef = Transformer.from_crs(
        "+proj=tmerc +lat_0=0 +lon_0=113.37 +k=1 +x_0=500000 +y_0=90 +ellps=GRS80",
        "EPSG:4978",
        always_xy=True,
    )
    expected = []
    for path in sorted(small.rglob("*.osgb")):
        for mesh in read_osgb_file(path).meshes():
            x, y, z = (mesh.positions[np.unique(mesh.indices)] + np.array(metadata.origin)).T
            expected.append(np.stack(to_ecef.transform(x, y, z), axis=1))
    tree, contents, _ = unfold(FolderSource(whole[0]))
    found = [vertices(tree, tile, content) for tile, (content,) in contents.items()]
    theirs = {len(points): points for points in expected}
    same = [points for points in found if len(points) in theirs]
    assert len(same) > 20
    for points in same:
        np.testing.assert_allclose(points, theirs[len(points)], atol=1e-3)


def test_a_delivery_streams_what_its_conversion_shows_at_the_same_places(
    small: Path, whole: tuple[Path, ConversionReport]
) -> None:
    """The same vertices in the same files, with the same errors, to a tenth of a millimetre on Earth."""
    tree, source = open_pyramids(small)
    converted, streamed = unfold(FolderSource(whole[0])), unfold(source, tree)
    assert streamed[2] == []
    found: list[dict[str, list[tuple[float, np.ndarray]]]] = []
    for tree, contents, _ in (converted, streamed):
        shown: dict[str, list[tuple[float, np.ndarray]]] = {}
        for tile, (content,) in sorted(contents.items()):
            name = tree.requests(tile)[0].uri.rpartition("/")[2].replace("%2B", "+")
            file = name.removesuffix(".osgb") if name.endswith(".osgb") else name.rpartition("_")[0]
            shown.setdefault(file, []).append(
                (float(tree.tiles["error"][tile]), vertices(tree, tile, content))
            )
        found.append(shown)
    assert found[0].keys() == found[1].keys() and len(found[0]) == 13
    for file, looks in found[0].items():
        for (error, there), (other, here) in zip(looks, found[1][file], strict=True):
            assert error == other
            np.testing.assert_allclose(here, there, atol=1e-4)


def errors(tile: dict, folder: Path) -> Iterator[tuple[float, float]]:
    """Errors of parents and children, through further tilesets."""
    uri = tile.get("content", {}).get("uri", "")
    below = list(tile.get("children", []))
    if uri.endswith(".json"):
        path = folder / uri.replace("%2B", "+")
        below, folder = [json.loads(path.read_bytes())["root"]], path.parent
    for child in below:
        yield tile["geometricError"], child["geometricError"]
        yield from errors(child, folder)


def test_a_viewer_refines_where_openscenegraph_would(whole: tuple[Path, ConversionReport]) -> None:
    tileset = json.loads((whole[0] / "tileset.json").read_bytes())
    pairs = list(errors(tileset["root"], whole[0]))
    assert len(pairs) > 30 and all(child <= parent for parent, child in pairs)
    levels = {round(error, 3) for pair in pairs for error in pair}
    assert {64.0, 32.0, 16.0, 8.0, 4.0, 0.0} <= levels, "twice as fine a level"
    assert 2.0 not in levels, "what L20 would have replaced is the finest there is"


def test_pictures_are_taken_over_as_they_are(small: Path, whole: tuple[Path, ConversionReport]) -> None:
    path = small / "Data" / ONE / f"{ONE}.osgb"
    (mesh,) = read_osgb_file(path).meshes()
    assert mesh.texture and mesh.texture.data
    assert mesh.texture.data in (whole[0] / "Data" / ONE / f"{ONE}_0.glb").read_bytes()


def has_ended(process: psutil.Process) -> bool:
    """Whether nothing is left of it but what its new parent may be slow to fetch."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_one_that_was_killed_goes_on_where_it_was(
    small: Path, whole: tuple[Path, ConversionReport], tmp_path: Path
) -> None:
    process = subprocess.Popen([sys.executable, "-c", CONVERT, str(small), str(tmp_path)])
    journal, until = tmp_path / JOURNAL, time.monotonic() + 60
    while not journal.is_file() or journal.read_bytes().count(b"\n") < 4:
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.01)
    workers = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    while not all(map(has_ended, workers)):
        assert time.monotonic() < until, "no worker outlives it, nor one that was only starting"
        time.sleep(0.01)
    with journal.open("ab") as file:
        file.write(b'{"stamp":[1,2],"draft":{"fi')  # cut off when it was being written
    report = convert(small, tmp_path)
    assert 0 < report.resumed < report.files == 13
    assert written(tmp_path) == written(whole[0])


def test_what_changed_or_was_damaged_is_made_again(
    small: Path, whole: tuple[Path, ConversionReport], tmp_path: Path
) -> None:
    target = shutil.copytree(whole[0], tmp_path / "target")
    (target / "Data" / ONE / f"{ONE}_0.glb").write_bytes(b"cut off")
    (target / "Data" / ONE / f"{ONE}_L15_0u_0.glb").unlink()
    source = small / "Data" / ONE / f"{ONE}_L16_0uu.osgb"
    os.utime(source, ns=(1, time.time_ns()))
    assert convert(small, target).resumed == 10
    assert written(target) == written(whole[0])
    assert convert(small, target).resumed == 13
    other = convert(small, target, Options(1, Metadata("ENU:22.5,113.4")))
    assert other.resumed == 0, "another place, other vertices"


def test_a_cancel_is_obeyed_and_nothing_half_done_stays(small: Path, tmp_path: Path) -> None:
    done: list[float] = []
    with pytest.raises(ConversionCancelled):
        convert_delivery(
            small, tmp_path, Options(jobs=1), lambda d, _: done.append(d), lambda: len(done) >= 3
        )
    assert done == sorted(done) and 0 < done[-1] < 1
    assert not list(tmp_path.rglob("*.part")) and not (tmp_path / "tileset.json").exists()
    assert convert(small, tmp_path).resumed >= 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_in_words_and_the_rest_is_done_later(
    small: Path, whole: tuple[Path, ConversionReport], tmp_path: Path
) -> None:
    folder = tmp_path / "Data" / ONE
    folder.mkdir(parents=True)
    (folder / f".{ONE}_L17_0uuu_0.glb.part").symlink_to("/dev/full")
    with pytest.raises(SceneRefused) as refusal:
        convert(small, tmp_path)
    assert "磁盘空间不足" in refusal.value.message.zh_CN
    report = convert(small, tmp_path)
    assert report.resumed == 3
    assert written(tmp_path) == written(whole[0])


def test_the_death_of_a_worker_is_told_in_words(small: Path, tmp_path: Path) -> None:
    def strike(_done: float, _file: str) -> None:
        for child in psutil.Process().children():
            if "spawn_main" in " ".join(child.cmdline()):
                child.kill()

    with pytest.raises(SceneRefused, match="run it again"):
        convert_delivery(small, tmp_path, Options(jobs=1), strike, lambda: False)
    assert convert(small, tmp_path).resumed >= 1


def test_a_broken_file_keeps_its_parent(small: Path, tmp_path: Path) -> None:
    source = shutil.copytree(small, tmp_path / "source")
    broken = source / "Data" / ONE / f"{ONE}_L19_0uuuu0.osgb"
    broken.write_bytes(broken.read_bytes()[:5000])
    report = convert(source, tmp_path / "target")
    assert [name for name, _ in report.refused] == [f"Data/{ONE}/{broken.name}"]
    _, contents, refusals = unfold(FolderSource(tmp_path / "target"))
    assert refusals == [] and len(contents) == report.tiles


def test_a_model_that_is_not_on_earth_has_no_place_but_all_triangles(small: Path, tmp_path: Path) -> None:
    report = convert(small / "Data" / ONE / f"{ONE}_L19_0uuuu5.osgb", tmp_path, Options(1, Metadata()))
    assert (report.files, report.tiles, report.triangles) == (1, 1, 1653)
    assert "transform" not in json.loads((tmp_path / "tileset.json").read_bytes())["root"]
    (mesh,) = read_osgb_file(small / "Data" / ONE / f"{ONE}_L19_0uuuu5.osgb").meshes()
    tree, contents, _ = unfold(FolderSource(tmp_path))
    ((tile, (content,)),) = contents.items()
    np.testing.assert_allclose(vertices(tree, tile, content), mesh.placed(), atol=1e-4)


def test_a_place_that_is_said_instead_is_used(small: Path, tmp_path: Path) -> None:
    there = Metadata("ENU:34.22,108.96")
    convert(small, tmp_path, Options(1, there))
    transform = json.loads((tmp_path / "tileset.json").read_bytes())["root"]["transform"]
    at = Placement(there).to_ecef(np.array([[50.0, 1350.0, 0.0]]))[0]
    assert np.linalg.norm(np.array(transform[12:15]) - at) < 200.0


def test_a_folder_that_cannot_be_written_is_told_in_words(small: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SceneRefused) as refusal:
        convert(small, tmp_path / "file")
    assert "无法写入" in refusal.value.message.zh_CN


def test_pixels_without_a_file_are_shown_the_same(small: Path, tmp_path: Path) -> None:
    """Pixels instead of a JPEG; the same picture at the same places."""
    source = small / "Data" / ONE / f"{ONE}_L19_0uuuu5.osgb"
    raw = osgconv(source, tmp_path / "raw.osgb", "WriteImageHint=IncludeData")
    convert(raw, tmp_path / "pixels", Options(1, Metadata()))
    convert(source, tmp_path / "jpeg", Options(1, Metadata()))
    pictures = []
    for name in ("pixels", "jpeg"):
        _, contents, _ = unfold(FolderSource(tmp_path / name))
        ((content,),) = contents.values()
        pictures.append(decode_image(content.parts[0].model.images[0]).astype(int))
    assert pictures[0].shape == pictures[1].shape
    assert np.abs(pictures[0] - pictures[1]).mean() < 4.0


def test_levels_by_distance_in_one_file_refine_one_another(tmp_path: Path) -> None:
    source = tmp_path / "lod.osgb"
    source.write_bytes(file_of(lod(square(), square(4, (0, 1, 2, 2, 1, 3)))))
    report = convert(source, tmp_path / "out", Options(1, Metadata()))
    assert (report.tiles, report.triangles) == (2, 4)
    tree = json.loads((tmp_path / "out" / "lod.tileset.json").read_bytes())["root"]["children"][0]
    assert tree["geometricError"] == pytest.approx(16 * 100 / 935.3, rel=1e-3)
    assert tree["children"][0]["geometricError"] == 0.0


def lod(coarse: Body, fine: Body) -> Body:
    """An osg::LOD by distance; *fine* below a hundred metres."""

    def fields(writer: OsgbWriter) -> None:
        writer.children(coarse, fine)
        writer.put("i?i?I", 0, False, 0, True, 2)
        writer.bracket(lambda w: w.put("4f", 100.0, 1000.0, 0.0, 100.0))

    return lambda writer: writer.node("osg::LOD", fields)


def paged(name: str) -> Body:
    """An osg::PagedLOD: a square, from ten pixels on what the file *name* holds."""

    def fields(writer: OsgbWriter) -> None:
        writer.put("i?4di?I", 1, True, 50.0, 1350.0, 24.0, 90.0, 1, True, 2)
        writer.bracket(lambda w: w.put("4f", 0.0, 10.0, 10.0, 1e30))
        writer.put("??I??I", True, False, 0, False, True, 2)
        writer.bracket(lambda w: (w.string(""), w.string(name)))
        writer.put("I", 0)
        writer.bracket(lambda w: None)
        writer.put("?I", True, 1)
        writer.bracket(square())

    return lambda writer: writer.node("osg::PagedLOD", fields)


def test_a_chain_of_files_ends_somewhere_and_a_ring_is_cut(tmp_path: Path) -> None:
    for number in range(80):
        (tmp_path / f"{number}.osgb").write_bytes(file_of(paged(f"{number + 1}.osgb")))
    report = convert(tmp_path / "0.osgb", tmp_path / "out", Options(1, Metadata()))
    assert report.files == report.tiles == 65
    (tmp_path / "3.osgb").write_bytes(file_of(paged("0.osgb")))
    report = convert(tmp_path / "0.osgb", tmp_path / "out", Options(1, Metadata()))
    assert report.files == report.tiles == 4
    assert unfold(FolderSource(tmp_path / "out"))[2] == []


def test_levels_within_levels_end_somewhere(tmp_path: Path) -> None:
    nested = square()
    for _ in range(28):
        nested = lod(square(), nested)
    (tmp_path / "deep.osgb").write_bytes(file_of(nested))
    report = convert(tmp_path / "deep.osgb", tmp_path / "out", Options(1, Metadata()))
    assert 1 < report.tiles <= 29
    _, contents, refusals = unfold(FolderSource(tmp_path / "out"))
    assert refusals == [] and len(contents) == report.tiles


def test_an_overview_that_names_the_tiles_stands_above_them(small: Path, tmp_path: Path) -> None:
    source = shutil.copytree(small, tmp_path / "source")
    overview = source / "Data" / "All" / "All.osgb"
    overview.parent.mkdir()

    overview.write_bytes(file_of(paged(f"../{ONE}/{ONE}.osgb")))
    report = convert(source, tmp_path / "out")
    assert report.files == 14
    root = json.loads((tmp_path / "out" / "tileset.json").read_bytes())["root"]
    assert [child["content"]["uri"] for child in root["children"]] == ["Data/All/All.tileset.json"]
    _, contents, refusals = unfold(FolderSource(tmp_path / "out"))
    assert refusals == [] and len(contents) == report.tiles > 30


def test_coordinates_out_of_all_reason_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "far.osgb"
    source.write_bytes(file_of(square()).replace(struct.pack("<f", 1.0), struct.pack("<f", 3e38)))
    report = convert(source, tmp_path / "out", Options(1, Metadata()))
    assert [name for name, _ in report.refused] == ["far.osgb"] and report.tiles == 0
