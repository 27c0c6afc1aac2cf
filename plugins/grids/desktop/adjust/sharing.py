"""Where a plan goes: kept on this computer until it is sent, shared as a draft, put in force, taken back."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Awaitable
from dataclasses import asdict, replace
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from console.sdk import AreaLevel, BackendAway, Change, OneMapError, Severity
from console.sdk.json_file import JsonFile
from console.sdk.records import GridPlan, PlanState
from plugins.grids.cover.draft import Draft
from plugins.grids.desktop.adjust.desk import AdjustDesk, Plan
from plugins.grids.model import CheckAnswer, Revision

KEY = "onemap.grids.adjust"


class Sharing(QObject):
    """``changed`` after what the lists of drafts and revisions show; errors are told, never raised."""

    changed = Signal()

    def __init__(self, desk: AdjustDesk) -> None:
        super().__init__()
        self._desk, self._ctx = desk, desk.ctx
        self.revisions: list[Revision] = []
        self.sent = True
        """Whether the backend has the plan as it is on the desk."""
        self._sent = b""
        """The draft as the backend has it."""
        self._wanted = ""
        """Id of the plan that is to be sent as soon as the backend is back."""
        user = self._ctx.backend.user
        self._file = JsonFile(self._ctx, f"adjust-{user.id if user else 'nobody'}.json")
        self._file.load(self._recall)
        self._live = self._ctx.live.collection("grid_plan")
        self._live.on_change(self._on_live)
        self._ctx.backend.on_connection(self._on_connection)
        desk.edited.connect(self._keep)

    def may_draft(self) -> bool:
        """Whether the user may share drafts."""
        return self._ctx.backend.allowed("grids.draft")

    def may_force(self) -> bool:
        """Whether the user may put plans in force: only who sees a whole district."""
        user = self._ctx.backend.user
        whole = user is not None and any(len(area) <= AreaLevel.DISTRICT for area in user.areas)
        return whole and self._ctx.backend.allowed("grids.edit")

    def drafts(self) -> list[GridPlan]:
        """Shared drafts, the newest first."""
        drafts = [plan for plan in self._live.all() if plan.state == PlanState.DRAFT]
        return sorted(drafts, key=lambda plan: -plan.changed_at)

    # ---- this computer ----

    def _recall(self, rows: list[Any]) -> None:
        try:
            kept = msgspec.convert(rows[0], dict[str, Any]) if rows else None
            if kept is not None and self._desk.steps is None:
                draft = msgspec.convert(kept["draft"], Draft)
                self._sent = _written(draft) if kept.get("sent") else b""
                self._desk.recall(msgspec.convert(kept["plan"], Plan), draft)
        except (msgspec.ValidationError, KeyError) as error:
            self._ctx.log.warning("the kept plan cannot be read: %s", error)

    def _keep(self) -> None:
        if self._desk.steps is None:
            return
        self.sent = self._desk.is_empty or _written(self._desk.draft()) == self._sent
        self._write()

    def _write(self) -> None:
        desk = self._desk
        if desk.is_empty and not desk.plan.id:
            self._file.save([])
        else:
            kept = {"plan": asdict(desk.plan), "draft": asdict(desk.draft()), "sent": self.sent}
            self._file.save([kept])

    # ---- the backend ----

    async def send(self, title: str) -> bool:
        """Share the plan as a draft; whether the backend has it."""
        desk, tr = self._desk, self._ctx.tr
        plan = replace(desk.plan, id=desk.plan.id or str(uuid.uuid4()), title=title)
        draft = desk.draft()
        body = {"title": title, "version": plan.version, "draft": asdict(draft)}
        desk.plan = plan  # the id is kept before it is sent: sent twice it is still one plan
        self._write()
        try:
            row = await self._ctx.backend.put(f"/grids/plans/{plan.id}", body, key=_key(plan.id, body))
        except BackendAway:
            self._wanted = plan.id
            self._say(tr("The plan is kept on this computer and sent when the backend is back"))
            return False
        except OneMapError as error:
            self._say(str(error), Severity.WARNING)
            return False
        self.changed.emit()
        if desk.plan.id != plan.id:  # another was opened meanwhile
            return False
        self._wanted = ""
        self._sent = _written(draft)
        desk.set_plan(replace(plan, version=_record(row, GridPlan).version))
        self._keep()
        return True

    async def check(self) -> CheckAnswer | None:
        """What the backend says to the plan as it is on the desk."""
        plan = self._desk.plan
        if plan.restores:  # the backend knows by the plan which codes may be given again
            if not self.sent and not await self.send(plan.title):
                return None
            asked = self._ctx.backend.post(f"/grids/plans/{plan.id}/check")
        else:
            asked = self._ctx.backend.post("/grids/check", asdict(self._desk.draft()))
        return await self._answer(asked, CheckAnswer)

    async def put_in_force(self, reason: str) -> bool:
        """Change the grids for everybody; whether it was done."""
        desk, tr = self._desk, self._ctx.tr
        if not self.sent and not await self.send(desk.plan.title):
            return False
        body, count = {"version": desk.plan.version, "reason": reason}, len(desk.works())
        asked = self._ctx.backend.post(f"/grids/plans/{desk.plan.id}/force", body)
        if await self._answer(asked, Revision) is None:
            return False
        desk.discard()
        self._say(tr("The plan is in force: {count} grids changed", count=count), Severity.SUCCESS)
        return True

    async def open(self, plan_id: str) -> None:
        """Put a shared draft on the desk."""
        detail = await self._answer(self._ctx.backend.get(f"/grids/plans/{plan_id}"), dict[str, Any])
        if detail is not None:
            plan, draft = _record(detail["plan"], GridPlan), _record(detail["draft"], Draft)
            self._sent = _written(draft)
            self._desk.open(_plan(plan), draft)

    async def withdraw(self, plan: GridPlan) -> None:
        """Give up a shared draft."""
        asked = self._ctx.backend.delete(f"/grids/plans/{plan.id}?version={plan.version}")
        if await self._answer(asked, GridPlan) is not None and self._desk.plan.id == plan.id:
            self._desk.discard()

    async def load_revisions(self) -> None:
        """Ask for what was put in force."""
        found = await self._answer(self._ctx.backend.get("/grids/revisions"), list[Revision])
        if found is not None:
            self.revisions = found
            self.changed.emit()

    async def restore(self, revision: str) -> None:
        """A draft that leads back to the grids before a revision, put on the desk."""
        made = await self._answer(self._ctx.backend.post(f"/grids/revisions/{revision}/restore"), GridPlan)
        if made is not None:
            await self.open(made.id)

    async def _answer(self, asked: Awaitable[Any], kind: Any) -> Any:
        try:
            return _record(await asked, kind)
        except OneMapError as error:
            self._say(str(error), Severity.WARNING)
            return None

    def _on_connection(self, connected: bool) -> None:
        if connected and self._wanted and self._wanted == self._desk.plan.id:
            self._ctx.tasks.start(self.send(self._desk.plan.title))

    def _on_live(self, change: Change) -> None:
        self.changed.emit()

    def _say(self, text: str, severity: Severity = Severity.INFO) -> None:
        self._ctx.notify(text, severity, key=KEY)


def _written(draft: Draft) -> bytes:
    return msgspec.json.encode(asdict(draft))


def _key(plan: str, body: dict[str, Any]) -> str:
    """The same for the same state of a plan: one whose answer was lost is sent again, and done once."""
    return hashlib.blake2b(plan.encode() + msgspec.json.encode(body), digest_size=16).hexdigest()


def _plan(record: GridPlan) -> Plan:
    return Plan(id=record.id, title=record.title, version=record.version, restores=record.restores)


def _record(value: Any, kind: Any) -> Any:
    """A record of plain values, as the client gives them for what is no record of the feed."""
    return msgspec.convert(value, kind, from_attributes=True)
