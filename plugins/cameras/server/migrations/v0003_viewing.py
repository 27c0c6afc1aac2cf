"""Streams apart from the records, who may look through which, and who did."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "cameras_stream",
        sa.Column("camera", sa.String(64), nullable=False),
        sa.Column("main", sa.String(1024), nullable=False),
        sa.Column("sub", sa.String(1024), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("camera", name="pk_cameras_stream"),
    )
    op.create_table(
        "cameras_view_rule",
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "kind", name="pk_cameras_view_rule"),
    )
    op.create_table(
        "cameras_viewing",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("camera", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("user_name", sa.String(128), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("began", sa.Float(53), nullable=False),
        sa.Column("expires", sa.Float(53), nullable=False),
        sa.Column("ended", sa.Float(53), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_cameras_viewing"),
    )
    op.create_index("ix_cameras_viewing_user_began", "cameras_viewing", ["user", "began"])
    op.create_index("ix_cameras_viewing_ended", "cameras_viewing", ["ended"])


def downgrade() -> None:
    for table in ("cameras_viewing", "cameras_view_rule", "cameras_stream"):
        op.drop_table(table)
