"""A plan under the user's hands: every change can be taken back and done again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from console.sdk.editing import Sketch
from console.sdk.records import Plan, PlanItem, PlanStep

DEEPEST = 200
"""Changes that can be taken back."""


class Draft:
    """``plan`` is what it is now; plans are frozen, so states are kept as they are."""

    def __init__(self, plan: Plan) -> None:
        self._states, self._at = [plan], 0
        self._kept = plan

    @property
    def plan(self) -> Plan:
        return self._states[self._at]

    @property
    def changed(self) -> bool:
        """Whether it differs from the plan that it began with."""
        return self.plan != self._kept

    @property
    def can_undo(self) -> bool:
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        return self._at + 1 < len(self._states)

    def change(self, **fields: Any) -> bool:
        """Other values for fields; False when nothing changes."""
        plan = replace(self.plan, **fields)
        if plan == self.plan:
            return False
        self._states = [*self._states[: self._at + 1], plan][-DEEPEST:]
        self._at = len(self._states) - 1
        return True

    def undo(self) -> None:
        self._at -= self.can_undo

    def redo(self) -> None:
        self._at += self.can_redo

    def add_item(self, item: PlanItem) -> None:
        self.change(items=(*self.plan.items, item))

    def change_item(self, index: int, **fields: Any) -> bool:
        """False when nothing changes."""
        items = list(self.plan.items)
        items[index] = replace(items[index], **fields)
        return self.change(items=tuple(items))

    def remove_item(self, index: int) -> None:
        self.change(items=_without(self.plan.items, index))

    def set_steps(self, steps: Sequence[PlanStep]) -> bool:
        """False when nothing changes."""
        return self.change(steps=tuple(steps))

    def move_step(self, index: int, by: int) -> None:
        """Up (-1) or down (1); nothing at either end."""
        steps = list(self.plan.steps)
        if 0 <= index + by < len(steps):
            steps.insert(index + by, steps.pop(index))
            self.change(steps=tuple(steps))

    def remove_step(self, index: int) -> None:
        self.change(steps=_without(self.plan.steps, index))


def _without(rows: tuple[Any, ...], index: int) -> tuple[Any, ...]:
    return (*rows[:index], *rows[index + 1 :])


def sketch_of(item: PlanItem) -> Sketch:
    """The item's geometry, to be edited."""
    return Sketch(kind=item.kind, points=item.points, holes=item.holes)
