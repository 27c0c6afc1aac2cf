"""The glTF reader: accessors of every kind, materials, nodes and the extensions, each written by a test."""

from __future__ import annotations

import base64
import io
import json
import zlib

import DracoPy
import meshopt
import numpy as np
import pytest
import simplejpeg
from PIL import Image as Pillow

from console.scene.colors import to_light
from console.scene.convert.glb import write_glb
from console.scene.gltf import Mode, Model, decode_image, read_gltf
from console.scene.gltf.model import Alpha
from tests.support.glb import TRIANGLE, Glb, triangle

GRID = (
    np.stack(np.meshgrid(np.arange(8), np.arange(8), [0, 3], indexing="ij"), -1).reshape(-1, 3).astype("f4")
)


def only(glb: Glb) -> Model:
    model = read_gltf(glb.build())
    assert model.unread == ()
    return model


def test_the_smallest_model():
    model = only(triangle())
    (primitive,) = model.primitives
    assert primitive.mode == Mode.TRIANGLES
    assert np.array_equal(primitive.positions, TRIANGLE)
    assert primitive.indices.tolist() == [0, 1, 2]
    assert (primitive.positions.dtype, primitive.indices.dtype) == (np.float32, np.uint32)
    assert model.triangles == 1


@pytest.mark.parametrize("kind", ["u1", "u2", "u4"])
def test_indices_of_each_width(kind: str):
    glb = Glb()
    glb.primitive({"POSITION": glb.accessor(TRIANGLE)}, indices=glb.accessor(np.array([2, 1, 0], kind)))
    assert only(glb).primitives[0].indices.tolist() == [2, 1, 0]


@pytest.mark.parametrize(
    ("mode", "kind", "expected"),
    [
        (0, Mode.POINTS, [0, 1, 2, 3, 4]),
        (1, Mode.LINES, [0, 1, 2, 3]),
        (2, Mode.LINES, [0, 1, 1, 2, 2, 3, 3, 4, 4, 0]),
        (3, Mode.LINES, [0, 1, 1, 2, 2, 3, 3, 4]),
        (4, Mode.TRIANGLES, [0, 1, 2]),
        (5, Mode.TRIANGLES, [0, 1, 2, 1, 3, 2, 2, 3, 4]),
        (6, Mode.TRIANGLES, [0, 1, 2, 0, 2, 3, 0, 3, 4]),
    ],
)
def test_each_mode_is_read_as_a_list(mode: int, kind: Mode, expected: list[int]):
    glb = Glb()
    glb.primitive({"POSITION": glb.accessor(GRID[:5])}, mode=mode)
    primitive = only(glb).primitives[0]
    assert primitive.mode == kind
    assert primitive.indices.tolist() == expected


def test_interleaved_and_normalised_attributes():
    """Positions as floats and colours as shorts in one view with a stride of 20 bytes."""
    rows = np.zeros(3, np.dtype([("at", "<f4", 3), ("color", "<u2", 4)]))
    rows["at"], rows["color"] = TRIANGLE, [[65535, 0, 0, 65535], [0, 32768, 0, 65535], [0, 0, 0, 0]]
    glb = Glb()
    view = glb.view(rows.tobytes(), byteStride=20)
    at = glb.accessor(rows["at"], view=view)
    color = glb.accessor(rows["color"], view=view, byteOffset=12, normalized=True)
    glb.primitive({"POSITION": at, "COLOR_0": color})
    primitive = only(glb).primitives[0]
    assert np.array_equal(primitive.positions, TRIANGLE)
    assert primitive.colors is not None
    assert primitive.colors.tolist() == [[255, 0, 0, 255], [0, 188, 0, 255], [0, 0, 0, 0]]


def test_vertex_colours_are_written_as_they_are_read():
    """Light in the file, sRGB on the screen: a grey of 55 is not one of 8."""
    glb = triangle()
    colors = np.array([[55, 128, 255, 255], [0, 1, 2, 7], [200, 90, 16, 128]], "u1") / 255
    light = np.concatenate([to_light(colors[:, :3]), colors[:, 3:]], axis=1)
    glb.json["meshes"][0]["primitives"][0]["attributes"]["COLOR_0"] = glb.accessor(light.astype("f4"))
    model = only(glb)
    again = read_gltf(write_glb(model)).primitives[0]
    for primitive in (model.primitives[0], again):
        assert primitive.colors is not None
        assert np.array_equal(primitive.colors, np.rint(colors * 255))


