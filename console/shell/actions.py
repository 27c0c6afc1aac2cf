"""QActions for commands and panels: one each, shared by menus, toolbars and keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from console.plugin_host import CommandEntry, PanelEntry
from console.sdk.ui import icon
from console.shell.services import Services

MENUS = (
    ("file", "System"),
    ("view", "View"),
    ("map", "Map"),
    ("events", "Events"),
    ("staff", "Staff"),
    ("dispatch", "Dispatch"),
    ("cameras", "Cameras"),
    ("tools", "Tools"),
    ("help", "Help"),
)
"""Menus of the bar in their order, with English source texts; one without commands is left out."""
_ALIASES = {"event": "events", "camera": "cameras", "grids": "map", "grid": "map", "edit": "tools"}
_ELSEWHERE = {"map/context", "map/toolbar", "event/actions"}
PLACES = frozenset({*dict(MENUS), *_ALIASES, *_ELSEWHERE})
"""What a manifest can write as ``menu``; a command from elsewhere goes to ``tools``."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What a menu shows of an action."""

    title: str
    icon: str
    key: str
    help: str = ""


class Actions(QObject):
    """Keeps one QAction a command in step with the registry; without a key it is made when asked for."""

    def __init__(self, services: Services, window: QWidget) -> None:
        super().__init__(window)
        self._services = services
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._looks: dict[str, _Look] = {}
        host = services.host
        # A plugin that starts binds its commands one by one: they are followed together.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.sync)
        self._undo = [
            host.commands.on_change(self._soon.start),
            host.panels.on_change(self._soon.start),
            host.commands.keys.on_change(self._soon.start),
            services.language.on_change(self.sync),
        ]
        self.sync()

    def get(self, command_id: str) -> QAction:
        """The action of a command or panel; raises KeyError for an unknown id."""
        self._settle()
        if command_id not in self._actions:
            self._make(command_id)
        return self._actions[command_id]

    def sync(self) -> None:
        """Follow titles, keys, icons and whether a command can be run."""
        self._soon.stop()
        host = self._services.host
        known: set[str] = set()
        for entry in host.commands.entries():
            known.add(entry.id)
            if entry.id in self._actions or host.commands.key_of(entry.id):
                self._refresh_command(entry)
        for panel in host.panels.entries():
            known.add(panel.id)
            if panel.id in self._actions or host.panels.key_of(panel.id):
                self._refresh_panel(panel)
        for gone in self._actions.keys() - known:
            action = self._actions.pop(gone)
            del self._looks[gone]
            self._window.removeAction(action)
            action.deleteLater()

    def menu(self, name: str) -> list[CommandEntry]:
        """Commands of one menu of the bar, or of a place such as ``map/context``."""
        entries = self._services.host.commands.entries()
        if name in _ELSEWHERE:
            return sorted((e for e in entries if e.menu == name), key=lambda e: e.order)
        mine = [e for e in entries if e.menu and e.menu not in _ELSEWHERE and _menu_of(e) == name]
        return sorted(mine, key=lambda e: e.order)

    def fill(self, menu: QMenu, name: str) -> None:
        """Put the commands of *name* into a menu, each plugin's apart."""
        last = None
        for entry in self.menu(name):
            if last is not None and entry.plugin_id != last:
                menu.addSeparator()
            menu.addAction(self.get(entry.id))
            last = entry.plugin_id

    def close(self) -> None:
        """Let go of the registries."""
        self._soon.stop()
        for undo in reversed(self._undo):
            undo()

    @property
    def _language(self) -> str:
        return self._services.language.current

    def _settle(self) -> None:
        if self._soon.isActive():
            self.sync()

    def _make(self, command_id: str) -> None:
        host = self._services.host
        if (entry := host.commands.get(command_id)) is not None:
            self._refresh_command(entry)
        elif (panel := host.panels.get(command_id)) is not None:
            self._refresh_panel(panel)

    def _refresh_panel(self, panel: PanelEntry) -> None:
        panels = self._services.host.panels
        action = self._action(panel.id, lambda: panels.show(panel.id))
        self._dress(
            panel.id, action, _Look(panel.title.get(self._language), panel.icon, panels.key_of(panel.id))
        )

    def _refresh_command(self, entry: CommandEntry) -> None:
        commands = self._services.host.commands
        action = self._action(entry.id, lambda: commands.run(entry.id))
        help_text = (entry.fault or entry.help).get(self._language)
        look = _Look(entry.title.get(self._language), entry.icon, commands.key_of(entry.id), help_text)
        self._dress(entry.id, action, look)
        action.setEnabled(commands.is_enabled(entry.id))

    def _action(self, owner: str, run: Callable[[], object]) -> QAction:
        action = self._actions.get(owner)
        if action is None:
            action = self._actions[owner] = QAction(self._window)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setAutoRepeat(False)
            action.triggered.connect(lambda: run())
            self._window.addAction(action)
        return action

    def _dress(self, owner: str, action: QAction, look: _Look) -> None:
        """Most looks are the same as before, and Qt takes its time even so."""
        if self._looks.get(owner) == look:
            return
        self._looks[owner] = look
        action.setText(look.title)
        if look.icon:
            action.setIcon(icon(look.icon))
        action.setShortcut(QKeySequence(look.key))
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        title = f"{look.title} ({key})" if key else look.title
        action.setToolTip(f"{title}\n{look.help}" if look.help else title)


def _menu_of(entry: CommandEntry) -> str:
    first = entry.menu.split("/")[0]
    first = _ALIASES.get(first, first)
    return first if first in dict(MENUS) else "tools"
