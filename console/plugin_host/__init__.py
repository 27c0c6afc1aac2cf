"""Finds plugins, keeps what their manifests declare, runs them and contains their faults. Qt-free.

The shell builds menus, palette, docks, settings and the plugin manager from
``PluginHost`` and its registries; engines reach plugins through ``Facets``.
"""

from console.plugin_host.commands import CommandEntry, CommandRegistry
from console.plugin_host.discover import PluginSource, SourceKind
from console.plugin_host.facets import Facets
from console.plugin_host.host import PluginHost
from console.plugin_host.keys import KeyConflict, KeyRegistry
from console.plugin_host.panels import PanelEntry, PanelRegistry
from console.plugin_host.plugin import PluginInfo, PluginState
from console.plugin_host.services import ServiceRegistry
from console.plugin_host.settings import SettingsPage, SettingsRegistry
from console.plugin_host.status import StatusEntry, StatusRegistry

__all__ = [
    "CommandEntry",
    "CommandRegistry",
    "Facets",
    "KeyConflict",
    "KeyRegistry",
    "PanelEntry",
    "PanelRegistry",
    "PluginHost",
    "PluginInfo",
    "PluginSource",
    "PluginState",
    "ServiceRegistry",
    "SettingsPage",
    "SettingsRegistry",
    "SourceKind",
    "StatusEntry",
    "StatusRegistry",
]
