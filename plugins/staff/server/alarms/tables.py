"""Tables of alarms. Times are s since 1970."""

from __future__ import annotations

from sqlalchemy import BigInteger, Double, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class AlarmRow(PluginBase):
    """One alarm, from its begin to its end; kept as a record."""

    __tablename__ = "staff_alarm"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    staff: Mapped[str] = mapped_column(String(64), index=True)
    area: Mapped[str] = mapped_column(String(15), index=True)
    lon: Mapped[float | None] = mapped_column(Double)
    lat: Mapped[float | None] = mapped_column(Double)
    since: Mapped[float] = mapped_column(Double, index=True)
    ended: Mapped[float | None] = mapped_column(Double)
    taken_by: Mapped[str] = mapped_column(String(64), default="")
    taken_at: Mapped[float | None] = mapped_column(Double)
    note: Mapped[str] = mapped_column(Text, default="")
    live: Mapped[bool] = mapped_column(default=True, index=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class WatchRuleRow(PluginBase):
    """How long those of a role may be silent, and how far their activity range reaches."""

    __tablename__ = "staff_watch_rule"
    role: Mapped[str] = mapped_column(String(32), primary_key=True)
    """A role, or ``*`` for all that have no rule of their own."""
    silent_minutes: Mapped[int]
    range_digits: Mapped[int]
    """Digits of their area code that the range shares: 15 grid, 12 community, 9 street, 6 district."""


class RangeRow(PluginBase):
    """An activity range (活动范围) of one person that differs from their role's."""

    __tablename__ = "staff_range"
    staff: Mapped[str] = mapped_column(String(64), primary_key=True)
    area: Mapped[str] = mapped_column(String(15), primary_key=True)
