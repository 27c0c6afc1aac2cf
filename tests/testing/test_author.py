"""What an author does: new, check, test, break something, see it named."""

from __future__ import annotations

import argparse
import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from console.cli import plugin as command
from console.cli.plugin_check import HOST_LIBRARIES, check_plugin
from console.cli.plugin_new import CannotCreate, create_plugin
from console.testing import Clock, Console, MemoryBackend

ROOT = Path(__file__).parents[2]


def onemap_plugin(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return create_plugin("Patrol Hello", "acme", tmp_path)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def found(home: Path) -> str:
    return "\n".join(str(finding) for finding in check_plugin(home))


def test_the_new_plugin_passes_check_and_test_at_once(tmp_path: Path, capfd: Any) -> None:
    assert onemap_plugin("new", "Night Watch", "--publisher", "acme", "--dir", str(tmp_path)) == 0
    home = tmp_path / "acme.night-watch"
    assert check_plugin(home) == []
    assert onemap_plugin("check", str(home)) == 0
    assert onemap_plugin("test", str(home), "--", "-q", "-p", "no:cacheprovider") == 0
    assert "4 passed" in capfd.readouterr().out


def test_names_that_cannot_be(tmp_path: Path, home: Path) -> None:
    for title, publisher, reason in (
        ("巡逻", "acme", "Latin letters"),
        ("Patrol Hello", "acme", "is there already"),
        ("Other", "onemap", "cannot be a publisher"),
    ):
        with pytest.raises(CannotCreate, match=reason):
            create_plugin(title, publisher, tmp_path)
    assert onemap_plugin("check", str(tmp_path)) == 2


def test_forbidden_imports_are_named(home: Path) -> None:
    code = home / "acme_patrol_hello" / "extra.py"
    code.write_text(
        "import os, numpy\nfrom console.shell import window\nimport plugins.staff\nimport leftpad\n"
        "from console.sdk import Text\nfrom . import posts\n"
    )
    words = found(home)
    assert "extra.py:2: imports console.shell" in words
    assert "extra.py:3: imports plugins.staff" in words
    assert "extra.py:4: imports leftpad, which does not come with the console" in words
    assert words.count("error") == 3


def test_missing_and_unused_chinese_is_named(home: Path) -> None:
    edit(home / "texts" / "zh_CN.toml", '"Number" =', '"Numbers" =')
    words = found(home)
    assert "no Chinese for 'Number'" in words
    assert "nobody uses 'Numbers'" in words


def test_names_that_the_console_does_not_know_are_warned_of(home: Path) -> None:
    edit(
        home / "plugin.toml",
        'menu = "map/context"',
        'menu = "map/contxt"\nicon = "postt"\nwhen = "map.visibel and selection.type != \'event\'"',
    )
    edit(home / "plugin.toml", "在此添加点位", "Add a post")
    words = found(home)
    assert 'there is no menu "map/contxt", but camera' in words
    assert 'there is no icon "postt"' in words
    assert 'nobody sets "map.visibel"' in words
    assert "selection.type" not in words
    assert "commands: zh_CN = 'Add a post' has no Chinese character" in words
    assert "error" not in words


@pytest.mark.parametrize(
    ("key", "owner"), [("alt+ctrl+n", "shell.notifications"), ("Ctrl+J", "onemap.staff.")]
)
def test_keys_of_the_console_are_warned_of(home: Path, key: str, owner: str) -> None:
    edit(home / "plugin.toml", "Ctrl+Alt+A", key)
    assert f'belongs to "{owner}' in found(home)


def test_the_folder_above_does_not_change_what_ruff_says(home: Path) -> None:
    (home.parent / "ruff.toml").write_text('lint.select = ["ALL"]')
    assert check_plugin(home) == []
    (home / "acme_patrol_hello" / "extra.py").write_text("import os\n")
    assert "F401" in found(home)


def test_unbound_contributions_and_failing_code_are_named(home: Path) -> None:
    code = home / "acme_patrol_hello" / "__init__.py"
    edit(code, '    ctx.commands.bind("acme.patrol-hello.add", posts.add)\n', "")
    assert '"acme.patrol-hello.add" is declared, but activate() does not bind it' in found(home)
    edit(home / "plugin.toml", 'permissions = ["map"]', "permissions = []")
    assert 'add "map" to permissions' in found(home)
    edit(home / "plugin.toml", 'area = "right"', 'area = "roof"')
    assert 'contributes.panels[1].area: "roof" is not one of' in found(home)
    code.write_text("def broken(:")
    edit(home / "plugin.toml", 'area = "roof"', 'area = "right"')
    assert "is no Python" in found(home)


@pytest.mark.parametrize(
    ("leak", "named"),
    [
        (
            "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
            "thread",
        ),
        (
            "from PySide6.QtCore import QTimer, QCoreApplication as Q; global t; t = QTimer(Q.instance()); "
            "t.start(500)",
            "timer of 500 ms",
        ),
        ("from PySide6.QtWidgets import QWidget; global w; w = QWidget(); w.show()", "window"),
    ],
)
def test_leaks_fail_the_authors_tests(home: Path, capfd: Any, leak: str, named: str) -> None:
    (home / "tests" / "test_plugin.py").write_text(f"def test_leak(console, plugin, qapp):\n    {leak}\n")
    assert onemap_plugin("test", str(home), "--", "-q", "-p", "no:cacheprovider") == 1
    assert f"test_leak leaves behind: {named}" in capfd.readouterr().out


def test_the_failing_plugin_fails_the_test_with_its_reason(home: Path, capfd: Any) -> None:
    edit(home / "acme_patrol_hello" / "__init__.py", "posts = Posts(ctx)", "posts = Post(ctx)")
    assert onemap_plugin("test", str(home), "--", "-q", "-p", "no:cacheprovider") == 1
    assert "name 'Post' is not defined" in capfd.readouterr().out


def test_a_command_that_is_disabled_says_why(home: Path, tmp_path: Path) -> None:
    edit(home / "plugin.toml", 'key = "Ctrl+Alt+A"', "when = \"map.visible and selection.type == 'event'\"")
    console = Console(tmp_path / "console", Clock(), MemoryBackend())
    console.open(home)
    with pytest.raises(
        AssertionError, match=r"disabled by when: map\.visible and selection\.type == 'event'"
    ):
        console.run("acme.patrol-hello.add")
    console.selection.select("event", "e1")
    console.map.answer = (117.2, 34.3)
    console.run("acme.patrol-hello.add")
    assert list(console.layer("acme.patrol-hello.points").lon) == [117.2]
    console.close()


def test_check_needs_no_pytest_and_test_says_how_to_get_it(home: Path) -> None:
    """In a process that cannot import pytest, as with the run-time libraries alone."""
    for action, code, words in (
        ("check", 0, "0 errors, 0 warnings"),
        ("test", 2, "python3 installer/bootstrap.py test --version"),
    ):
        program = (
            "import sys; sys.modules['pytest'] = None; from console.cli import main; "
            f"sys.exit(main(['plugin', {action!r}, {str(home)!r}]))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == code, done.stderr
        assert words in done.stdout + done.stderr


def test_a_saved_file_is_loaded_at_once(home: Path, tmp_path: Path) -> None:
    console = Console(tmp_path / "console", Clock(), MemoryBackend())
    host = console.open(home)
    host.activate("acme.patrol-hello")
    host.watch_dev_folders()
    made: list[tuple[str, bool]] = []
    host.panels.on_bound(lambda *change: made.append(change))
    console.clock.advance(1)
    assert made == []

    edit(home / "acme_patrol_hello" / "posts.py", "{len(self.all) + 1}", "{len(self.all) + 9}")
    console.clock.advance(1)
    assert made == [("acme.patrol-hello.posts", False), ("acme.patrol-hello.posts", True)]
    console.map.answer = (117.2, 34.3)
    console.run("acme.patrol-hello.add")
    assert console.layer("acme.patrol-hello.points").tooltip(0) == "P9"

    edit(home / "acme_patrol_hello" / "posts.py", "class Posts:", "class Posts(:")
    console.clock.advance(1)
    assert console.info("acme.patrol-hello").state == "failed"
    edit(home / "acme_patrol_hello" / "posts.py", "class Posts(:", "class Posts:")
    console.clock.advance(1)
    assert console.info("acme.patrol-hello").state == "active"
    console.close()


def test_the_list_of_host_libraries_is_true() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {name.lower().replace("-", "_") for name in re.findall(r"^([\w-]+)==", lock, re.MULTILINE)}
    assert {library.lower() for libraries in HOST_LIBRARIES.values() for library in libraries} <= locked


@pytest.mark.parametrize(
    "name", sorted(path.parent.name for path in (ROOT / "plugins").glob("*/plugin.toml"))
)
def test_the_built_in_plugins_keep_the_rules_for_all(name: str) -> None:
    """In a process of its own, for other tests hold modules of theirs that a check would load anew."""
    check = [sys.executable, "-m", "console", "plugin", "check", str(ROOT / "plugins" / name)]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_a_test_imported_is_what_the_next_console_runs(tmp_path: Path, home: Path) -> None:
    name = "acme_patrol_hello.panel"
    sys.path.append(str(home))
    mine = importlib.import_module(name)
    for _ in range(2):
        console = Console(tmp_path, Clock(), MemoryBackend())
        console.open(home)
        console.run("acme.patrol-hello.add")
        assert sys.modules[name] is mine
        console.close()
        assert sys.modules[name] is mine
        assert importlib.import_module("acme_patrol_hello").panel is mine