def test_quantised_positions_and_texture_coordinates():
    glb = Glb()
    at = glb.accessor(np.array([[-32768, 0, 0], [32767, 0, 0], [0, 16384, 0]], "i2"), normalized=True)
    uv = glb.accessor(np.array([[0, 0], [255, 0], [0, 51]], "u1"), normalized=True)
    glb.primitive({"POSITION": at, "TEXCOORD_0": uv})
    glb.json["extensionsRequired"] = ["KHR_mesh_quantization"]
    glb.json["nodes"][0] |= {"scale": [10, 10, 10], "translation": [1, 2, 3]}
    model = only(glb)
    primitive = model.primitives[0]
    assert primitive.positions == pytest.approx(np.array([[-1, 0, 0], [1, 0, 0], [0, 0.50001526, 0]], "f4"))
    assert primitive.texcoords == pytest.approx(np.array([[0, 0], [1, 0], [0, 0.2]], "f4"))
    assert model.draws[0].transforms[0].tolist() == [
        [10, 0, 0, 1],
        [0, 10, 0, 2],
        [0, 0, 10, 3],
        [0, 0, 0, 1],
    ]


def test_a_sparse_accessor_moves_one_vertex():
    glb = Glb()
    at = glb.accessor(TRIANGLE)
    where, what = glb.view(np.array([1], "u2").tobytes()), glb.view(np.array([[5, 6, 7]], "f4").tobytes())
    glb.json["accessors"][at]["sparse"] = {
        "count": 1,
        "indices": {"bufferView": where, "componentType": 5123},
        "values": {"bufferView": what},
    }
    glb.primitive({"POSITION": at})
    assert only(glb).primitives[0].positions.tolist() == [[0, 0, 0], [5, 6, 7], [0, 1, 0]]


def test_nodes_multiply_in_double():
    """A child a centimetre off, 6,000 km out: float32 would lose it."""
    glb = triangle()
    matrix = np.identity(4)
    matrix[:3, 3] = [6_378_137.25, 0.125, -3.5]
    glb.json["nodes"] = [
        {"matrix": matrix.T.reshape(-1).tolist(), "children": [1]},
        {"mesh": 0, "translation": [0.01, 0, 0], "rotation": [0, 0, np.sqrt(0.5), np.sqrt(0.5)]},
    ]
    transform = only(glb).draws[0].transforms[0]
    assert transform[:3, 3] == pytest.approx([6_378_137.26, 0.125, -3.5], abs=1e-9)
    assert transform[:3, 0] == pytest.approx([0, 1, 0])


def test_cesium_rtc_moves_the_model():
    glb = triangle()
    glb.json["extensions"] = {"CESIUM_RTC": {"center": [1e6, 2e6, 3e6]}}
    assert only(glb).draws[0].transforms[0][:3, 3].tolist() == [1e6, 2e6, 3e6]


def picture(kind: str) -> bytes:
    pixels = np.zeros((4, 8, 3), np.uint8)
    pixels[:, :, 0] = 200
    if kind == "JPEG":
        return simplejpeg.encode_jpeg(pixels)
    file = io.BytesIO()
    Pillow.fromarray(pixels).save(file, kind, lossless=True)
    return file.getvalue()


def textured(data: bytes, **info: object) -> Glb:
    glb = Glb()
    uv = glb.accessor(np.array([[0, 0], [1, 0], [0, 1]], "f4"))
    glb.primitive({"POSITION": glb.accessor(TRIANGLE), "TEXCOORD_0": uv}, material=0)
    glb.json["images"] = [{"bufferView": glb.view(data)}]
    glb.json["samplers"] = [{"wrapS": 33071, "magFilter": 9728}]
    glb.json["textures"] = [{"source": 0, "sampler": 0}]
    glb.json["materials"] = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0, **info}}}]
    return glb


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_texture_in_each_format(kind: str):
    model = only(textured(picture(kind)))
    texture = model.primitives[0].material.texture
    assert texture is not None
    assert (texture.wrap_s, texture.wrap_t, texture.linear) == (33071, 10497, False)
    pixels = decode_image(model.images[texture.image])
    assert pixels.shape == (4, 8, 3)
    assert abs(pixels.mean(axis=(0, 1)) - [200, 0, 0]).max() < 3


