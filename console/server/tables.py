"""Tables of the server core. Times are seconds since 1970; coordinates WGS84 degrees."""

from __future__ import annotations

from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    JSON,
    BigInteger,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from console.sdk.server import PluginBase
from console.server.geometry import Geometry

Big = BigInteger().with_variant(Integer, "sqlite")
"""64-bit on both; SQLite counts rows up only for INTEGER."""
Code = String(15)


class Base(DeclarativeBase):
    """Declarative base of the core; constraint names as in plugins' tables."""

    metadata = MetaData(naming_convention=PluginBase.metadata.naming_convention)
    type_annotation_map = {dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012


class Account(Base):
    """A local account. ``areas`` are trimmed codes; the password is kept as argon2 hash."""

    __tablename__ = "account"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    role: Mapped[str] = mapped_column(String(32))
    areas: Mapped[list[str]]
    password_hash: Mapped[str] = mapped_column(String(256))
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[float] = mapped_column(Float(53))


class SignInSession(Base):
    """One sign-in: a family of refresh tokens of which only the last is good."""

    __tablename__ = "session"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    refresh_hash: Mapped[str] = mapped_column(String(64))
    generation: Mapped[int]
    expires_at: Mapped[float] = mapped_column(Float(53))
    ended_at: Mapped[float | None] = mapped_column(Float(53))
    address: Mapped[str] = mapped_column(String(64))


class AreaRow(Base):
    """One area; the box columns are the geometry's bounds."""

    __tablename__ = "area"
    code: Mapped[str] = mapped_column(Code, primary_key=True)
    name: Mapped[str] = mapped_column(String(128))
    name_en: Mapped[str] = mapped_column(String(128))
    level: Mapped[int] = mapped_column(SmallInteger)
    west: Mapped[float] = mapped_column(Float(53))
    south: Mapped[float] = mapped_column(Float(53))
    east: Mapped[float] = mapped_column(Float(53))
    north: Mapped[float] = mapped_column(Float(53))
    geometry: Mapped[BaseGeometry] = mapped_column(Geometry)


class LayerRow(Base):
    """An imported layer; ``version`` is the hash of its content."""

    __tablename__ = "layer"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), index=True)
    title_zh: Mapped[str] = mapped_column(String(128))
    title_en: Mapped[str] = mapped_column(String(128))
    count: Mapped[int] = mapped_column(Big)
    west: Mapped[float] = mapped_column(Float(53))
    south: Mapped[float] = mapped_column(Float(53))
    east: Mapped[float] = mapped_column(Float(53))
    north: Mapped[float] = mapped_column(Float(53))
    datum: Mapped[str] = mapped_column(String(16))
    datum_known: Mapped[str] = mapped_column(String(16))
    version: Mapped[str] = mapped_column(String(64))
    attribution: Mapped[str] = mapped_column(Text)
    bytes: Mapped[int] = mapped_column(Big)
    changed_at: Mapped[float] = mapped_column(Float(53))


class LayerContent(Base):
    """Bytes of a layer's package, in pieces, so that no row is huge."""

    __tablename__ = "layer_content"
    layer_id: Mapped[str] = mapped_column(ForeignKey("layer.id", ondelete="CASCADE"), primary_key=True)
    piece: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class LocalDatumRow(Base):
    """A datum of the deployment's own, see ``console.model.datums.LocalDatum``."""

    __tablename__ = "local_datum"
    name: Mapped[str] = mapped_column(String(10), primary_key=True)
    definition: Mapped[dict[str, Any]]


class DatumCheckRow(Base):
    """The last measurement of a layer; it counts while both layers have these versions."""

    __tablename__ = "datum_check"
    layer_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    layer_version: Mapped[str] = mapped_column(String(64))
    reference_version: Mapped[str] = mapped_column(String(64))
    found: Mapped[dict[str, Any]]


class SearchEntry(Base):
    """Something with a name; its words, split into characters, stand in the search index."""

    __tablename__ = "search_entry"
    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    layer_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(256))
    detail: Mapped[str] = mapped_column(String(256))
    area: Mapped[str] = mapped_column(Code, default="")
    lon: Mapped[float] = mapped_column(Float(53))
    lat: Mapped[float] = mapped_column(Float(53))
    weight: Mapped[float] = mapped_column(Float(53), default=0.0)
    words: Mapped[str] = mapped_column(Text)
    """Title and detail, Chinese split into characters; both databases index it."""


