"""The page of the panel with the pictures, and above them what is steered by hand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSizePolicy, QSpinBox

from console.sdk.ui import Page, Toolbar, button, icon, row
from plugins.polling.desktop.desk import Desk
from plugins.polling.desktop.inspect_bar import InspectBar
from plugins.polling.desktop.inspection import Inspection
from plugins.polling.desktop.stage import Stage
from plugins.polling.model import Finding

TILES = (1, 4, 9, 16, 25, 36, 64)


class ShowPage(Page):
    """Space stays or goes on, N and B turn the page, L pins; arrows go from tile to tile, Enter enlarges."""

    def __init__(self, desk: Desk, inspection: Inspection, on_back: Callable[[], object]) -> None:
        super().__init__()
        self._desk, self._player, self._inspection = desk, desk.player, inspection
        tr = desk.ctx.tr
        self.stage = Stage(desk.player, desk.new_view, self._reason, self._mark)
        self._form = InspectBar(desk, inspection, self.stage)
        self._title = QLabel()
        self._title.setObjectName("title")
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._said = QLabel()
        self._said.setObjectName("muted")
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._said.setAccessibleName(tr("Where the polling is"))
        self._tiles, self._dwell, self._skip = QComboBox(), QSpinBox(), QCheckBox(tr("Skip dead"))
        self._dress_fields()
        tools = Toolbar()
        tools.add("chevron-left", tr("Page before (B)"), self._player.previous)
        self._pause = tools.add("pause", tr("Stay on this page (Space)"), self._toggle_pause)
        tools.add("chevron-right", tr("Next page (N)"), self._player.next)
        tools.add("pin", tr("Pin the chosen picture, or let it go (L)"), self._pin)
        tools.add("locate", tr("Show on the map"), self._locate)
        back = button(tr("Groups"), on_back, "chevron-left", tooltip=tr("Ends this polling"))
        upper = row(back, self._title, tools)
        upper.setStretch(1, 1)
        self.add(upper)
        self.add(row(self._tiles, self._dwell, self._skip, None))
        self.add(self._said)
        self.add(self.stage, 1)
        self.add(self._form)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        inspection.changed.connect(self.tell)
        self._player.ticked.connect(self.tell)
        self._player.page_changed.connect(self.tell)
        self.tell()

    def _dress_fields(self) -> None:
        tr = self._desk.ctx.tr
        for count in TILES:
            self._tiles.addItem(tr("{n} pictures", n=count), count)
        self._tiles.setAccessibleName(tr("Pictures on a page"))
        self._tiles.setToolTip(self._tiles.accessibleName())
        self._tiles.activated.connect(lambda _: self._player.set_tiles(self._tiles.currentData()))
        self._dwell.setRange(5, 600)
        self._dwell.setSuffix(tr(" s"))
        self._dwell.setAccessibleName(tr("Seconds a page"))
        self._dwell.setToolTip(self._dwell.accessibleName())
        self._dwell.valueChanged.connect(self._player.set_dwell)
        self._skip.setToolTip(tr("Leave out cameras without a picture"))
        self._skip.clicked.connect(self._player.set_skip)

    def _show_settings(self) -> None:
        """As they are, also when they were changed elsewhere."""
        settings = self._desk.ctx.settings
        nearest = min(TILES, key=lambda count: abs(count - settings.get("tiles")))
        self._tiles.setCurrentIndex(TILES.index(nearest))
        if not self._dwell.hasFocus():
            self._dwell.blockSignals(True)
            self._dwell.setValue(settings.get("dwell"))
            self._dwell.blockSignals(False)
        self._skip.setChecked(settings.get("skip"))

    def tell(self) -> None:
        """Page, time, pictures."""
        self._show_settings()
        player, walk, tr = self._player, self._player.walk, self._desk.ctx.tr
        self._title.setText(self._reason())
        self._title.setToolTip(player.title)
        if walk is None:
            self._said.setText("")
            return
        shown = sum(each is not None for each in player.page)
        parts = [tr("Page {n} of {all}", n=walk.number, all=walk.count), self._turn_text()]
        parts.append(tr("Live {live} of {n}", live=self.stage.live(), n=shown))
        if walk.skip and walk.dead:
            parts.append(tr("{n} without a picture left out", n=len(walk.dead)))
        if walk.pins:
            parts.append(tr("{n} pinned", n=len(walk.pins)))
        self._said.setText(" · ".join(filter(None, parts)))
        self._said.setToolTip(self._said.text())
        paused = player.paused
        self._pause.setIcon(icon("play" if paused else "pause"))
        self._pause.setText(tr("Go on (Space)") if paused else tr("Stay on this page (Space)"))
        self.stage.repaint_marks()

    def _turn_text(self) -> str:
        player, tr = self._player, self._desk.ctx.tr
        if player.coming is not None and player.left == 0:
            return tr("opening the next page …")
        if player.paused:
            return tr("stays")
        if player.held():
            return tr("waits for the findings")
        return tr("turns in {n} s", n=player.left) if player.turns else tr("all on one page")

    def _reason(self) -> str:
        """Why one looks: it is recorded where a camera's owner wants to know."""
        tr, title = self._desk.ctx.tr, self._player.title
        return (
            tr("Inspection: {title}", title=title)
            if self._inspection.on
            else tr("Polling: {title}", title=title)
        )

    def _mark(self, camera: str) -> tuple[str, str] | None:
        """Icon and tone of what is drawn on a camera's tile."""
        entry = self._inspection.found(camera) if self._inspection.on else None
        if entry is not None:
            return ("check", "success") if entry.finding is Finding.NORMAL else ("warning", "warning")
        walk = self._player.walk
        return ("pin", "warning") if walk is not None and camera in walk.pins.values() else None

    def _toggle_pause(self) -> None:
        self._player.pause(not self._player.paused)

    def _slot(self) -> int | None:
        slot = self.stage.focused
        if slot is None:
            self._desk.say(self._desk.ctx.tr("Choose a picture first"))
        return slot

    def _pin(self) -> None:
        if (slot := self._slot()) is not None:
            self._player.pin(slot)

    def _locate(self) -> None:
        slot = self._slot()
        camera = self._player.page[slot] if slot is not None else None
        if camera is not None:
            self._desk.jump(camera)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no picture took."""
        acts: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Space: self._toggle_pause,
            Qt.Key.Key_N: self._player.next,
            Qt.Key.Key_B: self._player.previous,
            Qt.Key.Key_L: self._pin,
        }
        if self._inspection.on:
            acts |= self._form.acts
        act = acts.get(Qt.Key(event.key()))
        if act is not None and not event.modifiers():
            act()
        else:
            super().keyPressEvent(event)
