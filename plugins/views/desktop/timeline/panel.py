"""The panel of the time slider: layer and field, the bar, and the buttons to play it."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLabel, QStackedWidget, QToolButton

from console.sdk import Context
from console.sdk.ui import EmptyState, Page, button, icon, row
from plugins.views.desktop.timeline.desk import TimeDesk
from plugins.views.desktop.timeline.track import DAY, HOUR, TimeTrack, words_of

LENGTHS = (
    ("1 hour", HOUR),
    ("6 hours", 6 * HOUR),
    ("1 day", DAY),
    ("1 week", 7 * DAY),
    ("1 month", 30 * DAY),
    ("1 year", 365 * DAY),
)
PACES = (("Slow", 2.0), ("Medium", 1.0), ("Fast", 0.5))


class TimePanel(Page):
    """Everything goes through the desk, which shows it on the map."""

    def __init__(self, ctx: Context, desk: TimeDesk) -> None:
        super().__init__()
        self._ctx, self._desk = ctx, desk
        tr = ctx.tr
        self._layer, self._field = _box(tr("Layer")), _box(tr("Field of the time"))
        self._length, self._pace = _box(tr("Length of the window")), _box(tr("Pace"))
        self._length.addItem(tr("Length…"), 0.0)
        for title, seconds in LENGTHS:
            self._length.addItem(tr(title), seconds)
        for title, pace in PACES:
            self._pace.addItem(tr(title), pace)
        self._pace.setCurrentIndex(1)
        self._play = QToolButton()
        self._play.clicked.connect(self._toggle)
        self._back = _tool("chevron-left", tr("One window back"), lambda: desk.step(-1))
        self._on = _tool("chevron-right", tr("One window on"), lambda: desk.step(1))
        self._off = button(tr("Show all times"), desk.switch_off, "close")
        self._text = QLabel()
        self._track = TimeTrack()
        self._track.setAccessibleName(tr("Time"))
        self._track.setToolTip(tr("Drag the window or its ends; arrow keys step, with Shift its end moves"))
        self._nothing = EmptyState("", "", icon="clock")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._track)
        self._stack.addWidget(self._nothing)
        parts = (self._layer, self._field, self._back, self._play, self._on, self._length, self._pace)
        self.add(row(*parts, self._text, None, self._off))
        self.add(self._stack, 1)
        self.setFocusProxy(self._layer)
        self._connect()
        self._show()
        self._show_window()

    def _connect(self) -> None:
        desk = self._desk
        self._layer.activated.connect(lambda _at: desk.choose_layer(self._layer.currentData()))
        self._field.activated.connect(lambda _at: desk.choose_field(self._field.currentText()))
        self._length.activated.connect(self._set_length)
        self._pace.activated.connect(
            lambda _at: desk.play(self._pace.currentData()) if desk.playing else None
        )
        self._track.window_wanted.connect(desk.show_window)
        self._track.step_wanted.connect(desk.step)
        desk.changed.connect(self._show)
        desk.window_changed.connect(self._show_window)

    def _set_length(self) -> None:
        if self._length.currentData():
            self._desk.set_length(self._length.currentData())
        self._length.setCurrentIndex(0)

    def _set_pace(self) -> None:
        if self._desk.playing:
            self._desk.play(self._pace.currentData())

    def _toggle(self) -> None:
        if self._desk.playing:
            self._desk.pause()
        else:
            self._desk.play(self._pace.currentData())

    def _show(self) -> None:
        desk, tr = self._desk, self._ctx.tr
        self._fill_layers()
        if [self._field.itemText(at) for at in range(self._field.count())] != list(desk.fields):
            self._field.clear()
            self._field.addItems(list(desk.fields))
        if desk.field is not None:
            self._field.setCurrentText(desk.field.name)
            self._track.show_field(desk.field.low, desk.field.high, desk.field.counts)
            self._show_window()
        for part in (self._field, self._play, self._back, self._on, self._length, self._pace):
            part.setEnabled(desk.field is not None)
        self._off.setEnabled(desk.on)
        self._play.setIcon(icon("pause" if desk.playing else "play"))
        self._play.setToolTip(tr("Pause") if desk.playing else tr("Play"))
        self._play.setAccessibleName(self._play.toolTip())
        self._stack.setCurrentIndex(0 if desk.field is not None else 1)
        self._nothing.set_text(*self._why_nothing())

    def _fill_layers(self) -> None:
        entries = self._desk.layers()
        known = [self._layer.itemData(at) for at in range(self._layer.count())]
        if known != [None, *(entry.id for entry in entries)]:
            self._layer.clear()
            self._layer.addItem(self._ctx.tr("Layer…"), None)
            for entry in entries:
                self._layer.addItem(entry.title.get(self._ctx.language), entry.id)
        self._layer.setCurrentIndex(max(self._layer.findData(self._desk.layer), 0))

    def _why_nothing(self) -> tuple[str, str]:
        desk, tr = self._desk, self._ctx.tr
        if not self._desk.layers():
            return tr("No data layer"), tr("Drop a file with dates onto the map, or add it in Data sources.")
        if desk.layer is None:
            return tr("Choose a layer"), tr("Its features are shown by their date or time.")
        if desk.reading:
            return tr("Reading the times"), ""
        if not desk.fields:
            return tr("No field with dates or times"), tr("Dates as 2024-05-01, 2024/5/1 8:30, 2024年5月1日…")
        return tr("Choose a field"), tr("The field has no times that can be read.")

    def _show_window(self) -> None:
        desk = self._desk
        self._track.show_window(desk.start, desk.end)
        span = desk.end - desk.start
        shown = desk.field is not None
        self._text.setText(f"{words_of(desk.start, span)} – {words_of(desk.end, span)}" if shown else "")
        self._off.setEnabled(desk.on)


def _box(name: str) -> QComboBox:
    made = QComboBox()
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    made.setAccessibleName(name)
    made.setToolTip(name)
    return made


def _tool(icon_name: str, title: str, handler: object) -> QToolButton:
    made = QToolButton()
    made.setIcon(icon(icon_name))
    made.setToolTip(title)
    made.setAccessibleName(title)
    made.clicked.connect(handler)
    return made
