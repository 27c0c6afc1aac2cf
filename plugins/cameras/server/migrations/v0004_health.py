"""Whether a camera's stream answers, since when, and when it is asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "cameras_health",
        sa.Column("camera", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("fault", sa.String(16), nullable=False),
        sa.Column("since", sa.Float(53), nullable=True),
        sa.Column("checked", sa.Float(53), nullable=True),
        sa.Column("fails", sa.Integer(), nullable=False),
        sa.Column("due", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("camera", name="pk_cameras_health"),
    )
    op.create_index("ix_cameras_health_due", "cameras_health", ["due"])


def downgrade() -> None:
    op.drop_table("cameras_health")
