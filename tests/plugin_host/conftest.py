"""A host over plugins written to a temporary folder, with facets that keep what they are told."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from console.plugin_host import Facets, PluginHost, PluginSource, SourceKind
from console.sdk import Severity


@dataclass
class Told:
    """One notification."""

    text: str
    severity: Severity
    detail: str
    action: tuple[str, Callable[..., Any]] | None
    key: str


@dataclass
class Notes:
    """``ctx.notify`` that keeps a list."""

    told: list[Told] = field(default_factory=list)

    def __call__(self, text: str, severity: Severity = Severity.INFO, **more: Any) -> None:
        self.told.append(
            Told(text, severity, more.get("detail", ""), more.get("action"), more.get("key", ""))
        )

    @property
    def texts(self) -> str:
        return "\n".join(note.text for note in self.told)


class Tasks:
    """``ctx.tasks`` on a clock that the test turns; coroutines await nothing but ``sleep``."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waiting: list[tuple[float, Callable[[], Any]]] = []

    def start(self, coroutine: Any) -> Callable[[], None]:
        self._step(coroutine)
        return coroutine.close

    def _step(self, coroutine: Any) -> None:
        try:
            seconds = coroutine.send(None)
        except StopIteration:
            return
        self.waiting.append((self.now + seconds, lambda: self._step(coroutine)))

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)

    def later(self, seconds: float, handler: Callable[..., Any]) -> Callable[[], None]:
        entry = (self.now + seconds, lambda: self._call(handler))
        self.waiting.append(entry)
        return lambda: self.waiting.remove(entry) if entry in self.waiting else None

    def every(self, seconds: float, handler: Callable[..., Any]) -> Callable[[], None]:
        stopped = False

        def turn() -> None:
            if not stopped:
                self._call(handler)
                self.later(seconds, turn)

        def stop() -> None:
            nonlocal stopped
            stopped = True

        self.later(seconds, turn)
        return stop

    def _call(self, handler: Callable[..., Any]) -> None:
        result = handler()
        if inspect.iscoroutine(result):
            self.start(result)

    def sleep(self, seconds: float) -> Any:
        return _Sleep(seconds)

    def turn(self, seconds: float = 0.0) -> None:
        """Let time pass and run what is due."""
        self.now += seconds
        due = [entry for entry in self.waiting if entry[0] <= self.now]
        for entry in due:
            self.waiting.remove(entry)
            entry[1]()


class _Sleep:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __await__(self) -> Any:
        yield self.seconds


class Switch:
    """Theme and language in one: a value and those who want to hear of it."""

    def __init__(self, current: str = "en") -> None:
        self.current = current
        self.handlers: list[Callable[[], None]] = []

    def color(self, token: str) -> str:
        return "#112233"

    def on_change(self, handler: Callable[[], None]) -> Callable[[], None]:
        self.handlers.append(handler)
        return lambda: self.handlers.remove(handler)


class Selection:
    current: tuple[str, str] | None = None

    def __init__(self) -> None:
        self.handlers: list[Callable[..., Any]] = []

    def select(self, record_type: str, record_id: str) -> None:
        self.current = (record_type, record_id)
        for handler in tuple(self.handlers):
            handler(self.current)

    def clear(self) -> None:
        self.current = None

    def on_change(self, handler: Callable[..., Any]) -> Callable[[], None]:
        self.handlers.append(handler)
        return lambda: self.handlers.remove(handler)


class Bench:
    """Writes plugins and runs hosts over them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.plugins = root / "plugins"
        self.plugins.mkdir()
        self.notes = Notes()
        self.tasks = Tasks()
        self.language = Switch()
        self.selection = Selection()
        self.hosts: list[PluginHost] = []
        self.facets = Facets(
            notify=self.notes,
            tasks=self.tasks,  # type: ignore[arg-type]
            selection=self.selection,
            theme=Switch(),
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

    def host(self, **options: Any) -> PluginHost:
        options.setdefault("guard_process", False)
        host = PluginHost(
            [PluginSource(self.plugins, SourceKind.USER)],
            self.facets,
            config_dir=self.root / "config",
            data_dir=self.root / "data",
            cache_dir=self.root / "cache",
            clock=lambda: self.tasks.now,
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
        if name.startswith("acme_"):
            del sys.modules[name]
