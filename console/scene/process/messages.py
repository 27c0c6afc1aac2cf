"""What the window and the process that draws the scene say to each other: one JSON object a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.map.engine.data_refs import AnyRef
from console.map.engine.messages import LayerRef

Vector = tuple[float, float, float]
Rows = list[list[float]]
"""Of a (4, 4) matrix."""


class Begin(msgspec.Struct, tag=True, frozen=True):
    """The frame (degrees, metres above the ellipsoid) and the memory that pictures go to."""

    lon: float
    lat: float
    height: float
    memory: str
    slot_bytes: int


class Sky(msgspec.Struct, tag=True, frozen=True):
    """Colours of the background, 0..1."""

    below: Vector
    above: Vector


class AddTileset(msgspec.Struct, tag=True, frozen=True):
    """3D Tiles, or OSGB, from a folder, an archive or a server."""

    layer: str
    source: str
    headers: dict[str, str] = {}
    """Sign-ins: they come by the pipe, and stand in no file and no argument."""
    placed: Rows | None = None
    """Where it is moved to: its world to Earth-centred metres; None: as it says itself."""


class RemoveLayer(msgspec.Struct, tag=True, frozen=True):
    """Forget it."""

    layer: str


class ShowLayer(msgspec.Struct, tag=True, frozen=True):
    """Draw it or not."""

    layer: str
    visible: bool


class PlaceLayer(msgspec.Struct, tag=True, frozen=True):
    """See ``AddTileset.placed``."""

    layer: str
    placed: Rows


class Look(msgspec.Struct, tag=True, frozen=True):
    """Draw a view into a slot. Only one is under way at a time."""

    number: int
    slot: int
    eye: Vector
    ahead: Vector
    above: Vector
    fovy: float
    width: int
    height: int
    """Pixels of the window; those of the picture may be fewer."""
    clearance: float
    """Metres to the nearest thing that the eye might meet."""
    moving: bool = False
    """Whether thirty pictures a second matter more than their pixels."""


class LookPart(msgspec.Struct, tag=True, frozen=True):
    """Draw a part of a large picture into memory of its own; answered with ``PartDrawn``."""

    number: int
    eye: Vector
    ahead: Vector
    above: Vector
    fovy: float
    width: int
    height: int
    """Pixels of the whole."""
    clearance: float
    part: tuple[int, int, int, int]
    """Left, top, width, height in it."""
    memory: str
    slot_bytes: int
    patient: bool
    """While tiles of the whole are to come, nothing is drawn, and the answer says so."""


class SetSurroundings(msgspec.Struct, tag=True, frozen=True):
    """What stands around the models, and when it is seen."""

    layers: list[LayerRef]
    """Of the map, topmost last: the ground's picture."""
    data: list[AnyRef]
    style: str
    buildings: list[str]
    """Packages of footprints that are extruded where no model stands."""
    time: float
    """Seconds since 1970: where the sun is."""
    terrain: str = ""
    """Path of heights, for ``open_heights``; empty: the ground is flat."""
    sea_level: float = 0.0
    """Metres of the zero of those above the ellipsoid."""


GROUND = "onemap.ground"
"""The layer of the ground, as ``LayerState`` names it."""


class Lay(msgspec.Struct, tag=True, frozen=True):
    """Lay a picture over everything from above; answered with ``Laid``."""

    level: int
    """0: coarse and wide, 1: fine."""
    memory: str
    slot_bytes: int
    side: int
    """Pixels; 0: nothing lies there."""
    bounds: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """Left, top, right, bottom in world units: 0 to 1 over Web Mercator."""


class Flat(msgspec.Struct, frozen=True):
    """Models inside of a ring of WGS84 degrees are pressed to metres above the ellipsoid."""

    ring: list[tuple[float, float]]
    height: float


class SetShape(msgspec.Struct, tag=True, frozen=True):
    """What of the layers is drawn: see ``console.scene.render.shaping.Form``."""

    cut: Rows | None = None
    hole: bool = False
    flat: list[Flat] = []
    left: list[str] = []
    right: list[str] = []
    share: float = 0.5
    underground: bool = False