def test_a_texture_transform_is_applied():
    """The specification's order: scale, then rotation, then offset."""
    transform = {"offset": [0.5, 0.25], "rotation": np.pi / 2, "scale": [2, 3]}
    model = only(textured(picture("PNG"), extensions={"KHR_texture_transform": transform}))
    expected = np.array([[0.5, 0.25], [0.5, -1.75], [3.5, 0.25]], "f4")
    assert model.primitives[0].texcoords == pytest.approx(expected, abs=1e-6)


def test_a_missing_picture_leaves_its_surface():
    glb = textured(picture("PNG"))
    glb.json["images"] = [{"uri": "elsewhere.png"}]
    model = read_gltf(glb.build())
    assert model.primitives[0].material.texture is None
    assert len(model.unread) == 1
    assert read_gltf(glb.build(), lambda uri: picture("PNG")).unread == ()


def test_materials():
    glb = triangle(material=0)
    glb.json["materials"] = [
        {
            "pbrMetallicRoughness": {"baseColorFactor": [1, 0.5, 0.25, 0.5], "metallicFactor": 0},
            "alphaMode": "BLEND",
            "doubleSided": True,
            "extensions": {"KHR_materials_unlit": {}},
        }
    ]
    material = only(glb).primitives[0].material
    assert material.color == (1, 0.5, 0.25, 0.5)
    assert (material.alpha, material.double_sided, material.unlit, material.metallic) == (
        Alpha.BLEND,
        True,
        True,
        0,
    )


def test_draco_geometry():
    faces = np.array([[0, 1, 2], [1, 3, 2], [4, 5, 6]], "u4")
    data = DracoPy.encode(GRID, faces, preserve_order=True, quantization_bits=16)
    glb = Glb()
    at = glb.accessor(GRID)
    draco = {"bufferView": glb.view(data), "attributes": {"POSITION": 0}}
    del glb.json["accessors"][at]["bufferView"]
    glb.json["accessors"].append({"componentType": 5125, "count": 9, "type": "SCALAR"})
    glb.primitive({"POSITION": at}, indices=1, extensions={"KHR_draco_mesh_compression": draco})
    glb.json["extensionsRequired"] = ["KHR_draco_mesh_compression"]
    primitive = only(glb).primitives[0]
    corners = primitive.positions[primitive.indices]
    assert corners == pytest.approx(GRID[faces.reshape(-1)], abs=1e-3)


def test_meshopt_geometry():
    indices = np.array([0, 1, 2, 2, 1, 3], "u2")
    glb = Glb()
    places = {}
    for name, packed, mode, values in (
        (
            "at",
            meshopt.encode_vertex_buffer(np.c_[GRID, GRID[:, :1]]),
            "ATTRIBUTES",
            np.c_[GRID, GRID[:, :1]],
        ),
        ("index", meshopt.encode_index_buffer(indices), "TRIANGLES", indices),
    ):
        stride = values.nbytes // len(values)
        record = {"byteLength": len(packed), "byteStride": stride, "count": len(values), "mode": mode}
        view = glb.view(bytes(packed))
        stored = glb.json["bufferViews"][view]
        stored["extensions"] = {
            "EXT_meshopt_compression": {"buffer": 0, "byteOffset": stored["byteOffset"], **record}
        }
        stored |= {"buffer": 1, "byteOffset": 0, "byteLength": values.nbytes}
        if mode == "ATTRIBUTES":
            stored["byteStride"] = stride
        places[name] = view
    glb.json["buffers"] = [
        {"byteLength": 4096, "extensions": {"EXT_meshopt_compression": {"fallback": True}}}
    ]
    at, index = glb.accessor(GRID, view=places["at"]), glb.accessor(indices, view=places["index"])
    glb.primitive({"POSITION": at}, indices=index)
    primitive = only(glb).primitives[0]
    assert np.array_equal(primitive.positions, GRID)
    assert sorted(np.sort(primitive.indices.reshape(-1, 3)).tolist()) == [[0, 1, 2], [1, 2, 3]]


def test_gpu_instances_and_their_features():
    glb = triangle()
    moves = glb.accessor(np.array([[0, 0, 0], [10, 0, 0]], "f4"))
    scales = glb.accessor(np.array([[1, 1, 1], [2, 2, 2]], "f4"))
    ids = glb.accessor(np.array([7, 4], "u2"))
    attributes = {"TRANSLATION": moves, "SCALE": scales, "_FEATURE_ID_0": ids}
    glb.json["nodes"][0] |= {
        "translation": [0, 5, 0],
        "extensions": {
            "EXT_mesh_gpu_instancing": {"attributes": attributes},
            "EXT_instance_features": {
                "featureIds": [{"featureCount": 2, "attribute": 0, "propertyTable": 0}]
            },
        },
    }
    model = only(glb)
    (draw,) = model.draws
    assert draw.transforms[:, :3, 3].tolist() == [[0, 5, 0], [10, 5, 0]]
    assert draw.transforms[1, 0, 0] == 2
    assert draw.features[0].ids is not None
    assert draw.features[0].ids.tolist() == [7, 4]
    assert model.triangles == 2


