"""Tables of duty: shifts, rota, leave, overrides, hand-overs. Times are s since 1970."""

from __future__ import annotations

from sqlalchemy import BigInteger, Double, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class ShiftRow(PluginBase):
    """A shift (班次): minutes after local midnight; one that ends before it starts ends the next day."""

    __tablename__ = "staff_shift"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(32))
    name_en: Mapped[str] = mapped_column(String(32))
    starts: Mapped[int]
    ends: Mapped[int]


class RotaRow(PluginBase):
    """One cell of the rota: who has which shift on a date, or on a day of the standard week."""

    __tablename__ = "staff_rota"
    staff: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    """``2026-11-23``, or ``mon`` … ``sun`` of the standard week, which holds where no date says more."""
    shift: Mapped[str] = mapped_column(String(16), default="")
    """Empty: free."""
    lead: Mapped[bool] = mapped_column(default=False)
    substitute: Mapped[str] = mapped_column(String(64), default="", index=True)
    """Who stands in; the shift is theirs then."""


class LeaveRow(PluginBase):
    """Leave (请假): off duty whatever the rota says."""

    __tablename__ = "staff_leave"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff: Mapped[str] = mapped_column(String(64), index=True)
    since: Mapped[float] = mapped_column(Double)
    until: Mapped[float] = mapped_column(Double)
    kind: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(64))


class OverrideRow(PluginBase):
    """A leader's word against the rota, with its reason."""

    __tablename__ = "staff_duty_override"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff: Mapped[str] = mapped_column(String(64), index=True)
    since: Mapped[float] = mapped_column(Double)
    until: Mapped[float | None] = mapped_column(Double)
    duty: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))


class HandoverRow(PluginBase):
    """A hand-over (交接班) of one area: what the next shift must know, and who has read it."""

    __tablename__ = "staff_handover"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    area: Mapped[str] = mapped_column(String(15), index=True)
    shift: Mapped[str] = mapped_column(String(16), default="")
    note: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(String(64))
    at: Mapped[float] = mapped_column(Double, index=True)
    taken_by: Mapped[str] = mapped_column(String(64), default="")
    taken_at: Mapped[float | None] = mapped_column(Double)
    version: Mapped[int] = mapped_column(BigInteger, default=0)
