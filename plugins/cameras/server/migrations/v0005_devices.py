"""Devices and platforms that cameras hang on; what of a camera can be steered or played back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "cameras_device",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("driver", sa.String(16), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("address", sa.String(1024), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cameras_device"),
    )
    op.create_table(
        "cameras_channel",
        sa.Column("camera", sa.String(64), nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(128), nullable=False),
        sa.Column("steerable", sa.Boolean(), nullable=False),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("camera", name="pk_cameras_channel"),
    )
    op.create_index("ix_cameras_channel_device", "cameras_channel", ["device"])
    for name in ("steerable", "recorded"):
        op.add_column(
            "cameras_camera", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("cameras_camera") as table:
        for name in ("recorded", "steerable"):
            table.drop_column(name)
    op.drop_table("cameras_channel")
    op.drop_table("cameras_device")
