"""A plugin's code: imported at first use, purged when it is loaded anew."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import os
import pkgutil
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from console.plugin_host.plugin import Plugin

log = logging.getLogger(__name__)
DESKTOP = "desktop"
"""Subpackage of a built-in plugin that its ``activate`` imports."""
LATE_PARTS = ("numpy.ma",)
"""Modules that libraries import at their first use, whichever thread that is on: 50 ms and more."""
JUST_EDITED = 60.0
"""Seconds for which byte code is not trusted to be that of its source."""
_FINDERS = threading.Lock()
"""Held while Python forgets what folders hold: it deletes from a table that another thread's
call has just emptied, and raises KeyError (importlib of 3.11)."""


def import_entry(plugin: Plugin) -> Callable[[Any], Any]:
    """The function that the manifest's ``entry`` names. Raises whatever the import raises."""
    assert plugin.manifest is not None
    module_name, _, function = plugin.manifest.entry.partition(":")
    _make_importable(plugin)
    module = importlib.import_module(module_name)
    origin = Path(getattr(module, "__file__", None) or "")
    if not origin.resolve().is_relative_to(plugin.folder.resolve()):
        raise ImportError(f'"{module_name}" was found in {origin}, not in the plugin\'s folder')
    return getattr(module, function)


def import_ahead(plugins: Iterable[Plugin]) -> None:
    """Import the desktop halves of built-in plugins, so that their first use finds them there.

    For pool threads, and only for built-in ones: their modules make no Qt objects, which
    would belong to the thread. What fails is said when the plugin is activated.
    """
    for name in LATE_PARTS:
        importlib.import_module(name)
    for plugin in plugins:
        _import_ahead(plugin)


def _import_ahead(plugin: Plugin) -> None:
    assert plugin.manifest is not None
    _make_importable(plugin)
    try:
        package = importlib.import_module(f"{plugin.manifest.entry.partition(':')[0]}.{DESKTOP}")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    except Exception as error:
        log.info("%s could not be imported ahead: %r", plugin.id, error)


def _make_importable(plugin: Plugin) -> None:
    """A plugin's folder holds its one package; built-in ones are in the package ``plugins`` already.

    It goes to the end of the path, so that a plugin can't stand before a library.
    """
    assert plugin.manifest is not None
    built_in = (plugin.folder / "__init__.py").exists()
    root = str(plugin.folder.parent.parent if built_in else plugin.folder)
    if root not in sys.path:
        sys.path.append(root)
    _look_again()


def _look_again() -> None:
    """Let the next import see files that are new. From any thread."""
    with _FINDERS:
        importlib.invalidate_caches()


def purge(folder: Path) -> None:
    """Forget all modules under *folder*, so that the next import reads the files anew.

    Server halves that are loaded stay, with the records that they share with the desktop:
    tables that are declared cannot be declared again.
    """
    root = folder.resolve()
    for name, module in list(sys.modules.items()):
        if "server" in name.split(".")[1:] or _is_shared(name) or not _lies_under(root, module):
            continue
        del sys.modules[name]
        if str(module.__file__).endswith(".py"):
            _forget_byte_code(Path(str(module.__file__)))
    _look_again()


def _forget_byte_code(source: Path) -> None:
    """It is told from its source by size and whole seconds: what was just edited could be taken for it."""
    if source.exists() and time.time() - source.stat().st_mtime > JUST_EDITED:
        return
    Path(importlib.util.cache_from_source(str(source))).unlink(missing_ok=True)


def put_back(folder: Path, modules: Mapping[str, ModuleType]) -> None:
    """Those of *modules* that lie under *folder* are what an import gives again, not copies of them."""
    root = folder.resolve()
    for name, module in modules.items():
        if sys.modules.get(name) is module or not _lies_under(root, module):
            continue
        sys.modules[name] = module
        parent, _, last = name.rpartition(".")
        if parent in sys.modules:
            setattr(sys.modules[parent], last, module)


def _lies_under(root: Path, module: ModuleType) -> bool:
    file = getattr(module, "__file__", None)
    return bool(file) and _real(str(file)).startswith(f"{root}{os.sep}")


@cache
def _real(file: str) -> str:
    """Where a file of code lies. Some thousand are asked about at each reload, on the GUI thread."""
    return os.path.realpath(file)


def _is_shared(name: str) -> bool:
    """Whether it is the ``model`` of a package whose server half is loaded in this process."""
    package, _, last = name.rpartition(".")
    return last == "model" and f"{package}.server" in sys.modules
