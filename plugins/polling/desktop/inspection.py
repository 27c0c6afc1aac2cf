"""An inspection (巡检): what is found at each camera of a round, with the last entry to be taken back."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from console.sdk import OneMapError, Severity, Waiting
from console.sdk.json_file import JsonFile
from console.sdk.records import Camera, EventClass, Urgency
from plugins.polling.desktop.desk import Desk
from plugins.polling.desktop.groups import HINT
from plugins.polling.desktop.rounds import Rounds
from plugins.polling.model import Entry, Finding, Group, Round

EVENTS = "/events"
REPORT = "events.write"


class Inspection(QObject):
    """A page stays until something was found at each of its cameras."""

    changed = Signal()
    ended = Signal(object)
    """The Round."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._ctx = desk, desk.ctx
        self.rounds = Rounds(desk.ctx)
        self.on = False
        self.entries: list[Entry] = []
        """In the order in which they were given."""
        self._pictures: dict[str, QImage] = {}
        """Of the abnormal cameras of the last inspection."""
        self._id, self._title, self._began = "", "", 0.0
        self._draft = JsonFile(desk.ctx, "inspection.json")
        self._draft.load(self._on_draft)
        desk.player.held = self._holds
        desk.player.started.connect(self._on_started)
        desk.player.page_changed.connect(self.changed.emit)
        desk.player.ticked.connect(self._look)

    # ---- what there is

    @property
    def may_report(self) -> bool:
        """Whether the user may make events of what they find."""
        return self._ctx.backend.allowed(REPORT)

    def found(self, camera: str) -> Entry | None:
        """What was found at a camera."""
        return next((entry for entry in self.entries if entry.camera == camera), None)

    def pictures_of(self, round_id: str) -> dict[str, QImage]:
        """Pictures of abnormal cameras by camera; they are not kept longer than until the next inspection."""
        return dict(self._pictures) if round_id == self._id else {}

    def open_cameras(self) -> list[str]:
        """Those of the page at which nothing was found yet."""
        return [each for each in self._desk.player.page if each and self.found(each) is None]

    @property
    def to_do(self) -> int:
        """Living cameras of the round at which nothing was found yet."""
        walk = self._desk.player.walk
        if walk is None:
            return 0
        return sum(each not in walk.dead and self.found(each) is None for each in walk.cameras)

    def _holds(self) -> bool:
        return self.on and bool(self.open_cameras())

    # ---- what the user does

    def begin(self, group: Group) -> None:
        """Inspect a group from its first camera on."""
        cameras = self._desk.cameras_of(group)
        if not self._desk.play(group.title, cameras) or self._desk.player.walk is None:
            return
        self._desk.player.walk.forgives = False
        self.on, self.entries, self._pictures = True, [], {}
        self._id, self._title, self._began = str(uuid.uuid4()), group.title, self._ctx.live.server_time
        self.changed.emit()

    def find(
        self,
        camera: str,
        finding: Finding,
        words: str = "",
        picture: QImage | None = None,
        *,
        event: bool = False,
    ) -> None:
        """Write down what was found; *event*: also report it, at the camera's place."""
        record = self._desk.camera(camera)
        if not self.on or record is None or self.found(camera) is not None:
            return
        event_id = str(uuid.uuid4()) if event else ""
        now = self._ctx.live.server_time
        self.entries.append(
            Entry(camera=camera, name=record.name, finding=finding, words=words, at=now, event=event_id)
        )
        if picture is not None:
            self._pictures[camera] = picture
        if event:
            self._ctx.tasks.start(self._report(record, words, event_id, now))
        self._go_on()

    def rest_is_normal(self) -> None:
        """Nothing is the matter at the other cameras of the page."""
        now = self._ctx.live.server_time
        for camera in self.open_cameras():
            entry = Entry(camera=camera, name=self._desk.name(camera), finding=Finding.NORMAL, at=now)
            self.entries.append(entry)
        self._go_on()

    def undo(self) -> str | None:
        """Take the last entry back, with the event that was made of it; tells whose it was."""
        if not self.entries:
            return None
        entry = self.entries.pop()
        self._pictures.pop(entry.camera, None)
        self._note()
        if entry.event:
            self._ctx.tasks.start(self._take_back(entry))
        self.changed.emit()
        return entry.camera

    def end(self) -> None:
        """Keep what was found, and stop. Cameras that gave no picture are written down as such."""
        walk, now = self._desk.player.walk, self._ctx.live.server_time
        if not self.on or walk is None:
            return
        dead = [each for each in walk.cameras if each in walk.dead and self.found(each) is None]
        name, none = self._desk.name, Finding.DEAD
        self.entries += [Entry(camera=each, name=name(each), finding=none, at=now) for each in dead]
        kept = self._keep()
        self._desk.player.stop()
        if kept is not None:
            self.ended.emit(kept)
        self.changed.emit()

    def _keep(self) -> Round | None:
        """It is over: what was found goes to the backend, if anything was."""
        self.on, now, user = False, self._ctx.live.server_time, self._ctx.backend.user
        kept = Round(
            id=self._id,
            title=self._title,
            began=self._began,
            ended=max(now, self._began),
            entries=tuple(self.entries),
            by=user.name if user else "",
        )
        self._draft.save([])
        if not kept.entries:
            return None
        self.rounds.keep(kept)
        return kept

    def _note(self) -> None:
        """So that nothing is lost when the console dies."""
        draft = {"id": self._id, "title": self._title, "began": self._began, "entries": self.entries}
        draft["user"] = self._user
        self._draft.save([msgspec.to_builtins(draft)] if self.entries else [])

    def _on_draft(self, rows: list[Any]) -> None:
        """The console died in an inspection: what was found until then is kept as one that was left."""
        for row in rows[:1]:
            try:
                if row["user"] != self._user:
                    return  # whose it is will sign in again; never sent in another's name
                last = max((each["at"] for each in row["entries"]), default=row["began"])
                kept = msgspec.convert({**row, "ended": max(last, row["began"])}, Round)
            except (msgspec.ValidationError, KeyError, TypeError):
                continue
            self.rounds.keep(kept)
            self._say_kept(kept)
        if rows and not self.on:
            self._draft.save([])

    @property
    def _user(self) -> str:
        user = self._ctx.backend.user
        return user.id if user is not None else ""

    def _say_kept(self, kept: Round) -> None:
        text = "The inspection “{title}” was left: its {n} findings are kept"
        self._desk.say(self._ctx.tr(text, title=kept.title, n=len(kept.entries)))

    def _go_on(self) -> None:
        """The next page as soon as this one is done; the end when all are."""
        self._note()
        self.changed.emit()
        if not self.to_do:
            self.end()
        elif not self.open_cameras():
            self._desk.player.next()

    def _look(self) -> None:
        """Whoever was left gave no picture."""
        if self.on and self.entries and not self.to_do:
            self.end()

    def _on_started(self) -> None:
        """Another polling, or none, ends an inspection; what was found is kept."""
        if self.on:
            kept = self._keep()
            if kept is not None:
                self._say_kept(kept)
        self.changed.emit()

    # ---- events

    async def _report(self, camera: Camera, words: str, event_id: str, now: float) -> None:
        tr = self._ctx.tr
        title = tr("{name}: {words}", name=camera.name, words=words)[:120]
        body: dict[str, Any] = {  # whole, as the list of events reads what waits to be sent
            "id": event_id,
            "title": title,
            "where": list(camera.where),
            "kind": EventClass.OTHER.value,
            "urgency": Urgency.GENERAL.value,
            "address": "",
            "reporter": "",
            "reporter_phone": "",
            "detail": tr("Found in the inspection “{title}”", title=self._title),
            "reported_at": now,
        }
        await self._submit(tr("Report: {title}", title=title), EVENTS, body)

    async def _take_back(self, entry: Entry) -> None:
        for waiting in self._waiting_of(entry):
            if not waiting.under_way and await self._ctx.backend.withdraw(waiting.id) is not None:
                return
        tr = self._ctx.tr
        body = {"action": "cancel", "note": tr("Taken back in the inspection")}
        await self._submit(tr("Take back: {name}", name=entry.name), f"{EVENTS}/{entry.event}/actions", body)

    def _waiting_of(self, entry: Entry) -> list[Waiting]:
        waiting = self._ctx.backend.waiting()
        return [each for each in waiting if each.path == EVENTS and each.body.get("id") == entry.event]

    async def _submit(self, title: str, path: str, body: dict[str, Any]) -> None:
        try:
            await self._ctx.backend.submit(title, "POST", path, body)
        except OneMapError as error:
            self._ctx.notify(title, Severity.ERROR, key=HINT, detail=str(error))
