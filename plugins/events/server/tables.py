"""Tables of the events plugin. The reporter is stored whole and masked on the way out."""

from __future__ import annotations

from sqlalchemy import BigInteger, Float, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class EventRow(PluginBase):
    """An event and its present state."""

    __tablename__ = "events_event"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    area: Mapped[str] = mapped_column(String(15), index=True)
    lon: Mapped[float] = mapped_column(Float(53))
    lat: Mapped[float] = mapped_column(Float(53))
    kind: Mapped[str] = mapped_column(String(32))
    urgency: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), index=True)
    address: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text)
    reporter: Mapped[str] = mapped_column(String(64))
    reporter_phone: Mapped[str] = mapped_column(String(32))
    reported_at: Mapped[float] = mapped_column(Float(53), index=True)
    closed_at: Mapped[float | None] = mapped_column(Float(53), index=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class EventStep(PluginBase):
    """One step of an event's history."""

    __tablename__ = "events_history"
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    event_id: Mapped[str] = mapped_column(ForeignKey("events_event.id"), index=True)
    at: Mapped[float] = mapped_column(Float(53))
    actor: Mapped[str] = mapped_column(String(128))
    action: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[float | None] = mapped_column(Float(53))
    """When it reached the backend, if clearly later than ``at``."""
