"""Groups of orders, ready texts, rules for silence, attachments."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TEXTS = (
    ("", "请立即前往现场核实处置，到达后报告。", "Go there now, check and handle it, report on arrival."),
    ("fire", "{address} 火情：先疏散人员，通知 119，严禁进入火场。", "Fire at {address}: evacuate first, call 119, do not enter."),  # noqa: E501
    ("medical", "{address} 有人需要急救：携带急救包，等候 120。", "First aid at {address}: bring the kit, wait for 120."),  # noqa: E501
    ("traffic", "{address} 交通事故：先放置警示标志，疏导车辆。", "Accident at {address}: set up signs first, guide the traffic."),  # noqa: E501
    ("security", "{address} 治安事件：注意自身安全，两人以上到场。", "Security at {address}: mind your safety, go in twos."),  # noqa: E501
    ("facility", "{address} 设施损坏：设置围挡，拍照上报。", "Damaged facility at {address}: fence it off, send a picture."),  # noqa: E501
    ("sanitation", "{address} 环境卫生问题：现场核实，联系保洁。", "Sanitation at {address}: check, call the cleaners."),  # noqa: E501
    ("flood", "{address} 积水：封住低洼路段，劝离行人车辆。", "Flooding at {address}: close the low road, turn people back."),  # noqa: E501
    ("dispute", "{address} 矛盾纠纷：分开双方，耐心劝解。", "Dispute at {address}: part both sides."),
)  # fmt: skip
_RULES = (("", "", 120, 300), ("", "urgent", 60, 150), ("", "critical", 30, 60))


def upgrade() -> None:
    with op.batch_alter_table("dispatch_order") as table:
        table.add_column(sa.Column("group", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("escalation", sa.String(12), nullable=False, server_default=""))
        table.add_column(sa.Column("attachments", sa.JSON(), nullable=False, server_default="[]"))
    op.create_index("ix_dispatch_order_group", "dispatch_order", ["group"])
    op.create_table(
        "dispatch_group",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("area", sa.String(15), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("sent_at", sa.Float(53), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dispatch_group"),
    )
    for column in ("area", "sent_at"):
        op.create_index(f"ix_dispatch_group_{column}", "dispatch_group", [column])
    _create_settings()
    op.create_table(
        "dispatch_upload",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("hash", "user", name="pk_dispatch_upload"),
    )


def _create_settings() -> None:
    """Both with what a district may begin with."""
    texts = op.create_table(
        "dispatch_template",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("zh", sa.String(500), nullable=False),
        sa.Column("en", sa.String(500), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dispatch_template"),
    )
    rules = op.create_table(
        "dispatch_escalation",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("urgency", sa.String(16), nullable=False),
        sa.Column("remind_after", sa.Float(53), nullable=False),
        sa.Column("escalate_after", sa.Float(53), nullable=False),
        sa.Column("then", sa.String(16), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dispatch_escalation"),
        sa.UniqueConstraint("kind", "urgency", name="uq_dispatch_escalation"),
    )
    op.bulk_insert(
        texts,
        [
            {"id": f"first-{kind or 'any'}", "kind": kind, "zh": zh, "en": en, "by": "", "version": 0}
            for kind, zh, en in _TEXTS
        ],
    )
    op.bulk_insert(
        rules,
        [
            {
                "id": f"first-{urgency or 'any'}",
                "kind": kind,
                "urgency": urgency,
                "remind_after": remind,
                "escalate_after": escalate,
                "then": "propose",
                "version": 0,
            }
            for kind, urgency, remind, escalate in _RULES
        ],
    )


def downgrade() -> None:
    for table in ("dispatch_upload", "dispatch_escalation", "dispatch_template", "dispatch_group"):
        op.drop_table(table)
    op.drop_index("ix_dispatch_order_group", "dispatch_order")
    with op.batch_alter_table("dispatch_order") as table:
        for column in ("attachments", "escalation", "group"):
            table.drop_column(column)
