"""How groups and findings are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from plugins.polling.desktop.choosing import split_words
from plugins.polling.desktop.desk import Desk
from plugins.polling.model import Finding, Group, Kind

Tr = Callable[..., str]
KINDS: dict[str, str] = {
    Kind.HAND: "By hand",
    Kind.AREA: "By area",
    Kind.NAMES: "By names",
    Kind.EVENT: "By event",
}
FINDINGS: dict[str, str] = {
    Finding.NORMAL: "normal",
    Finding.ABNORMAL: "abnormal",
    Finding.DEAD: "no picture",
}

TONES: dict[str, str] = {Finding.NORMAL: "", Finding.ABNORMAL: "error", Finding.DEAD: "warning"}
"""Theme tokens."""


def rule_text(desk: Desk, group: Group) -> str:
    """What a group holds."""
    tr = desk.ctx.tr
    if group.kind is Kind.AREA:
        return tr("In {area}", area=desk.area_name(group.rule))
    if group.kind is Kind.NAMES:
        return tr("Named {words}", words=" / ".join(split_words(group.rule)))
    if group.kind is Kind.EVENT:
        title = desk.event_title(group.rule) or tr("event that is over")
        return tr("Around: {title}", title=title)
    return tr("{n} chosen by hand", n=len(group.cameras))


def time_text(at: float) -> str:
    """Local date and time; empty when there is none."""
    return f"{datetime.fromtimestamp(at):%Y-%m-%d %H:%M}" if at else ""
