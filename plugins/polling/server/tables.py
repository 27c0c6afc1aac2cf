"""Tables of the polling plugin."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Float, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class GroupRow(PluginBase):
    """A group; without an area it is its maker's alone."""

    __tablename__ = "polling_group"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64), index=True)
    """Id of the account that made it."""
    area: Mapped[str] = mapped_column(String(15), index=True)
    title: Mapped[str] = mapped_column(String(80))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """``kind``, ``rule`` and ``cameras`` as in ``Group``."""
    edition: Mapped[int] = mapped_column(Integer)
    by: Mapped[str] = mapped_column(String(128))
    at: Mapped[float] = mapped_column(Float(53))


class RoundRow(PluginBase):
    """An inspection that is over, kept for good."""

    __tablename__ = "polling_round"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    area: Mapped[str] = mapped_column(String(15), index=True)
    """The smallest area that all of its cameras belong to."""
    title: Mapped[str] = mapped_column(String(80))
    entries: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    began: Mapped[float] = mapped_column(Float(53), index=True)
    ended: Mapped[float] = mapped_column(Float(53))
    by: Mapped[str] = mapped_column(String(128))
