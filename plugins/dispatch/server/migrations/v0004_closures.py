"""Ended closures are kept: when, and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("dispatch_closure", sa.Column("ended_at", sa.Float(53), nullable=True))
    op.add_column(
        "dispatch_closure", sa.Column("ended_by", sa.String(128), nullable=False, server_default="")
    )
    op.create_index("ix_dispatch_closure_ended_at", "dispatch_closure", ["ended_at"])


def downgrade() -> None:
    op.drop_index("ix_dispatch_closure_ended_at", "dispatch_closure")
    with op.batch_alter_table("dispatch_closure") as table:
        table.drop_column("ended_by")
        table.drop_column("ended_at")
