"""Where somebody who is lent to another station is at home, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("staff_member", sa.Column("home", sa.String(15), nullable=False, server_default=""))
    op.add_column("staff_member", sa.Column("lent_until", sa.Float(53), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("staff_member") as table:
        table.drop_column("lent_until")
        table.drop_column("home")
