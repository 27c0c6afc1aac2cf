"""Schemas of metadata: classes, properties and their types, enumerations."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from msgspec import Meta, Struct

from console.scene.document import decode_json

COMPONENTS = {
    "INT8": np.dtype("i1"),
    "UINT8": np.dtype("u1"),
    "INT16": np.dtype("<i2"),
    "UINT16": np.dtype("<u2"),
    "INT32": np.dtype("<i4"),
    "UINT32": np.dtype("<u4"),
    "INT64": np.dtype("<i8"),
    "UINT64": np.dtype("<u8"),
    "FLOAT32": np.dtype("<f4"),
    "FLOAT64": np.dtype("<f8"),
}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16, "ENUM": 1}


class Property(Struct, frozen=True):
    """One attribute of a class."""

    type: str = "SCALAR"
    componentType: str | None = None
    enumType: str | None = None
    array: bool = False
    count: Annotated[int, Meta(ge=0, le=1 << 20)] | None = None
    normalized: bool = False
    offset: Any = None
    scale: Any = None
    noData: Any = None
    default: Any = None
    name: str = ""
    description: str = ""
    semantic: str = ""


class MetadataClass(Struct, frozen=True):
    name: str = ""
    description: str = ""
    properties: dict[str, Property] = {}


class EnumValue(Struct, frozen=True):
    name: str
    value: int


class EnumType(Struct, frozen=True):
    valueType: str = "UINT16"
    values: list[EnumValue] = []


class Schema(Struct, frozen=True):
    id: str = ""
    classes: dict[str, MetadataClass] = {}
    enums: dict[str, EnumType] = {}

    def dtype(self, property_: Property) -> np.dtype[Any] | None:
        """What one component is stored as; None for strings, booleans and what is not known."""
        if property_.type == "ENUM":
            enum = self.enums.get(property_.enumType or "")
            return COMPONENTS.get(enum.valueType) if enum else None
        return COMPONENTS.get(property_.componentType or "") if property_.type in WIDTHS else None

    def names(self, property_: Property) -> dict[int, str]:
        """The names of an enumeration's values."""
        enum = self.enums.get(property_.enumType or "")
        return {value.value: value.name for value in enum.values} if enum else {}


def read_schema(data: bytes | memoryview) -> Schema:
    """A schema's JSON; empty bytes are an empty schema. Raises SceneRefused."""
    return decode_json(data, Schema, "元数据结构", "the metadata's schema") if len(data) else Schema()
