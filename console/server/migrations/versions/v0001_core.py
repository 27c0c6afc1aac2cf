"""Tables of the server core."""

import sqlalchemy as sa
from alembic import op

from console.server.geometry import Geometry

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _need_postgis()
    _create_account()
    _create_area()
    _create_audit()
    _create_change_log()
    _create_counter()
    _create_device()
    _create_feed_record()
    _create_idempotency()
    _create_import_job()
    _create_layer()
    _create_position_history()
    _create_position_last()
    _create_search_entry()
    _create_layer_content()
    _create_session()
    _index_search()
    _index_history()


def _need_postgis() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")


def _create_account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )


def _create_area() -> None:
    op.create_table(
        "area",
        sa.Column("code", sa.String(length=15), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("name_en", sa.String(length=128), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("west", sa.Float(precision=53), nullable=False),
        sa.Column("south", sa.Float(precision=53), nullable=False),
        sa.Column("east", sa.Float(precision=53), nullable=False),
        sa.Column("north", sa.Float(precision=53), nullable=False),
        sa.Column("geometry", Geometry(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
    )


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("at", sa.Float(precision=53), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("actor_name", sa.String(length=128), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("area", sa.String(length=15), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )


def _create_change_log() -> None:
    op.create_table(
        "change_log",
        sa.Column("seq", _BIG, autoincrement=True, nullable=False),
        sa.Column("at", sa.Float(precision=53), nullable=False),
        sa.Column("op", sa.String(length=4), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=15), nullable=False),
        sa.Column("area_before", sa.String(length=15), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change_log")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_change_log_at"), "change_log", ["at"], unique=False)


def _create_counter() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", _BIG, nullable=False),
        sa.Column("text", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )


def _create_device() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("handle", _BIG, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=15), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("handle", name=op.f("uq_device_handle")),
    )
    op.create_index(op.f("ix_device_area"), "device", ["area"], unique=False)
    op.create_index(op.f("ix_device_subject"), "device", ["subject"], unique=False)


def _create_feed_record() -> None:
    op.create_table(
        "feed_record",
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=15), nullable=False),
        sa.PrimaryKeyConstraint("type", "record_id", name=op.f("pk_feed_record")),
    )


def _create_idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(precision=53), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_at"), "idempotency", ["at"], unique=False)


def _create_import_job() -> None:
    op.create_table(
        "import_job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("progress", sa.Float(precision=53), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("process", sa.String(length=36), nullable=False),
        sa.Column("started_at", sa.Float(precision=53), nullable=False),
        sa.Column("seen_at", sa.Float(precision=53), nullable=False),
        sa.Column("ended_at", sa.Float(precision=53), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
    )


def _create_layer() -> None:
    op.create_table(
        "layer",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title_zh", sa.String(length=128), nullable=False),
        sa.Column("title_en", sa.String(length=128), nullable=False),
        sa.Column("count", _BIG, nullable=False),
        sa.Column("west", sa.Float(precision=53), nullable=False),
        sa.Column("south", sa.Float(precision=53), nullable=False),
        sa.Column("east", sa.Float(precision=53), nullable=False),
        sa.Column("north", sa.Float(precision=53), nullable=False),
        sa.Column("datum", sa.String(length=16), nullable=False),
        sa.Column("datum_known", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("bytes", _BIG, nullable=False),
        sa.Column("changed_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layer")),
    )
    op.create_index(op.f("ix_layer_kind"), "layer", ["kind"], unique=False)


def _create_position_history() -> None:
    op.create_table(
        "position_history",
        sa.Column("handle", _BIG, autoincrement=False, nullable=False),
        sa.Column("time", sa.Float(precision=53), nullable=False),
        sa.Column("lon", sa.Float(precision=53), nullable=False),
        sa.Column("lat", sa.Float(precision=53), nullable=False),
        sa.Column("speed", sa.Float(precision=24), nullable=True),
        sa.Column("heading", sa.Float(precision=24), nullable=True),
        sa.Column("accuracy", sa.Float(precision=24), nullable=True),
        sa.Column("battery", sa.Float(precision=24), nullable=True),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("handle", "time", name=op.f("pk_position_history")),
        sqlite_with_rowid=False,
    )


def _create_position_last() -> None:
    op.create_table(
        "position_last",
        sa.Column("handle", _BIG, autoincrement=False, nullable=False),
        sa.Column("area", sa.String(length=15), nullable=False),
        sa.Column("lon", sa.Float(precision=53), nullable=False),
        sa.Column("lat", sa.Float(precision=53), nullable=False),
        sa.Column("time", sa.Float(precision=53), nullable=False),
        sa.Column("speed", sa.Float(precision=24), nullable=True),
        sa.Column("heading", sa.Float(precision=24), nullable=True),
        sa.Column("accuracy", sa.Float(precision=24), nullable=True),
        sa.Column("battery", sa.Float(precision=24), nullable=True),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.Column("received", sa.Float(precision=53), nullable=False),
        sa.Column("writer", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_position_last")),
    )
    op.create_index(op.f("ix_position_last_received"), "position_last", ["received"], unique=False)


def _create_search_entry() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("layer_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=256), nullable=False),
        sa.Column("detail", sa.String(length=256), nullable=False),
        sa.Column("area", sa.String(length=15), nullable=False),
        sa.Column("lon", sa.Float(precision=53), nullable=False),
        sa.Column("lat", sa.Float(precision=53), nullable=False),
        sa.Column("weight", sa.Float(precision=53), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
    )
    op.create_index(op.f("ix_search_entry_layer_id"), "search_entry", ["layer_id"], unique=False)


def _create_layer_content() -> None:
    op.create_table(
        "layer_content",
        sa.Column("layer_id", sa.String(length=64), nullable=False),
        sa.Column("piece", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["layer_id"], ["layer.id"], name=op.f("fk_layer_content_layer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("layer_id", "piece", name=op.f("pk_layer_content")),
    )


def _create_session() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("refresh_hash", sa.String(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Float(precision=53), nullable=False),
        sa.Column("ended_at", sa.Float(precision=53), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_session_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"], unique=False)


def _index_search() -> None:
    """Full text over the words: FTS5 kept in step by triggers, or a GIN index."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX ix_search_entry_words ON search_entry USING gin (to_tsvector('simple', words))"
        )
        return
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5("
        "words, content='search_entry', content_rowid='id', tokenize='unicode61')"
    )
    op.execute(
        "CREATE TRIGGER search_entry_put AFTER INSERT ON search_entry BEGIN "
        "INSERT INTO search_index(rowid, words) VALUES (new.id, new.words); END"
    )
    op.execute(
        "CREATE TRIGGER search_entry_drop AFTER DELETE ON search_entry BEGIN "
        "INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.id, old.words); END"
    )


def _index_history() -> None:
    """A BRIN index lets PostgreSQL drop old history cheaply; SQLite walks the key."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_position_history_time", "position_history", ["time"], postgresql_using="brin")
