"""What was last seen to be the matter with a camera's picture."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "cameras_picture",
        sa.Column("camera", sa.String(64), nullable=False),
        sa.Column("fault", sa.String(16), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("print", sa.LargeBinary(), nullable=False),
        sa.Column("due", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("camera", name="pk_cameras_picture"),
    )
    op.create_index("ix_cameras_picture_due", "cameras_picture", ["due"])


def downgrade() -> None:
    op.drop_table("cameras_picture")
