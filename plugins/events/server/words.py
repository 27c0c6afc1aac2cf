"""Why a step is refused, in both languages: what the state is, and what it allows instead."""

from __future__ import annotations

from console.sdk.records import EventState
from plugins.events.model import EventAction, allowed_actions

STATES: dict[EventState, tuple[str, str]] = {
    EventState.REPORTED: ("reported", "已上报"),
    EventState.ACCEPTED: ("accepted", "已受理"),
    EventState.DISPATCHED: ("dispatched", "已派单"),
    EventState.HANDLING: ("being handled", "处置中"),
    EventState.FED_BACK: ("fed back", "已反馈"),
    EventState.CLOSED: ("closed", "已结案"),
    EventState.RETURNED: ("returned", "已退回"),
    EventState.CANCELLED: ("cancelled", "已作废"),
}
STEPS: dict[EventAction, tuple[str, str]] = {
    EventAction.ACCEPT: ("accept", "受理"),
    EventAction.CLOSE: ("close", "结案"),
    EventAction.RETURN: ("return", "退回"),
    EventAction.CANCEL: ("cancel", "作废"),
    EventAction.REOPEN: ("reopen", "重新打开"),
    EventAction.NOTE: ("add a note", "添加备注"),
}
"""English and Chinese."""


def refusal(state: EventState, action: EventAction) -> tuple[str, str]:
    """Why *action* is not possible in *state*, in English and in Chinese."""
    possible = [STEPS[step] for step in allowed_actions(state)]
    english, chinese = STATES[state]
    step, step_zh = STEPS[action]
    now = ", ".join(each for each, _ in possible)
    now_zh = "、".join(each for _, each in possible)
    return (
        f'The event is {english}, so "{step}" is not possible; possible now: {now}',
        f"事件{chinese}，不能{step_zh}；现在可以：{now_zh}",
    )
