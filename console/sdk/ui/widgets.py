"""Small widgets that give panels one look. Texts come in translated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from console.sdk.ui.icon_label import IconLabel
from console.sdk.ui.theming import icon as themed_icon

Act = Callable[[], Any]
_ROOM_FOR_ICON = 130


def button(text: str, handler: Act, icon: str = "", primary: bool = False, tooltip: str = "") -> QPushButton:
    """A push button; *primary* marks the one main act of a panel. *icon* names an icon."""
    made = QPushButton(text)
    made.setProperty("primary", primary)
    if icon:
        made.setIcon(themed_icon(icon, "accent.on" if primary else ""))
    made.setToolTip(tooltip)
    made.setAccessibleName(text or tooltip)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.clicked.connect(lambda: handler())
    return made


class Section(QLabel):
    """A quiet heading between parts of a panel."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.setObjectName("section")


class Page(QWidget):
    """The body of a panel: widgets one below the other with the common margins."""

    def __init__(self, *parts: QWidget | QLayout, stretch: bool = False) -> None:
        """*stretch* leaves free room at the bottom (when no part fills the panel)."""
        super().__init__()
        self.setObjectName("page")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 10, 12, 12)
        self._layout.setSpacing(8)
        for part in parts:
            self.add(part)
        if stretch:
            self._layout.addStretch(1)

    def add(self, part: QWidget | QLayout, stretch: int = 0) -> None:
        """Append *part*."""
        if isinstance(part, QWidget):
            self._layout.addWidget(part, stretch)
        else:
            self._layout.addLayout(part, stretch)


