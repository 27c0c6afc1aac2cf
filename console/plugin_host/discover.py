"""Finds plugins by reading manifests alone; no code is imported."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from console.model.manifest import Fault, Manifest, ManifestError, parse_manifest
from console.plugin_host.state_file import StateFile
from console.sdk import __version__

MANIFEST = "plugin.toml"
MAX_BYTES = 256 * 1024


class SourceKind(StrEnum):
    """Where a plugin comes from."""

    FIRST_PARTY = "first_party"
    USER = "user"
    DEV = "dev"
    """A folder that its author works on; beats an installed plugin of the same id."""


@dataclass(frozen=True, slots=True)
class PluginSource:
    """A folder of plugin folders; for DEV the plugin's folder itself."""

    folder: Path
    kind: SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A folder with a manifest; *faults* say why there is none to use."""

    folder: Path
    kind: SourceKind
    manifest: Manifest | None = None
    faults: Sequence[Fault] = ()

    def fault_lines(self) -> str:
        """All faults, one a line."""
        return "\n".join(str(fault) for fault in self.faults)


def discover(sources: Iterable[PluginSource], cache: StateFile | None = None) -> list[Found]:
    """Read all manifests, DEV folders first.

    *cache* keeps what was read of each sound file, by its time and size and the
    version of the SDK: start-up shall not feel 100 plugins.
    """
    cache = cache or StateFile()
    before, now = cache.data, {}
    found: list[Found] = []
    for source in sorted(sources, key=lambda source: source.kind is not SourceKind.DEV):
        for folder in _folders(source):
            found.append(_read(folder, source.kind, before, now))
    if now != before:
        cache.data = now
        cache.save()
    return found


def _folders(source: PluginSource) -> Iterator[Path]:
    if source.kind is SourceKind.DEV:
        yield source.folder
    elif source.folder.is_dir():
        yield from sorted(path.parent for path in source.folder.glob(f"*/{MANIFEST}"))


def _read(folder: Path, kind: SourceKind, before: dict[str, Any], now: dict[str, Any]) -> Found:
    try:
        return Found(folder=folder, kind=kind, manifest=_manifest(folder / MANIFEST, before, now))
    except ManifestError as error:
        return Found(folder=folder, kind=kind, faults=error.faults)
    except FileNotFoundError:
        return Found(folder=folder, kind=kind, faults=[Fault("", f"there is no {MANIFEST} in {folder}")])
    except (OSError, ValueError, RecursionError) as error:
        return Found(folder=folder, kind=kind, faults=[Fault(MANIFEST, str(error))])


def _manifest(path: Path, before: dict[str, Any], now: dict[str, Any]) -> Manifest:
    """The file as a manifest, from the cache while the file is the same."""
    stat = path.stat()
    if stat.st_size > MAX_BYTES:
        raise ValueError(f"is larger than {MAX_BYTES // 1024} KB")
    key, stamp = str(path), [stat.st_mtime_ns, stat.st_size, __version__]
    match before.get(key):
        case {"stamp": known, "manifest": kept} if known == stamp:
            with contextlib.suppress(msgspec.ValidationError):  # made by hand, or by other code
                manifest = msgspec.convert(kept, Manifest)
                now[key] = before[key]
                return manifest
    manifest = parse_manifest(tomllib.loads(path.read_text(encoding="utf-8")))
    now[key] = {"stamp": stamp, "manifest": msgspec.to_builtins(manifest)}
    return manifest
