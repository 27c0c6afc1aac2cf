"""The plugin host: one object that the window talks to."""

from __future__ import annotations

import logging
import queue
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from console.model.text import Text
from console.plugin_host import words
from console.plugin_host.admission import admit
from console.plugin_host.bindings import Bindings
from console.plugin_host.breadcrumb import Breadcrumb, suspects
from console.plugin_host.code import import_ahead
from console.plugin_host.commands import CommandRegistry
from console.plugin_host.context import Registries
from console.plugin_host.discover import Found, PluginSource, SourceKind, discover
from console.plugin_host.facets import Facets
from console.plugin_host.isolate import Isolation
from console.plugin_host.keys import KeyConflict, KeyRegistry
from console.plugin_host.lifecycle import Lifecycle
from console.plugin_host.owners import Owners
from console.plugin_host.panels import PanelRegistry
from console.plugin_host.plugin import Plugin, PluginInfo, PluginState
from console.plugin_host.reload import Reloader
from console.plugin_host.services import ServiceRegistry
from console.plugin_host.settings import SettingsRegistry
from console.plugin_host.state_file import StateFile
from console.plugin_host.status import StatusRegistry
from console.plugin_host.strikes import STRIKES, Strikes
from console.plugin_host.watchdog import Stall, Watchdog
from console.sdk import MissingPermission, OneMapError, Severity, Undo

log = logging.getLogger(__name__)
TOLD_STALL = 1.0
"""Seconds from which an operator is told of a stall by an installed plugin, which they can switch off.

All stalls are in the log and the plugin manager."""
START_UP = 30.0
"""Seconds after the start in which operators are told of none."""


