"""The settings, generated from schemas: search, reset, live apply."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from console.model.manifest import Setting
from console.plugin_host import SettingsPage as Schema
from console.sdk.search import LEAST, score
from console.sdk.ui import EmptyState, SearchField, icon
from console.shell.services import Services
from console.shell.setting_editors import make_editor


class _Line(QFrame):
    """One setting: title and help at the left, editor and reset at the right."""

    def __init__(self, services: Services, owner: str, setting: Setting) -> None:
        super().__init__()
        self._services = services
        self._owner = owner
        self.setting = setting
        language = services.language.current
        self.texts = (setting.title.get(language), setting.title.en, setting.help.get(language))
        self.setObjectName("settingLine")
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 6, 0, 6)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(QLabel(self.texts[0]))
        help_text = QLabel(self.texts[2])
        help_text.setObjectName("small")
        help_text.setWordWrap(True)
        help_text.setVisible(bool(self.texts[2]))
        words.addWidget(help_text)
        self._error = QLabel()
        self._error.setObjectName("errorText")
        self._error.hide()
        words.addWidget(self._error)
        self._layout.addLayout(words, 1)
        self._reset = QToolButton()
        self._reset.setIcon(icon("undo", "text.muted"))
        self._reset.setToolTip(services.language.tr("Back to the default"))
        self._reset.setAccessibleName(services.language.tr("Back to the default"))
        self._reset.clicked.connect(self._back)
        policy = self._reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(policy)
        self._layout.addWidget(self._reset)
        self._setting_it = False
        self._put_editor()
        self.destroyed.connect(services.host.settings.on_change(owner, setting.key, self._follow))

    def _follow(self, _value: Any) -> None:
        """A key or another page has changed it."""
        if not self._setting_it:
            self._renew_editor()

    def _put_editor(self) -> None:
        value = self._services.host.settings.get(self._owner, self.setting.key)
        self.editor = make_editor(self.setting, value, self._services.language.current, self._set)
        self._layout.addWidget(self.editor)
        self._reset.setVisible(value != self.setting.default)

    def _set(self, value: Any) -> None:
        self._setting_it = True
        try:
            self._services.host.settings.set(self._owner, self.setting.key, value)
        except ValueError as error:
            self._error.setText(str(error))
            self._error.show()
            return
        finally:
            self._setting_it = False
        self._error.hide()
        self._reset.setVisible(value != self.setting.default)

    def _back(self) -> None:
        self._services.host.settings.reset(self._owner, self.setting.key)
        self._renew_editor()

    def _renew_editor(self) -> None:
        self._layout.removeWidget(self.editor)
        self.editor.deleteLater()
        self._put_editor()


class SettingsView(QWidget):
    """All pages one below the other; *focus* is (owner, key) to show at once."""

    def __init__(self, services: Services, focus: tuple[str, str] | None = None) -> None:
        super().__init__()
        self._services = services
        self.search = SearchField(services.language.tr("Search settings"))
        self.search.on_search(self._filter)
        self.lines: dict[tuple[str, str], _Line] = {}
        self._groups: list[tuple[QWidget, list[_Line]]] = []
        inside = QWidget()
        self._body = QVBoxLayout(inside)
        self._body.setContentsMargins(0, 0, 12, 0)
        self._body.setSpacing(4)
        for page in services.host.settings.pages():
            self._body.addWidget(self._group(page))
        self._empty = EmptyState(services.language.tr("No setting fits"), icon="search")
        self._empty.hide()
        self._body.addWidget(self._empty)
        self._body.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search)
        layout.addWidget(self._area, 1)
        self.setFocusProxy(self.search)
        if focus in self.lines:
            QTimer.singleShot(0, self, lambda: self._go_to(self.lines[focus]))  # when it has its size

    def _group(self, page: Schema) -> QWidget:
        group = QWidget()
        layout = QVBoxLayout(group)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(0)
        title = QLabel(page.title.get(self._services.language.current))
        title.setObjectName("subheading")
        layout.addWidget(title)
        lines = [_Line(self._services, page.owner, setting) for setting in page.settings]
        for line in lines:
            self.lines[page.owner, line.setting.key] = line
            layout.addWidget(line)
        self._groups.append((group, lines))
        return group

    def _filter(self, text: str) -> None:
        query = text.casefold()
        found = False
        for group, lines in self._groups:
            for line in lines:
                line.setVisible(not query or score(query, line.texts) >= LEAST)
            any_left = any(not line.isHidden() for line in lines)
            group.setVisible(any_left)
            found = found or any_left
        self._empty.setVisible(not found)

    def _go_to(self, line: _Line) -> None:
        self._area.ensureWidgetVisible(line)
        line.editor.setFocus()
