"""The states of an order as a table: which step leads from where to where."""

from __future__ import annotations

from console.sdk.records import OPEN_ORDER_STATES, OrderState
from plugins.dispatch.model import DeviceAction

CANCEL = "cancel"

_S = OrderState
UNANSWERED = frozenset({_S.SENT, _S.DELIVERED, _S.READ})
"""Nobody has said yes or no yet."""
STEPS: dict[str, tuple[frozenset[OrderState], OrderState]] = {
    DeviceAction.DELIVERED: (frozenset({_S.SENT}), _S.DELIVERED),
    DeviceAction.READ: (frozenset({_S.SENT, _S.DELIVERED}), _S.READ),
    DeviceAction.ACCEPT: (UNANSWERED, _S.ACCEPTED),
    DeviceAction.REFUSE: (UNANSWERED | {_S.ACCEPTED}, _S.REFUSED),
    DeviceAction.START: (frozenset({_S.ACCEPTED}), _S.UNDER_WAY),
    DeviceAction.ARRIVE: (frozenset({_S.ACCEPTED, _S.UNDER_WAY}), _S.ARRIVED),
    DeviceAction.DONE: (frozenset({_S.UNDER_WAY, _S.ARRIVED}), _S.DONE),
    CANCEL: (OPEN_ORDER_STATES, _S.CANCELLED),
}
_CALL_STEPS = STEPS | {
    DeviceAction.DONE: (frozenset({_S.ACCEPTED, _S.UNDER_WAY, _S.ARRIVED}), _S.DONE),
}
"""A call (群呼) has no place to go to: who accepted may report at once."""
_ORDER = (_S.SENT, _S.DELIVERED, _S.READ, _S.ACCEPTED, _S.UNDER_WAY, _S.ARRIVED, _S.DONE)


_STATES_ZH: dict[OrderState, str] = {
    _S.SENT: "刚发出",
    _S.DELIVERED: "已送达",
    _S.READ: "已阅",
    _S.ACCEPTED: "已接受",
    _S.UNDER_WAY: "在途中",
    _S.ARRIVED: "已到达",
    _S.DONE: "已完成",
    _S.REFUSED: "已被拒绝",
    _S.CANCELLED: "已取消",
}
_STEPS_ZH: dict[str, str] = {
    DeviceAction.DELIVERED: "送达",
    DeviceAction.READ: "标为已阅",
    DeviceAction.ACCEPT: "接受",
    DeviceAction.REFUSE: "拒绝",
    DeviceAction.START: "出发",
    DeviceAction.ARRIVE: "到达",
    DeviceAction.DONE: "完成",
    CANCEL: "取消",
}


class WrongStep(ValueError):
    """The state does not allow the step; ``chinese`` says so in Chinese."""

    def __init__(self, state: OrderState, action: str) -> None:
        over = " (the order is over)" if state not in OPEN_ORDER_STATES else ""
        super().__init__(f"an order that is {state} cannot be: {action}{over}")
        self.chinese = f"指令{_STATES_ZH[state]}，不能{_STEPS_ZH[action]}"


def after(state: OrderState, action: str, *, call: bool = False) -> OrderState | None:
    """The state that *action* leads to; None when it has been taken already. Raises WrongStep.

    A network repeats: a step of the way that was passed already is no fault,
    however far the order has come since.
    """
    before, target = (_CALL_STEPS if call else STEPS)[action]
    if state in before:
        return target
    passed = state in _ORDER and target in _ORDER and _ORDER.index(state) >= _ORDER.index(target)
    if state is target or passed:
        return None
    raise WrongStep(state, action)
