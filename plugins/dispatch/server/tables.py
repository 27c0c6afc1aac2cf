"""Tables of the dispatch plugin."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class OrderRow(PluginBase):
    """An order, its present route, and the ranking that its sender saw."""

    __tablename__ = "dispatch_order"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    event: Mapped[str] = mapped_column(String(64), index=True)
    staff: Mapped[str] = mapped_column(String(64), index=True)
    area: Mapped[str] = mapped_column(String(15), index=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    route: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    eta: Mapped[float | None] = mapped_column(Float(53))
    sent_at: Mapped[float] = mapped_column(Float(53), index=True)
    ended_at: Mapped[float | None] = mapped_column(Float(53), index=True)
    ranking: Mapped[dict[str, Any]] = mapped_column(JSON)
    group: Mapped[str] = mapped_column(String(64), index=True, default="")
    escalation: Mapped[str] = mapped_column(String(12), default="")
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Records ``Attachment`` as plain values."""
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class OrderStep(PluginBase):
    """One step of an order's history."""

    __tablename__ = "dispatch_history"
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    order_id: Mapped[str] = mapped_column(ForeignKey("dispatch_order.id"), index=True)
    at: Mapped[float] = mapped_column(Float(53))
    actor: Mapped[str] = mapped_column(String(128))
    action: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[float | None] = mapped_column(Float(53))
    """Its arrival, when it was done while the console was cut off; else empty."""


class ClosureRow(PluginBase):
    """A closure: planned, in force, or ended and kept for the history."""

    __tablename__ = "dispatch_closure"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    area: Mapped[str] = mapped_column(String(15), index=True)
    shape: Mapped[str] = mapped_column(String(16))
    points: Mapped[list[list[float]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(200))
    means: Mapped[list[str]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(128))
    since: Mapped[float] = mapped_column(Float(53))
    until: Mapped[float | None] = mapped_column(Float(53))
    ended_at: Mapped[float | None] = mapped_column(Float(53), index=True)
    ended_by: Mapped[str] = mapped_column(String(128), default="")
    """Empty when its time was over."""
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class FormerShape(PluginBase):
    """Where a closure was until somebody gave it another shape."""

    __tablename__ = "dispatch_former_shape"
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    closure_id: Mapped[str] = mapped_column(ForeignKey("dispatch_closure.id"), index=True)
    area: Mapped[str] = mapped_column(String(15))
    points: Mapped[list[list[float]]] = mapped_column(JSON)
    until: Mapped[float] = mapped_column(Float(53), index=True)
    changed_by: Mapped[str] = mapped_column(String(128))


class NodeOrderRow(PluginBase):
    """Elimination order of one version of the road layer: costs seconds to find, so it is kept."""

    __tablename__ = "dispatch_node_order"
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    nodes: Mapped[bytes] = mapped_column(LargeBinary)
    """Little-endian int32."""