def test_feature_ids_by_attribute_texture_and_order():
    glb = textured(picture("PNG"))
    primitive = glb.json["meshes"][0]["primitives"][0]
    primitive["attributes"]["_FEATURE_ID_0"] = glb.accessor(np.array([3, 3, 9], "f4"))
    records = [
        {"featureCount": 2, "attribute": 0, "nullFeatureId": 9, "label": "walls", "propertyTable": 1},
        {"featureCount": 3},
        {"featureCount": 200, "texture": {"index": 0, "texCoord": 0, "channels": [0, 1]}},
    ]
    primitive["extensions"] = {"EXT_mesh_features": {"featureIds": records}}
    model = only(glb)
    by_attribute, by_order, by_texture = model.primitives[0].features
    assert by_attribute.ids is not None
    assert by_attribute.ids.tolist() == [3, 3, 9]
    assert (by_attribute.null, by_attribute.label, by_attribute.table) == (9, "walls", 1)
    assert by_order.ids is not None
    assert by_order.ids.tolist() == [0, 1, 2]
    assert by_texture.ids is None
    assert by_texture.channels == (0, 1)
    assert by_texture.texcoords is not None
    assert by_texture.texture is not None
    pixels = decode_image(model.images[by_texture.texture.image])
    assert (by_texture.of_texels(pixels) == 200).all()


def test_a_gltf_in_json_with_data_inside():
    data = base64.b64encode(TRIANGLE.tobytes()).decode()
    document = triangle().json
    document["buffers"] = [{"byteLength": 36, "uri": f"data:application/octet-stream;base64,{data}"}]
    assert read_gltf(json.dumps(document).encode()).triangles == 1


def test_not_a_number_is_not_drawn():
    points = GRID[:6].copy()
    points[4, 1] = np.nan
    glb = Glb()
    glb.primitive({"POSITION": glb.accessor(points)})
    primitive = only(glb).primitives[0]
    assert np.isfinite(primitive.positions).all()
    assert primitive.indices.tolist() == [0, 1, 2]


def test_a_broken_part_leaves_the_others():
    glb = triangle()
    glb.primitive({"POSITION": 0}, indices=glb.accessor(np.array([0, 1, 77], "u2")))
    model = read_gltf(glb.build())
    assert len(model.primitives) == 1
    assert model.unread == ("the model's geometry is broken or cut off",)


BASIS = {
    "etc1s": (
        "eNpb7R0SoWBksJuXS4qLAQgYgZgDiFkYEIARCWcAsQ4QTwFiFSDeAVXTBKWtGBF6kIEOlGZi0GBYzMjEwMwMsQcC7O"
        "Gs/0AgD6SBziovyixJLWJwSizOLFYIzcssSy0qTsxRMNIzNACZz8igBVTHCsTaaHYh2814AOqTR0wzIOJNBfJcDGoQ"
        "QQGWAzwQllBGSGhoKOuXAy4Q/qf72gwzIEwHDgZhoLuBoANuGhPQ7QDZJSJj"
    ),
    "uastc": (
        "eNpb7R0SoWBksJuXS4qLAQgYgZgDiFkYEIARikEgA4h1gHgKlEYHB6C0AhoNU8vEoMGwjJGJgZmZgUEArqsezvoPBP"
        "JAGuis8qLMktQiBqfE4sxihdC8zLLUouLEHAUjPUMDiPvqgdrEbzY/rz/FAnMeBh8AIUIdvw=="
    ),
}
"""An evenly red picture of 8x4 pixels as KTX2, packed by zlib, base64."""


@pytest.mark.parametrize("codec", BASIS)
def test_a_basis_texture(codec: str):
    data = zlib.decompress(base64.b64decode(BASIS[codec]))
    glb = textured(data)
    glb.json["textures"] = [{"extensions": {"KHR_texture_basisu": {"source": 0}}}]
    pixels = decode_image(only(glb).images[0])
    assert pixels.shape == (4, 8, 3)
    assert np.abs(pixels.astype(int) - [200, 30, 60]).max() < 4
