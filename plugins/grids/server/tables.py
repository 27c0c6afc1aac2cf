"""Tables of the grids plugin. Times are s since 1970."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Double, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class PlanRow(PluginBase):
    """A plan (网格调整方案): a draft that is shared, then in force, or withdrawn."""

    __tablename__ = "grids_plan"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    area: Mapped[str] = mapped_column(String(15), index=True)
    title: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), index=True)
    author_id: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(128))
    grids: Mapped[int] = mapped_column(Integer)
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    """``cover.draft.Draft`` as plain values."""
    restores: Mapped[str] = mapped_column(String(64), default="")
    changed_at: Mapped[float] = mapped_column(Double, index=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class RevisionRow(PluginBase):
    """A plan that was put in force: who, when, why, and how the grids were before."""

    __tablename__ = "grids_revision"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    plan: Mapped[str] = mapped_column(String(64))
    area: Mapped[str] = mapped_column(String(15), index=True)
    title: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(128))
    at: Mapped[float] = mapped_column(Double, index=True)
    undo: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The ``Draft`` that would bring the former grids back."""
    gone: Mapped[dict[str, str]] = mapped_column(JSON)
    """Code of a grid that went: its heir."""
    moves: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """``Move`` as plain values: the records that were given another area."""


class RetiredRow(PluginBase):
    """A code that was given and is in force no more: it is not given to another grid."""

    __tablename__ = "grids_retired"
    code: Mapped[str] = mapped_column(String(15), primary_key=True)
    revision: Mapped[str] = mapped_column(String(64))
