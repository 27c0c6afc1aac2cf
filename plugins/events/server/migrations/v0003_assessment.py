"""Assessments of closed events."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "events_assessment",
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("closed_at", sa.Float(53), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", sa.Float(53), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_events_assessment"),
        sa.ForeignKeyConstraint(["event_id"], ["events_event.id"], name="fk_events_assessment_event_id"),
    )


def downgrade() -> None:
    op.drop_table("events_assessment")
