"""Panels: what manifests declare, and the factories that make their widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from console.model.manifest import Panel
from console.model.text import Text
from console.plugin_host import words
from console.plugin_host.keys import KeyRegistry
from console.plugin_host.listeners import Listeners, once, together
from console.sdk import Undo

Factory = Callable[[], Any]


@dataclass(slots=True, kw_only=True)
class PanelEntry:
    """One panel as the docks and the view menu show it."""

    id: str
    plugin_id: str
    title: Text
    area: str
    """``left``, ``right``, ``bottom`` or ``center``."""
    icon: str = ""
    open: bool = False
    order: int = 0
    room: int = 0
    """Per cent of the window that it needs when it is opened; 0: what its area has."""
    badge: str = ""
    fault: Text | None = None
    """Why it shows nothing: its plugin failed; None otherwise."""
    factory: Factory | None = None


class PanelRegistry:
    """All panels by id. The window makes a panel's widget at its first show."""

    def __init__(self, keys: KeyRegistry) -> None:
        self.keys = keys
        self.activate: Callable[[str], bool] = lambda plugin_id: False
        """Set by the host: activates the plugin whose panel is shown first."""
        self._entries: dict[str, PanelEntry] = {}
        self._changed: Listeners[[]] = Listeners()
        self._settling = False
        self._bound: Listeners[[str, bool]] = Listeners()
        self._shown: Listeners[[str]] = Listeners()
        self._badged: Listeners[[str, str]] = Listeners()

    def declare(self, plugin_id: str, panels: tuple[Panel, ...]) -> Undo:
        """Add what a manifest declares."""
        self._entries |= {panel.id: _entry(plugin_id, panel) for panel in panels}
        releases = [self.keys.claim(panel.id, panel.key) for panel in panels]
        self._tell()

        def drop() -> None:
            for panel in panels:
                self._entries.pop(panel.id, None)
            together(releases)()
            self._tell()

        return once(drop)

    @contextmanager
    def settling(self) -> Iterator[None]:
        """Tell of panels that come and go at the end: one that goes and comes back keeps its dock."""
        self._settling = True
        try:
            yield
        finally:
            self._settling = False
            self._tell()

    def _tell(self) -> None:
        if not self._settling:
            self._changed.fire()

    def bind(self, panel_id: str, factory: Factory) -> Undo:
        """Give a declared panel its widget. Raises KeyError when no manifest declares it."""
        self._entries[panel_id].factory = factory
        self._bound.fire(panel_id, True)
        return once(lambda: self._unbind(panel_id, factory))

    def _unbind(self, panel_id: str, factory: Factory) -> None:
        entry = self._entries.get(panel_id)
        if entry is not None and entry.factory is factory:
            entry.factory, entry.badge = None, ""
            self._bound.fire(panel_id, False)

    def make(self, panel_id: str) -> Any | None:
        """A new widget for the panel, activating its plugin; None when it has a fault (see the entry)."""
        entry = self._entries.get(panel_id)
        if entry is None or (entry.factory is None and not self.activate(entry.plugin_id)):
            return None
        if entry.factory is None:
            entry.fault = entry.fault or words.not_bound(panel_id)
            return None
        widget = entry.factory()
        entry.fault = None if widget is not None else entry.fault or words.no_widget()
        return widget

    def show(self, panel_id: str) -> None:
        """Ask the window to open and focus the panel."""
        self._shown.fire(panel_id)

    def set_badge(self, panel_id: str, text: str) -> None:
        """A short text on the tab; empty takes it away."""
        entry = self._entries.get(panel_id)
        if entry is not None and entry.badge != text:
            entry.badge = text
            self._badged.fire(panel_id, text)

    def set_fault(self, plugin_id: str, reason: Text | None) -> None:
        """Mark all panels of a plugin with a reason; None takes it back."""
        for entry in self._entries.values():
            if entry.plugin_id == plugin_id:
                entry.fault = reason
        self._tell()

    def entries(self) -> list[PanelEntry]:
        """All panels, those of one area in their order."""
        return sorted(self._entries.values(), key=lambda entry: entry.order)

    def get(self, panel_id: str) -> PanelEntry | None:
        """One panel."""
        return self._entries.get(panel_id)

    def key_of(self, panel_id: str) -> str:
        """The key that shows it; empty for none."""
        return self.keys.key_of(panel_id)

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when panels came, went or got a fault."""
        return self._changed.add(handler)

    def on_bound(self, handler: Callable[[str, bool], None]) -> Undo:
        """*handler(panel_id, bound)*: bound: make an open panel's widget anew; unbound: take it out."""
        return self._bound.add(handler)

    def on_show(self, handler: Callable[[str], None]) -> Undo:
        """*handler(panel_id)* opens and focuses the panel."""
        return self._shown.add(handler)

    def on_badge(self, handler: Callable[[str, str], None]) -> Undo:
        """*handler(panel_id, text)* shows a badge."""
        return self._badged.add(handler)


def _entry(plugin_id: str, panel: Panel) -> PanelEntry:
    return PanelEntry(
        id=panel.id,
        plugin_id=plugin_id,
        title=panel.title,
        area=panel.area,
        icon=panel.icon,
        open=panel.open,
        order=panel.order,
        room=panel.room,
    )
