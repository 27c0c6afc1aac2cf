"""Tables of the cameras plugin."""

from __future__ import annotations

from sqlalchemy import BigInteger, Float, String
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class CameraRow(PluginBase):
    """A camera; units as in ``console.sdk.records.Camera``."""

    __tablename__ = "cameras_camera"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(128))
    area: Mapped[str] = mapped_column(String(15), index=True)
    lon: Mapped[float] = mapped_column(Float(53))
    lat: Mapped[float] = mapped_column(Float(53))
    high: Mapped[bool]
    heading: Mapped[float | None] = mapped_column(Float(53))
    owner: Mapped[str] = mapped_column(String(128))
    online: Mapped[bool]
    version: Mapped[int] = mapped_column(BigInteger, default=0)
    kind: Mapped[str] = mapped_column(String(16))
    tilt: Mapped[float | None] = mapped_column(Float(53))
    mast: Mapped[float | None] = mapped_column(Float(53))
    across: Mapped[float | None] = mapped_column(Float(53))
    reach: Mapped[float | None] = mapped_column(Float(53))
    live: Mapped[bool]


class StationRow(PluginBase):
    """A centre or another station."""

    __tablename__ = "cameras_station"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(128))
    area: Mapped[str] = mapped_column(String(15), index=True)
    lon: Mapped[float] = mapped_column(Float(53))
    lat: Mapped[float] = mapped_column(Float(53))
    kind: Mapped[str] = mapped_column(String(32))
    version: Mapped[int] = mapped_column(BigInteger, default=0)
