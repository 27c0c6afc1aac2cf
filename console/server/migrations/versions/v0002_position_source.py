"""Positions say by which protocol they came, and on which floor somebody is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("position_last", "position_history"):
        op.add_column(table, sa.Column("source", sa.SmallInteger(), nullable=False, server_default="0"))
        op.add_column(table, sa.Column("floor", sa.Float(24)))
