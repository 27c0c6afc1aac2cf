"""Named workspaces: built-in arrangements and those that the user saves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from console.model.text import Text
from console.plugin_host import PanelEntry
from console.plugin_host.listeners import Listeners
from console.plugin_host.state_file import StateFile
from console.sdk.map import Undo
from console.shell.docks import Docks


@dataclass(frozen=True, slots=True)
class Builtin:
    """An arrangement that ships: *panels* are open; None: those that their manifests open."""

    id: str
    title: Text
    panels: tuple[str, ...] | None

    def wants(self, entry: PanelEntry) -> bool:
        """Whether the panel is open in it."""
        return entry.open if self.panels is None else entry.id in self.panels


BUILTIN = (
    Builtin("command", Text("指挥", "Command"), None),
    Builtin(
        "dispatch",
        Text("调度", "Dispatch"),
        (
            "onemap.events.events",
            "onemap.dispatch.dispatch",
            "onemap.dispatch.help",
            "onemap.staff.staff",
            "onemap.staff.alarms",
        ),
    ),
    Builtin("watch", Text("监看", "Watch"), ("onemap.cameras.cameras", "onemap.cameras.near")),
    Builtin("map", Text("全图", "Map only"), ()),
)
WITH_KEYS = len(BUILTIN) + 1
"""So many workspaces have keys: those that ship, and the first of the user's own."""


class Workspaces:
    """Which workspace is in use, and the user's own by name."""

    def __init__(self, docks: Docks, file: StateFile) -> None:
        self._docks = docks
        self._file = file
        self._changed: Listeners[[]] = Listeners()

    @property
    def current(self) -> str:
        """Id of a built-in one, or the name of the user's."""
        return self._file.data.get("workspace", BUILTIN[0].id)

    def names(self) -> list[str]:
        """Names of the user's own."""
        return sorted(self._own())

    def use_at(self, place: int) -> None:
        """Arrange as the workspace at *place* of all, the user's own after those that ship; or not at all."""
        every = [*(builtin.id for builtin in BUILTIN), *self.names()]
        if place < len(every):
            self.use(every[place])

    def start(self) -> bool:
        """Arrange as when the console was left; false when that is not known: the first arrangement."""
        last = self._file.data.get("last", "")
        if last and self._docks.restore(last):
            return True
        self._arrange(self.current)
        return False

    def use(self, name: str) -> None:
        """Arrange as *name* (built-in id or own name); changes to the one left are kept with it."""
        self.remember()
        self._file.data["workspace"] = name
        kept = self._own().get(name) or self._touched().get(name, "")
        if not (kept and self._docks.restore(kept)):
            self._arrange(name)
        self._changed.fire()

    def save_as(self, name: str) -> None:
        """Keep the present arrangement under a name; raises ValueError for an empty or built-in one."""
        name = name.strip()
        if not name or self._builtin(name):
            raise ValueError(name)
        self._own()[name] = self._docks.save()
        self._file.data["workspace"] = name
        self._commit()

    def rename(self, old: str, new: str) -> None:
        """Raises KeyError for an unknown name, ValueError for an empty, taken or built-in new one."""
        new = new.strip()
        if not new or self._builtin(new) or new in self._own():
            raise ValueError(new)
        self._own()[new] = self._own().pop(old)
        if self.current == old:
            self._file.data["workspace"] = new
        self._commit()

    def delete(self, name: str) -> None:
        """Forget one of the user's own; the first built-in one takes its place."""
        self._own().pop(name, None)
        if self.current == name:
            self._file.data["workspace"] = BUILTIN[0].id
            self._arrange(BUILTIN[0].id)
        self._commit()

    def reset(self) -> None:
        """Give the present workspace back its first arrangement."""
        self._touched().pop(self.current, None)
        kept = self._own().get(self.current, "")
        if not (kept and self._docks.restore(kept)):
            self._arrange(self.current)
        self._commit()

    def remember(self) -> None:
        """Keep the present arrangement for the next start; called on leaving, too."""
        state = self._docks.save()
        self._file.data["last"] = state
        if self._builtin(self.current):
            self._touched()[self.current] = state
        self._file.save()

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when names or the current one changed."""
        return self._changed.add(handler)

    def _arrange(self, name: str) -> None:
        builtin = self._builtin(name) or BUILTIN[0]
        self._docks.arrange(builtin.wants)

    def _commit(self) -> None:
        self._file.save()
        self._changed.fire()

    def _own(self) -> dict[str, Any]:
        return self._file.data.setdefault("workspaces", {})

    def _touched(self) -> dict[str, Any]:
        return self._file.data.setdefault("touched", {})

    @staticmethod
    def _builtin(name: str) -> Builtin | None:
        return next((builtin for builtin in BUILTIN if builtin.id == name), None)
