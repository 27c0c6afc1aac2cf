"""The look of a geometry: its texture and colour out of an osg::StateSet.

Source: OpenSceneGraph 3.6, include/osg/StateSet, Texture, Image, Material. OpenGL's first row of a picture
is the bottom one whatever osg::Image calls its origin, so pixels are turned over here.
"""

from __future__ import annotations

import numpy as np

from console.scene.limits import MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE, Budget
from console.scene.osgb.model import CLAMP, REPEAT, Texture
from console.scene.osgb.objects import OsgObject

_UNSIGNED_BYTE = 0x1401
_CHANNELS = {0x1903: 1, 0x1909: 1, 0x1907: 3, 0x1908: 4, 0x80E0: 3, 0x80E1: 4}
"""GL_RED, GL_LUMINANCE, GL_RGB, GL_RGBA, GL_BGR, GL_BGRA."""
_BLUE_FIRST = (0x80E0, 0x80E1)
_CLAMPS = (0x2900, 0x812F, 0x812D)
"""GL_CLAMP, GL_CLAMP_TO_EDGE, GL_CLAMP_TO_BORDER."""

Color = tuple[float, float, float, float]
WHITE: Color = (1.0, 1.0, 1.0, 1.0)


class Looks:
    """Textures by picture, so that meshes which share one get the same."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._read: dict[int, Texture | None] = {}
        self._states: dict[int, tuple[OsgObject | None, Color | None]] = {}
        self.unread: set[str] = set()

    def texture(self, states: list[OsgObject]) -> Texture | None:
        """The texture of unit 0 that the innermost of *states* (outermost first) sets."""
        for state in reversed(states):
            attribute, _ = self._set_by(state)
            if attribute is not None:
                return self._texture(attribute, attribute.fields["Image"])
        return None

    def color(self, states: list[OsgObject]) -> Color:
        """The diffuse colour of the innermost material; white without one."""
        for state in reversed(states):
            _, color = self._set_by(state)
            if color is not None:
                return color
        return WHITE

    def _set_by(self, state: OsgObject) -> tuple[OsgObject | None, Color | None]:
        """The texture and the colour that *state* sets: looked for once, however often it is used."""
        if id(state) not in self._states:
            self._states[id(state)] = (_textured(state), _diffuse(state))
        return self._states[id(state)]

    def _texture(self, attribute: OsgObject, image: OsgObject) -> Texture | None:
        key = id(attribute)
        if key not in self._read:
            self._read[key] = self._of_image(image, (_wrap(attribute, "WRAP_S"), _wrap(attribute, "WRAP_T")))
        return self._read[key]

    def _of_image(self, image: OsgObject, wrap: tuple[int, int]) -> Texture | None:
        encoded = image.get("Encoded")
        if encoded is not None and len(encoded):
            self._budget.take(len(encoded))
            return Texture(data=bytes(encoded), wrap=wrap)
        if "Pixels" in image.fields:
            return self._of_pixels(image, wrap)
        name = image.get("FileName", "")
        return Texture(file=name, wrap=wrap) if name else None

    def _of_pixels(self, image: OsgObject, wrap: tuple[int, int]) -> Texture | None:
        width, height = image.fields["Width"], image.fields["Height"]
        channels = _CHANNELS.get(image.fields["Format"], 0)
        row = -(-width * channels // _packing(image)) * _packing(image)
        if (
            not channels
            or image.fields["Type"] != _UNSIGNED_BYTE
            or not 0 < width <= MAX_IMAGE_SIDE
            or not 0 < height <= MAX_IMAGE_SIDE
            or width * height > MAX_IMAGE_PIXELS
            or len(image.fields["Pixels"]) < row * height
        ):
            self.unread.add(f"texture of format {image.fields['Format']:#x}, {width} x {height}")
            return None
        self._budget.take(row * height)
        rows = np.frombuffer(image.fields["Pixels"], np.uint8, row * height).reshape(height, row)
        pixels = rows[::-1, : width * channels].reshape(height, width, channels)
        if image.fields["Format"] in _BLUE_FIRST:
            pixels = pixels[:, :, [2, 1, 0, 3][:channels]]
        return Texture(pixels=np.ascontiguousarray(pixels), wrap=wrap)


def _textured(state: OsgObject) -> OsgObject | None:
    for attribute in next(iter(state.get("TextureAttributeList", [])), []):
        if attribute.name == "osg::Texture2D" and attribute.get("Image") is not None:
            return attribute
    return None


def _diffuse(state: OsgObject) -> Color | None:
    for attribute in state.get("AttributeList", []):
        if attribute.name == "osg::Material":
            color = attribute.get("Diffuse", (True, *WHITE))[1:5]
            return color if all(0.0 <= part <= 1.0 for part in color) else WHITE
    return None


def _wrap(attribute: OsgObject, name: str) -> int:
    return CLAMP if attribute.get(name) in _CLAMPS else REPEAT


def _packing(image: OsgObject) -> int:
    packing = image.fields["Packing"]
    return packing if packing in (1, 2, 4, 8) else 1
