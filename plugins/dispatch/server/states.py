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


class WrongStep(ValueError):
    """The state does not allow the step."""


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
    raise WrongStep(f"an order that is {state} cannot be: {action}")
