"""What the window and its tile workers say to each other: one JSON object a line."""

from __future__ import annotations

import msgspec

from console.map.engine.data_refs import AnyRef, SourceTile


class LayerRef(msgspec.Struct, frozen=True):
    """One base layer, topmost last."""

    id: str
    path: str
    version: str
    visible: bool = True
    opacity: float = 1.0
    kind: str = ""
    """As its package says; empty: not known before it is read."""


class Configure(msgspec.Struct, tag=True, frozen=True):
    """What to draw from now on; *generation* tells old answers from new ones."""

    generation: int
    arena: str
    slots: int
    layers: list[LayerRef]
    style: str
    dpr: float = 1.0
    cache: str = ""
    """Folder of rendered tiles; empty for none."""
    data: list[AnyRef] = []
    """Data layers above the base, topmost last."""
    view: int = 0
    """Number of the view that shows it: each has layers of its own."""


class Dismiss(msgspec.Struct, tag=True, frozen=True):
    """The view has gone; forget what it showed. Nothing is answered."""

    view: int


class RenderTile(msgspec.Struct, tag=True, frozen=True):
    """Draw tile (level, column, row) into a slot."""

    generation: int
    slot: int
    key: tuple[int, int, int]
    view: int = 0


class PlaceLabels(msgspec.Struct, tag=True, frozen=True):
    """Place and draw the labels anchored in some blocks of one level, a slot each."""

    generation: int
    level: int
    blocks: list[tuple[int, int, int]]
    """Slot, column, row."""
    view: int = 0


class IdentifyAt(msgspec.Struct, tag=True, frozen=True):
    """Which base features lie at a place (degrees), within some metres."""

    request: int
    lon: float
    lat: float
    metres: float
    view: int = 0


Request = Configure | Dismiss | RenderTile | PlaceLabels | IdentifyAt


class TileDone(msgspec.Struct, tag=True, frozen=True):
    """The slot holds the tile."""

    generation: int
    slot: int
    key: tuple[int, int, int]
    lacks: list[SourceTile] = []
    """Tiles of services without which it is not whole."""
    view: int = 0


LabelRow = tuple[float, float, int, int, int, int]
"""Anchor in world units, and the rectangle of the label in its slot (x, y, width, height)."""


class LabelBlock(msgspec.Struct, frozen=True):
    """Labels anchored in one block; they are drawn centred on their anchors."""

    slot: int
    column: int
    row: int
    height: int
    """Rows of the slot in use."""
    labels: list[LabelRow]


class LabelsDone(msgspec.Struct, tag=True, frozen=True):
    generation: int
    level: int
    blocks: list[LabelBlock]
    view: int = 0


class FeatureFound(msgspec.Struct, frozen=True):
    layer: str
    title: str
    attributes: dict[str, str]
    lon: float
    lat: float


class FeaturesFound(msgspec.Struct, tag=True, frozen=True):
    request: int
    features: list[FeatureFound]


class LayerFault(msgspec.Struct, tag=True, frozen=True):
    """A layer that cannot be drawn, and why."""

    layer: str
    error: str


class Configured(msgspec.Struct, tag=True, frozen=True):
    generation: int


class JobFailed(msgspec.Struct, tag=True, frozen=True):
    """The job that was next could not be done; the worker goes on."""

    error: str


Reply = JobFailed | TileDone | LabelsDone | FeaturesFound | LayerFault | Configured

_encoder = msgspec.json.Encoder()
_requests = msgspec.json.Decoder(Request)
_replies = msgspec.json.Decoder(Reply)


def encode(message: Request | Reply) -> bytes:
    """One line."""
    return _encoder.encode(message) + b"\n"


def decode_request(line: bytes) -> Request:
    """Raises msgspec.DecodeError."""
    return _requests.decode(line)


def decode_reply(line: bytes) -> Reply:
    """Raises msgspec.DecodeError."""
    return _replies.decode(line)
