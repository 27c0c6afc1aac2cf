"""Every text of the window has its Chinese, and no entry is left over."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from console.shell.actions import MENUS
from console.shell.language import TRANSLATIONS

ROOT = Path(__file__).parents[2]
CALLS = {"tr", "_tr", "word"}


def literals() -> set[str]:
    found: set[str] = {title for _, title in MENUS}
    for folder in ("console/shell", "console/sdk/ui", "console/map", "console/media"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and node.args:
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    at = 1 if name == "offer" and folder == "console/shell" and len(node.args) > 1 else 0
                    first = node.args[at]
                    if name in CALLS | {"offer"} and isinstance(first, ast.Constant):
                        found.add(str(first.value))
    return found


def test_nothing_is_left_untranslated():
    table = tomllib.loads((TRANSLATIONS / "zh_CN.toml").read_text("utf-8"))
    assert sorted(literals() - table.keys()) == []


def test_placeholders_are_the_same():
    table = tomllib.loads((TRANSLATIONS / "zh_CN.toml").read_text("utf-8"))
    for english, chinese in table.items():
        assert english.count("{") == chinese.count("{"), english
