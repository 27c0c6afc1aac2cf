"""What the parts of the panel share: the groups, who goes from page to page, and the cameras as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.sdk import Change, Context, MissingService
from console.sdk.cameras import Cameras, CameraView
from console.sdk.records import Camera, Event, LonLat
from plugins.polling.desktop.choosing import cameras_of, near
from plugins.polling.desktop.groups import HINT, Groups
from plugins.polling.desktop.player import Player
from plugins.polling.model import MOST_CAMERAS, Group, Kind

PANEL = "onemap.polling.polling"
COMMUNITY_DIGITS = 12
"""Digits of a community's code: groups are not shared with single grids."""


class Desk(QObject):
    """Of one console."""

    cameras_changed = Signal()
    edited = Signal(object)
    """A Group to be edited."""
    event_changed = Signal()

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self.ctx = ctx
        self.groups = Groups(ctx)
        self.player = Player(ctx)
        self.areas: Any | None = self._service("areas")
        self._cameras = ctx.live.collection("camera")
        self._events = ctx.live.collection("event")
        self._cameras.on_change(self._on_cameras)
        ctx.selection.on_change(lambda _: self.event_changed.emit())

    @property
    def service(self) -> Cameras | None:
        """Who shows cameras; None: that plugin is off."""
        return self._service("cameras")

    def new_view(self) -> CameraView:
        """A tile; only asked for while something is played."""
        service: Cameras = self.ctx.services.get("cameras")
        return service.view()

    def jump(self, camera: str) -> None:
        """Show a camera on the map."""
        if (service := self.service) is not None:
            service.jump(camera)

    def _service(self, name: str) -> Any | None:
        try:
            return self.ctx.services.get(name)
        except MissingService:
            return None

    # ---- what there is

    def camera(self, camera_id: str | None) -> Camera | None:
        """Record of a camera that the user may see."""
        return self._cameras.get(camera_id) if camera_id else None

    def name(self, camera_id: str) -> str:
        """Name of a camera, or its id when it is not known any more."""
        record = self.camera(camera_id)
        return record.name if record else camera_id

    def cameras_of(self, group: Group) -> list[Camera]:
        """What a group holds now."""
        event = self._events.get(group.rule) if group.kind is Kind.EVENT else None
        if group.kind is Kind.EVENT and event is None:
            return []
        return cameras_of(group, list(self._cameras.all()), event.where if event else None)

    @property
    def selected_event(self) -> Event | None:
        current = self.ctx.selection.current
        return self._events.get(current[1]) if current is not None and current[0] == "event" else None

    def event_title(self, event_id: str) -> str:
        """Empty: it is not known any more."""
        event = self._events.get(event_id)
        return event.title if event is not None else ""

    def area_name(self, code: str) -> str:
        """Name of an area, or its code when names are not known."""
        return self.areas.name(code) if self.areas else code

    def own_areas(self) -> list[tuple[str, str]]:
        """Codes and names of the areas that a group of the user may be shared with, down to communities."""
        user = self.ctx.backend.user
        codes = list(user.areas) if user is not None else []
        if self.areas is not None:
            below = (area.code for area in self.areas.all() if len(area.code) <= COMMUNITY_DIGITS)
            codes = sorted({*codes, *(code for code in below if code.startswith(tuple(codes)))})
        return [(code, self.area_name(code)) for code in codes]

    def in_view(self) -> list[Camera]:
        """Cameras in the map's view, from its middle outwards."""
        west, south, east, north = self.ctx.map.bounds()
        x, y = (west + east) / 2, (south + north) / 2
        found = [
            each
            for each in self._cameras.all()
            if west <= each.where[0] <= east and south <= each.where[1] <= north
        ]
        found.sort(key=lambda each: (each.where[0] - x) ** 2 + (each.where[1] - y) ** 2)
        return found

    # ---- what the user does

    def play(self, title: str, cameras: Sequence[Camera]) -> bool:
        """Show these page by page; False: there is nothing to show, and the user is told."""
        tr = self.ctx.tr
        if self.service is None:
            self.say(tr("The plugin of cameras is off"))
            return False
        if not cameras:
            self.say(tr("No camera belongs to it"))
            return False
        if not any(each.live and each.online for each in cameras):
            self.say(tr("None of these cameras has a picture now"))
            return False
        if len(cameras) > MOST_CAMERAS:
            self.say(tr("{n} cameras: the first {most} are shown", n=len(cameras), most=MOST_CAMERAS))
        chosen = cameras[:MOST_CAMERAS]
        self.player.start(title, [each.id for each in chosen], offline(chosen))
        self.ctx.panels.show(PANEL)
        return True

    def play_group(self, group: Group) -> None:
        """Show a group page by page."""
        if group.kind is Kind.EVENT and not self.event_title(group.rule):
            self.say(self.ctx.tr("The event of this group is over, or not in your areas"))
            return
        self.play(group.title, self.cameras_of(group))

    def play_view(self) -> None:
        """Show the cameras of the map's view."""
        found = [each for each in self.in_view() if each.live]
        if found:
            self.play(self.ctx.tr("Cameras in view"), found)
        else:
            self.say(self.ctx.tr("No camera with a live picture in the map's view"))

    def play_event(self) -> None:
        """Show the cameras around the selected event."""
        event = self.selected_event
        if event is None:
            self.say(self.ctx.tr("Select an event first"))
            return
        found = self._around(event.where)
        if not found:
            self.say(self.ctx.tr("No camera within 1 km of the event"))
            return
        self.play(self.ctx.tr("Around: {title}", title=event.title), found)

    def _around(self, where: LonLat) -> list[Camera]:
        return near(list(self._cameras.all()), where)

    def say(self, text: str) -> None:
        """Tell the user."""
        self.ctx.notify(text, key=HINT)

    def _on_cameras(self, change: Change) -> None:
        walk = self.player.walk
        if walk is not None and (change.reset or not change.put.isdisjoint(walk.cameras)):
            known = filter(None, map(self.camera, walk.cameras))
            gone = {each for each in walk.cameras if self.camera(each) is None}
            self.player.set_offline(offline(known) | gone)
        self.cameras_changed.emit()


def offline(cameras: Iterable[Camera]) -> frozenset[str]:
    """Ids of those that give no picture."""
    return frozenset(each.id for each in cameras if not (each.online and each.live))