class Ask(msgspec.Struct, tag=True, frozen=True):
    """Which feature is seen at a place; answered with ``FeatureAnswer``. In the frame, as the eye."""

    number: int
    eye: Vector
    place: Vector


class AskWithin(msgspec.Struct, tag=True, frozen=True):
    """Which feature stands within a ring of WGS84 degrees; answered with ``FeatureAnswer``."""

    number: int
    ring: list[tuple[float, float]]


class FeatureLook(msgspec.Struct, frozen=True):
    """See ``console.sdk.scene_features.FeatureRule``."""

    line: str
    color: str
    hidden: bool


class ColorFeatures(msgspec.Struct, tag=True, frozen=True):
    """The features of a layer look so from now on."""

    layer: str
    rules: list[FeatureLook]


class ChooseFeature(msgspec.Struct, tag=True, frozen=True):
    """Highlight a feature of a layer; an empty key: none."""

    layer: str
    key: str
    color: str


FeatureRequest = Ask | AskWithin | ColorFeatures | ChooseFeature

Request = (
    SetShape
    | Lay
    | SetSurroundings
    | Begin
    | Sky
    | AddTileset
    | RemoveLayer
    | ShowLayer
    | PlaceLayer
    | Look
    | LookPart
    | FeatureRequest
)


class Ready(msgspec.Struct, tag=True, frozen=True):
    """It draws with this."""

    renderer: str
    software: bool


class Drawn(msgspec.Struct, tag=True, frozen=True):
    """The slot holds the picture: RGBX rows from the top, then the depth of each pixel as float32, 0 to 1."""

    number: int
    slot: int
    width: int
    height: int
    near: float
    far: float
    milliseconds: float
    tiles: int
    triangles: int
    bytes: int
    waiting: bool
    """Whether tiles of this view are still to come."""
    finest: bool
    """Whether the picture has all the pixels of the window."""


class PartDrawn(msgspec.Struct, tag=True, frozen=True):
    """The first slot of the memory holds the part, unless it was not drawn yet."""

    number: int
    drawn: bool
    lacking: int
    """Tiles of the whole that are not there."""
    near: float
    far: float
    """As in ``Drawn``."""


class News(msgspec.Struct, tag=True, frozen=True):
    """The view that was drawn last would look different now."""


class Opened(msgspec.Struct, tag=True, frozen=True):
    """A layer can be streamed. Where it is, in Earth-centred metres or its own axes."""

    layer: str
    center: Vector
    radius: float
    on_earth: bool


class Fault(msgspec.Struct, frozen=True):
    """A file that is not shown, or not whole, and why."""

    what: str
    zh: str
    en: str


class LayerState(msgspec.Struct, tag=True, frozen=True):
    """What is wrong with a layer: *refused* altogether, or some of its tiles."""

    layer: str
    refused: bool
    count: int
    faults: list[Fault]
    """The first of them."""


class Laid(msgspec.Struct, tag=True, frozen=True):
    """The picture of a level was taken."""

    level: int


class FeatureAnswer(msgspec.Struct, tag=True, frozen=True):
    """What was asked for; no layer: no feature is there. See ``console.sdk.scene_features.SceneFeature``."""

    number: int
    layer: str = ""
    key: str = ""
    properties: dict[str, Any] = {}
    ring: list[tuple[float, float]] = []
    bottom: float = 0.0
    top: float = 0.0


class FeatureField(msgspec.Struct, frozen=True):
    """An attribute: see ``console.sdk.layer_data.Field``."""

    name: str
    is_text: bool
    count: int
    least: float | None = None
    most: float | None = None
    common: dict[str, int] = {}


class FeatureState(msgspec.Struct, tag=True, frozen=True):
    """See ``console.sdk.scene_features.FeatureTally``."""

    layer: str
    features: int
    fields: list[FeatureField]
    counts: list[int]
    faults: list[str]


Reply = FeatureAnswer | FeatureState | Laid | Ready | Drawn | PartDrawn | News | Opened | LayerState


def vector(values: Sequence[float] | NDArray[np.float64]) -> Vector:
    """Three numbers for a message."""
    x, y, z = (float(value) for value in values)
    return x, y, z


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
