"""A graph with all kinds of nodes, written as text and made binary by OpenSceneGraph in several versions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from console.scene.osgb import Mesh, RangeMode, Tile, read_osgb_file
from tests.support.osg import osgconv

VERSIONS = (80, 99, 112, 147, 149, 154, 156, 161)


class Text:
    """Writes .osgt; every object gets a number."""

    def __init__(self) -> None:
        self._number = 0

    def node(self, name: str, *lines: str) -> str:
        self._number += 1
        return "\n".join([f"osg::{name} {{", f"UniqueID {self._number}", *lines, "}"])

    def group(self, *children: str, name: str = "Group", before: str = "", after: str = "") -> str:
        return self.node(name, before, f"Children {len(children)} {{", *children, "}", after)

    def array(self, name: str, rows: list[str], binding: str = "BIND_PER_VERTEX") -> str:
        return self.node(name, f"Binding {binding}", f"vector {len(rows)} {{", *rows, "}")

    def triangle(self, at: float, primitive: str = "", extra: str = "") -> str:
        """A Geode with a triangle whose first corner is at x = *at*."""
        corners = self.array("Vec3Array", [f"{at} 0 0", f"{at + 1} 0 0", f"{at} 1 0"])
        drawn = primitive or self.node("DrawArrays", "Mode TRIANGLES", "Count 3")
        arrays = f"VertexArray TRUE {{\n{corners}\n}}\n{extra}"
        geometry = self.node("Geometry", "PrimitiveSetList 1 {", drawn, "}", arrays)
        return self.node("Geode", "Drawables 1 {", geometry, "}")


def everything() -> str:
    text = Text()
    uniform = text.node("Uniform", "Type FLOAT", "NumElements 1")
    states = text.node(
        "StateSet",
        "AttributeList 3 {",
        text.node("PolygonMode", "Mode TRUE UseFrontAndBack TRUE Front LINE Back LINE"),
        "Value OFF",
        text.node("CullFace", "Mode FRONT"),
        "Value ON",
        text.node(
            "Material",
            "Ambient TRUE Front 0 0 0 1 Back 0 0 0 1",
            "Diffuse TRUE Front 1 0.5 0 1 Back 1 0.5 0 1",
        ),
        "Value OFF",
        "}",
        "UniformList 1 {",
        uniform,
        "Value ON",
        "}",
    )
    colors = text.array("Vec4ubArray", ["255 0 0 255"], "BIND_OVERALL")
    normals = text.array("Vec3Array", ["0 0 1"] * 3)
    coloured = text.triangle(
        1.0, extra=f"NormalArray TRUE {{\n{normals}\n}}\nColorArray TRUE {{\n{colors}\n}}"
    )
    lengths = text.node("DrawArrayLengths", "Mode TRIANGLE_STRIP", "First 0", "vector 1 {", "3", "}")
    bytes_ = text.node("DrawElementsUByte", "Mode TRIANGLES", "vector 3 {", "2 0 1", "}")
    by_distance = text.group(
        text.triangle(2.0),
        text.triangle(3.0, lengths),
        name="LOD",
        after="RangeList 2 {\n100 1000\n0 100\n}",
    )
    moved = text.group(
        text.triangle(4.0, bytes_),
        name="PositionAttitudeTransform",
        after="Position 10 20 30\nAttitude 0 0 0.707106781186548 0.707106781186547\nScale 2 2 2",
    )
    switched = text.group(
        text.triangle(5.0), text.triangle(6.0), name="Switch", after="ValueList 2 {\nFALSE TRUE\n}"
    )
    proxy = text.node(
        "ProxyNode", "FileNames 1 {", '"other.osgb"', "}", "LoadingExternalReferenceMode NO_AUTOMATIC_LOADING"
    )
    body = text.group(coloured, by_distance, moved, switched, proxy, before=f"StateSet TRUE {{\n{states}\n}}")
    return f"#Ascii Scene\n#Version 161\n#Generator OpenSceneGraph 3.6.5\n\n{body}\n"


def firsts(meshes: tuple[Mesh, ...]) -> list[list[float]]:
    """Where the first corner of each stands."""
    return [np.round(mesh.placed()[0], 6).tolist() for mesh in meshes]


@pytest.fixture(params=VERSIONS)
def tile(request: pytest.FixtureRequest, tmp_path: Path) -> Tile:
    source = tmp_path / "graph.osgt"
    source.write_text(everything(), "utf-8")
    return read_osgb_file(osgconv(source, tmp_path / "graph.osgb", f"TargetFileVersion={request.param}"))


def test_all_kinds_of_nodes_stand_where_openscenegraph_puts_them(tile: Tile) -> None:
    always, by_distance, elsewhere = tile.pieces
    assert firsts(always.levels[0].meshes) == [[1, 0, 0], [10, 28, 30], [6, 0, 0]], "5 is switched off"
    assert always.levels[0].meshes[1].indices.tolist() == [[2, 0, 1]]
    assert by_distance.mode is RangeMode.DISTANCE
    assert [level.start for level in by_distance.levels] == [1000.0, 100.0]
    assert [firsts(level.meshes) for level in by_distance.levels] == [[[2, 0, 0]], [[3, 0, 0]]]
    assert elsewhere.levels[0].files == ("other.osgb",)


def test_colours_normals_and_materials_are_read(tile: Tile) -> None:
    mesh, other = tile.pieces[0].levels[0].meshes[:2]
    assert mesh.colors is not None and mesh.colors.tolist() == [[255, 0, 0, 255]] * 3
    assert mesh.normals is not None and mesh.normals.tolist() == [[0, 0, 1]] * 3
    assert other.colors is None and other.normals is None
    assert mesh.color == other.color == (1.0, 0.5, 0.0, 1.0)
