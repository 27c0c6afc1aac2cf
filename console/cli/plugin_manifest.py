"""What ``onemap plugin check`` says about a manifest that is valid, but of no use here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from console.model.manifest import Manifest, unknown_words
from console.model.text import Text
from console.plugin_host import PluginSource, SourceKind
from console.plugin_host.discover import MANIFEST, discover
from console.plugin_host.keys import normal_key
from console.sdk import __version__ as sdk_version
from console.sdk.ui.theming import ICONS
from console.shell.actions import PLACES
from console.shell.commands import COMMANDS

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; *error*: the plugin cannot be published so."""

    where: str
    message: str
    error: bool = True

    def __str__(self) -> str:
        return f"{'error' if self.error else 'warning'}  {self.where}: {self.message}"


def check_manifest(manifest: Manifest, folder: Path) -> Iterator[Finding]:
    """What a valid manifest can still lack."""
    for warning in manifest.warnings:
        yield Finding(MANIFEST, warning, error=False)
    if not manifest.works_with(sdk_version):
        yield Finding(MANIFEST, f"sdk = {manifest.sdk!r} leaves out this console's SDK {sdk_version}")
    if manifest.package not in ("", "plugins") and not (folder / manifest.package).is_dir():
        yield Finding(MANIFEST, f'entry names the package "{manifest.package}", which is not in {folder}')
    for point, row in _rows(manifest):
        yield from _check_title(point, getattr(row, "title", None))
        for message in _unknown(row):
            yield Finding(MANIFEST, f"{point}: {message}", error=False)
    yield from _check_keys(manifest)


def _rows(manifest: Manifest) -> Iterator[tuple[str, Any]]:
    for point in manifest.contributes.__slots__:
        for row in getattr(manifest.contributes, point):
            yield point, row


def _check_title(point: str, title: Text | None) -> Iterator[Finding]:
    if title is None:
        return
    if not (title.zh_CN and title.en):
        yield Finding(MANIFEST, f"{point}: {title.get('en')!r} is in one language only")
    elif not _CHINESE.search(title.zh_CN):
        yield Finding(MANIFEST, f"{point}: zh_CN = {title.zh_CN!r} has no Chinese character", error=False)


def _unknown(row: Any) -> Iterator[str]:
    """Names in the row that this console has nothing for; it would ignore them silently."""
    icon, menu = getattr(row, "icon", ""), getattr(row, "menu", "")
    if icon and not (ICONS / f"{icon}.svg").is_file():
        yield f'there is no icon "{icon}"; see resources/icons'
    if menu and menu not in PLACES:
        yield f'there is no menu "{menu}", but {", ".join(sorted(PLACES))}'
    for word in sorted(unknown_words(getattr(row, "when", ""))):
        yield f'when: nobody sets "{word}", so it is always false'


def _check_keys(manifest: Manifest) -> Iterator[Finding]:
    """Keys that the console has already: the plugin's would not work."""
    for owner, key in _keys(manifest):
        taken = _taken_keys().get(key, owner)
        if taken != owner:
            yield Finding(MANIFEST, f'{owner}: the key {key} belongs to "{taken}"', error=False)


def _keys(manifest: Manifest) -> Iterator[tuple[str, str]]:
    contributes = manifest.contributes
    for row in (*contributes.commands, *contributes.panels, *contributes.map_tools):
        if row.key:
            yield row.id, normal_key(row.key)


@cache
def _taken_keys() -> dict[str, str]:
    """Owners by key: the window's own commands and the built-in plugins."""
    taken = {normal_key(own.key): f"shell.{own.name}" for own in COMMANDS if own.key}
    for found in discover([PluginSource(PLUGINS, SourceKind.FIRST_PARTY)]):
        if found.manifest is not None:
            taken = {key: owner for owner, key in _keys(found.manifest)} | taken
    return taken
