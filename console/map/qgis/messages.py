"""What the window and the QGIS worker say to each other: one JSON object a line, ``type`` first."""

from __future__ import annotations

from typing import Any

import msgspec

from console.sdk.qgis import QgisAlgorithm


class Asks(msgspec.Struct, tag_field="type", tag=True, kw_only=True):
    """*request* is a number that the answer bears."""

    request: int = 0


class Ping(Asks):
    """Are you there?"""


class Open(Asks):
    """Open a project (empty: none) and put *added* files (path, title) on it, the lowest first."""

    path: str
    added: list[tuple[str, str]] = []


class Add(Asks):
    """Put the layers of a file on top."""

    path: str
    title: str


class Render(Asks):
    """Draw layers (ids, topmost first) of an extent (left, bottom, right, top in EPSG:3857) into a file of
    *bytes* bytes as premultiplied ARGB, rows one after the other."""

    memory: str
    bytes: int
    width: int
    """Device pixels."""
    height: int
    extent: tuple[float, float, float, float]
    dpi: float
    layers: list[str]


class Identify(Asks):
    """What layers have within *reach* metres of a place in EPSG:3857."""

    x: float
    y: float
    reach: float
    layers: list[str]


class ListAlgorithms(Asks):
    """All that Processing knows."""


class Run(Asks):
    """Run an algorithm; results without a place of their own become files in *folder*."""

    algorithm: str
    values: dict[str, Any]
    folder: str


class Cancel(Asks):
    """Break off what *request* asked for."""


class Says(msgspec.Struct, tag_field="type", tag=True, frozen=True, kw_only=True):
    """*request* is the number of what is answered; 0 for nothing in particular."""

    request: int = 0


class Hello(Says, frozen=True):
    """QGIS has started."""

    version: str


class Absent(Says, frozen=True):
    """There is no QGIS here."""

    error: str


class Faulty(Says, frozen=True):
    """A request could not be understood."""

    error: str


class Pong(Says, frozen=True):
    """I am."""


class NodeIs(msgspec.Struct, frozen=True, kw_only=True):
    """See ``console.sdk.qgis.QgisNode``; a group has no id."""

    title: str
    checked: bool
    id: str = ""
    children: list[NodeIs] = []
    kind: str = "group"
    crs: str = ""
    unit: str = ""
    bounds: tuple[float, float, float, float] | None = None
    broken: bool = False
    from_scale: float = 0.0
    to_scale: float = 0.0
    fields: list[str] = []
    bands: int = 0


class ProjectIs(Says, frozen=True):
    """The open project as it is now."""

    path: str
    title: str
    tree: list[NodeIs]
    order: list[str]
    """Ids of all layers, topmost first."""
    added: list[str] = []
    """Ids of the layers that this request has added."""


class Rendered(Says, frozen=True):
    """The picture is in the file."""

    milliseconds: float
    faults: list[str] = []


class FeatureIs(msgspec.Struct, frozen=True):
    """One feature at a place."""

    layer: str
    title: str
    attributes: dict[str, str]


class Found(Says, frozen=True):
    """Topmost first."""

    features: list[FeatureIs]


class Algorithms(Says, frozen=True):
    """All, in QGIS's order."""

    algorithms: list[QgisAlgorithm]


class Progress(Says, frozen=True):
    """Of a run, 0..1."""

    done: float


class Ran(Says, frozen=True):
    """A run is over and went well; *layers*: path and title of each file to put on the map."""

    layers: list[tuple[str, str]]
    values: dict[str, str]
    log: str = ""


class Failed(Says, frozen=True):
    """A request could not be met; *code* says why, *detail* in QGIS's words."""

    code: str
    detail: str


Answer = ProjectIs | Rendered | Found | Algorithms | Ran | Pong | Failed
Word = Answer | Hello | Absent | Faulty | Progress

_decoder = msgspec.json.Decoder(Word)


def encode(request: Asks) -> bytes:
    """One line."""
    return msgspec.json.encode(request) + b"\n"


def decode(line: bytes) -> Word:
    """Raises msgspec.DecodeError for what no worker says."""
    return _decoder.decode(line)
