"""A whole console around one plugin, without window and network: the host is the real one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.client.vault import MemoryVault
from console.model.text import Language
from console.plugin_host import Facets, PluginHost, PluginInfo, PluginSource, SourceKind
from console.plugin_host.code import purge, put_back
from console.plugin_host.listeners import Listeners
from console.sdk import Qgis, Severity, Undo
from console.store.batch import Batch, RecordChange
from console.store.live import LiveStore
from console.testing.backend import MemoryBackend
from console.testing.clock import Clock
from console.testing.files import MemoryFiles
from console.testing.map import MemoryMap
from console.testing.media import MemoryMedia
from console.testing.qgis import MemoryQgis
from console.testing.scene import MemoryScene
from console.testing.tasks import ClockTasks


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification that the user would see."""

    text: str
    severity: Severity
    detail: str = ""
    action: tuple[str, Callable[..., Any]] | None = None
    key: str = ""


class Notifications(list[Notification]):
    """Implements ``Notify`` by keeping what was said."""

    def __call__(self, text: str, severity: Severity = Severity.INFO, **more: Any) -> None:
        self.append(Notification(text, severity, **more))


class Selected:
    """Implements ``Selection``."""

    def __init__(self) -> None:
        self.current: tuple[str, str] | None = None
        self._changed: Listeners[[tuple[str, str] | None]] = Listeners()

    def select(self, record_type: str, record_id: str) -> None:
        self._set((record_type, record_id))

    def clear(self) -> None:
        self._set(None)

    def _set(self, current: tuple[str, str] | None) -> None:
        if current != self.current:
            self.current = current
            self._changed.fire(current)

    def on_change(self, handler: Callable[[tuple[str, str] | None], None]) -> Undo:
        return self._changed.add(handler)


class Colors:
    """A theme in which every token has a colour."""

    def __init__(self) -> None:
        self._changed: Listeners[[]] = Listeners()

    def color(self, token: str) -> str:
        return f"#{sum(token.encode()) * 2654435761 % 0x1000000:06x}"

    def on_change(self, handler: Callable[[], None]) -> Undo:
        return self._changed.add(handler)

    def change(self) -> None:
        """As if the user had switched the theme."""
        self._changed.fire()


class Languages:
    """The user's language; ``current`` may be set, ``change`` tells of it."""

    def __init__(self) -> None:
        self.current: str = Language.ZH
        self._changed: Listeners[[]] = Listeners()

    def on_change(self, handler: Callable[[], None]) -> Undo:
        return self._changed.add(handler)

    def change(self, language: str) -> None:
        """As if the user had switched the language."""
        self.current = language
        self._changed.fire()


class Console:
    """What surrounds the plugin under test; *folder* is for files and settings."""

    def __init__(self, folder: Path, clock: Clock, backend: MemoryBackend) -> None:
        self.clock = clock
        self.backend = backend
        self.live = LiveStore()
        self.map = MemoryMap()
        self.scene = MemoryScene()
        self.media = MemoryMedia()
        self.qgis: Qgis = MemoryQgis()
        """Another one may be set before ``open``."""
        self.files = MemoryFiles()
        self.secrets = MemoryVault()
        self.notifications = Notifications()
        self.selection = Selected()
        self.theme = Colors()
        self.language = Languages()
        self._folder = folder
        self._host: PluginHost | None = None
        self._path = list(sys.path)
        self._modules = dict(sys.modules)

    def open(
        self, *plugin_folders: Path, others: Path | None = None, first_party: Path | None = None
    ) -> PluginHost:
        """Start the plugin host over these plugins (and a folder of *others*, or of *first_party* ones)."""
        sources = [PluginSource(folder, SourceKind.DEV) for folder in plugin_folders]
        if first_party is not None:
            sources.append(PluginSource(first_party, SourceKind.FIRST_PARTY))
        if others is not None:
            sources.append(PluginSource(others, SourceKind.USER))
        self._host = PluginHost(
            sources,
            self._facets(),
            config_dir=self._folder / "config",
            data_dir=self._folder / "data",
            cache_dir=self._folder / "cache",
            guard_process=False,
            clock=lambda: self.clock.now,
        )
        self._host.load()
        for state in ("map.visible", "signed_in"):
            self._host.commands.set_state(state, True)
        return self._host

    def _facets(self) -> Facets:
        return Facets(
            notify=self.notifications,
            tasks=ClockTasks(self.clock),
            selection=self.selection,
            theme=self.theme,
            language=self.language,
            map=self.map,
            live=self.live,
            backend=self.backend,
            qgis=self.qgis,
            scene=self.scene,
            media=self.media,
            services={"files": self.files, "secrets": self.secrets},
        )

    @property
    def host(self) -> PluginHost:
        """The plugin host: ``commands``, ``panels``, ``settings``, ``services``, ``status`` …"""
        assert self._host is not None, "open() comes first"
        return self._host

    def info(self, plugin_id: str) -> PluginInfo:
        """A plugin as the plugin manager shows it: state, reason, traceback."""
        return next(plugin for plugin in self.host.plugins() if plugin.id == plugin_id)

    def run(self, command_id: str, *args: Any) -> None:
        """Run a command, as its menu entry would. A disabled one fails the test and says why."""
        commands = self.host.commands
        entry = commands.get(command_id)
        if entry is not None and (entry.handler is not None or self.host.activate(entry.plugin_id)):
            assert entry.enabled, f"{command_id} is disabled by ctx.commands.set_enabled"
            assert commands.is_enabled(command_id), f"{command_id} is disabled by when: {entry.condition}"
        commands.run(command_id, *args)

    def put(self, record_type: str, *records: Any) -> None:
        """Let the live feed bring *records*."""
        self.live.apply(Batch(changes=[RecordChange(record_type, record.id, record) for record in records]))

    def drop(self, record_type: str, record_id: str) -> None:
        """Let the live feed take a record away."""
        self.live.apply(Batch(changes=[RecordChange(record_type, record_id, None)]))

    def layer(self, layer_id: str) -> Any:
        """A layer that the plugin put on the map."""
        return self.map.layers_by_id[layer_id]

    def close(self) -> None:
        """Switch everything off; forget the plugins' code but what the test itself had imported before."""
        if self._host is not None:
            self._host.close()
            for plugin in self._host.plugins():
                purge(plugin.folder)
                put_back(plugin.folder, self._modules)
        sys.path[:] = self._path
