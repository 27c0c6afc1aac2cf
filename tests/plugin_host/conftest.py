"""A host over plugins written to a temporary folder, with facets that keep what they are told."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.plugin_host import Facets, PluginHost, PluginSource, SourceKind
from console.testing.clock import Clock
from console.testing.console import Colors, Languages, Notifications, Selected
from console.testing.tasks import ClockTasks


class Bench:
    """Writes plugins and runs hosts over them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.plugins = root / "plugins"
        self.plugins.mkdir()
        self.clock = Clock()
        self.notes = Notifications()
        self.language = Languages()
        self.language.current = "en"
        self.selection = Selected()
        self.hosts: list[PluginHost] = []
        self.facets = Facets(
            notify=self.notes,
            tasks=ClockTasks(self.clock),
            selection=self.selection,
            theme=Colors(),
            language=self.language,
        )

    def write(
        self, name: str, code: str, manifest: str = "", *, package: str = "", folder: Path | None = None
    ) -> Path:
        """A plugin ``acme.<name>`` with the command ``acme.<name>.go``; *manifest* goes into plugin.toml."""
        package = package or f"acme_{name}"
        home = folder or self.plugins / f"acme.{name}"
        (home / package).mkdir(parents=True, exist_ok=True)
        top, _, tables = manifest.partition("[[")
        tables = f"[[{tables}" if tables else ""
        (home / "plugin.toml").write_text(
            f'id = "acme.{name}"\nname = "{name.title()}"\nversion = "1.0.0"\nsdk = ">=1,<2"\n'
            f'entry = "{package}:activate"\n{textwrap.dedent(top)}\n'
            f'[[contributes.commands]]\nid = "acme.{name}.go"\ntitle = "Go"\n{textwrap.dedent(tables)}',
            encoding="utf-8",
        )
        (home / package / "__init__.py").write_text(textwrap.dedent(code), encoding="utf-8")
        return home

    @property
    def said(self) -> str:
        """All that the user was told."""
        return "\n".join(note.text for note in self.notes)

    def host(self, *more: PluginSource, **options: Any) -> PluginHost:
        options.setdefault("guard_process", False)
        host = PluginHost(
            [PluginSource(self.plugins, SourceKind.USER), *more],
            self.facets,
            config_dir=self.root / "config",
            data_dir=self.root / "data",
            cache_dir=self.root / "cache",
            clock=lambda: self.clock.now,
            **options,
        )
        self.hosts.append(host)
        host.load()
        return host


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    path, modules = list(sys.path), set(sys.modules)
    bench = Bench(tmp_path)
    yield bench
    for host in bench.hosts:
        host.close()
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.startswith(("acme_", "builtin_house")):
            del sys.modules[name]
