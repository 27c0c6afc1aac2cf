"""The manifest of a plugin, ``plugin.toml``, as frozen records.

``parse_manifest(table)`` takes what ``tomllib`` made of the file and returns a
``Manifest`` or raises ``ManifestError``, which lists *all* faults with the path
of the key each is about. Unknown top-level keys only warn (a newer plugin may
bring them); unknown keys inside contributions are faults.
"""

from console.model.manifest.contributions import (
    CONTRIBUTIONS,
    Choice,
    Command,
    Contributions,
    EventHandler,
    Geocoder,
    Layer,
    MapTool,
    Panel,
    PositionProtocol,
    Router,
    SceneLayer,
    ServerRoutes,
    ServerTables,
    Setting,
    StatusItem,
    Theme,
    WallSource,
)
from console.model.manifest.faults import Fault, ManifestError
from console.model.manifest.parse import ACTIVATION_EVENTS, Manifest, parse_manifest
from console.model.manifest.permissions import PERMISSIONS, describe_permission, permission_fault
from console.model.manifest.versions import Version, VersionRange
from console.model.manifest.when import WORDS, When, parse_when, unknown_words

__all__ = [
    "ACTIVATION_EVENTS",
    "CONTRIBUTIONS",
    "PERMISSIONS",
    "WORDS",
    "Choice",
    "Command",
    "Contributions",
    "EventHandler",
    "Fault",
    "Geocoder",
    "Layer",
    "Manifest",
    "ManifestError",
    "MapTool",
    "Panel",
    "PositionProtocol",
    "Router",
    "SceneLayer",
    "ServerRoutes",
    "ServerTables",
    "Setting",
    "StatusItem",
    "Theme",
    "Version",
    "VersionRange",
    "WallSource",
    "When",
    "describe_permission",
    "parse_manifest",
    "parse_when",
    "permission_fault",
    "unknown_words",
]
