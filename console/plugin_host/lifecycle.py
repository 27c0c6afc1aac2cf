"""Switches plugins on at first use and off again, undoing everything in reverse."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from console.model.text import Text
from console.plugin_host import words
from console.plugin_host.code import import_entry, purge
from console.plugin_host.context import PluginContext, Registries
from console.plugin_host.discover import SourceKind
from console.plugin_host.facets import Facets
from console.plugin_host.isolate import Isolation
from console.plugin_host.listeners import Listeners
from console.plugin_host.plugin import Plugin, PluginState

log = logging.getLogger(__name__)
_STARTABLE = (PluginState.VALIDATED, PluginState.INACTIVE)


class Lifecycle:
    """Moves plugins from state to state; *changed* fires after each step."""

    def __init__(self, registries: Registries, facets: Facets, isolation: Isolation, data_dir: Path) -> None:
        self._registries = registries
        self._facets = facets
        self._isolation = isolation
        self._data_dir = data_dir
        self._starting: list[str] = []
        self._stopping: set[str] = set()
        self.plugins: dict[str, Plugin] = {}
        self.changed: Listeners[[str]] = Listeners()
        self.on_failed: Callable[[Plugin], None] = lambda plugin: None

    def declare(self, plugin: Plugin) -> None:
        """Show what the manifest contributes; no code is imported."""
        manifest = plugin.manifest
        if manifest is None:
            return
        all_, add = manifest.contributes, plugin.declared.add
        add(self._registries.commands.declare(plugin.id, all_))
        add(self._registries.panels.declare(plugin.id, all_.panels))
        add(self._registries.settings.declare(plugin.id, manifest.name, all_.settings))
        add(self._registries.status.declare(plugin.id, all_.status_items))
        add(self._registries.services.declare(plugin.id, manifest.provides))

    def activate(self, plugin_id: str) -> bool:
        """Import and activate unless it is active; false when it cannot be (the reason is kept)."""
        plugin = self.plugins.get(plugin_id)
        if plugin is None or plugin.manifest is None:
            return False
        if plugin.state is PluginState.ACTIVE or plugin_id in self._starting:
            return True
        if plugin.state not in _STARTABLE or plugin_id in self._stopping:
            return False
        self._starting.append(plugin_id)
        try:
            return self._activate_needs(plugin) and self._activate(plugin)
        finally:
            self._starting.remove(plugin_id)

    def to_import(self, plugin_id: str, above: frozenset[str] = frozenset()) -> list[Plugin]:
        """Built-in plugins whose code its activation will import, its providers' first.

        *above*: who led here; two plugins may use one another.
        """
        plugin = self.plugins.get(plugin_id)
        if plugin is None or plugin.manifest is None or plugin.state is not PluginState.VALIDATED:
            return []
        above |= {plugin_id}
        asked = (*plugin.manifest.requires, *plugin.manifest.uses)
        providers = {self._registries.services.provider(name) for name in asked} - above - {""}
        needed = [other for provider in sorted(providers) for other in self.to_import(provider, above)]
        return [*needed, plugin] if plugin.kind is SourceKind.FIRST_PARTY else needed

    def _activate_needs(self, plugin: Plugin) -> bool:
        """First who provides the services that it requires."""
        assert plugin.manifest is not None
        for name in plugin.manifest.requires:
            provider = self._registries.services.provider(name)
            if provider and not self.activate(provider):
                self.fail(plugin, words.provider_failed(name, provider))
                return False
        return True

    def _activate(self, plugin: Plugin) -> bool:
        assert plugin.manifest is not None
        begin = time.perf_counter()
        try:
            with self._isolation.crumb.mark(plugin.id):
                entry = import_entry(plugin)
        except Exception as error:
            self.fail(plugin, words.import_failed(error), error)
            return False
        imported = time.perf_counter()
        try:
            with self._isolation.crumb.mark(plugin.id):
                entry(self._context(plugin))
        except Exception as error:
            self.fail(plugin, words.activation_failed(error), error)
            return False
        plugin.import_ms = (imported - begin) * 1000
        plugin.activate_ms = (time.perf_counter() - imported) * 1000
        plugin.set(PluginState.ACTIVE)
        self.changed.fire(plugin.id)
        return True

    def _context(self, plugin: Plugin) -> PluginContext:
        assert plugin.manifest is not None
        return PluginContext(
            plugin.manifest,
            plugin.folder,
            self._data_dir / plugin.id,
            self._registries,
            self._facets,
            self._isolation,
            plugin.bound,
        )

    def deactivate(self, plugin_id: str) -> None:
        """Undo what it bound, in reverse, after those who require its services."""
        plugin = self.plugins[plugin_id]
        if plugin.state is not PluginState.ACTIVE:
            return
        for dependent in self._dependents(plugin):
            self.deactivate(dependent.id)
        plugin.set(PluginState.INACTIVE)
        self._undo(plugin)
        self.changed.fire(plugin_id)

    def _dependents(self, plugin: Plugin) -> Iterator[Plugin]:
        provided = set(plugin.manifest.provides) if plugin.manifest else set[str]()
        for other in self.plugins.values():
            if other is not plugin and other.manifest and provided.intersection(other.manifest.requires):
                yield other

    def _undo(self, plugin: Plugin) -> None:
        """Take back what it bound. Who hears of it, such as an open panel, can't start it anew meanwhile."""
        self._stopping.add(plugin.id)
        try:
            with self._isolation.crumb.mark(plugin.id):
                plugin.bound.undo_all()
        finally:
            self._stopping.discard(plugin.id)

    def fail(self, plugin: Plugin, reason: Text, error: BaseException | None = None) -> None:
        """Switch it off for its fault; its contributions turn grey, the reason is kept."""
        lines = "".join(traceback.format_exception(error)) if error else ""
        log.error("plugin %s failed: %s\n%s", plugin.id, reason.en, lines)
        self.deactivate(plugin.id)
        self._undo(plugin)
        plugin.set(PluginState.FAILED, reason, lines)
        self._registries.commands.set_fault(plugin.id, reason)
        self._registries.panels.set_fault(plugin.id, reason)
        self.changed.fire(plugin.id)
        self.on_failed(plugin)

    def withdraw(self, plugin: Plugin) -> None:
        """Switch it off, take its contributions out and forget its code."""
        self.deactivate(plugin.id)
        plugin.declared.undo_all()
        purge(plugin.folder)
        self.changed.fire(plugin.id)
