"""The table of assessments."""

from __future__ import annotations

from sqlalchemy import JSON, Float, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class AssessmentRow(PluginBase):
    """The last assessment of an event; earlier ones stay in its history."""

    __tablename__ = "events_assessment"
    event_id: Mapped[str] = mapped_column(ForeignKey("events_event.id"), primary_key=True)
    closed_at: Mapped[float] = mapped_column(Float(53))
    """The closing that was assessed: an event that was reopened must be assessed again."""
    score: Mapped[int] = mapped_column(Integer)
    remark: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(128))
    at: Mapped[float] = mapped_column(Float(53))
    limits: Mapped[dict[str, float]] = mapped_column(JSON)
    """Seconds by stage that held then."""
