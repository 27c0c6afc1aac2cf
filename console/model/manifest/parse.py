"""From the table that ``tomllib`` read to a Manifest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from console.model.manifest.contributions import Contributions
from console.model.manifest.faults import Fault, ManifestError
from console.model.manifest.permissions import permission_fault
from console.model.manifest.reader import Reader
from console.model.manifest.versions import Version, VersionRange
from console.model.text import Text

ACTIVATION_EVENTS: dict[str, str] = {
    "startup": "when the window has been shown",
    "signed_in": "when a user has signed in",
}
"""What ``on`` may name. Without any, code is imported at the first command, panel or service."""

_ID = r"[a-z][a-z0-9-]*\.[a-z][a-z0-9_-]*"
_ENTRY = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*"
_SERVICE = re.compile(r"[a-z][a-z0-9_.:-]*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One plugin as its ``plugin.toml`` describes it."""

    id: str
    """``publisher.name``; never changes."""
    name: Text
    version: str
    sdk: str
    """Range of SDK versions that it works with."""
    description: Text
    entry: str = ""
    """``package.module:function`` of the desktop half, called with a Context."""
    server: str = ""
    """``package.module:function`` of the server half, called with a ServerContext."""
    requires: tuple[str, ...] = ()
    """Services without which it stays off: ``map``, ``live``, ``backend`` or another plugin's."""
    uses: tuple[str, ...] = ()
    """Services that it asks for and does without: their code is imported ahead with its own."""
    provides: tuple[str, ...] = ()
    """Services that it offers others; asking for one activates it."""
    permissions: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    contributes: Contributions
    warnings: tuple[str, ...] = ()

    @property
    def package(self) -> str:
        """Top-level package of its code."""
        return (self.entry or self.server).partition(":")[0].partition(".")[0]

    def works_with(self, sdk_version: str) -> bool:
        """Whether its range holds the version of the SDK."""
        return Version.parse(sdk_version) in VersionRange.parse(self.sdk)


def parse_manifest(table: Mapping[str, Any]) -> Manifest:
    """Check a manifest and return it; raises ManifestError with all faults."""
    faults: list[Fault] = []
    raw_id = table.get("id")
    top = Reader(table, "", raw_id if isinstance(raw_id, str) else "", faults)
    manifest = Manifest(
        id=top.string("id", required=True, check=_ID),
        name=top.text("name", required=True),
        version=top.checked("version", Version.parse, required=True),
        sdk=top.checked("sdk", VersionRange.parse, required=True),
        description=top.text("description"),
        entry=top.string("entry", check=_ENTRY),
        server=top.string("server", check=_ENTRY),
        requires=_services(top, "requires"),
        uses=_services(top, "uses"),
        provides=_services(top, "provides"),
        permissions=_permissions(top),
        on=_activation_events(top),
        contributes=Contributions.read(_contributes(top)),
        warnings=tuple(f'the key "{key}" is not known and ignored' for key in table if key not in top.read),
    )
    _check_whole(manifest, top)
    if faults:
        raise ManifestError(faults)
    return manifest


def _contributes(top: Reader) -> Reader:
    table = top.get("contributes", Mapping, "tables: write [[contributes.commands]]", {})
    return Reader(table, "contributes", top.plugin_id, top.faults)


def _services(top: Reader, key: str) -> tuple[str, ...]:
    names = top.strings(key)
    for name in names:
        if _SERVICE.fullmatch(name) is None:
            top.fault(key, f'"{name}" is not a service name: lower-case letters, digits and . : _ -')
    return names


def _permissions(top: Reader) -> tuple[str, ...]:
    names = top.strings("permissions")
    for at, name in enumerate(names):
        if fault := permission_fault(name):
            top.fault(f"permissions[{at + 1}]", fault)
    return names


def _activation_events(top: Reader) -> tuple[str, ...]:
    names = top.strings("on")
    for name in names:
        if name not in ACTIVATION_EVENTS:
            top.fault("on", f'"{name}" is not one of {", ".join(ACTIVATION_EVENTS)}')
    return names


def _check_whole(manifest: Manifest, top: Reader) -> None:
    """What can only be seen by looking at several keys."""
    shown = manifest.contributes
    if not manifest.entry and (shown.commands or shown.panels or shown.map_tools or manifest.provides):
        top.fault("entry", 'is missing: commands, panels and services need code, e.g. "my_package:activate"')
    if not manifest.server and (shown.server_routes or shown.server_tables or shown.position_protocols):
        top.fault("server", 'is missing: server contributions need code, e.g. "my_package.server:register"')
    commands = {command.id for command in (*shown.commands, *shown.map_tools)}
    for item in shown.status_items:
        if item.command and item.command.startswith(f"{manifest.id}.") and item.command not in commands:
            top.fault("contributes.status_items", f'the command "{item.command}" is not declared')
