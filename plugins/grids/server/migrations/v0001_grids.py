"""Plans that change grids, what was put in force, and codes that are not given again."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "grids_plan",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("title", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("author_id", sa.String(64), nullable=False),
        sa.Column("author", sa.String(128), nullable=False),
        sa.Column("grids", sa.Integer(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("restores", sa.String(64), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_grids_plan"),
    )
    for column in ("area", "state", "changed_at"):
        op.create_index(f"ix_grids_plan_{column}", "grids_plan", [column])
    op.create_table(
        "grids_revision",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("title", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.String(128), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("undo", sa.JSON(), nullable=False),
        sa.Column("gone", sa.JSON(), nullable=False),
        sa.Column("moves", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_grids_revision"),
    )
    for column in ("area", "at"):
        op.create_index(f"ix_grids_revision_{column}", "grids_revision", [column])
    op.create_table(
        "grids_retired",
        sa.Column("code", sa.String(15), nullable=False),
        sa.Column("revision", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_grids_retired"),
    )


def downgrade() -> None:
    op.drop_table("grids_retired")
    op.drop_table("grids_revision")
    op.drop_table("grids_plan")
