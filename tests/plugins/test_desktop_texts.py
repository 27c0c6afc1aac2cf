"""Every text and every key of the first-party plugins: complete in Chinese, unique, with icons."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from console.model.manifest import Manifest, parse_manifest

ROOT = Path(__file__).parents[2]
OURS = (
    *("one_map", "staff", "cameras", "grids", "sources", "datums", "qgis", "styles", "views", "printing"),
    *("plans", "buildings", "scene", "linkage", "polling"),
)
TABLES = {
    "printing": (
        "words.PAPER_TITLES",
        "words.LEGENDS",
        "words.GRATICULES",
        "words.COLORS",
        "words.SYMBOL_TITLES",
    ),
    "views": ("timeline.panel.LENGTHS", "timeline.panel.PACES"),
    "buildings": ("words.CLASSES", "words.ATTRIBUTES", "words.FOUND_BY", "words.SIGNS"),
    "scene": (),
    "linkage": ("words.FAULTS", "words.LAYERS"),
    "polling": ("words.KINDS", "words.FINDINGS"),
    "plans": ("words.CLASSES", "words.KINDS", "items.PROMPTS"),
    "styles": (
        "words.KINDS",
        "words.METHODS",
        "words.OPERATORS",
        "words.PATTERNS",
        "words.ARROWS",
        "words.CHARTS",
        "words.FAULTS",
        "words.LAYER_TYPES",
    ),
    "one_map": ("layer_tree.GROUPS", "search.KINDS", "feature_words.COLUMNS", "feature_words.CLASSES"),
    "staff": (
        "states.TITLES",
        "words.ROLES",
        "export.HEADINGS",
        "duty.words.WHY",
        "duty.words.LEAVE_KINDS",
        "duty.words.WEEKDAYS",
    ),
    "qgis": (),
    "cameras": (
        *("words.LOOKS", "words.WINDS", "words.KINDS", "words.BLIND", "panel.COUNTS"),
        *("gone.words.STATES", "gone.words.FAULTS", "gone.panel.COUNTS", "gone.sharing.HEADINGS"),
    ),
    "sources": ("words.DATUMS", "words.KNOWN", "words.STATES", "words.SHAPES", "words.FILTER_FAULTS"),
    "datums": (
        "words.DATUMS",
        "words.KNOWN",
        "words.KNOWN_HELP",
        "words.FOUND",
        "words.STATES",
        "suited.ADVICE",
        "local.ROTATIONS",
    ),
    "grids": ("tree_model.HEADINGS", "tree_model.LEVELS", "theme_numbers.TITLES", "theme_panel.METHODS"),
}
"""Tables of English texts that are translated when they are shown."""


def manifest(name: str) -> Manifest:
    with (ROOT / "plugins" / name / "plugin.toml").open("rb") as file:
        return parse_manifest(tomllib.load(file))


def manifests() -> list[Manifest]:
    return [manifest(path.parent.name) for path in sorted((ROOT / "plugins").glob("*/plugin.toml"))]


def chinese(name: str) -> dict[str, str]:
    return tomllib.loads((ROOT / "plugins" / name / "texts" / "zh_CN.toml").read_text("utf-8"))


def literals(name: str) -> Iterator[str]:
    for path in (ROOT / "plugins" / name / "desktop").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if called in ("tr", "Reading"):
                    yield node.args[0].value


def table_texts(name: str) -> Iterator[str]:
    for table in TABLES[name]:
        module, _, attribute = table.rpartition(".")
        rows = getattr(import_module(f"plugins.{name}.desktop.{module}"), attribute)
        for row in rows.values() if isinstance(rows, dict) else rows:
            yield row if isinstance(row, str) else row[1 if table.endswith("GROUPS") else 0]


@pytest.mark.parametrize("name", OURS)
def test_every_text_is_there_in_chinese(name: str) -> None:
    wanted, texts = {*literals(name), *table_texts(name)}, chinese(name)
    assert wanted - set(texts) == set()
    for english, text in texts.items():
        assert _fields(english) == _fields(text), english


@pytest.mark.parametrize("name", OURS)
def test_commands_and_panels_have_two_titles_and_an_icon(name: str) -> None:
    shown = manifest(name).contributes
    for entry in (*shown.commands, *shown.panels, *shown.layers):
        assert entry.title.zh_CN and entry.title.en, entry.id
        assert entry.title.zh_CN != entry.title.en, entry.id
        assert (ROOT / "resources" / "icons" / f"{entry.icon}.svg").is_file(), f"{entry.id}: {entry.icon}"


def test_no_key_is_claimed_twice() -> None:
    keys = Counter(
        entry.key
        for plugin in manifests()
        for entry in (*plugin.contributes.commands, *plugin.contributes.panels, *plugin.contributes.map_tools)
        if entry.key
    )
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("name", OURS)
def test_icons_named_in_code_exist(name: str) -> None:
    known = {path.stem for path in (ROOT / "resources" / "icons").glob("*.svg")}
    for path in (ROOT / "plugins" / name / "desktop").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for keyword in node.keywords if isinstance(node, ast.Call) else ():
                if keyword.arg == "icon" and isinstance(keyword.value, ast.Constant):
                    assert keyword.value.value in known, f"{path.name}: {keyword.value.value}"


def test_classes_levels_and_roles_are_called_the_same_everywhere() -> None:
    events, dispatch = (
        import_module("plugins.events.desktop.words"),
        import_module("plugins.dispatch.desktop.words"),
    )
    roles = import_module("plugins.staff.desktop.words").ROLES
    assert dispatch.KINDS == events.CLASSES
    assert dispatch.LEVELS == events.URGENCIES
    assert roles == dispatch.ROLES
    tables = [chinese(name) for name in ("events", "dispatch", "staff", "grids")]
    for word in {*events.CLASSES.values(), *events.URGENCIES.values(), *roles.values(), "Off duty", "Role"}:
        assert len({table[word] for table in tables if word in table}) == 1, word


def _fields(text: str) -> set[str]:
    return {part.partition("}")[0] for part in text.split("{")[1:]}