def row(*parts: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; ``None`` takes the free room."""
    layout = QHBoxLayout()
    layout.setSpacing(8)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        else:
            layout.addWidget(part)
    return layout


def scrolling(part: QWidget) -> QScrollArea:
    """*part* with a scroll bar when there is too little height, so that it is never squeezed."""
    area = _Scrolling(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(part)
    return area


class _Scrolling(QScrollArea):
    """Never narrower than its content, which would be cut at the side."""

    def minimumSizeHint(self) -> QSize:
        part = self.widget()
        wide = (part.minimumSizeHint().width() if part else 0) + self.verticalScrollBar().sizeHint().width()
        return QSize(wide, super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class EmptyState(QWidget):
    """What a view shows when it has nothing: what it is for and what to do."""

    def __init__(
        self, text: str, hint: str = "", action: tuple[str, Act] | None = None, icon: str = "inbox"
    ) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(6)
        layout.addStretch(1)
        self._icon = IconLabel(icon, 36, "text.muted")
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        self._title = _centered(text, "emptyTitle")
        self._hint = _centered(hint, "muted")
        for label in (self._title, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        self._hint.setVisible(bool(hint))
        if action:
            layout.addSpacing(6)
            layout.addWidget(button(action[0], action[1]), 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._icon.setVisible(self.height() >= _ROOM_FOR_ICON)

    def set_text(self, text: str, hint: str = "") -> None:
        """Say something else, as when a search finds nothing."""
        self._title.setText(text)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))


def _centered(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    return label


class SearchField(QLineEdit):
    """A search box: calls ``on_search`` handlers 120 ms after the last key; Escape clears."""

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self.setObjectName("search")
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self.addAction(
            QAction(themed_icon("search", "text.muted"), "", self), self.ActionPosition.LeadingPosition
        )
        self._handlers: list[Callable[[str], Any]] = []
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(120)
        self._wait.timeout.connect(self._tell)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self._tell)

    def on_search(self, handler: Callable[[str], Any]) -> None:
        """*handler* gets the text, stripped."""
        self._handlers.append(handler)

    def _typed(self, _text: str) -> None:
        self._wait.start()

    def _tell(self) -> None:
        self._wait.stop()
        for handler in self._handlers:
            handler(self.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)


class Chips(QWidget):
    """A row of choices, shown as chips: one at a time, or several when *multiple*; in rows of *columns*."""

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        on_change: Callable[[Any], Any],
        selected: str | Iterable[str] = "",
        multiple: bool = False,
        columns: int = 100,
    ) -> None:
        """*options* are (key, title); *on_change* gets the key, or the set of keys."""
        super().__init__()
        self._multiple = multiple
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(not multiple)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.setColumnStretch(columns, 1)
        chosen = {selected} if isinstance(selected, str) else set(selected)
        if not multiple and options and not chosen & {key for key, _ in options}:
            chosen = {options[0][0]}
        for at, (key, title) in enumerate(options):
            chip = QToolButton()
            chip.setText(title)
            chip.setCheckable(True)
            chip.setChecked(key in chosen)
            chip.setObjectName("chip")
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._group.addButton(chip)
            self._buttons[key] = chip
            layout.addWidget(chip, at // columns, at % columns)
        self._on_change = on_change
        self._group.buttonClicked.connect(self._clicked)
        self._focus_on_chosen()

    def _clicked(self, _chip: object) -> None:
        self._focus_on_chosen()
        self._on_change(self.value)

    def _focus_on_chosen(self) -> None:
        """Whoever gives the row the focus gives it to the chip that is on."""
        chips = list(self._buttons.values())
        chosen = [chip for chip in chips if chip.isChecked()] or chips
        if chosen:
            self.setFocusProxy(chosen[0])

    @property
    def value(self) -> Any:
        """The key selected, or the set of keys when several may be."""
        on = {key for key, chip in self._buttons.items() if chip.isChecked()}
        return on if self._multiple else next(iter(on), "")

    def set_title(self, key: str, title: str) -> None:
        """Another title for a chip, such as one with a count."""
        self._buttons[key].setText(title)

    def select(self, key: str) -> None:
        """Choose *key* without telling ``on_change``."""
        self._buttons[key].setChecked(True)
        self._focus_on_chosen()


class KeyValues(QWidget):
    """Names with their values, one pair a line; values can be selected and copied."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(16)
        self._layout.setVerticalSpacing(5)
        self._layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._values: list[tuple[QLabel, QLabel]] = []
        self.set_pairs(pairs)

    def set_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show *pairs*; labels are reused, so that a live view does not flicker."""
        while len(self._values) > len(pairs):
            self._layout.removeRow(len(self._values) - 1)
            self._values.pop()
        while len(self._values) < len(pairs):
            name, value = QLabel(), QLabel()
            name.setObjectName("muted")
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._layout.addRow(name, value)
            self._values.append((name, value))
        for (name, value), (title, text) in zip(self._values, pairs, strict=True):
            name.setText(title)
            value.setText(text)


class Badge(QLabel):
    """A short state in the colour of a token, with a dot: never colour alone."""

    def __init__(self, text: str = "", tone: str = "info") -> None:
        super().__init__()
        self.setObjectName("badge")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set(text, tone)

    def set(self, text: str, tone: str) -> None:
        """Show *text* as *tone* (``info``, ``success``, ``warning``, ``error``, ``muted``)."""
        self.setText(text)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)


class Toolbar(QToolBar):
    """A row of small acts on top of a panel."""

    def __init__(self, *parts: QWidget | None) -> None:
        super().__init__()
        self.setObjectName("panelToolbar")
        self.setIconSize(QSize(18, 18))
        self.setMovable(False)
        for part in parts:
            self.stretch() if part is None else self.addWidget(part)

    def add(self, icon_name: str, title: str, handler: Act, *, checkable: bool = False) -> QAction:
        """An icon with *title* as tooltip; a checkable one keeps its state in the action."""
        action = QAction(themed_icon(icon_name), title, self)
        action.setCheckable(checkable)
        action.triggered.connect(lambda: handler())
        self.addAction(action)
        tool = self.widgetForAction(action)
        tool.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        tool.setAccessibleName(title)
        return action

    def stretch(self) -> None:
        """Push what follows to the right."""
        spring = QFrame()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spring)
