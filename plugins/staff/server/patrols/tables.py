"""Table of patrol plans."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class PatrolRow(PluginBase):
    """A patrol (巡查) plan of one area."""

    __tablename__ = "staff_patrol"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    area: Mapped[str] = mapped_column(String(15), index=True)
    path: Mapped[list[Any]] = mapped_column(JSON)
    """[[lon, lat] …], WGS84 degrees."""
    checkpoints: Mapped[list[Any]] = mapped_column(JSON)
    """[{"name", "where", "radius"} …], radius in metres."""
    staff: Mapped[list[str]] = mapped_column(JSON)
    days: Mapped[list[str]] = mapped_column(JSON)
    """mon … sun."""
    starts: Mapped[int]
    """Minutes after local midnight; with ``ends`` the time window."""
    ends: Mapped[int]
