"""Who replayed or exported which recordings."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "cameras_replay",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("camera", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("user_name", sa.String(128), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("since", sa.Float(53), nullable=False),
        sa.Column("until", sa.Float(53), nullable=False),
        sa.Column("export", sa.Boolean(), nullable=False),
        sa.Column("handle", sa.String(256), nullable=False),
        sa.Column("began", sa.Float(53), nullable=False),
        sa.Column("expires", sa.Float(53), nullable=False),
        sa.Column("ended", sa.Float(53), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cameras_replay"),
    )
    op.create_index("ix_cameras_replay_user", "cameras_replay", ["user"])
    op.create_index("ix_cameras_replay_ended", "cameras_replay", ["ended"])


def downgrade() -> None:
    op.drop_table("cameras_replay")
