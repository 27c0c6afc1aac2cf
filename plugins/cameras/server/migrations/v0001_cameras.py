"""Cameras and stations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _place() -> list[sa.Column]:
    return [
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("lon", sa.Float(53), nullable=False),
        sa.Column("lat", sa.Float(53), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "cameras_camera",
        *_place(),
        sa.Column("high", sa.Boolean(), nullable=False),
        sa.Column("heading", sa.Float(53), nullable=True),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cameras_camera"),
    )
    op.create_table(
        "cameras_station",
        *_place(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cameras_station"),
    )
    op.create_index("ix_cameras_camera_area", "cameras_camera", ["area"])
    op.create_index("ix_cameras_station_area", "cameras_station", ["area"])


def downgrade() -> None:
    op.drop_table("cameras_station")
    op.drop_table("cameras_camera")
