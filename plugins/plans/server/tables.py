"""Tables of the plans plugin."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class PlanRow(PluginBase):
    """A plan as it stands, or the last of one that was deleted."""

    __tablename__ = "plans_plan"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    area: Mapped[str] = mapped_column(String(15), index=True)
    title: Mapped[str] = mapped_column(String(120))
    event_class: Mapped[str] = mapped_column(String(32))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """``note``, ``steps`` and ``items`` as in the record ``Plan``."""
    edition: Mapped[int] = mapped_column(Integer)
    by: Mapped[str] = mapped_column(String(128))
    at: Mapped[float] = mapped_column(Float(53))
    deleted_at: Mapped[float | None] = mapped_column(Float(53), index=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class EditionRow(PluginBase):
    """One edition of a plan, kept for good."""

    __tablename__ = "plans_edition"
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans_plan.id"), primary_key=True)
    edition: Mapped[int] = mapped_column(Integer, primary_key=True)
    area: Mapped[str] = mapped_column(String(15))
    title: Mapped[str] = mapped_column(String(120))
    event_class: Mapped[str] = mapped_column(String(32))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(128))
    at: Mapped[float] = mapped_column(Float(53))
