"""How the fields are read that are more than a number: lists, arrays, pictures, what classes write by hand.

Source: OpenSceneGraph 3.6, src/osgWrappers/serializers/osg/*.cpp (``read…``), src/osgDB/InputStream.cpp.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from console.scene.osgb.classes import ARRAY_IDS, ARRAY_TYPES
from console.scene.osgb.objects import Decoder, OsgObject
from console.scene.osgb.stream import cut_off

Reader = Callable[[Decoder], Any]

_INLINE_PIXELS, _INLINE_FILE = 0, 1
_IMAGE_CLASS, _INSTANCES = 95, 97
"""Versions from which a picture names its class and a primitive set counts its instances."""
_PRIMITIVE_IDS = {
    51: ("osg::DrawArrayLengths", "i4"),
    52: ("osg::DrawElementsUByte", "u1"),
    53: ("osg::DrawElementsUShort", "u2"),
    54: ("osg::DrawElementsUInt", "u4"),
}
_DRAW_ARRAYS = 50


def _flagged_object(decoder: Decoder) -> OsgObject | None:
    return decoder.object() if decoder.stream.read("?") else None


def _flagged_image(decoder: Decoder) -> OsgObject | None:
    return _image(decoder) if decoder.stream.read("?") else None


def _image(decoder: Decoder) -> OsgObject | None:
    """``InputStream::readImage``: pixels, or the bytes of a file, or a file's name."""
    stream = decoder.stream
    if stream.version >= _IMAGE_CLASS:
        stream.string()
    number = stream.read("I")
    if number in decoder.images:
        return decoder.images[number]
    image = OsgObject("osg::Image", {"FileName": stream.string()})
    _, where = stream.read("2i")
    if where == _INLINE_PIXELS:
        _pixels(decoder, image)
    elif where == _INLINE_FILE:
        image.fields["Encoded"] = stream.blob(stream.read("I"))
    decoder.section("osg::Object", image)
    decoder.images[number] = image
    return image


def _pixels(decoder: Decoder, image: OsgObject) -> None:
    stream = decoder.stream
    names = ("Origin", "Width", "Height", "Depth", "Internal", "Format", "Type", "Packing", "Allocation")
    image.fields |= dict(zip(names, stream.read("9i"), strict=True))
    image.fields["Pixels"] = stream.blob(stream.read("I"))
    stream.array("u4", stream.read("I"))  # where the smaller levels begin


def _primitives(decoder: Decoder) -> list[OsgObject]:
    if decoder.arrays_are_objects:
        return decoder.objects()
    return [_old_primitive(decoder) for _ in range(decoder.stream.items())]


def _old_primitive(decoder: Decoder) -> OsgObject:
    """``InputStream::readPrimitiveSet``."""
    stream = decoder.stream
    kind, mode = stream.read("2i")
    instances = stream.read("I") if stream.version >= _INSTANCES else 0
    fields: dict[str, Any] = {"Mode": mode, "NumInstances": instances}
    if kind == _DRAW_ARRAYS:
        first, count = stream.read("2i")
        return OsgObject("osg::DrawArrays", fields | {"First": first, "Count": count})
    if kind not in _PRIMITIVE_IDS:
        raise cut_off()
    name, code = _PRIMITIVE_IDS[kind]
    if code == "i4":
        fields["First"] = stream.read("i")
    count = stream.read("I")
    stream.bracket()
    return OsgObject(name, fields | {"Values": stream.array(code, count)})


def _old_array(decoder: Decoder) -> OsgObject | None:
    """Geometry's array before version 112: values, indices of them, binding."""
    stream = decoder.stream
    stream.bracket()
    array = _old_values(decoder) if stream.read("?") else None
    indices = _old_values(decoder) if stream.read("?") else None
    binding, normalize = stream.read("2i")
    if array is None:
        return None
    fields = array.fields | {"Binding": binding, "Normalize": bool(normalize)}
    return OsgObject(array.name, fields | ({"Indices": indices} if indices else {}))