class DeviceRow(Base):
    """A device; of its secret only the SHA-256 is kept (the secret has 192 random bits)."""

    __tablename__ = "device"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    handle: Mapped[int] = mapped_column(Big, unique=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    area: Mapped[str] = mapped_column(Code, index=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[float] = mapped_column(Float(53))


class PositionLast(Base):
    """Last good and last received fix of each device; ``writer`` is the process that took it."""

    __tablename__ = "position_last"
    handle: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    area: Mapped[str] = mapped_column(Code)
    lon: Mapped[float] = mapped_column(Float(53))
    lat: Mapped[float] = mapped_column(Float(53))
    time: Mapped[float] = mapped_column(Float(53))
    speed: Mapped[float | None] = mapped_column(Float(24))
    heading: Mapped[float | None] = mapped_column(Float(24))
    accuracy: Mapped[float | None] = mapped_column(Float(24))
    battery: Mapped[float | None] = mapped_column(Float(24))
    flags: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[int] = mapped_column(SmallInteger, default=0)
    floor: Mapped[float | None] = mapped_column(Float(24))
    received: Mapped[float] = mapped_column(Float(53), index=True)
    writer: Mapped[str] = mapped_column(String(36))


class PositionHistory(Base):
    """All fixes. On SQLite the rows lie in key order without a rowid (34 bytes each)."""

    __tablename__ = "position_history"
    handle: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    time: Mapped[float] = mapped_column(Float(53), primary_key=True)
    lon: Mapped[float] = mapped_column(Float(53))
    lat: Mapped[float] = mapped_column(Float(53))
    speed: Mapped[float | None] = mapped_column(Float(24))
    heading: Mapped[float | None] = mapped_column(Float(24))
    accuracy: Mapped[float | None] = mapped_column(Float(24))
    battery: Mapped[float | None] = mapped_column(Float(24))
    flags: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[int] = mapped_column(SmallInteger, default=0)
    floor: Mapped[float | None] = mapped_column(Float(24))
    __table_args__ = (
        Index("ix_position_history_time", "time", postgresql_using="brin").ddl_if(dialect="postgresql"),
        {"sqlite_with_rowid": False},
    )


class ChangeLog(Base):
    """The live feed's log, written in the transaction that makes the change."""

    __tablename__ = "change_log"
    seq: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    at: Mapped[float] = mapped_column(Float(53), index=True)
    op: Mapped[str] = mapped_column(String(4))
    type: Mapped[str] = mapped_column(String(32))
    record_id: Mapped[str] = mapped_column(String(64))
    area: Mapped[str] = mapped_column(Code)
    area_before: Mapped[str] = mapped_column(Code)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The record as MessagePack; None for a drop."""
    __table_args__ = ({"sqlite_autoincrement": True},)


class FeedRecord(Base):
    """Where each announced record lay last, so that consoles it leaves are told."""

    __tablename__ = "feed_record"
    type: Mapped[str] = mapped_column(String(32), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    area: Mapped[str] = mapped_column(Code)


class Counter(Base):
    """Named numbers and texts of the database: stream name, record version, device handle."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int] = mapped_column(Big, default=0)
    text: Mapped[str] = mapped_column(String(64), default="")


class Idempotency(Base):
    """Stored answers by caller and Idempotency-Key."""

    __tablename__ = "idempotency"
    caller: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[float] = mapped_column(Float(53), index=True)
    answer: Mapped[bytes] = mapped_column(LargeBinary)


class Audit(Base):
    """Who did what, when: a hash chain, each row's hash covers the one before."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    at: Mapped[float] = mapped_column(Float(53))
    actor: Mapped[str] = mapped_column(String(64))
    actor_name: Mapped[str] = mapped_column(String(128))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(128))
    area: Mapped[str] = mapped_column(Code)
    reason: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ImportJob(Base):
    """An import; ``running`` without a sign of life for a minute is one that died."""

    __tablename__ = "import_job"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(36))
    state: Mapped[str] = mapped_column(String(16))
    progress: Mapped[float] = mapped_column(Float(53), default=0.0)
    text: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str] = mapped_column(Text, default="")
    report: Mapped[dict[str, Any] | None]
    process: Mapped[str] = mapped_column(String(36))
    started_at: Mapped[float] = mapped_column(Float(53))
    seen_at: Mapped[float] = mapped_column(Float(53))
    ended_at: Mapped[float | None] = mapped_column(Float(53))
