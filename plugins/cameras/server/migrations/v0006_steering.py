"""Who steers which camera, and who waits for it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "cameras_steering",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("camera", sa.String(64), nullable=False),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("user_name", sa.String(128), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("began", sa.Float(53), nullable=False),
        sa.Column("since", sa.Float(53), nullable=True),
        sa.Column("used", sa.Float(53), nullable=False),
        sa.Column("seen", sa.Float(53), nullable=False),
        sa.Column("mover", sa.String(64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cameras_steering"),
    )
    op.create_index("ix_cameras_steering_camera", "cameras_steering", ["camera"])


def downgrade() -> None:
    op.drop_table("cameras_steering")
