"""Rules of the choice by area and class, every version; orders by time for the load of a day."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "dispatch_rules",
        sa.Column("id", big, nullable=False, autoincrement=True),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dispatch_rules"),
        sa.UniqueConstraint("area", "kind", "version", name="uq_dispatch_rules"),
    )
    op.create_index("ix_dispatch_rules_area", "dispatch_rules", ["area"])
    op.create_index("ix_dispatch_order_sent_at", "dispatch_order", ["sent_at"])


def downgrade() -> None:
    op.drop_index("ix_dispatch_order_sent_at", "dispatch_order")
    op.drop_table("dispatch_rules")
