"""The plans of the console: those of the live feed, with what waits to be sent laid over them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from console.sdk import Conflict, Context, MissingService, OneMapError, Severity, Waiting
from console.sdk.records import Event, Plan
from plugins.plans.model import WRITE

PANEL = "onemap.plans.plans"
HINT = "onemap.plans.hint"
COMMUNITY_DIGITS = 12
"""Digits of a community's code: plans of single grids are not offered."""
_PATH = "/plans/"


class PlansDesk(QObject):
    """Nothing here changes records: intent goes to the backend through the outbox."""

    changed = Signal()
    """Other plans, or what waits for the backend."""
    event_changed = Signal()
    shown_changed = Signal()
    """What is seen on the map."""
    named = Signal()
    connection_changed = Signal()
    wanted = Signal(object)
    """A Plan to be edited."""
    item_chosen = Signal(int)
    """A click on what the draft draws: its number."""
    item_unwanted = Signal(int)
    """The user takes it out on the map."""
    for_event = Signal()
    """The user asks for the plans of the event."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.chosen: str | None = None
        """Id of the plan that is selected in the list: it is on the map."""
        self.shown: set[str] = set()
        """Ids of plans that stay on the map."""
        self.draft: Plan | None = None
        """What is being edited: it is on the map in place of what was saved."""
        self.event: Event | None = None
        self.unseen: list[tuple[Plan, bool]] = []
        """Plans to be edited that no panel has taken yet, each with whether it could not be saved because
        somebody else's edition came between."""
        self._deleted: list[Plan] = []
        self._gone: set[str] = set()
        """Ids of those that the backend has deleted, too."""
        self._plans, self._events = ctx.live.collection("plan"), ctx.live.collection("event")
        self._areas = self._areas_service()
        self._plans.on_change(lambda _: self.changed.emit())
        self._events.on_change(lambda _: self._find_event())
        ctx.backend.on_waiting(self.changed.emit)
        ctx.backend.on_connection(lambda _: self.connection_changed.emit())
        ctx.selection.on_change(lambda _: self._find_event())
        self._find_event()

    def _areas_service(self) -> Any | None:
        try:
            areas = self.ctx.services.get("areas")
        except MissingService:
            return None
        areas.on_change(self.named.emit)
        return areas

    # ---- what there is

    @property
    def may_write(self) -> bool:
        return self.ctx.backend.allowed(WRITE)

    @property
    def can_undo(self) -> bool:
        """Whether a plan that was deleted here can be brought back."""
        return bool(self._deleted)

    def all(self) -> list[Plan]:
        """Plans by title, as they will be when all that waits has been sent."""
        plans: dict[str, Plan] = {plan.id: plan for plan in self._plans.all()}
        for entry in self._waiting():
            if entry.method == "DELETE":
                plans.pop(_id(entry), None)
            else:
                plans[_id(entry)] = _plan_of(entry, plans.get(_id(entry)))
        return sorted(plans.values(), key=lambda plan: (plan.title, plan.id))

    def find(self, plan_id: str | None) -> Plan | None:
        return next((plan for plan in self.all() if plan.id == plan_id), None)

    def waits(self, plan_id: str) -> bool:
        """Whether a change of it has not reached the backend."""
        return any(_id(entry) == plan_id for entry in self._waiting())

    def fits(self, plan: Plan) -> bool:
        """Whether a plan is for the class and area of the selected event."""
        event = self.event
        if event is None:
            return False
        return plan.event_class in ("", event.kind) and event.area.startswith(plan.area)

    def area_name(self, code: str) -> str:
        """Name of an area, or its code when names are not known."""
        return self._areas.name(code) if self._areas else code

    def own_areas(self) -> list[tuple[str, str]]:
        """Codes and names of the areas that a plan of the user may belong to, down to communities."""
        user = self.ctx.backend.user
        codes = list(user.areas) if user is not None else []
        if self._areas is not None:
            below = (area.code for area in self._areas.all() if len(area.code) <= COMMUNITY_DIGITS)
            codes = sorted({*codes, *(code for code in below if code.startswith(tuple(codes)))})
        return [(code, self.area_name(code)) for code in codes]

    # ---- what the user does

    def choose(self, plan_id: str | None) -> None:
        if plan_id != self.chosen:
            self.chosen = plan_id
            self.shown_changed.emit()

    def show(self, plan_id: str, on: bool) -> None:
        """Whether a plan stays on the map when another is selected."""
        (self.shown.add if on else self.shown.discard)(plan_id)
        self.shown_changed.emit()

    def set_draft(self, plan: Plan | None) -> None:
        self.draft = plan
        self.shown_changed.emit()

    def edit(self, plan: Plan, *, conflict: bool = False) -> None:
        """Open the form with a plan, once what is being written there is saved or given up."""
        self.unseen.append((plan, conflict))
        self.ctx.panels.show(PANEL)
        self.wanted.emit(plan)

    def new(self) -> None:
        """Open the form with an empty plan, for the class of the selected event."""
        if not self.may_write:
            self.ctx.notify(self.ctx.tr("You may not write plans"), key=HINT)
            return
        areas = self.own_areas()
        event_class = str(self.event.kind) if self.event is not None else ""
        area = areas[0][0] if areas else ""
        self.edit(Plan(id=str(uuid.uuid4()), area=area, title="", event_class=event_class))

    def duplicate(self, plan: Plan) -> None:
        """Open the form with a copy."""
        title = self.ctx.tr("{title} (copy)", title=plan.title)
        self.edit(replace(plan, id=str(uuid.uuid4()), title=title, version=0, edition=1, at=0.0, by=""))

    def save(self, plan: Plan) -> None:
        """Send the next edition of a plan, made from ``plan.version``."""
        self.ctx.tasks.start(self._save(plan))

    def delete(self, plan: Plan) -> None:
        """Take a plan away; ``undo_delete`` brings it back."""
        self.ctx.tasks.start(self._delete(plan))

    def undo_delete(self) -> None:
        """Bring back the plan that was deleted last."""
        if self._deleted:
            self.ctx.tasks.start(self._undo_delete(self._deleted.pop()))

    async def editions(self, plan: Plan) -> Sequence[Plan]:
        """All editions, the last first; the user is told why there are none."""
        try:
            answer = await self.ctx.backend.get(f"{_PATH}{plan.id}/editions")
        except OneMapError as error:
            self.ctx.notify(self.ctx.tr("The editions cannot be shown"), key=HINT, detail=str(error))
            return []
        return msgspec.convert(answer, list[Plan])

    async def _save(self, plan: Plan) -> None:
        title = self.ctx.tr("Plan: {title}", title=plan.title)
        await self._withdraw(plan.id)
        try:
            await self.ctx.backend.submit(title, "PUT", f"{_PATH}{plan.id}", body_of(plan))
        except Conflict as error:
            self._dismiss(plan.id)
            self.ctx.notify(title, Severity.WARNING, key=HINT, detail=str(error))
            self._edit_again(plan)
        except OneMapError as error:
            self.ctx.notify(title, Severity.ERROR, key=HINT, detail=str(error))

    def _edit_again(self, plan: Plan) -> None:
        """What the user wrote is not lost: they look at it again, and save it on top of the other edition."""
        present = self._plans.get(plan.id)
        self.edit(replace(plan, version=present.version if present else 0), conflict=True)

    async def _delete(self, plan: Plan) -> None:
        await self._withdraw(plan.id)
        self._deleted.append(plan)
        self.shown.discard(plan.id)
        if self._plans.get(plan.id) is not None:
            title = self.ctx.tr("Delete the plan: {title}", title=plan.title)
            try:
                await self.ctx.backend.submit(title, "DELETE", f"{_PATH}{plan.id}")
                self._gone.add(plan.id)
            except OneMapError as error:
                self._deleted.remove(plan)
                self.ctx.notify(title, Severity.ERROR, key=HINT, detail=str(error))
        self.changed.emit()

    async def _undo_delete(self, plan: Plan) -> None:
        """The order to delete it gives way; what the backend has deleted is saved anew."""
        if plan.id in self._gone or self._plans.get(plan.id) is None:
            self._gone.discard(plan.id)
            await self._save(replace(plan, version=0))
        else:
            await self._withdraw(plan.id)
            self.changed.emit()

    async def _withdraw(self, plan_id: str) -> None:
        """What was not sent yet gives way: the backend would take the next one for somebody else's."""
        for entry in self._waiting():
            if _id(entry) == plan_id and not entry.under_way:
                await self.ctx.backend.withdraw(entry.id)

    def _dismiss(self, plan_id: str) -> None:
        for entry in self.ctx.backend.waiting():
            if entry.path == f"{_PATH}{plan_id}" and entry.error:
                self.ctx.backend.dismiss(entry.id)

    def _waiting(self) -> list[Waiting]:
        entries = self.ctx.backend.waiting()
        return [entry for entry in entries if entry.path.startswith(_PATH) and not entry.error]

    def _find_event(self) -> None:
        current = self.ctx.selection.current
        event = self._events.get(current[1]) if current is not None and current[0] == "event" else None
        if event != self.event:
            self.event = event
            self.event_changed.emit()


def body_of(plan: Plan) -> dict[str, Any]:
    """The plan as the backend takes it."""
    body = msgspec.to_builtins(plan)
    names = ("version", "area", "title", "event_class", "note", "steps", "items")
    return {name: body[name] for name in names}


def _plan_of(entry: Waiting, saved: Plan | None) -> Plan:
    """The plan that an entry of the outbox will make, as it is told from before."""
    plan = msgspec.convert({**entry.body, "id": _id(entry)}, Plan)
    return replace(plan, edition=saved.edition + 1 if saved else 1, at=entry.since)


def _id(entry: Waiting) -> str:
    return entry.path.removeprefix(_PATH)
