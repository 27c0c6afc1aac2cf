"""Staff members."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "staff_member",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("handle", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("duty", sa.String(8), nullable=False),
        sa.Column("means", sa.String(16), nullable=False),
        sa.Column("job", sa.String(64), nullable=False),
        sa.Column("sos", sa.Boolean(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("phone", sa.String(32), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_member"),
        sa.UniqueConstraint("handle", name="uq_staff_member_handle"),
    )
    op.create_index("ix_staff_member_area", "staff_member", ["area"])


def downgrade() -> None:
    op.drop_table("staff_member")
