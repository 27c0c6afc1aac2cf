"""Groups of cameras, and the inspections of them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "polling_group",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", sa.Float(53), nullable=False),
    )
    for name in ("owner", "area"):
        op.create_index(f"ix_polling_group_{name}", "polling_group", [name])
    op.create_table(
        "polling_round",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("entries", sa.JSON, nullable=False),
        sa.Column("began", sa.Float(53), nullable=False),
        sa.Column("ended", sa.Float(53), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
    )
    for name in ("area", "began"):
        op.create_index(f"ix_polling_round_{name}", "polling_round", [name])


def downgrade() -> None:
    op.drop_table("polling_round")
    op.drop_table("polling_group")
