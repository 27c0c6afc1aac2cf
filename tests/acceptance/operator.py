"""The operator at the console: finds what the screen shows, clicks and types, and nothing else."""

from __future__ import annotations

import os
import time
import tomllib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QTableView,
    QWidget,
)

from console.map.live.layer import LiveLayer
from console.map.views.view import MapView
from console.sdk.ui import RecordTable, color
from console.shell.window import MainWindow

ROOT = Path(__file__).parents[2]
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
LEFT = Qt.MouseButton.LeftButton
T = TypeVar("T")


class Operator:
    """Eyes and hands. Every wait fails with what the screen shows instead."""

    def __init__(self, window: MainWindow, language: str) -> None:
        self.window = window
        self._texts = _texts() if language == "zh_CN" else {}
        self._pictures = os.environ.get("ONEMAP_PICTURES", "")
        self._taken = 0

    # ---- eyes

    def words(self, plugin: str, text: str) -> str:
        """What the operator reads for an English text of *plugin* (``shell`` for the window's own)."""
        return self._texts[plugin][text] if self._texts else text

    @cached_property
    def map(self) -> MapView:
        """The one map."""
        found = self.window.findChild(MapView)
        assert found is not None
        return found

    def wait(self, seen: Callable[[], T], what: str, seconds: float = 30.0) -> T:
        """Go on as soon as *seen* gives something; the event loop runs meanwhile."""
        end = time.monotonic() + seconds
        while True:
            found = seen()
            assert QApplication.activeModalWidget() is None, "a dialog blocks the window"
            if found:
                return found
            if time.monotonic() > end:
                self.picture("stuck")
                raise AssertionError(f"not within {seconds:g} s: {what}. Seen: {self.texts()}")
            QTest.qWait(40)

    def shown(self, kind: type[T], within: QWidget | None = None) -> list[T]:
        """Visible widgets of a class."""
        widgets: list[Any] = (within or self.window).findChildren(kind)  # type: ignore[arg-type]
        return [widget for widget in widgets if widget.isVisible()]

    def texts(self, within: QWidget | None = None) -> list[str]:
        """All labels and buttons in sight."""
        found = [label.text() for label in self.shown(QLabel, within)]
        return [text for text in found + [b.text() for b in self.shown(QAbstractButton, within)] if text]

    def reads(self, text: str, within: QWidget | None = None) -> bool:
        """Whether *text* stands somewhere in sight."""
        return any(text in seen for seen in self.texts(within))

    def focus_is(self, name: str) -> bool:
        """Whether what is typed goes to the field of that name."""
        focus = QApplication.focusWidget()
        return focus is not None and focus.accessibleName() == name

    def table(self, *titles: str) -> RecordTable:
        """The table in sight that has these column titles."""
        for table in self.shown(RecordTable):
            if set(titles) <= set(_header(table.view)):
                return table
        raise AssertionError(f"no table with {titles} in sight")

    def rows(self, *titles: str) -> list[dict[str, str]]:
        """A table as it is read: rows of texts by column title."""
        view = self.table(*titles).view
        model, header = view.model(), _header(view)
        return [
            {title: str(model.index(row, at).data() or "") for at, title in enumerate(header)}
            for row in range(model.rowCount())
        ]

    def layers(self) -> set[str]:
        """Layers that are switched on."""
        return {entry.id for entry in self.map.facet.layers.entries() if entry.visible}

    def layer(self, layer_id: str) -> LiveLayer | None:
        """A live layer that is switched on."""
        slot = self.map.tree.find(layer_id)
        return slot.layer if slot is not None and slot.visible else None

    def drawn(self, token: str, *places: Sequence[float], reach: int = 5) -> list[Sequence[float]]:
        """Those of *places* where the map shows the theme's colour *token* within *reach* pixels."""
        image, wanted = self.map.grab().toImage(), QColor(color(token))
        ratio = image.devicePixelRatio()
        span = range(round(-reach * ratio), round(reach * ratio) + 1)
        steps = [QPoint(dx, dy) for dx in span for dy in span]

        def shows(place: Sequence[float]) -> bool:
            pixel = self.pixel(*place) * ratio
            near = (pixel + step for step in steps)
            return any(image.rect().contains(at) and _alike(image.pixelColor(at), wanted) for at in near)

        return [place for place in places if shows(place)]

    def picture(self, name: str) -> None:
        """Keep what the screen shows, if somebody wants to look."""
        if self._pictures:
            self._taken += 1
            folder = Path(self._pictures)
            folder.mkdir(parents=True, exist_ok=True)
            self.window.grab().save(str(folder / f"{self._taken:02d}-{name}.png"))

    # ---- hands

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key, to whatever has the focus."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def type(self, text: str) -> None:
        """Text into the focused field; Chinese comes from an input method, as it does in life."""
        field = QApplication.focusWidget()
        assert field is not None, "nothing has the focus"
        if text.isascii():
            QTest.keyClicks(field, text)
            return
        typed = QInputMethodEvent()
        typed.setCommitString(text)
        QApplication.sendEvent(field, typed)

    def click(self, widget: QWidget) -> None:
        """The middle of a widget."""
        QTest.mouseClick(widget, LEFT, pos=widget.rect().center())

    def click_button(self, text: str, within: QWidget | None = None) -> None:
        """A button whose text begins with *text*, once it can be pressed."""

        def ready() -> QAbstractButton | None:
            buttons = self.shown(QAbstractButton, within)
            return next((b for b in buttons if b.text().startswith(text) and b.isEnabled()), None)

        self.click(self.wait(ready, f"button {text}"))

    def field(self, name: str) -> QLineEdit:
        """A visible line by its name."""
        return next(line for line in self.shown(QLineEdit) if line.accessibleName() == name)

    def click_row(self, table: RecordTable, row: int) -> None:
        """One row of a table."""
        view = table.view
        index: QModelIndex = view.model().index(row, 1)
        view.scrollTo(index)
        QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(index).center())

    def pixel(self, lon: float, lat: float) -> QPoint:
        """Where a place is on the map widget."""
        x, y = self.map.viewport.pixel_of(lon, lat)
        return QPoint(round(x), round(y))

    def click_map(self, lon: float, lat: float) -> None:
        """A place on the map."""
        where = self.pixel(lon, lat)
        assert self.map.rect().contains(where), f"{lon}, {lat} is out of the view"
        QTest.mouseMove(self.map, where)
        QTest.mouseClick(self.map, LEFT, pos=where)

    def zoom_in(self, lon: float, lat: float, zoom: float) -> None:
        """Turn the wheel over a place until the map has the zoom."""
        while self.map.viewport.zoom < zoom - 0.1:
            where = QPointF(self.pixel(lon, lat))
            turn = QWheelEvent(
                where,
                self.map.mapToGlobal(where),
                QPoint(),
                QPoint(0, 120),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(self.map, turn)
            self.wait(lambda: not self.map.navigator.moving, "the zoom ends")
        self.rest()

    def rest(self) -> None:
        """Until the view stands and all of it is drawn."""
        self.wait(lambda: not self.map.navigator.moving and self.map.base.idle, "the map is drawn", 30)


def _header(view: QTableView) -> list[str]:
    model = view.model()
    across = Qt.Orientation.Horizontal
    return [str(model.headerData(at, across) or "") for at in range(model.columnCount())]


def _alike(seen: QColor, wanted: QColor) -> bool:
    pairs = zip(seen.getRgb()[:3], wanted.getRgb()[:3], strict=True)
    return all(abs(a - b) <= 24 for a, b in pairs)


def _texts() -> dict[str, dict[str, str]]:
    files = {path.parents[1].name: path for path in (ROOT / "plugins").glob("*/texts/zh_CN.toml")}
    files["shell"] = ROOT / "resources" / "translations" / "zh_CN.toml"
    return {name: tomllib.loads(path.read_text("utf-8")) for name, path in files.items()}
