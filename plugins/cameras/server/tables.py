"""Tables of the cameras plugin."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Float, LargeBinary, String
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
    steerable: Mapped[bool]
    recorded: Mapped[bool]
    blind: Mapped[str] = mapped_column(String(16))


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


class StreamRow(PluginBase):
    """Where a camera's pictures come from; on no list and on no feed."""

    __tablename__ = "cameras_stream"
    camera: Mapped[str] = mapped_column(String(64), primary_key=True)
    main: Mapped[str] = mapped_column(String(1024))
    """Address without a sign-in."""
    sub: Mapped[str] = mapped_column(String(1024))
    """That of the small picture, or empty."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """User and password, sealed; empty: none."""


class VideoDeviceRow(PluginBase):
    """A device or platform that cameras hang on; see ``devices.driver.VideoDevice``."""

    __tablename__ = "cameras_device"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    driver: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(128))
    address: Mapped[str] = mapped_column(String(1024))
    area: Mapped[str] = mapped_column(String(15))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """User and password, sealed; empty: none."""


class ChannelRow(PluginBase):
    """Which channel of which device a camera is."""

    __tablename__ = "cameras_channel"
    camera: Mapped[str] = mapped_column(String(64), primary_key=True)
    device: Mapped[str] = mapped_column(String(64), index=True)
    channel: Mapped[str] = mapped_column(String(128))
    steerable: Mapped[bool]
    recorded: Mapped[bool]


class ViewRuleRow(PluginBase):
    """Who may look through the cameras of *owner* and *kind*; empty: of any."""

    __tablename__ = "cameras_view_rule"
    owner: Mapped[str] = mapped_column(String(128), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    roles: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[bool]
    """Whether one must say why."""


class ViewingRow(PluginBase):
    """Who looked through which camera, from when to when (s since 1970), why."""

    __tablename__ = "cameras_viewing"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    camera: Mapped[str] = mapped_column(String(64))
    area: Mapped[str] = mapped_column(String(15))
    user: Mapped[str] = mapped_column(String(64))
    user_name: Mapped[str] = mapped_column(String(128))
    reason: Mapped[str] = mapped_column(String(500))
    began: Mapped[float] = mapped_column(Float(53))
    expires: Mapped[float] = mapped_column(Float(53))
    ended: Mapped[float | None] = mapped_column(Float(53))


class SteeringRow(PluginBase):
    """Somebody who steers a camera, or waits for it. Times are s since 1970."""

    __tablename__ = "cameras_steering"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    camera: Mapped[str] = mapped_column(String(64), index=True)
    user: Mapped[str] = mapped_column(String(64))
    user_name: Mapped[str] = mapped_column(String(128))
    rank: Mapped[int]
    began: Mapped[float] = mapped_column(Float(53))
    """When it was asked for."""
    since: Mapped[float | None] = mapped_column(Float(53))
    """When it was got; None: not yet."""
    used: Mapped[float] = mapped_column(Float(53))
    """When it was last made use of, to a few seconds."""
    seen: Mapped[float] = mapped_column(Float(53))
    """When the console was last heard of."""
    mover: Mapped[str] = mapped_column(String(64))
    """The process of the backend that moves it; empty: none has."""
    version: Mapped[int] = mapped_column(BigInteger)
    """Of the record, with who holds it."""


class PictureRow(PluginBase):
    """What was last seen to be the matter with a camera's picture. Times are s since 1970."""

    __tablename__ = "cameras_picture"
    camera: Mapped[str] = mapped_column(String(64), primary_key=True)
    fault: Mapped[str] = mapped_column(String(16))
    """``black``, ``covered``, ``still``, ``frozen`` or nothing."""
    times: Mapped[int]
    """How often in a row."""
    print: Mapped[bytes] = mapped_column(LargeBinary)
    """Its 16x9 grey cells: whether it is the same picture much later."""
    due: Mapped[float] = mapped_column(Float(53), index=True)


class HealthRow(PluginBase):
    """Whether a camera's stream answers. Times are s since 1970, None: not yet."""

    __tablename__ = "cameras_health"
    camera: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    """See ``plugins.cameras.model.Health``."""
    fault: Mapped[str] = mapped_column(String(16))
    since: Mapped[float | None] = mapped_column(Float(53))
    checked: Mapped[float | None] = mapped_column(Float(53))
    fails: Mapped[int]
    """How many times in a row it did not answer."""
    due: Mapped[float] = mapped_column(Float(53), index=True)
    """When it is asked again."""
