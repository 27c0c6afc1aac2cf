"""Tables of workload."""

from __future__ import annotations

from sqlalchemy import Double, String
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class DayRow(PluginBase):
    """Metres of one person on one day of the backend's local time."""

    __tablename__ = "staff_day"
    staff: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    metres: Mapped[float] = mapped_column(Double, default=0.0)


class JobRow(PluginBase):
    """A job that somebody had, from when to when (s since 1970)."""

    __tablename__ = "staff_job"
    staff: Mapped[str] = mapped_column(String(64), primary_key=True)
    job: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[float] = mapped_column(Double, index=True)
    until: Mapped[float | None] = mapped_column(Double)
