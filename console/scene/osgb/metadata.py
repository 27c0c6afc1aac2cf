"""``metadata.xml`` of a delivery: in which reference system its vertices are, and where their origin lies.

Source: ContextCapture's user guide, "OpenSceneGraph binary": SRS is ``EPSG:n``, ``ENU:latitude,longitude`` or
a WKT; SRSOrigin is added to every vertex.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from defusedxml import DefusedXmlException, ElementTree
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from console.scene.ellipsoid import east_north_up, to_ecef, to_geodetic
from console.scene.refusal import SceneRefused, broken, refused
from console.scene.transforms import Matrix

MAX_METADATA = 1 << 20
"""Bytes of metadata.xml."""
_NUMBER = r"\s*([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)\s*"
_ENU = re.compile(rf"ENU:{_NUMBER},{_NUMBER}(?:,{_NUMBER})?", re.IGNORECASE)
_EPSG = re.compile(r"EPSG:\s*(\d{4,6})(?:\+(\d{4,6}))?", re.IGNORECASE)
_LOCAL = ("", "LOCAL", "LOCAL_CS", "LOCALCS", "ENGCRS", "ENGINEERINGCRS", "0", "UNKNOWN")

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What metadata.xml says; also what a user may say who has none."""

    srs: str = ""
    """``EPSG:n``, ``EPSG:n+m``, ``ENU:lat,lon`` or WKT; empty: not on Earth."""
    origin: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Added to each vertex: metres in the system's axes (x east), or longitude, latitude, height of a
    geographic one."""


def read_metadata(data: bytes) -> Metadata:
    """Parse metadata.xml. Raises SceneRefused."""
    if len(data) > MAX_METADATA:
        raise refused("metadata.xml 过大", "metadata.xml is too large")
    try:
        root = ElementTree.fromstring(data, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise broken("metadata.xml", "metadata.xml") from error
    return Metadata((root.findtext("SRS") or "").strip(), parse_origin(root.findtext("SRSOrigin") or "0,0,0"))


def parse_origin(text: str) -> tuple[float, float, float]:
    """``x,y,z`` (``z`` may be missing). Raises SceneRefused."""
    try:
        x, y, z = (*(float(part) for part in text.split(",")), 0.0)[:3]
    except ValueError as error:
        raise refused(f"原点坐标无效:{text[:40]}", f"not an origin: {text[:40]}") from error
    if not np.isfinite([x, y, z]).all():
        raise refused("原点坐标无效", "the origin is not a number")
    return x, y, z


def find_metadata(folder: Path) -> Metadata:
    """The metadata of the delivery that *folder* is or lies in (``Data/Tile``); without any: not on Earth.

    Raises SceneRefused.
    """
    for each in (folder, *folder.resolve().parents[:2]):
        path = each / "metadata.xml"
        if path.is_file():
            with path.open("rb") as file:
                return read_metadata(file.read(MAX_METADATA + 1))
    return Metadata()


class Placement:
    """From a model's own coordinates to the Earth. Heights are taken as heights above the ellipsoid."""

    def __init__(self, metadata: Metadata) -> None:
        """Raises SceneRefused for a reference system that is not known."""
        self._origin = np.array(metadata.origin, np.float64)
        self._base: Matrix | None = None
        self._projection: Transformer | None = None
        srs = metadata.srs.strip()
        self.on_earth = re.split(r"[\[(:\s]", srs.upper(), maxsplit=1)[0] not in _LOCAL
        if not self.on_earth:
            return
        if enu := _ENU.fullmatch(srs):
            latitude, longitude, height = (float(part or 0.0) for part in enu.groups())
            self._base = _frame_at(longitude, latitude, height)
            return
        crs = _crs(srs)
        if crs.is_geographic:  # a mesh has no degrees: metres about a point
            self._base = _frame_at(*metadata.origin)
            self._origin = np.zeros(3)
            return
        # not to EPSG:4978: for China's systems PROJ looks for ways there for half a second
        self._projection = Transformer.from_crs(crs.to_3d(), "EPSG:4979", always_xy=True)

    def to_ecef(self, points: Points) -> Points:
        """(n, 3) of the model to Earth-centred metres (EPSG:4978). Raises SceneRefused off the map."""
        there = points + self._origin
        if self._base is not None:
            return there @ self._base[:3, :3].T + self._base[:3, 3]
        if self._projection is None:
            return there
        try:
            longitude, latitude, height = self._projection.transform(*there.T, errcheck=True)
        except ProjError as error:
            raise _off_map() from error
        found = to_ecef(np.radians(longitude), np.radians(latitude), height)
        if not np.isfinite(found).all():
            raise _off_map()
        return found

    def frame(self, point: Points) -> Matrix:
        """(4, 4): a frame with axes east, north, up at *point* (3,) of the model, to Earth-centred metres.

        Of a model that is not on Earth: the identity.
        """
        if not self.on_earth:
            return np.identity(4)
        longitude, latitude, height = to_geodetic(self.to_ecef(point[None]))[0].tolist()
        return _frame_at(np.degrees(longitude), np.degrees(latitude), height)

    def to_frame(self, points: Points, frame: Matrix) -> Points:
        """(n, 3) of the model to (n, 3) metres in *frame*: exact, whatever the projection does."""
        return (self.to_ecef(points) - frame[:3, 3]) @ frame[:3, :3]


def _crs(srs: str) -> CRS:
    try:
        if code := _EPSG.fullmatch(srs):
            return CRS.from_user_input(f"EPSG:{'+'.join(part for part in code.groups() if part)}")
        return CRS.from_wkt(srs)
    except (ProjError, ValueError) as error:
        raise refused(
            f"不认识的坐标参考系:{srs[:60]}", f"the reference system is not known: {srs[:60]}"
        ) from error


def _frame_at(longitude: float, latitude: float, height: float) -> Matrix:
    """East, north, up at degrees and metres, as columns, in Earth-centred metres."""
    if not (abs(longitude) <= 360.0 and abs(latitude) <= 90.0 and abs(height) < 1e6):
        raise _off_map()
    at = np.radians(np.array(longitude)), np.radians(np.array(latitude))
    frame = np.identity(4)
    frame[:3, :3] = east_north_up(*at).T
    frame[:3, 3] = to_ecef(*at, np.array(height))
    return frame


def _off_map() -> SceneRefused:
    return refused(
        "模型坐标超出其坐标参考系的范围", "the model lies outside the area of its reference system"
    )
