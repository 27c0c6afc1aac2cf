"""Former shapes of closures are kept: until when, and who changed them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "dispatch_former_shape",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("closure_id", sa.String(64), sa.ForeignKey("dispatch_closure.id"), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("points", sa.JSON, nullable=False),
        sa.Column("until", sa.Float(53), nullable=False),
        sa.Column("changed_by", sa.String(128), nullable=False),
    )
    for name in ("closure_id", "until"):
        op.create_index(f"ix_dispatch_former_shape_{name}", "dispatch_former_shape", [name])


def downgrade() -> None:
    op.drop_table("dispatch_former_shape")
