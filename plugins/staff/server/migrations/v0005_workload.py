"""Workload: metres a day, jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "staff_day",
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("metres", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("staff", "day", name="pk_staff_day"),
    )
    op.create_table(
        "staff_job",
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("job", sa.String(64), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("until", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("staff", "job", name="pk_staff_job"),
    )
    op.create_index("ix_staff_job_since", "staff_job", ["since"])


def downgrade() -> None:
    op.drop_table("staff_job")
    op.drop_table("staff_day")
