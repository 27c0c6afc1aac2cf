"""Making a calibration: pairs of a point in the picture and one on the map or in 3D, and how they agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from console.sdk import Severity, Undo
from plugins.linkage.desktop.desk import KEY, Desk
from plugins.linkage.desktop.draft import Draft
from plugins.linkage.desktop.ground import Spot
from plugins.linkage.desktop.kept import Calibration
from plugins.linkage.lens.calibrate import CannotCalibrate, Fit, Pair, Start, calibrate
from plugins.linkage.lens.turning import Head, Zoomed, same, with_zoom
from plugins.linkage.model import MOST_PAIRS

USUAL_MAST = 30.0
"""Metres above its foot, of a high camera of which nobody knows."""


class Calibrating(QObject):
    """One draft at a time. The picture gives points, the map or the 3D view their places."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.draft: Draft | None = None
        self.in_scene = False
        """Whether places are picked in the 3D view, with their heights."""
        self._level = 0.0
        """Of the ground at the camera's foot."""
        self._pose: Head | None = None
        self._picking: Undo = lambda: None
        self._solving: Undo = lambda: None
        desk.camera_changed.connect(self.give_up)
        desk.ctx.undo(self.give_up)

    # ---- begin and end

    def begin(self, aspect: float) -> None:
        """Calibrate the camera of the panel, from what it has. *aspect*: height over width of its picture."""
        record, kept = self._desk.record(), self._desk.calibration
        if record is None:
            return
        edition = kept.edition if kept else 0
        self.draft = Draft(camera=record.id, edition=edition, aspect=aspect, pairs=kept.pairs if kept else ())
        if kept is not None:
            self._level = kept.ground
            self.draft.held = kept.lens.height if kept.held else None
        self._desk.ctx.tasks.start(self._settle(record.where, known=kept is not None))
        self.changed.emit()

    async def _settle(self, where: tuple[float, float], *, known: bool) -> None:
        """The ground at the foot, and where the head looks."""
        draft = self.draft
        if not known:
            self._level = (await self._desk.ground.at(where, 0.0)).height
        pose, kept = await self._desk.head(), self._desk.calibration
        if draft is not self.draft or draft is None:
            return
        self._pose = pose
        if kept is not None and kept.pose is not None and pose is not None and not same(kept.pose, pose):
            draft.pairs = ()  # they were clicked in another picture
            self.changed.emit()
        self._solve()

    def give_up(self) -> None:
        """Forget the draft."""
        self._picking()
        self._solving()
        if self.draft is not None:
            self.draft = None
            self.changed.emit()

    # ---- pairs

    def point(self, u: float, v: float) -> None:
        """Clicked in the picture: where is that?"""
        if self.draft is None:
            return
        if len(self.draft.pairs) >= MOST_PAIRS:
            text = self._desk.ctx.tr("{n} points are enough", n=MOST_PAIRS)
            self._desk.ctx.notify(text, key=KEY)
            return
        self.draft.pending = (u, v)
        self._picking()
        self._picking = self._desk.ctx.tasks.start(self._pick(self.draft, u, v))
        self.changed.emit()

    async def _pick(self, draft: Draft, u: float, v: float) -> None:
        ctx = self._desk.ctx
        if self.in_scene and ctx.scene.is_open:
            place = await ctx.scene.pick_place(ctx.tr("Click the same point in 3D (Esc: not this one)"))
            spot = place and Spot(lon=place.lon, lat=place.lat, height=place.height, model=True)
        else:
            where = await ctx.map.pick_point(ctx.tr("Click the same point on the map (Esc: not this one)"))
            spot = None if where is None else await self._desk.ground.at(where, self._level)
        if draft is not self.draft or draft.pending != (u, v):
            return
        draft.pending = None
        if spot is not None:
            draft.add(Pair(u=u, v=v, lon=spot.lon, lat=spot.lat, height=spot.height))
            self._solve()
        self.changed.emit()

    def change(self, how: Callable[[Draft], object]) -> None:
        """Let *how* change the draft."""
        if self.draft is not None:
            how(self.draft)
            if self.draft.pending is None:
                self._picking()
            self._solve()
            self.changed.emit()

    def hold(self, held: bool) -> None:
        """Whether the camera stands just where the map has it; its height is then asked for."""
        record = self._desk.record()
        mast = (record.mast if record else None) or USUAL_MAST
        self.hold_at(self._level + mast if held else None)

    def hold_at(self, height: float | None) -> None:
        """The eye's height; None: place and height are looked for."""
        self.change(lambda draft: setattr(draft, "held", height))

    # ---- how they agree

    def _solve(self) -> None:
        draft, record = self.draft, self._desk.record()
        self._solving()
        if draft is None or record is None:
            return
        lon, lat = record.where
        held = draft.held is not None
        start = Start(
            lon=lon, lat=lat, height=draft.held if draft.held is not None else self._level, held=held
        )
        self._solving = self._desk.ctx.tasks.start(self._fit(draft, start))

    async def _fit(self, draft: Draft, start: Start) -> None:
        pairs = draft.pairs
        found = await self._desk.ctx.tasks.run(attempt, pairs, start, draft.aspect)
        if draft is self.draft and pairs == draft.pairs:
            draft.fit = found if isinstance(found, Fit) else None
            draft.fault = found if isinstance(found, CannotCalibrate) else None
            self.changed.emit()

    async def save(self) -> None:
        """Keep it for everybody, and be done."""
        draft = self.draft
        if draft is None or draft.fit is None:
            return
        head = await self._desk.head()
        if head is not None and self._pose is not None and not same(head, self._pose):
            text = self._desk.ctx.tr("The camera was turned meanwhile: calibrate it anew")
            self._desk.ctx.notify(text, Severity.WARNING, key=KEY)
            return
        lens, pose = draft.fit.lens, self._pose
        kept = self._desk.calibration
        known = kept.zooms if kept is not None else ()
        calibration = Calibration(
            camera=draft.camera,
            lens=replace(lens, heading=lens.heading % 360),
            pairs=draft.pairs,
            ground=self._level,
            held=draft.held is not None,
            error=min(1.0, draft.fit.middle),
            pose=pose,
            zooms=with_zoom(known, Zoomed(pose.zoom, lens.focal, lens.bend)) if pose is not None else (),
            edition=draft.edition,
        )
        if await self._desk.save(calibration) and draft is self.draft:
            self.give_up()


def attempt(pairs: tuple[Pair, ...], start: Start, aspect: float) -> Fit | CannotCalibrate:
    """For the worker pool, which says with a traceback what is raised in it."""
    try:
        return calibrate(pairs, start, aspect)
    except CannotCalibrate as fault:
        return fault
