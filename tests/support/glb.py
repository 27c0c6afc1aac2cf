"""Writes glb files for tests: one buffer, whatever JSON a test wants on top of it."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np

_COMPONENT = {"i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125, "f4": 5126}
_TYPE = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}

TRIANGLE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], "f4")


class Glb:
    """A glTF being written. `json` may be changed freely before `build`."""

    def __init__(self) -> None:
        self.chunk = b""
        self.json: dict[str, Any] = {
            "asset": {"version": "2.0"},
            "scenes": [{"nodes": [0]}],
            "nodes": [{"mesh": 0}],
            "meshes": [{"primitives": []}],
            "accessors": [],
            "bufferViews": [],
        }

    def view(self, data: bytes, **more: Any) -> int:
        """The index of a buffer view with *data*."""
        self.chunk += b"\0" * (-len(self.chunk) % 8)
        record = {"buffer": 0, "byteOffset": len(self.chunk), "byteLength": len(data), **more}
        self.chunk += data
        self.json["bufferViews"].append(record)
        return len(self.json["bufferViews"]) - 1

    def accessor(self, values: Any, *, view: int | None = None, **more: Any) -> int:
        """The index of an accessor with *values*; *view*: data that is already there."""
        values = np.asarray(values)
        record = {
            "bufferView": self.view(values.tobytes()) if view is None else view,
            "componentType": _COMPONENT[values.dtype.str[1:]],
            "count": len(values),
            "type": _TYPE[1 if values.ndim == 1 else values.shape[1]],
            **more,
        }
        self.json["accessors"].append(record)
        return len(self.json["accessors"]) - 1

    def primitive(self, attributes: dict[str, int], **more: Any) -> dict[str, Any]:
        """A primitive of the only mesh."""
        record = {"attributes": attributes, **more}
        self.json["meshes"][0]["primitives"].append(record)
        return record

    def build(self) -> bytes:
        """The file."""
        chunk = self.chunk + b"\0" * (-len(self.chunk) % 4)
        document = self.json | {"buffers": [{"byteLength": len(chunk)}, *self.json.get("buffers", [])]}
        text = json.dumps(document).encode()
        text += b" " * (-len(text) % 4)
        body = (
            struct.pack("<II", len(text), 0x4E4F534A)
            + text
            + struct.pack("<II", len(chunk), 0x004E4942)
            + chunk
        )
        return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


def triangle(**more: Any) -> Glb:
    """One triangle."""
    glb = Glb()
    glb.primitive({"POSITION": glb.accessor(TRIANGLE)}, **more)
    return glb
