"""What people without an order wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "dispatch_field_text",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.Float(53), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="0"),
    )
    for name in ("area", "at"):
        op.create_index(f"ix_dispatch_field_text_{name}", "dispatch_field_text", [name])


def downgrade() -> None:
    op.drop_table("dispatch_field_text")
