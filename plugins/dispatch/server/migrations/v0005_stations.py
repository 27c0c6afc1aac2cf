"""Requests for help between stations, and loans of staff."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "dispatch_help",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("what", sa.String(300), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("needed_by", sa.Float(53), nullable=False),
        sa.Column("until", sa.Float(53), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", sa.Float(53), nullable=False),
        sa.Column("answer", sa.String(300), nullable=False),
        sa.Column("answered_by", sa.String(128), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dispatch_help"),
    )
    for column in ("area", "at"):
        op.create_index(f"ix_dispatch_help_{column}", "dispatch_help", [column])
    op.create_table(
        "dispatch_loan",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("borrower", sa.String(15), nullable=False),
        sa.Column("since", sa.Float(53), nullable=False),
        sa.Column("until", sa.Float(53), nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("ended_at", sa.Float(53), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dispatch_loan"),
    )
    for column in ("staff", "area", "ended_at"):
        op.create_index(f"ix_dispatch_loan_{column}", "dispatch_loan", [column])


def downgrade() -> None:
    for table in ("dispatch_loan", "dispatch_help"):
        op.drop_table(table)
