"""Server halves: found by their manifests, mounted, and kept from taking the server down."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
import tomllib
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from console import sdk
from console.model.manifest import Manifest, ManifestError, parse_manifest
from console.server.access import Access
from console.server.context import PluginServer
from console.server.core import Core
from console.server.migrate import migrate_plugin

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHalf:
    """One plugin as ``GET /plugins`` lists it."""

    id: str
    version: str = ""
    state: str = "mounted"
    """``mounted`` or ``failed``."""
    error: str = ""
    """Why it failed, one line."""


def mount_plugins(app: FastAPI, core: Core, access: Access, prefix: str) -> list[ServerHalf]:
    """Migrate, register and mount every server half found in the plugin folders."""
    halves: list[ServerHalf] = []
    for folder in _plugin_folders(core.settings.plugin_dirs):
        try:
            manifest = _read_manifest(folder)
        except (ManifestError, tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            halves.append(_failed(folder.name, "", error))
            continue
        if manifest.server:
            halves.append(_mount(app, core, access, prefix, folder, manifest))
    return halves


def _plugin_folders(roots: Iterable[Path]) -> list[Path]:
    return [path.parent for root in roots for path in sorted(root.glob("*/plugin.toml"))]


def _read_manifest(folder: Path) -> Manifest:
    return parse_manifest(tomllib.loads((folder / "plugin.toml").read_text("utf-8")))


def _mount(
    app: FastAPI, core: Core, access: Access, prefix: str, folder: Path, manifest: Manifest
) -> ServerHalf:
    """Nothing of a half that fails is mounted; the error is kept for the plugin manager."""
    server = PluginServer(core, access, manifest.id)
    try:
        if not manifest.works_with(sdk.__version__):
            raise RuntimeError(f"needs SDK {manifest.sdk}, this is {sdk.__version__}")
        for tables in manifest.contributes.server_tables:
            migrate_plugin(core.database, manifest.id, folder / tables.migrations)
        _import(folder, manifest.server)(server)
        routers = [(router, _path(manifest, wanted)) for wanted, router in server.routers]
        server.bind()
        for router, path in routers:
            app.include_router(router, prefix=prefix + path)
    except Exception as error:
        return _failed(manifest.id, manifest.version, error)
    return ServerHalf(id=manifest.id, version=manifest.version)


def _path(manifest: Manifest, wanted: str) -> str:
    """The prefix *wanted*, which the manifest must name; its first when none is."""
    named = [routes.prefix for routes in manifest.contributes.server_routes]
    path = wanted or (named[0] if named else "")
    if path not in named:
        raise ValueError(f"the manifest names no server_routes with the prefix {path!r}")
    return path


def _import(folder: Path, target: str):
    """The ``register`` function; a plugin outside of the program has its parent folder on the path."""
    module_name, _, function = target.partition(":")
    top = module_name.partition(".")[0]
    parent = folder.parent if folder.name == top else folder
    if importlib.util.find_spec(top) is None and str(parent) not in sys.path:
        sys.path.append(str(parent))
    return getattr(importlib.import_module(module_name), function)


def _failed(plugin_id: str, version: str, error: Exception) -> ServerHalf:
    log.error("server half of %s failed:\n%s", plugin_id, "".join(traceback.format_exception(error)))
    line = f"{type(error).__name__}: {error}".splitlines()[0][:300]
    return ServerHalf(id=plugin_id, version=version, state="failed", error=line)
