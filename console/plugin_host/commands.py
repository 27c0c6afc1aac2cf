"""Commands: what manifests declare, what plugins bind, whether they can be run now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from console.model.manifest import Contributions, When, parse_when
from console.model.text import Text
from console.plugin_host import words
from console.plugin_host.keys import KeyRegistry
from console.plugin_host.listeners import Listeners, once, together
from console.sdk import Undo

Handler = Callable[..., Any]
NO_TEXT = Text("", "")


@dataclass(slots=True, kw_only=True)
class CommandEntry:
    """One command as menus and the palette show it."""

    id: str
    plugin_id: str
    """``shell`` for commands of the window itself."""
    title: Text
    help: Text = NO_TEXT
    menu: str = ""
    icon: str = ""
    palette: bool = True
    order: int = 0
    when: When = field(default_factory=lambda: parse_when(""))
    condition: str = ""
    """What ``when`` was made of."""
    classes: tuple[str, ...] = ()
    """Of an event handler: the classes of events it is offered for; empty: all."""
    enabled: bool = True
    fault: Text | None = None
    """Why it is grey: its plugin failed; None otherwise."""
    handler: Handler | None = None


class CommandRegistry:
    """All commands by id. Map tools (menu ``map/toolbar``) and event handlers (menu
    ``event/actions``, argument: the event's id) are commands too."""

    def __init__(self, keys: KeyRegistry) -> None:
        self.keys = keys
        self.activate: Callable[[str], bool] = lambda plugin_id: False
        """Set by the host: activates the plugin whose command is run first."""
        self.report: Callable[[str, Text], None] = lambda plugin_id, reason: None
        """Set by the host: tells the user why a command could not be run."""
        self._entries: dict[str, CommandEntry] = {}
        self._state: dict[str, object] = {}
        self._changed: Listeners[[]] = Listeners()

    def declare(self, plugin_id: str, contributes: Contributions) -> Undo:
        """Add what a manifest declares."""
        rows: list[tuple[CommandEntry, str]] = []
        for row in contributes.commands:
            entry = CommandEntry(id=row.id, plugin_id=plugin_id, title=row.title, help=row.help)
            entry.menu, entry.icon, entry.palette = row.menu, row.icon, row.palette
            entry.when, entry.condition = parse_when(row.when), row.when
            rows.append((entry, row.key))
        for tool in contributes.map_tools:
            entry = CommandEntry(id=tool.id, plugin_id=plugin_id, title=tool.title, help=tool.help)
            entry.menu, entry.icon, entry.order = "map/toolbar", tool.icon, tool.order
            entry.when, entry.condition = parse_when(tool.when), tool.when
            rows.append((entry, tool.key))
        for action in contributes.event_handlers:
            entry = CommandEntry(id=action.id, plugin_id=plugin_id, title=action.title, icon=action.icon)
            entry.menu, entry.palette, entry.classes = "event/actions", False, action.classes
            rows.append((entry, ""))
        return self._put(rows)

    def add(
        self,
        command_id: str,
        title: Text,
        handler: Handler,
        *,
        key: str = "",
        menu: str = "",
        icon: str = "",
        when: str = "",
        help: Text = NO_TEXT,
        order: int = 0,
    ) -> Undo:
        """Add a command of the window itself, bound at once."""
        entry = CommandEntry(id=command_id, plugin_id="shell", title=title, help=help, handler=handler)
        entry.menu, entry.icon, entry.order = menu, icon, order
        entry.when, entry.condition = parse_when(when), when
        return self._put([(entry, key)])

    def _put(self, rows: list[tuple[CommandEntry, str]]) -> Undo:
        """Add all and tell once: the window builds its menus anew each time."""
        self._entries |= {entry.id: entry for entry, _ in rows}
        releases = [self.keys.claim(entry.id, key) for entry, key in rows]
        self._changed.fire()

        def drop() -> None:
            for entry, _ in rows:
                self._entries.pop(entry.id, None)
            together(releases)()
            self._changed.fire()

        return once(drop)

    def bind(self, command_id: str, handler: Handler) -> Undo:
        """Give a declared command its behaviour. Raises KeyError when no manifest declares it."""
        entry = self._entries[command_id]
        entry.handler = handler
        self._changed.fire()
        return once(lambda: self._unbind(command_id, handler))

    def _unbind(self, command_id: str, handler: Handler) -> None:
        entry = self._entries.get(command_id)
        if entry is not None and entry.handler is handler:
            entry.handler, entry.enabled = None, True
            self._changed.fire()

    def run(self, command_id: str, *args: Any) -> None:
        """Run a command as its menu entry would; activates its plugin at first use."""
        entry = self._entries.get(command_id)
        if entry is None:
            self.report("", words.no_command(command_id))
            return
        if entry.handler is None and not self.activate(entry.plugin_id):
            return
        if entry.handler is None:
            self.report(entry.plugin_id, words.not_bound(command_id))
        elif self.is_enabled(command_id):
            entry.handler(*args)

    def is_enabled(self, command_id: str) -> bool:
        """Whether it can be run now: not failed, not switched off, its condition true."""
        entry = self._entries.get(command_id)
        return entry is not None and entry.enabled and not entry.fault and entry.when(self._state)

    def set_enabled(self, command_id: str, enabled: bool) -> None:
        """Switch a command off or on, beside its condition."""
        entry = self._entries.get(command_id)
        if entry is not None and entry.enabled != enabled:
            entry.enabled = enabled
            self._changed.fire()

    def set_state(self, name: str, value: object) -> None:
        """Set a name that conditions (``when``) look up, e.g. ``map.visible``."""
        if self._state.get(name) != value:
            self._state[name] = value
            self._changed.fire()

    def set_fault(self, plugin_id: str, reason: Text | None) -> None:
        """Grey all commands of a plugin with a reason; None takes it back."""
        for entry in self._entries.values():
            if entry.plugin_id == plugin_id:
                entry.fault = reason
        self._changed.fire()

    def entries(self, menu: str | None = None) -> list[CommandEntry]:
        """All commands in order of declaration, or those of one menu by their order."""
        rows = [entry for entry in self._entries.values() if menu is None or entry.menu == menu]
        return rows if menu is None else sorted(rows, key=lambda entry: entry.order)

    def get(self, command_id: str) -> CommandEntry | None:
        """One command."""
        return self._entries.get(command_id)

    def key_of(self, command_id: str) -> str:
        """The key it has now, e.g. ``Ctrl+Alt+P``; empty for none."""
        return self.keys.key_of(command_id)

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when commands, their bindings or whether they can be run changed."""
        return self._changed.add(handler)
