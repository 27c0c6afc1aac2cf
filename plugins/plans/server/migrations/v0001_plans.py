"""Plans and their editions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "plans_plan",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("event_class", sa.String(32), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", sa.Float(53), nullable=False),
        sa.Column("deleted_at", sa.Float(53), nullable=True),
        sa.Column("version", sa.BigInteger, nullable=False),
    )
    for name in ("area", "deleted_at"):
        op.create_index(f"ix_plans_plan_{name}", "plans_plan", [name])
    op.create_table(
        "plans_edition",
        sa.Column("plan_id", sa.String(64), sa.ForeignKey("plans_plan.id"), primary_key=True),
        sa.Column("edition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("event_class", sa.String(32), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", sa.Float(53), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("plans_edition")
    op.drop_table("plans_plan")
