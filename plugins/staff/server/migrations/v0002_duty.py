"""Duty: shifts, rota, leave, overrides, hand-overs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SHIFTS = (
    ("day", "白班", "Day", 8 * 60, 20 * 60),
    ("night", "夜班", "Night", 20 * 60, 8 * 60),
    ("early", "早班", "Early", 6 * 60, 14 * 60),
    ("late", "中班", "Late", 14 * 60, 22 * 60),
    ("whole", "全天", "Whole day", 0, 24 * 60),
)


def upgrade() -> None:
    # Until now nobody had a rota: what stood as duty goes on to hold.
    op.add_column("staff_member", sa.Column("standing", sa.String(8), nullable=False, server_default="off"))
    op.add_column(
        "staff_member", sa.Column("plan_version", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.execute("UPDATE staff_member SET standing = duty")
    op.create_index("ix_staff_member_plan_version", "staff_member", ["plan_version"])
    _create_rota()
    _create_exceptions()
    op.create_table(
        "staff_handover",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("shift", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("by_name", sa.String(64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("taken_by", sa.String(64), nullable=False),
        sa.Column("taken_at", sa.Double(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_handover"),
    )
    op.create_index("ix_staff_handover_area", "staff_handover", ["area"])
    op.create_index("ix_staff_handover_at", "staff_handover", ["at"])


def _create_rota() -> None:
    shift = op.create_table(
        "staff_shift",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("name_zh", sa.String(32), nullable=False),
        sa.Column("name_en", sa.String(32), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_shift"),
    )
    names = ("id", "name_zh", "name_en", "starts", "ends")
    op.bulk_insert(shift, [dict(zip(names, row, strict=True)) for row in SHIFTS])
    op.create_table(
        "staff_rota",
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("shift", sa.String(16), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.Column("substitute", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("staff", "day", name="pk_staff_rota"),
    )
    op.create_index("ix_staff_rota_substitute", "staff_rota", ["substitute"])


def _create_exceptions() -> None:
    op.create_table(
        "staff_leave",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_leave"),
    )
    op.create_index("ix_staff_leave_staff", "staff_leave", ["staff"])
    op.create_table(
        "staff_duty_override",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("until", sa.Double(), nullable=True),
        sa.Column("duty", sa.String(8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_duty_override"),
    )
    op.create_index("ix_staff_duty_override_staff", "staff_duty_override", ["staff"])


def downgrade() -> None:
    for table in ("staff_handover", "staff_duty_override", "staff_leave", "staff_rota", "staff_shift"):
        op.drop_table(table)
    op.drop_index("ix_staff_member_plan_version", "staff_member")
    op.drop_column("staff_member", "plan_version")
    op.drop_column("staff_member", "standing")
