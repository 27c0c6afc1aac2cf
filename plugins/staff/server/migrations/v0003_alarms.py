"""Alarms, activity ranges, rules of silence."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

RULES = (("*", 10, 9), ("grid_worker", 10, 9), ("grid_leader", 10, 9), ("patrol", 5, 6), ("medic", 5, 6))


def upgrade() -> None:
    op.create_table(
        "staff_alarm",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("ended", sa.Double(), nullable=True),
        sa.Column("taken_by", sa.String(64), nullable=False),
        sa.Column("taken_at", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_alarm"),
    )
    for column in ("staff", "area", "since", "live"):
        op.create_index(f"ix_staff_alarm_{column}", "staff_alarm", [column])
    rule = op.create_table(
        "staff_watch_rule",
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("silent_minutes", sa.Integer(), nullable=False),
        sa.Column("range_digits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("role", name="pk_staff_watch_rule"),
    )
    names = ("role", "silent_minutes", "range_digits")
    op.bulk_insert(rule, [dict(zip(names, row, strict=True)) for row in RULES])
    op.create_table(
        "staff_range",
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.PrimaryKeyConstraint("staff", "area", name="pk_staff_range"),
    )


def downgrade() -> None:
    for table in ("staff_range", "staff_watch_rule", "staff_alarm"):
        op.drop_table(table)
