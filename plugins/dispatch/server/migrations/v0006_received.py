"""When a step of an order reached the backend, if it was given while the console was cut off."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("dispatch_history", sa.Column("received_at", sa.Float(53), nullable=True))


def downgrade() -> None:
    op.drop_column("dispatch_history", "received_at")
