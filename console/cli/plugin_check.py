"""What ``onemap plugin check`` looks at: manifest, imports, texts, bindings."""

from __future__ import annotations

import ast
import importlib.util
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from console.cli.plugin_manifest import Finding, check_manifest
from console.model.manifest import Manifest
from console.plugin_host import PluginSource, PluginState, SourceKind
from console.plugin_host.discover import MANIFEST, discover
from console.plugin_host.texts import read_texts
from console.testing.backend import MemoryBackend
from console.testing.clock import Clock
from console.testing.console import Console

_GROUND = ("numpy", "scipy", "shapely", "pyproj", "msgspec")
_CLIENTS = ("httpx", "aiohttp", "onveef", "av")
HOST_LIBRARIES = {
    "desktop": ("PySide6", "pyogrio", "pyqtgraph", "rasterio", "pmtiles", "owslib", *_GROUND),
    "both": ("pypinyin", "rapidfuzz", "requests", "defusedxml"),
    "server": ("fastapi", "pydantic", "sqlalchemy", "alembic", "routingkit_cch", *_CLIENTS, *_GROUND),
}
"""Libraries that come with the console; nothing is ever installed for a plugin."""
_RUFF = ("--isolated", "--select", "E4,E7,E9,F", "--quiet", "--output-format", "concise")
"""Faults alone, whatever is configured above the folder: style is the author's own affair."""
log = logging.getLogger(__name__)


def check_plugin(folder: Path) -> list[Finding]:
    """Look at everything; errors first. Code is imported and activated in a console in memory."""
    (found,) = discover([PluginSource(folder.resolve(), SourceKind.DEV)])
    if found.manifest is None:
        return [Finding(MANIFEST, str(fault)) for fault in found.faults]
    manifest, files = found.manifest, Sources(folder.resolve())
    findings = [
        *check_manifest(manifest, folder),
        *check_imports(manifest, files),
        *check_texts(files),
        *check_bindings(manifest, folder),
        *check_style(folder),
    ]
    return sorted(findings, key=lambda finding: not finding.error)


class Sources:
    """The parsed Python files of a plugin, its tests left out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trees: dict[str, ast.Module] = {}
        self.broken: list[Finding] = []
        for path in sorted(folder.rglob("*.py")):
            name = path.relative_to(folder).as_posix()
            if not name.startswith("tests/"):
                self._parse(path, name)

    def _parse(self, path: Path, name: str) -> None:
        try:
            self.trees[name] = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError) as error:
            self.broken.append(Finding(name, f"is no Python: {error}"))

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
        """All nodes of these kinds with ``file:line``."""
        for name, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, kinds):
                    yield f"{name}:{getattr(node, 'lineno', 1)}", node


def check_imports(manifest: Manifest, files: Sources) -> Iterator[Finding]:
    """A plugin sees the SDK, its own package, Python and the host's libraries."""
    yield from files.broken
    for where, node in files.nodes(ast.Import, ast.ImportFrom):
        for module in _modules(node):
            top = module.partition(".")[0]
            if top == "console" and not (module == "console.sdk" or module.startswith("console.sdk.")):
                yield Finding(where, f"imports {module}; only console.sdk is promised to stay")
            elif top == "plugins" and manifest.package != "plugins":
                yield Finding(where, f"imports {module}; plugins meet by services only")
            elif not _is_there(top, manifest, server="server" in Path(where).parts):
                yield Finding(where, f"imports {top}, which does not come with the console")


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module or ""]
    return []


def _is_there(top: str, manifest: Manifest, *, server: bool) -> bool:
    libraries = {*HOST_LIBRARIES["both"], *HOST_LIBRARIES["server" if server else "desktop"]}
    return top in ("console", manifest.package) or top in sys.stdlib_module_names or top in libraries


def check_texts(files: Sources) -> Iterator[Finding]:
    """Every ``tr("…")`` has its Chinese. A text that a table hands to tr counts as used."""
    chinese = read_texts(files.folder / "texts" / "zh_CN.toml", log)
    for where, node in files.nodes(ast.Call):
        text = _translated_text(node)
        if text is not None and text not in chinese:
            yield Finding(where, f"no Chinese for {text!r} in texts/zh_CN.toml")
    used = {node.value for _, node in files.nodes(ast.Constant) if isinstance(node, ast.Constant)}
    for text in chinese.keys() - used:
        yield Finding("texts/zh_CN.toml", f"nobody uses {text!r}", error=False)


def _translated_text(node: ast.AST) -> str | None:
    """The text of a ``tr`` call; None for other calls, and when it is no literal."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    first = node.args[0]
    if name == "tr" and isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value
    return None


def check_bindings(manifest: Manifest, folder: Path) -> Iterator[Finding]:
    """Activate it, and see what was declared but not bound."""
    if not manifest.entry:
        return
    with tempfile.TemporaryDirectory() as scratch:
        console = Console(Path(scratch), Clock(), MemoryBackend())
        host = console.open(folder.resolve())
        try:
            host.activate(manifest.id)
            info = console.info(manifest.id)
            if info.state is not PluginState.ACTIVE:
                yield Finding(manifest.entry, f"{info.reason.en}\n{info.traceback}")
                return
            unbound = [c.id for c in host.commands.entries() if c.handler is None]
            unbound += [p.id for p in host.panels.entries() if p.factory is None]
        finally:
            console.close()
    for contribution in unbound:
        yield Finding(MANIFEST, f'"{contribution}" is declared, but activate() does not bind it')


def check_style(folder: Path) -> Iterator[Finding]:
    """What ruff says, when it is installed."""
    if importlib.util.find_spec("ruff") is None:
        return
    command = [sys.executable, "-m", "ruff", "check", *_RUFF, "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        yield Finding("ruff", line, error=False)
