"""The context that ``activate(ctx)`` gets: facets by permission, everything undone in reverse."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from console.model.manifest import Manifest
from console.plugin_host.bindings import Bindings
from console.plugin_host.commands import CommandRegistry
from console.plugin_host.declared_layers import DeclaredLayers
from console.plugin_host.facets import Facets
from console.plugin_host.guarded import Guarded
from console.plugin_host.isolate import Isolation
from console.plugin_host.panels import PanelRegistry
from console.plugin_host.services import ServiceRegistry
from console.plugin_host.settings import SettingsRegistry
from console.plugin_host.status import StatusRegistry
from console.plugin_host.texts import Texts
from console.sdk import Live, LivePositions, MapFacet, MissingPermission, Qgis, Severity, Undo
from console.sdk.context import Backend, Handler, Notify, Selection
from console.sdk.media import Media
from console.sdk.scene import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Registries:
    """What contexts bind into."""

    commands: CommandRegistry
    panels: PanelRegistry
    settings: SettingsRegistry
    services: ServiceRegistry
    status: StatusRegistry


class PluginContext:
    """Implements ``console.sdk.Context`` for one plugin, from activation to deactivation."""

    def __init__(
        self,
        manifest: Manifest,
        folder: Path,
        data_dir: Path,
        registries: Registries,
        facets: Facets,
        isolation: Isolation,
        bindings: Bindings,
    ) -> None:
        self.plugin_id = manifest.id
        self.log = logging.getLogger(f"plugin.{manifest.id}")
        self._manifest = manifest
        self._data_dir = data_dir
        self._registries = registries
        self._facets = facets
        self._isolation = isolation
        self._bindings = bindings
        self._texts = Texts(folder, lambda: facets.language.current, self.log)
        self.tasks = _Tasks(self)
        self.commands = _Commands(self)
        self.panels = _Panels(self)
        self.settings = _Settings(self)
        self.services = _Services(self)
        self.selection = cast(Selection, self._guarded(facets.selection))
        self.notify = cast(Notify, self._notify)

    @property
    def map(self) -> MapFacet:
        """The 2D map; permission ``map``."""
        self._need("map")
        named = DeclaredLayers(self._present("map"), self._manifest.contributes.layers)
        return cast(MapFacet, self._guarded(named))

    @property
    def live(self) -> Live:
        """Live records; permission ``<type>.read`` for each type."""
        if not any(name.endswith(".read") for name in self._manifest.permissions):
            raise missing_permission(self.plugin_id, "<type>.read")
        return _Live(self, self._present("live"))

    @property
    def backend(self) -> Backend:
        """The backend; permission ``backend``."""
        self._need("backend")
        return cast(Backend, self._guarded(self._present("backend")))

    @property
    def qgis(self) -> Qgis:
        """QGIS beside the console; permission ``qgis``."""
        self._need("qgis")
        return cast(Qgis, self._guarded(self._present("qgis")))

    @property
    def scene(self) -> Scene:
        """The map in three dimensions; permission ``scene``."""
        self._need("scene")
        return cast(Scene, self._guarded(self._present("scene")))

    @property
    def media(self) -> Media:
        """Live pictures; permission ``media``."""
        self._need("media")
        return cast(Media, self._guarded(self._present("media")))

    @property
    def language(self) -> str:
        """``zh_CN`` or ``en``."""
        return self._facets.language.current

    def tr(self, text: str, /, **values: Any) -> str:
        """*text* in the user's language."""
        return self._texts.tr(text, **values)

    def color(self, token: str) -> str:
        """``#rrggbb`` of a theme token."""
        return self._facets.theme.color(token)

    def on_theme(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when colours changed."""
        return self._bindings.add(self._facets.theme.on_change(self._wrap(handler)))

    def on_language(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when the language changed."""
        return self._bindings.add(self._facets.language.on_change(self._wrap(handler)))

    def undo(self, undo: Undo) -> Undo:
        """Run *undo* when the plugin is switched off."""
        return self._bindings.add(undo)

    def status(self, item_id: str, text: str, tooltip: str = "") -> None:
        """Text of a status item of this plugin."""
        self._own(item_id, "status_items")
        self._registries.status.set(item_id, text, tooltip)

    def data_dir(self) -> str:
        """A folder of the plugin's own, made at first use."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        return str(self._data_dir)

    def _notify(
        self,
        text: str,
        severity: Severity = Severity.INFO,
        *,
        detail: str = "",
        action: tuple[str, Handler] | None = None,
        key: str = "",
    ) -> None:
        button = (action[0], self._wrap(action[1])) if action else None
        own_key = f"{self.plugin_id}:{key}" if key else ""
        self._facets.notify(text, severity, detail=detail, action=button, key=own_key)

    def _wrap(self, handler: Handler) -> Handler:
        return self._isolation.wrap(self.plugin_id, handler, self._start)

    def _start(self, guarded: Coroutine[Any, Any, Any]) -> Undo:
        """Drive a guarded coroutine; cancelled with the plugin, forgotten when it is over."""
        early: Undo | None = None
        over = False

        async def run() -> None:
            nonlocal over
            try:
                await guarded
            finally:
                over = True
                if early is not None:
                    self._bindings.forget(early)

        cancel = self._facets.tasks.start(run())
        early = self._bindings.add(cancel)
        if over:
            self._bindings.forget(early)
        return early

    def _guarded(self, facet: Any) -> Guarded:
        return Guarded(facet, self._wrap, self._bindings)

    def _present(self, name: str) -> Any:
        facet = getattr(self._facets, name)
        if facet is None:
            raise RuntimeError(f'this console has no "{name}"; write requires = ["{name}"] in plugin.toml')
        return facet

    def _need(self, permission: str) -> None:
        if permission not in self._manifest.permissions:
            raise missing_permission(self.plugin_id, permission)

    def _own(self, contribution_id: str, *points: str) -> None:
        """Only what the manifest declares can be bound."""
        declared = {row.id for point in points for row in getattr(self._manifest.contributes, point)}
        if contribution_id not in declared:
            known = ", ".join(sorted(declared)) or "none"
            raise KeyError(
                f'"{contribution_id}" is not declared: write [[contributes.{points[0]}]] '
                f'id = "{contribution_id}" in plugin.toml (declared: {known})'
            )


def missing_permission(plugin_id: str, permission: str) -> MissingPermission:
    """Says which line to write."""
    return MissingPermission(
        f'The plugin "{plugin_id}" has no permission "{permission}": '
        f'add "{permission}" to permissions = [...] in its plugin.toml.'
    )


class _Part:
    """A facet made of the context."""

    def __init__(self, context: PluginContext) -> None:
        self._context = context
        self._id = context.plugin_id
        self._registries = context._registries
        self._bindings = context._bindings


class _Commands(_Part):
    def bind(self, command_id: str, handler: Handler) -> Undo:
        self._context._own(command_id, "commands", "map_tools", "event_handlers")
        return self._bindings.add(self._registries.commands.bind(command_id, self._context._wrap(handler)))

    def run(self, command_id: str, *args: Any) -> None:
        self._registries.commands.run(command_id, *args)

    def set_enabled(self, command_id: str, enabled: bool) -> None:
        self._context._own(command_id, "commands", "map_tools", "event_handlers")
        self._registries.commands.set_enabled(command_id, enabled)


class _Panels(_Part):
    def bind(self, panel_id: str, factory: Callable[[], Any]) -> Undo:
        self._context._own(panel_id, "panels")
        return self._bindings.add(self._registries.panels.bind(panel_id, self._context._wrap(factory)))

    def show(self, panel_id: str) -> None:
        self._registries.panels.show(panel_id)

    def set_badge(self, panel_id: str, text: str) -> None:
        self._context._own(panel_id, "panels")
        self._registries.panels.set_badge(panel_id, text)


class _Settings(_Part):
    def get(self, key: str) -> Any:
        return self._registries.settings.get(self._id, key)

    def set(self, key: str, value: Any) -> None:
        self._registries.settings.set(self._id, key, value)

    def on_change(self, key: str, handler: Callable[[Any], None]) -> Undo:
        self._registries.settings.get(self._id, key)  # raises for a key that is not declared
        wrapped = self._context._wrap(handler)
        return self._bindings.add(self._registries.settings.on_change(self._id, key, wrapped))


class _Services(_Part):
    def provide(self, name: str, service: Any) -> Undo:
        if name not in self._context._manifest.provides:
            raise KeyError(f'"{name}" is not declared: add it to provides = [...] in plugin.toml')
        return self._bindings.add(self._registries.services.provide(name, service))

    def get(self, name: str) -> Any:
        host = self._context._facets.services
        return host[name] if name in host else self._registries.services.get(name)


class _Tasks(_Part):
    """Handlers of timers hand their coroutine back guarded, for the timer to wait for."""

    def __init__(self, context: PluginContext) -> None:
        super().__init__(context)
        self._tasks = context._facets.tasks
        self._isolation = context._isolation

    def start(self, coroutine: Any) -> Undo:
        return self._context._start(self._isolation.guard(self._id, coroutine))

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        return self._tasks.run(function, *args)

    def every(self, seconds: float, handler: Handler) -> Undo:
        return self._bindings.add(self._tasks.every(seconds, self._isolation.attribute(self._id, handler)))

    def later(self, seconds: float, handler: Handler) -> Undo:
        attributed = self._isolation.attribute(self._id, handler)

        def fire() -> Any:
            self._bindings.forget(early)
            return attributed()

        early = self._bindings.add(self._tasks.later(seconds, fire))
        return early

    def sleep(self, seconds: float) -> Any:
        return self._tasks.sleep(seconds)

    def progress(self, title: str) -> Any:
        return self._tasks.progress(title)


class _Live(_Part):
    def __init__(self, context: PluginContext, live: Live) -> None:
        super().__init__(context)
        self._live = live

    def collection(self, record_type: str) -> Any:
        self._context._need(f"{record_type}.read")
        return self._context._guarded(self._live.collection(record_type))

    @property
    def positions(self) -> LivePositions:
        self._context._need("positions.read")
        return cast(LivePositions, self._context._guarded(self._live.positions))

    @property
    def server_time(self) -> float:
        return self._live.server_time
