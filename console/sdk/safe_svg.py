"""SVG files from outside, made harmless: shapes, colours and gradients stay, all else is refused or dropped.

A drawing is drawn by the map's workers hundreds of times: what reads other files, runs, moves, repeats
itself or takes long to draw has no place in it.
"""

from __future__ import annotations

import math
import re
from enum import StrEnum
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

LARGEST = 256 << 10
"""Bytes of a file."""
MOST_ELEMENTS = 3000
DEEPEST = 40
MOST_NUMBERS = 60_000
"""In all attributes together."""
FURTHEST = 1e5
"""Of any number: beyond it, rasterisers take long or give up."""
_SVG = "{http://www.w3.org/2000/svg}"
_DRAWN = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "defs",
        "linearGradient",
        "radialGradient",
        "stop",
    ]
)
_REFUSED = frozenset(
    [
        "script",
        "foreignObject",
        "image",
        "use",
        "style",
        "animate",
        "animateTransform",
        "animateMotion",
        "set",
        "iframe",
        "a",
        "feImage",
    ]
)
"""Not merely left out: a drawing that has these would look different without them, or means harm."""
_KEPT = frozenset(
    [
        "id",
        "d",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "fx",
        "fy",
        "width",
        "height",
        "points",
        "viewBox",
        "transform",
        "fill",
        "fill-rule",
        "fill-opacity",
        "stroke",
        "stroke-width",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "opacity",
        "color",
        "offset",
        "stop-color",
        "stop-opacity",
        "gradientUnits",
        "gradientTransform",
        "spreadMethod",
    ]
)
"""Dashes are not kept: tiny ones along a long line are millions of strokes."""
_STYLED = frozenset(name for name in _KEPT if "-" in name or name in ("fill", "stroke", "opacity", "color"))
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_LINK = re.compile(r"url\(\s*['\"]?#[\w.-]{1,80}['\"]?\s*\)")


class Fault(StrEnum):
    """Why a file is not taken."""

    LARGE = "the file is larger than 256 kB"
    NO_SVG = "the file is no plain SVG drawing"
    NO_SIZE = "the drawing has no size"
    PARTS = "the drawing has too many parts"
    FORBIDDEN = "the drawing has parts that are not allowed (scripts, pictures, style sheets …)"
    LINK = "the drawing refers to something else"
    BOUNDS = "the drawing has numbers beyond all bounds"
    FULL = "there are too many drawings already"


class SvgError(ValueError):
    """The file is no SVG drawing, or one that is not taken."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def safe_svg(data: bytes) -> bytes:
    """The drawing without all that is not drawn. Raises SvgError, with the reason."""
    if len(data) > LARGEST:
        raise SvgError(Fault.LARGE)
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise SvgError(Fault.NO_SVG) from error
    if root.tag != f"{_SVG}svg":
        raise SvgError(Fault.NO_SVG)
    _check_box(root)
    _give_stops(root)
    made = _Copy().of(root, 0)
    return tostring(made, "utf-8")


class _Copy:
    """A copy of what is allowed; counts as it goes."""

    def __init__(self) -> None:
        self._elements = self._numbers = 0

    def of(self, element: Element, depth: int) -> Element:
        """Raises SvgError."""
        self._elements += 1
        if depth > DEEPEST or self._elements > MOST_ELEMENTS:
            raise SvgError(Fault.PARTS)
        name = element.tag.removeprefix(_SVG)
        made = Element(name, {"xmlns": _SVG[1:-1]} if depth == 0 else {})
        for key, value in element.attrib.items():
            self._copy(made, key, value)
        for child in element:
            local = str(child.tag).rsplit("}", 1)[-1]
            if local in _REFUSED:
                raise SvgError(Fault.FORBIDDEN)
            if str(child.tag).startswith(_SVG) and local in _DRAWN:
                made.append(self.of(child, depth + 1))
        return made

    def _copy(self, made: Element, key: str, value: str) -> None:
        if key.lower().startswith("on"):
            raise SvgError(Fault.FORBIDDEN)
        if key.rsplit("}", 1)[-1] == "href":
            if not made.tag.endswith("Gradient") or not value.startswith("#"):
                raise SvgError(Fault.LINK)
            return  # its stops have been copied
        if key == "style":
            for part in value.split(";"):
                name, _, text = part.partition(":")
                if name.strip() in _STYLED:
                    self._copy(made, name.strip(), text.strip())
        elif key in _KEPT:
            made.set(key, self._checked(value))

    def _checked(self, value: str) -> str:
        """Raises SvgError for references to outside and for numbers beyond all bounds."""
        if "url" in value.lower() and not _LINK.fullmatch(value.strip()):
            raise SvgError(Fault.LINK)
        if value.startswith("#"):
            return value
        numbers = _NUMBER.findall(value)
        self._numbers += len(numbers)
        if self._numbers > MOST_NUMBERS:
            raise SvgError(Fault.PARTS)
        if any(not abs(float(number)) <= FURTHEST for number in numbers):
            raise SvgError(Fault.BOUNDS)
        return value


def _give_stops(root: Element) -> None:
    """Gradients that take their stops from another get copies: references can go round in circles."""
    gradients = [e for e in root.iter() if str(e.tag).endswith("Gradient")]
    named = {e.get("id"): e for e in gradients}
    for gradient in gradients[:MOST_ELEMENTS]:
        link = next((v for k, v in gradient.attrib.items() if k.rsplit("}", 1)[-1] == "href"), "")
        source = named.get(link[1:])
        if source is not None and not len(gradient):
            gradient.extend(list(source)[:100])


def _check_box(root: Element) -> None:
    """Raises SvgError for a drawing without a size, or one like a hair."""
    box = [float(number) for number in _NUMBER.findall(root.get("viewBox", ""))]
    if len(box) != 4:
        sides = [_NUMBER.match(root.get(name, "")) for name in ("width", "height")]
        if None in sides:
            raise SvgError(Fault.NO_SIZE)
        root.set("viewBox", "0 0 " + " ".join(side[0] for side in sides if side))
        box = [0.0, 0.0, *(float(side[0]) for side in sides if side)]
    width, height = box[2:]
    if not all(map(math.isfinite, box)) or min(width, height) <= 0 or not 0.05 <= width / height <= 20:
        raise SvgError(Fault.NO_SIZE)
