"""Orders with their history, closures, kept node orders."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "dispatch_order",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("route", sa.JSON(), nullable=True),
        sa.Column("eta", sa.Float(53), nullable=True),
        sa.Column("sent_at", sa.Float(53), nullable=False),
        sa.Column("ended_at", sa.Float(53), nullable=True),
        sa.Column("ranking", sa.JSON(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dispatch_order"),
    )
    for column in ("event", "staff", "area", "state", "ended_at"):
        op.create_index(f"ix_dispatch_order_{column}", "dispatch_order", [column])
    _create_history()
    _create_closure()
    op.create_table(
        "dispatch_node_order",
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("nodes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_dispatch_node_order"),
    )


def _create_history() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "dispatch_history",
        sa.Column("id", big, nullable=False, autoincrement=True),
        sa.Column("order_id", sa.String(64), nullable=False),
        sa.Column("at", sa.Float(53), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dispatch_history"),
        sa.ForeignKeyConstraint(["order_id"], ["dispatch_order.id"], name="fk_dispatch_history_order_id"),
    )
    op.create_index("ix_dispatch_history_order_id", "dispatch_history", ["order_id"])


def _create_closure() -> None:
    op.create_table(
        "dispatch_closure",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("shape", sa.String(16), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("means", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("since", sa.Float(53), nullable=False),
        sa.Column("until", sa.Float(53), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dispatch_closure"),
    )
    op.create_index("ix_dispatch_closure_area", "dispatch_closure", ["area"])


def downgrade() -> None:
    for table in ("dispatch_node_order", "dispatch_closure", "dispatch_history", "dispatch_order"):
        op.drop_table(table)
