"""Which of the plugins found may take part: ids, SDK range, what keeps them off, services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from console.model.text import Text
from console.plugin_host import words
from console.plugin_host.discover import Found, SourceKind
from console.plugin_host.plugin import Plugin, PluginState
from console.sdk import __version__ as sdk_version

RESERVED = "onemap"


def admit(found: Iterable[Found], offered: set[str], off: dict[str, Text], safe_mode: bool) -> list[Plugin]:
    """Make plugins of what was found, each VALIDATED, or FAILED or DISABLED with the reason.

    *offered* are the console's own services, *off* the plugins that are kept off and why.
    """
    plugins: list[Plugin] = []
    by_id: dict[str, Plugin] = {}
    by_package: dict[str, Plugin] = {}
    for item in found:
        plugin = _plugin(item)
        if plugin.state is PluginState.VALIDATED:
            _check_alone(plugin, off, safe_mode)
        if plugin.state is PluginState.VALIDATED:
            _check_beside(plugin, by_id, by_package)
        if plugin.id in by_id:
            plugin.id = str(plugin.folder)
        by_id[plugin.id] = plugin
        if plugin.manifest is not None and plugin.state is not PluginState.FAILED:
            by_package.setdefault(plugin.manifest.package, plugin)
        plugins.append(plugin)
    _check_services(plugins, offered)
    return plugins


def _plugin(item: Found) -> Plugin:
    if item.manifest is None:
        plugin = Plugin(id=item.folder.name, folder=item.folder, kind=item.kind)
        plugin.set(PluginState.FAILED, words.bad_manifest(item.fault_lines()))
        return plugin
    plugin = Plugin(id=item.manifest.id, folder=item.folder, kind=item.kind, manifest=item.manifest)
    plugin.set(PluginState.VALIDATED)
    return plugin


def _check_alone(plugin: Plugin, off: dict[str, Text], safe_mode: bool) -> None:
    manifest = plugin.manifest
    assert manifest is not None
    publisher = plugin.id.partition(".")[0]
    if plugin.kind is SourceKind.USER and publisher == RESERVED:
        plugin.set(PluginState.FAILED, words.reserved(publisher))
    elif not manifest.works_with(sdk_version):
        plugin.set(PluginState.FAILED, words.wrong_sdk(manifest.sdk, sdk_version))
    elif safe_mode and plugin.kind is not SourceKind.FIRST_PARTY:
        plugin.set(PluginState.DISABLED, words.safe_mode())
    elif plugin.id in off:
        plugin.set(PluginState.DISABLED, off[plugin.id])


def _check_beside(plugin: Plugin, by_id: Mapping[str, Plugin], by_package: Mapping[str, Plugin]) -> None:
    """Two plugins can share neither an id nor a top-level package, but for the built-in ones' house."""
    assert plugin.manifest is not None
    package = plugin.manifest.package
    if plugin.id in by_id:
        plugin.set(PluginState.FAILED, words.same_id(str(by_id[plugin.id].folder)))
    elif package in by_package and plugin.kind is not SourceKind.FIRST_PARTY:
        plugin.set(PluginState.FAILED, words.same_package(package, by_package[package].id))


def _check_services(plugins: Sequence[Plugin], offered: set[str]) -> None:
    """Switch off who misses a service, until nobody else falls with them."""
    while True:
        running = [plugin for plugin in plugins if plugin.state is PluginState.VALIDATED]
        there = offered.union(*(plugin.manifest.provides for plugin in running if plugin.manifest))
        lacking = [
            (p, name) for p in running if p.manifest for name in p.manifest.requires if name not in there
        ]
        if not lacking:
            return
        for plugin, name in lacking:
            plugin.set(PluginState.DISABLED, words.missing_service(name))