def _old_values(decoder: Decoder) -> OsgObject:
    """``InputStream::readArray``."""
    stream = decoder.stream
    number = stream.read("I")
    if number in decoder.arrays:
        return decoder.arrays[number]
    kind, count = stream.read("2i")
    if not 0 <= kind < len(ARRAY_IDS):
        raise cut_off()
    stream.bracket()
    name = ARRAY_IDS[kind]
    values = stream.array(ARRAY_TYPES[name][0], count, ARRAY_TYPES[name][1])
    decoder.arrays[number] = OsgObject(f"osg::{name}", {"Values": values})
    return decoder.arrays[number]


def _uniform_values(decoder: Decoder) -> OsgObject | None:
    """Uniforms keep the old layout of arrays in every version."""
    return _old_values(decoder) if decoder.stream.read("?") else None


def _old_arrays(decoder: Decoder) -> list[OsgObject | None]:
    return _listed(decoder, _old_array)


def _listed(decoder: Decoder, one: Reader) -> list[Any]:
    """A count, a bracket, and as many of what *one* reads."""
    count = decoder.stream.items()
    decoder.stream.bracket()
    return [one(decoder) for _ in range(count)]


def _listed_if_any(decoder: Decoder, one: Reader) -> list[Any]:
    """The same where the bracket is left out of an empty list."""
    count = decoder.stream.items()
    if count:
        decoder.stream.bracket()
    return [one(decoder) for _ in range(count)]


def _values(code: str) -> Reader:
    return lambda decoder: decoder.stream.read(code)


def _bracketed(code: str) -> Reader:
    def read(decoder: Decoder) -> Any:
        decoder.stream.bracket()
        return decoder.stream.read(code)

    return read


def _list_of(one: Reader) -> Reader:
    return lambda decoder: _listed(decoder, one)


def _some(found: list[Any]) -> list[Any]:
    return [each for each in found if each is not None]


def _object(decoder: Decoder) -> OsgObject | None:
    decoder.stream.bracket()
    return decoder.object()


def _string(decoder: Decoder) -> str:
    return decoder.stream.string()


def _path(decoder: Decoder) -> str | None:
    return decoder.stream.string() if decoder.stream.read("?") else None


def _files(decoder: Decoder) -> list[str]:
    names = _listed(decoder, _string)
    _listed(decoder, _values("2f"))  # priorities
    return names


def _modes(decoder: Decoder) -> list[Any]:
    return _listed_if_any(decoder, _values("Ii"))


def _attribute(decoder: Decoder) -> OsgObject | None:
    found = decoder.object()
    decoder.stream.read("i")
    return found


def _attributes(decoder: Decoder) -> list[OsgObject]:
    return _some(_listed_if_any(decoder, _attribute))


def _define(decoder: Decoder) -> str:
    name, _, _ = decoder.stream.string(), decoder.stream.string(), decoder.stream.read("i")
    return name


ALWAYS: dict[str, Reader] = {
    "string": _string,
    "object": _flagged_object,
    "image": _flagged_image,
    "objects": lambda decoder: [decoder.object() for _ in range(decoder.stream.items())],
    "primitives": _primitives,
    "bools": lambda decoder: decoder.stream.array("u1", decoder.stream.items()),
    "matrix": _bracketed("16d"),
}
"""Fields that are always written."""

FLAGGED: dict[str, Reader] = {
    "string": _string,
    "object": _object,
    "objects": _list_of(Decoder.object),
    "paged": lambda decoder: _listed_if_any(decoder, Decoder.object),
    "strings": _list_of(_string),
    "sphere": _bracketed("4d"),
    "box": _bracketed("6d"),
    "center": _values("4d"),
    "ranges": _list_of(_values("2f")),
    "path": _path,
    "files": _files,
    "array": _old_array,
    "arrays": _old_arrays,
    "values": _uniform_values,
    "modes": _modes,
    "attributes": _attributes,
    "texture_modes": _list_of(_modes),
    "texture_attributes": _list_of(_attributes),
    "attribute_pairs": lambda decoder: _some(_listed(decoder, _attribute)),
    "defines": _list_of(_define),
    "two_colors": _values("?4f4f"),
    "two_floats": _values("?2f"),
    "attachment": _values("IiBiII"),
}
"""Fields with a flag before them, which has been read."""