class PluginHost:
    """Finds, shows, runs and contains plugins. All methods are for the GUI thread.

    ``load()`` once, then ``activate_on("startup")`` when the window is shown and
    ``activate_on("signed_in")`` after sign-in. ``beat()`` ten times a second
    lets the watchdog see stalls. ``close()`` at the end.
    """

    def __init__(
        self,
        sources: Sequence[PluginSource],
        facets: Facets,
        *,
        config_dir: Path,
        data_dir: Path,
        cache_dir: Path,
        safe_mode: bool = False,
        guard_process: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """*guard_process*: breadcrumb, fault handler, watchdog and exception hooks of the real console."""
        self._sources = tuple(sources)
        self._facets = facets
        self._safe_mode = safe_mode
        self._guard_process = guard_process
        self._crumbs = cache_dir / "crumbs"
        self._manifests = StateFile(cache_dir / "manifests.json")
        self._off = StateFile(config_dir / "plugins.json")
        self.keys = KeyRegistry(StateFile(config_dir / "keys.json"))
        self.commands = CommandRegistry(self.keys)
        self.panels = PanelRegistry(self.keys)
        self.settings = SettingsRegistry(StateFile(config_dir / "settings.json"))
        self.services = ServiceRegistry()
        self.status = StatusRegistry()
        self._owners = Owners()
        self._crumb = Breadcrumb()
        self._isolation = Isolation(self._owners, self._crumb, self._on_fault)
        self._clock, self._began = clock, clock()
        self._strikes = Strikes(clock)
        self._inbox: queue.SimpleQueue[tuple[str, BaseException]] = queue.SimpleQueue()
        registries = Registries(
            commands=self.commands,
            panels=self.panels,
            settings=self.settings,
            services=self.services,
            status=self.status,
        )
        self._life = Lifecycle(registries, facets, self._isolation, data_dir / "plugins")
        self._life.on_failed = self._tell_failed
        self._events: set[str] = set()
        self._told: set[KeyConflict] = set()
        self._conflicts_wait = False
        self._watchdog = Watchdog(self._owners, self._on_stall)
        self._undo = Bindings()
        for registry in (self.commands, self.panels, self.services):
            registry.activate = self.activate
        self.commands.report = self._tell_command

    def load(self) -> None:
        """Read the manifests and show what they contribute; no plugin code is imported."""
        found = self._discover()
        for suspect in suspects(self._crumbs, self._owners):
            log.error("%s was running when the console crashed\n%s", suspect.plugin_id, suspect.trace)
            self._keep_off(suspect.plugin_id, "crash")
        self._settle(found)
        self._tell_conflicts()
        self._undo.add(self._facets.selection.on_change(self._follow_selection))
        self._undo.add(self.keys.on_change(self._tell_conflicts_soon))  # the window's own come later
        if self._guard_process:
            self._crumb.open(self._crumbs)
            self._undo.add(self._crumb.close)
            self._undo.add(self._isolation.install())
            self._watchdog.start()
            self._undo.add(self._watchdog.close)
            self.watch_dev_folders()

    def watch_dev_folders(self) -> None:
        """Load plugins under development anew when one of their files is saved."""
        for source in self._sources:
            if source.kind is SourceKind.DEV:
                reloader = Reloader(source.folder, lambda folder=source.folder: self._reload_folder(folder))
                self._undo.add(reloader.start(self._facets.tasks))

    def close(self) -> None:
        """Switch all plugins off and leave no trace of a crash."""
        for plugin_id in reversed(list(self._life.plugins)):
            self._life.deactivate(plugin_id)
        self._undo.undo_all()

    def beat(self) -> None:
        """The GUI thread lives: call it from a timer, ten times a second."""
        if self._guard_process:
            self._watchdog.beat()
        while not self._inbox.empty():
            self._on_fault(*self._inbox.get())

    def activate_on(self, event: str) -> None:
        """Activate those that wait for *event*, one a turn of the event loop."""
        self._events.add(event)
        for plugin in list(self._life.plugins.values()):
            if plugin.manifest and event in plugin.manifest.on:
                self._facets.tasks.later(0, lambda plugin_id=plugin.id: self._activate_prepared(plugin_id))

    async def _activate_prepared(self, plugin_id: str) -> None:
        await self.prepare(plugin_id)
        self._life.activate(plugin_id)

    async def prepare(self, plugin_id: str) -> None:
        """Import the code that its activation needs on a pool thread, of built-in plugins alone.

        Imports take up to a fifth of a second, which the window shall not feel.
        """
        plugins = self._life.to_import(plugin_id)
        if plugins:
            await self._facets.tasks.run(import_ahead, plugins)

    async def prepare_all(self) -> None:
        """``prepare`` whatever may be used later."""
        for plugin_id in list(self._life.plugins):
            await self.prepare(plugin_id)

    def activate(self, plugin_id: str) -> bool:
        """Activate at first use; tells the user the reason when it cannot be."""
        if self._life.activate(plugin_id):
            return True
        plugin = self._life.plugins.get(plugin_id)
        if plugin is not None and plugin.state is PluginState.DISABLED:
            self._tell(words.not_running(self._name(plugin_id), self._say(plugin.reason)), plugin_id)
        return False

    def deactivate(self, plugin_id: str) -> None:
        """Switch it off until its next use."""
        self._life.deactivate(plugin_id)

    def start_over(self) -> None:
        """Switch all off: nothing of one user's desk may reach the next. Those of start-up come again."""
        for plugin_id in reversed(list(self._life.plugins)):
            self._life.deactivate(plugin_id)
        self._events.discard("signed_in")
        self.activate_on("startup")

    def needs_user(self, plugin_id: str) -> bool:
        """Whether it shows what only somebody who is signed in may see."""
        plugin = self._life.plugins.get(plugin_id)
        return bool(plugin and plugin.manifest and {"live", "backend"}.intersection(plugin.manifest.requires))

    def plugins(self) -> list[PluginInfo]:
        """All plugins as the plugin manager shows them."""
        return [PluginInfo.of(plugin) for plugin in self._life.plugins.values()]

    def contributions(self, point: str) -> list[tuple[PluginInfo, Any]]:
        """What running and ready plugins declare at a contribution point, e.g. ``themes``."""
        return [
            (PluginInfo.of(plugin), row)
            for plugin in self._life.plugins.values()
            if plugin.manifest and plugin.state not in (PluginState.DISABLED, PluginState.FAILED)
            for row in getattr(plugin.manifest.contributes, point)
        ]

    def set_enabled(self, plugin_id: str, enabled: bool) -> None:
        """The user switches a plugin on or off for good."""
        self._keep_off(plugin_id, "" if enabled else "user")
        self.reload(plugin_id, activate=False)

    def retry(self, plugin_id: str) -> bool:
        """Forgive a plugin its faults, read it anew and activate it."""
        self._keep_off(plugin_id, "")
        return self.reload(plugin_id)

    def reload(self, plugin_id: str, *, activate: bool = True) -> bool:
        """Switch it off, read manifest and code anew; true when it is active in the end (if wished)."""
        plugin = self._life.plugins.get(plugin_id)
        if plugin is None:
            return False
        self._strikes.forgive(plugin_id)
        return self._reload_folder(plugin.folder, activate=activate)

    def _reload_folder(self, folder: Path, *, activate: bool = True) -> bool:
        self._settle(self._discover(), force=folder)
        again = next((p for p in self._life.plugins.values() if p.folder == folder), None)
        return activate and again is not None and self.activate(again.id)

    def remark(self, plugin_id: str, about: str, texts: tuple[Text, ...]) -> None:
        """Say in the plugin manager what is not quite right with a plugin; replaces what was said before."""
        plugin = self._life.plugins.get(plugin_id)
        if plugin is not None and plugin.remarks.get(about, ()) != texts:
            plugin.remarks[about] = texts
            self._life.changed.fire(plugin_id)

    def on_change(self, handler: Callable[[str], None]) -> Undo:
        """*handler(plugin_id)* is called when a plugin's line changed."""
        return self._life.changed.add(handler)

    def _discover(self) -> list[Found]:
        found = discover(self._sources, self._manifests)
        for item in found:
            self._owners.add(item.folder, item.manifest.id if item.manifest else item.folder.name)
        return found

    def _settle(self, found: Sequence[Found], force: Path | None = None) -> None:
        """Bring what runs in line with what was found; only what changed is touched, and *force*."""
        broken = {i.folder: words.bad_manifest(i.fault_lines()) for i in found if i.manifest is None}
        found = [self._last_good(item) for item in found]
        fresh = admit(found, self._facets.offered(), self._reasons(), self._safe_mode)
        now: dict[str, Plugin] = {}
        for plugin in fresh:
            before = self._life.plugins.get(plugin.id)
            now[plugin.id] = before if before and _same(before, plugin) and before.folder != force else plugin
        with self.panels.settling():
            self._exchange(now)
        for plugin in now.values():
            if plugin.kind is SourceKind.DEV and plugin.manifest:
                self._remark_manifest(plugin, broken.get(plugin.folder))

    def _last_good(self, item: Found) -> Found:
        """While its author edits the manifest, a plugin under development goes on with the last good one."""
        if item.manifest is not None or item.kind is not SourceKind.DEV:
            return item
        before = next((p for p in self._life.plugins.values() if p.folder == item.folder), None)
        return replace(item, manifest=before.manifest) if before and before.manifest else item

    def _remark_manifest(self, plugin: Plugin, fault: Text | None) -> None:
        """Say in plugin manager and notification that the last good manifest stands in."""
        self.remark(plugin.id, "manifest", (fault,) if fault else ())
        if fault:
            self._tell(words.last_good(self._name(plugin.id)), plugin.id, self._say(fault))

    def _exchange(self, now: dict[str, Plugin]) -> None:
        for before in self._life.plugins.values():
            if now.get(before.id) is not before:
                self._life.withdraw(before)
        known, self._life.plugins = self._life.plugins, now
        for plugin in now.values():
            if known.get(plugin.id) is not plugin:
                self._welcome(plugin)

    def _welcome(self, plugin: Plugin) -> None:
        if plugin.state is PluginState.VALIDATED:
            self._life.declare(plugin)
            if plugin.manifest and self._events.intersection(plugin.manifest.on):
                self._facets.tasks.later(0, lambda: self._activate_prepared(plugin.id))
        elif plugin.state is PluginState.FAILED:
            self._tell_failed(plugin)
        self._life.changed.fire(plugin.id)

    def _keep_off(self, plugin_id: str, why: str) -> None:
        """Keep a plugin off over restarts: ``user`` or ``crash``; empty: no more."""
        self._off.data[plugin_id] = why
        if not why:
            del self._off.data[plugin_id]
        self._off.save()

    def _reasons(self) -> dict[str, Text]:
        texts = {"crash": words.crashed(), "user": words.switched_off()}
        return {plugin_id: texts.get(why, words.switched_off()) for plugin_id, why in self._off.data.items()}

    def _on_fault(self, plugin_id: str, error: BaseException) -> None:
        """A handler, slot or thread of a plugin raised."""
        if threading.current_thread() is not threading.main_thread():
            self._inbox.put((plugin_id, error))
            return
        if isinstance(error, OneMapError) and not isinstance(error, MissingPermission):
            # not its fault: the backend refused or is away, in words for the user
            self._facets.notify(str(error), Severity.WARNING, key=f"plugin:{plugin_id}")
            return
        lines = "".join(traceback.format_exception(error))
        log.error("plugin %s raised\n%s", plugin_id, lines)
        plugin = self._life.plugins.get(plugin_id)
        if plugin is None or plugin.state is PluginState.FAILED:
            return
        plugin.faults, plugin.traceback = plugin.faults + 1, lines
        if self._strikes.out(plugin_id):
            self._life.fail(plugin, words.suspended(STRIKES), error)
        else:
            self._tell(words.handler_failed(self._name(plugin_id)), plugin_id, f"{error!r}\n\n{lines}")
            self._life.changed.fire(plugin_id)

    def _on_stall(self, stall: Stall) -> None:
        log.warning("the window stood still for %.1f s", stall.seconds)
        plugin = self._life.plugins.get(stall.plugin_id)
        if plugin is None:
            return
        plugin.stalls += 1
        if plugin.kind is SourceKind.DEV:  # its author wants to know where; operators have the log
            place = "\n".join(line.strip() for line in stall.stack.splitlines()[-2:])
            self._tell(words.stalled(self._name(plugin.id), stall.seconds), plugin.id, place)
        elif plugin.kind is SourceKind.USER and stall.seconds >= TOLD_STALL and self._settled():
            self._tell(words.stalled(self._name(plugin.id), stall.seconds), plugin.id)
        self._life.changed.fire(plugin.id)

    def _settled(self) -> bool:
        return self._clock() - self._began > START_UP

    def _tell_failed(self, plugin: Plugin) -> None:
        text = self._say(words.failed(self._name(plugin.id)))
        detail = f"{self._say(plugin.reason)}\n\n{plugin.traceback}".strip()
        retry = (self._say(words.RETRY), lambda: self.retry(plugin.id))
        self._facets.notify(text, Severity.ERROR, detail=detail, action=retry, key=f"plugin:{plugin.id}")

    def _tell_command(self, plugin_id: str, text: Text) -> None:
        self._tell(text, plugin_id)

    def _follow_selection(self, selected: tuple[str, str] | None) -> None:
        self.commands.set_state("selection.type", selected[0] if selected else "")

    def _tell_conflicts_soon(self) -> None:
        """Once for all keys that change hands in this turn: looking for conflicts looks at all keys."""
        if not self._conflicts_wait:
            self._conflicts_wait = True
            self._facets.tasks.later(0, self._tell_conflicts)

    def _tell_conflicts(self) -> None:
        self._conflicts_wait = False
        for conflict in self.keys.conflicts():
            if conflict in self._told:
                continue
            self._told.add(conflict)
            text = words.key_conflict(conflict.key, [self._title(owner) for owner in conflict.claimants])
            choose = (self._say(words.CHOOSE), lambda: self.commands.run("shell.shortcuts"))
            self._facets.notify(self._say(text), Severity.WARNING, action=choose, key=f"key:{conflict.key}")

    def _title(self, owner: str) -> Text:
        """Of a command or panel that claims a key."""
        entry = self.commands.get(owner) or self.panels.get(owner)
        return entry.title if entry else Text(owner, owner)

    def _tell(self, text: Text, plugin_id: str, detail: str = "") -> None:
        self._facets.notify(self._say(text), Severity.WARNING, detail=detail, key=f"plugin:{plugin_id}")

    def _say(self, text: Text) -> str:
        return text.get(self._facets.language.current)

    def _name(self, plugin_id: str) -> str:
        plugin = self._life.plugins.get(plugin_id)
        return self._say(plugin.manifest.name) if plugin and plugin.manifest else plugin_id


def _same(before: Plugin, fresh: Plugin) -> bool:
    """Whether a running plugin may stay as it is: nothing about it was read differently."""
    if before.folder != fresh.folder or before.manifest != fresh.manifest:
        return False
    kept_off = PluginState.DISABLED in (before.state, fresh.state)
    if kept_off or fresh.state is PluginState.FAILED:
        return before.state == fresh.state and before.reason == fresh.reason
    return True
