"""Tables of playback."""

from __future__ import annotations

from sqlalchemy import BigInteger, Float, String
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class ReplayRow(PluginBase):
    """Who replayed or exported which stretch of which camera. Times are s since 1970."""

    __tablename__ = "cameras_replay"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    camera: Mapped[str] = mapped_column(String(64))
    area: Mapped[str] = mapped_column(String(15))
    user: Mapped[str] = mapped_column(String(64), index=True)
    user_name: Mapped[str] = mapped_column(String(128))
    reason: Mapped[str] = mapped_column(String(500))
    since: Mapped[float] = mapped_column(Float(53))
    until: Mapped[float] = mapped_column(Float(53))
    export: Mapped[bool]
    handle: Mapped[str] = mapped_column(String(256))
    """Of the device, for ending it; empty: there is nothing to end."""
    began: Mapped[float] = mapped_column(Float(53))
    expires: Mapped[float] = mapped_column(Float(53))
    ended: Mapped[float | None] = mapped_column(Float(53), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file that was written; empty: none was."""
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes of it."""
