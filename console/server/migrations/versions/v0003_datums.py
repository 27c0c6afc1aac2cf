"""Local datums of the deployment, and what measuring layers found."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "local_datum",
        sa.Column("name", sa.String(length=10), primary_key=True),
        sa.Column("definition", sa.JSON(), nullable=False),
    )
    op.create_table(
        "datum_check",
        sa.Column("layer_id", sa.String(length=64), primary_key=True),
        sa.Column("layer_version", sa.String(length=64), nullable=False),
        sa.Column("reference_version", sa.String(length=64), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
    )
