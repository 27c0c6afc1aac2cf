"""Tables of command."""

from __future__ import annotations

from sqlalchemy import BigInteger, Float, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class GroupRow(PluginBase):
    """One act of sending to many; its orders name it."""

    __tablename__ = "dispatch_group"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    area: Mapped[str] = mapped_column(String(15), index=True)
    text: Mapped[str] = mapped_column(Text)
    event: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(128))
    sent_at: Mapped[float] = mapped_column(Float(53), index=True)
    size: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class TemplateRow(PluginBase):
    """A ready text for orders, in both languages."""

    __tablename__ = "dispatch_template"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    zh: Mapped[str] = mapped_column(String(500))
    en: Mapped[str] = mapped_column(String(500))
    by: Mapped[str] = mapped_column(String(128))
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class EscalationRow(PluginBase):
    """How unanswered orders of a class and level are pursued; seconds since sending."""

    __tablename__ = "dispatch_escalation"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    urgency: Mapped[str] = mapped_column(String(16))
    remind_after: Mapped[float] = mapped_column(Float(53))
    escalate_after: Mapped[float] = mapped_column(Float(53))
    then: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class UploadRow(PluginBase):
    """That somebody gave us a file; its bytes lie in the data folder under their hash."""

    __tablename__ = "dispatch_upload"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the bytes, hexadecimal."""
    user: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    at: Mapped[float] = mapped_column(Float(53))


class FieldTextRow(PluginBase):
    """What somebody without an order wrote."""

    __tablename__ = "dispatch_field_text"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(64))
    area: Mapped[str] = mapped_column(String(15), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[float] = mapped_column(Float(53), index=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class HelpRow(PluginBase):
    """A station's request for staff of others."""

    __tablename__ = "dispatch_help"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    area: Mapped[str] = mapped_column(String(15), index=True)
    what: Mapped[str] = mapped_column(String(300))
    count: Mapped[int] = mapped_column(Integer)
    needed_by: Mapped[float] = mapped_column(Float(53))
    until: Mapped[float] = mapped_column(Float(53))
    state: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(128))
    at: Mapped[float] = mapped_column(Float(53), index=True)
    answer: Mapped[str] = mapped_column(String(300))
    answered_by: Mapped[str] = mapped_column(String(128))
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class LoanRow(PluginBase):
    """Somebody lent to another station; ended loans are kept."""

    __tablename__ = "dispatch_loan"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(64))
    area: Mapped[str] = mapped_column(String(15), index=True)
    borrower: Mapped[str] = mapped_column(String(15))
    since: Mapped[float] = mapped_column(Float(53))
    until: Mapped[float] = mapped_column(Float(53))
    request: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(128))
    ended_at: Mapped[float | None] = mapped_column(Float(53), index=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)
