"""Table of the staff plugin. Personal fields are stored whole and masked on their way out."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Float, String
from sqlalchemy.orm import Mapped, mapped_column

from console.sdk.server import PluginBase


class StaffRow(PluginBase):
    """A member of the field staff."""

    __tablename__ = "staff_member"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    handle: Mapped[int] = mapped_column(BigInteger, unique=True)
    name: Mapped[str] = mapped_column(String(64))
    area: Mapped[str] = mapped_column(String(15), index=True)
    role: Mapped[str] = mapped_column(String(32))
    duty: Mapped[str] = mapped_column(String(8))
    means: Mapped[str] = mapped_column(String(16))
    job: Mapped[str] = mapped_column(String(64), default="")
    sos: Mapped[bool] = mapped_column(default=False)
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)
    phone: Mapped[str] = mapped_column(String(32))
    standing: Mapped[str] = mapped_column(String(8), default="off")
    """Duty of who is on no rota."""
    plan_version: Mapped[int] = mapped_column(BigInteger, default=0, index=True)
    """Grows with each change of the person's rota, leave or overrides."""
    home: Mapped[str] = mapped_column(String(15), default="")
    """Own area of somebody who is lent; ``area`` is then the borrower's."""
    lent_until: Mapped[float | None] = mapped_column(Float(53))
    version: Mapped[int] = mapped_column(BigInteger, default=0)
