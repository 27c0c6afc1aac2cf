"""What is the matter with a camera's picture, on its record: the map and the lists tell it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("cameras_camera", sa.Column("blind", sa.String(16), nullable=False, server_default=""))
    op.execute(
        "UPDATE cameras_camera SET blind ="
        " (SELECT fault FROM cameras_health WHERE camera = cameras_camera.id)"
        " WHERE id IN (SELECT camera FROM cameras_health WHERE state = 'blind')"
    )


def downgrade() -> None:
    with op.batch_alter_table("cameras_camera") as table:
        table.drop_column("blind")
