"""Table of the linkage plugin."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Float, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class CalibrationRow(PluginBase):
    """How a camera's picture lies on the map. It belongs to the area that the camera belongs to."""

    __tablename__ = "linkage_calibration"
    camera: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As ``CalibrationBody``, without ``edition``."""
    edition: Mapped[int] = mapped_column(Integer)
    by: Mapped[str] = mapped_column(String(128))
    at: Mapped[float] = mapped_column(Float(53))
