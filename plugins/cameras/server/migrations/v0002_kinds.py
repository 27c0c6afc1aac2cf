"""What a camera is built as, how it is mounted, what its lens sees."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
NEW = ("live", "reach", "across", "mast", "tilt", "kind")


def upgrade() -> None:
    kind = sa.Column("kind", sa.String(16), nullable=False, server_default="bullet")
    op.add_column("cameras_camera", kind)
    for name in ("tilt", "mast", "across", "reach"):
        op.add_column("cameras_camera", sa.Column(name, sa.Float(53), nullable=True))
    live = sa.Column("live", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("cameras_camera", live)
    camera = sa.table("cameras_camera", sa.column("kind"), sa.column("high"), sa.column("heading"))
    op.execute(camera.update().where(camera.c.heading.is_(None)).values(kind="dome"))
    op.execute(camera.update().where(camera.c.high).values(kind="high"))


def downgrade() -> None:
    with op.batch_alter_table("cameras_camera") as table:
        for name in NEW:
            table.drop_column(name)
