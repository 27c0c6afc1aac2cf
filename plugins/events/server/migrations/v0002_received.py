"""When a step reached the backend, if it was done while the console was cut off."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("events_history", sa.Column("received_at", sa.Float(53), nullable=True))


def downgrade() -> None:
    op.drop_column("events_history", "received_at")
