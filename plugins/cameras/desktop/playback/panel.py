"""The panel 录像回放: up to nine recordings by one clock, the time bar, marks and export."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QStackedWidget

from console.sdk.media import State
from console.sdk.ui import EmptyState, Page, Toolbar, row
from console.sdk.ui.picture_grid import PictureGrid
from console.sdk.ui.theming import icon
from plugins.cameras.desktop.playback.bar import TimeBar
from plugins.cameras.desktop.playback.deck import Deck
from plugins.cameras.desktop.playback.exporting import ExportBar
from plugins.cameras.desktop.playback.times import full_text, moment
from plugins.cameras.desktop.playback.view import ReplayView

TICK = 100
"""Milliseconds between looks at the clock."""
FRAME = 0.04
"""Seconds that are stepped where the pictures beside are not at hand."""


class PlaybackPanel(Page):
    """Space plays and stops; − and + change the speed; comma and point step; I and O mark; Delete closes."""

    def __init__(self, deck: Deck) -> None:
        super().__init__()
        self._deck = deck
        self._views: dict[str, ReplayView] = {}
        self._shows_playing = False
        tr = deck.desk.ctx.tr
        self._grid = PictureGrid()
        self._stack = QStackedWidget()
        hint = tr("Select a recorded camera and choose “Recordings of the selected camera”.")
        self._stack.addWidget(EmptyState(tr("No recording open"), hint, icon="history"))
        self._stack.addWidget(self._grid)
        self._bar = TimeBar(deck.marks)
        self._bar.sought.connect(deck.clock.seek)
        self._exporting = ExportBar(deck)
        self._time, self._speed, self._apart = QLabel(), QLabel(), QLabel()
        self._apart.setObjectName("muted")
        self._jump = QLineEdit(maxLength=24)
        self._jump.setPlaceholderText(tr("Go to: 14:30 or 11-23 14:30:00"))
        self._jump.setAccessibleName(self._jump.placeholderText())
        self._jump.setMaximumWidth(230)
        self._jump.returnPressed.connect(self._on_jump)
        self.add(self._stack, 1)
        self.add(self._bar)
        self.add(row(self._tools(), self._speed, None, self._time))
        self.add(row(self._marking(), self._jump, None, self._apart))
        self.add(self._exporting)
        self.setFocusProxy(self._grid)
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._tick)
        deck.changed.connect(self._show)
        deck.listed.connect(self._show_rows)
        deck.clock.changed.connect(self._tell)
        self._show()

    def _tools(self) -> Toolbar:
        tr, clock = self._deck.desk.ctx.tr, self._deck.clock
        tools = Toolbar()
        self._play = tools.add("play", tr("Play or stop (space)"), self._toggle)
        tools.add("history", tr("Five minutes ago"), self._deck.back)
        tools.add("chevron-left", tr("One picture back (,)"), lambda: self._step(-1))
        tools.add("chevron-right", tr("One picture on (.)"), lambda: self._step(1))
        tools.add("minus", tr("Slower (−)"), lambda: clock.faster(-1))
        tools.add("plus", tr("Faster (+)"), lambda: clock.faster(1))
        tools.setMinimumWidth(tools.sizeHint().width())
        return tools

    def _marking(self) -> Toolbar:
        tr = self._deck.desk.ctx.tr
        tools = Toolbar()
        tools.add("pin", tr("Begin of the export (I)"), lambda: self._mark("begin"))
        tools.add("check", tr("End of the export (O)"), lambda: self._mark("end"))
        tools.add("undo", tr("Take the marks away"), lambda: self._mark(""))
        tools.add("close", tr("Close this picture (Delete)"), self._close)
        tools.setMinimumWidth(tools.sizeHint().width())
        return tools

    def _show(self) -> None:
        wanted = self._deck.cameras
        for camera in [each for each in self._views if each not in wanted]:
            self._views.pop(camera).remove()
        for camera in wanted:
            if camera not in self._views:
                view = self._views[camera] = ReplayView(self._deck, camera)
                view.player.on_enlarge(lambda view=view: self._grid.toggle(view.widget))
        self._grid.set_widgets([self._views[camera].widget for camera in wanted])
        self._stack.setCurrentIndex(1 if wanted else 0)
        self._exporting.refresh()
        self._show_rows()
        self._tell()

    def _show_rows(self) -> None:
        rows = [(view.title, self._deck.stretches.get(camera)) for camera, view in self._views.items()]
        self._bar.set_rows(rows)

    def _tick(self) -> None:
        """Follow the clock; see whether its pictures are at hand."""
        self._deck.clock.stay_past()
        self._deck.look_up()
        for view in self._views.values():
            view.look()
        self._tell()

    def _tell(self) -> None:
        clock, tr = self._deck.clock, self._deck.desk.ctx.tr
        now = clock.now
        self._bar.show_now(now)
        self._time.setText(full_text(now))
        if clock.playing != self._shows_playing:
            self._shows_playing = clock.playing
            self._play.setIcon(icon("pause" if clock.playing else "play"))
        self._speed.setText(
            f"{clock.speed:g}×" if clock.playing else tr("Stopped, {n}×", n=f"{clock.speed:g}")
        )
        shown = [view.player.told.at for view in self._views.values() if view.player.told.state is State.LIVE]
        apart = (max(shown) - min(shown)) * 1000 if len(shown) > 1 else None
        self._apart.setText("" if apart is None else tr("{n} ms apart", n=round(apart)))

    def _toggle(self) -> None:
        self._deck.clock.play(not self._deck.clock.playing)

    def _chosen(self) -> ReplayView | None:
        """The one with the focus, else the first."""
        focused = self._grid.focused
        views = list(self._views.values())
        return next((view for view in views if view.widget is focused), views[0] if views else None)

    def _step(self, way: int) -> None:
        """To the picture beside that of the chosen camera; the others show the same moment."""
        if (view := self._chosen()) is None:
            return
        clock, told = self._deck.clock, view.player.told
        clock.playing = False
        beside = told.after if way > 0 else told.before
        clock.seek(beside or (told.at or clock.now) + way * FRAME)

    def _mark(self, which: str) -> None:
        marks, now = self._deck.marks, self._deck.clock.now
        if which:
            setattr(marks, which, now)
        else:
            marks.begin = marks.end = None
        self._exporting.refresh()
        self._bar.update()

    def _on_jump(self) -> None:
        when = moment(self._jump.text())
        if when is None:
            text = self._deck.desk.ctx.tr("Write a time: 14:30, 14:30:05 or 2026-11-23 14:30")
            self._deck.desk.ctx.notify(text, key="onemap.cameras.playback_time")
            return
        self._jump.clear()
        self._deck.clock.seek(when)
        self._grid.setFocus()

    def _close(self) -> None:
        if view := self._chosen():
            self._deck.close(view.camera)

    def showEvent(self, event: QShowEvent) -> None:
        self._timer.start()
        for view in self._views.values():
            view.rest(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: nothing is fetched on."""
        self._timer.stop()
        self._deck.clock.play(False)
        for view in self._views.values():
            view.rest(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no picture took."""
        acts = {
            Qt.Key.Key_Space: self._toggle,
            Qt.Key.Key_Comma: lambda: self._step(-1),
            Qt.Key.Key_Period: lambda: self._step(1),
            Qt.Key.Key_Minus: lambda: self._deck.clock.faster(-1),
            Qt.Key.Key_Plus: lambda: self._deck.clock.faster(1),
            Qt.Key.Key_Equal: lambda: self._deck.clock.faster(1),
            Qt.Key.Key_I: lambda: self._mark("begin"),
            Qt.Key.Key_O: lambda: self._mark("end"),
            Qt.Key.Key_Delete: self._close,
            Qt.Key.Key_R: lambda: (view := self._chosen()) and view.retry(),
        }
        act = acts.get(Qt.Key(event.key()))
        if (
            act is None
            or event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier & ~Qt.KeyboardModifier.KeypadModifier
        ):
            super().keyPressEvent(event)
        else:
            act()
