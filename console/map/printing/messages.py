"""What the window gives its printing process, and what it hears from it."""

from __future__ import annotations

import msgspec
import numpy as np

from console.map.engine.data_refs import AnyRef, SourceTile
from console.map.engine.messages import LayerRef
from console.map.viewport import Bounds
from console.sdk.printing import PrintSheet
from console.sdk.symbols import ShapeStyle, Sprite


class Marks(msgspec.Struct, frozen=True, kw_only=True, tag="marks"):
    """Points of a live layer; columns of n rows as bytes, empty for none."""

    id: str
    opacity: float
    sprites: list[Sprite]
    xy: bytes
    """(n, 2) float64, world units."""
    sprite: bytes
    """int32."""
    heading: bytes = b""
    """float32 degrees, NaN for none."""
    faint: bytes = b""
    """float32, 0 to 1."""
    labels: list[str] = []
    gather: bool = False
    """Whether counts are shown of what lies together."""


class Drawing(msgspec.Struct, frozen=True, kw_only=True, tag="drawing"):
    """Shapes of a live layer as a QPicture in sheet pixels."""

    id: str
    opacity: float
    picture: bytes
    notes: bytes
    """What lies above all symbols."""
    plates: list[Bounds] = []
    """Left, top, right, bottom of its notes."""


class Photo(msgspec.Struct, frozen=True, kw_only=True, tag="photo"):
    """A live layer that is a picture: premultiplied ARGB in shared memory."""

    id: str
    opacity: float
    arena: str
    width: int
    height: int
    world: Bounds
    """Left, top, right, bottom in world units."""


Live = Marks | Drawing | Photo


class LegendLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a legend."""

    title: str
    sprite: Sprite | None = None
    style: ShapeStyle | None = None
    kind: str = ""
    """Class of base features that it stands for; empty: any."""


class LegendLayer(msgspec.Struct, frozen=True, kw_only=True):
    """A layer in the legend and in the attribution, if it has something on the sheet."""

    id: str
    title: str
    lines: list[LegendLine] = []
    attribution: str = ""
    bounds: Bounds | None = None
    """West, south, east, north in degrees, where known."""
    base: bool = False
    live: bool = False


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Texts in the user's language."""

    legend: str
    more: str
    """With {count}: lines that found no room."""
    metres: str
    kilometres: str
    """With {number}."""
    scale: str
    when: str
    """Author and time, in one line."""
    system: str
    """Coordinate system."""
    grid: str
    """With {zone} and {factor}: what the kilometre grid is."""
    sources: str
    """With {names}."""


class PrintPage(msgspec.Struct, tag=True, frozen=True, kw_only=True):
    """Draw a sheet: into a file, or a preview into shared memory."""

    request: int
    sheet: PrintSheet
    words: Words
    style: str
    """Of the base map."""
    layers: list[LayerRef]
    """Of the base map, topmost last."""
    data: list[AnyRef]
    """Data layers above, topmost last."""
    colors: dict[str, str]
    """Tokens of a theme."""
    live: list[Live]
    """From the ground up."""
    legend: list[LegendLayer]
    """Topmost first."""
    file: str = ""
    """Where to write; the window puts it in its place."""
    format: str = ""
    arena: str = ""
    """Shared memory for the preview."""
    width: int = 0
    """Pixels of the preview."""
    height: int = 0
    complete: bool = False
    """Whether to wait for no more tiles."""


class PrintProgress(msgspec.Struct, tag=True, frozen=True):
    request: int
    share: float


class PagePrinted(msgspec.Struct, tag=True, frozen=True):
    """*fault*: a number of ``errno``; *lacks*: tiles for want of which nothing was drawn yet."""

    request: int
    fault: int = 0
    error: str = ""
    lacks: list[SourceTile] = []


Reply = PrintProgress | PagePrinted


def _plain(value: object) -> object:
    """Plugins reckon with numpy."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(type(value).__name__)


_encoder = msgspec.json.Encoder(enc_hook=_plain)
_pages = msgspec.json.Decoder(PrintPage)
_replies = msgspec.json.Decoder(Reply)


def encode(message: PrintPage | Reply) -> bytes:
    """One line."""
    return _encoder.encode(message) + b"\n"


def decode_page(line: bytes) -> PrintPage:
    """Raises msgspec.DecodeError."""
    return _pages.decode(line)


def decode_reply(line: bytes) -> Reply:
    """Raises msgspec.DecodeError."""
    return _replies.decode(line)
