"""docs/plugins.md: every piece of code in it is run, every table in it is compared."""

from __future__ import annotations

import argparse
import ast
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from console.cli import plugin as command
from console.cli.plugin_check import HOST_LIBRARIES, check_plugin
from console.model.manifest import ACTIVATION_EVENTS, CONTRIBUTIONS, PERMISSIONS, WORDS
from console.model.records import RECORD_TYPES
from console.plugin_host import PluginState
from console.shell.actions import MENUS
from console.testing import Clock, Console, MemoryBackend

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
SNIPPETS = [code for language, tag, code in BLOCKS if tag == "snippet"]
MANIFEST = """
permissions = ["map", "scene", "backend", "staff.read", "positions.read", "qgis"]
provides = ["counting"]
[[contributes.panels]]
id = "acme.snippets.list"
title = "List"
area = "right"
[[contributes.layers]]
id = "acme.snippets.posts"
title = "Posts"
group = "live"
[[contributes.commands]]
id = "acme.snippets.go"
title = "Go"
[[contributes.status_items]]
id = "acme.snippets.count"
title = "Count"
[[contributes.settings]]
key = "radius"
type = "int"
default = 500
title = "Radius"
"""


def write_guide_plugin(home: Path) -> None:
    for _, tag, code in BLOCKS:
        if tag.startswith("file="):
            path = home / tag.removeprefix("file=")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(code, encoding="utf-8")


def test_the_plugin_of_the_guide_passes_check_and_its_tests(tmp_path: Path, capfd: Any) -> None:
    write_guide_plugin(tmp_path)
    assert [str(finding) for finding in check_plugin(tmp_path)] == []
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    words = ["test", str(tmp_path), "--", "-q", "-p", "no:cacheprovider"]
    assert command.run(parser.parse_args(words)) == 0, capfd.readouterr().out


@pytest.mark.parametrize("code", SNIPPETS)
def test_snippets_run(code: str, tmp_path: Path) -> None:
    (tmp_path / "acme_snippets").mkdir()
    head = 'id = "acme.snippets"\nname = "Snippets"\nversion = "1.0.0"\nsdk = ">=1,<2"\n'
    (tmp_path / "plugin.toml").write_text(f'{head}entry = "acme_snippets:activate"\n{MANIFEST}')
    body = textwrap.indent(code, " " * 8)
    (tmp_path / "acme_snippets" / "__init__.py").write_text(
        f"over = []\ndef activate(ctx):\n    async def snippet():\n{body}\n        over.append(True)\n"
        "    ctx.tasks.start(snippet())\n",
        encoding="utf-8",
    )
    backend = MemoryBackend()
    for method in ("GET", "POST"):
        backend.answer(method, "/.*", [])
    console = Console(tmp_path / "console", Clock(), backend)
    console.map.answer = (117.2, 34.3)
    host = console.open(tmp_path)
    host.activate("acme.snippets")
    console.clock.advance(10)
    info = console.info("acme.snippets")
    assert info.state is PluginState.ACTIVE, info.traceback
    assert info.faults == 0, info.traceback
    assert sys.modules["acme_snippets"].over == [True], "the snippet did not come to its end"
    console.close()


def test_all_python_is_python_and_all_commands_are_commands() -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    for language, tag, code in BLOCKS:
        if language == "python" and tag != "snippet":
            ast.parse(code)
        for line in code.splitlines() if language == "sh" else ():
            words = re.findall(r'"[^"]*"|\S+', line)
            assert words[:2] == ["onemap", "plugin"]
            parser.parse_args([word.strip('"') for word in words[2:]])


def test_names_are_complete() -> None:
    icons = [file.stem for file in (ROOT / "resources" / "icons").glob("*.svg")]
    for name in [*icons, *WORDS, *RECORD_TYPES, *dict(MENUS), "map/context", "map/toolbar", "event/actions"]:
        assert f"`{name}`" in GUIDE, name
    for path in re.findall(r"`(resources/[^`]+)`", GUIDE):
        assert (ROOT / path).exists(), path


def test_tables_are_complete() -> None:
    for name in [*CONTRIBUTIONS, *PERMISSIONS, *ACTIVATION_EVENTS]:
        assert f"`{name}`" in GUIDE, name
    for permission, text in PERMISSIONS.items():
        assert f"| `{permission}` | {text.en} |" in GUIDE
    for state in PluginState:
        assert f"| {state} |" in GUIDE
    for where, libraries in HOST_LIBRARIES.items():
        assert f"| {where} | {', '.join(libraries)} |" in GUIDE
