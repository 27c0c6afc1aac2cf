"""Manifests: what a good one gives, what each fault says, and that nothing else escapes."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.manifest import (
    CONTRIBUTIONS,
    Manifest,
    ManifestError,
    Version,
    VersionRange,
    describe_permission,
    parse_manifest,
    parse_when,
)

GOOD = """
id = "acme.patrol-hello"
name = { en = "Patrol Hello", zh_CN = "巡逻问候" }
version = "1.2.0"
sdk = ">=1.0,<2"
entry = "acme_patrol_hello:activate"
server = "acme_patrol_hello.server:register"
requires = ["map"]
provides = ["patrols"]
permissions = ["staff.read", "map", "network:api.acme.example"]
on = ["signed_in"]

[[contributes.commands]]
id = "acme.patrol-hello.locate"
title = { en = "Locate nearest patrol", zh_CN = "定位最近巡逻" }
key = "Ctrl+Alt+P"
when = "map.visible and not offline"
menu = "map/context"

[[contributes.panels]]
id = "acme.patrol-hello.list"
title = { en = "Patrols", zh_CN = "巡逻" }
area = "left"
open = true

[[contributes.layers]]
id = "acme.patrol-hello.points"
title = "Patrols"

[[contributes.map_tools]]
id = "acme.patrol-hello.measure"
title = "Measure"

[[contributes.settings]]
key = "radius"
type = "int"
default = 500
range = [50, 5000]
title = { en = "Radius", zh_CN = "半径" }

[[contributes.settings]]
key = "mode"
type = "choice"
default = "foot"
choices = [{ value = "foot", title = "On foot" }, { value = "car", title = "By car" }]
title = "Mode"

[[contributes.status_items]]
id = "acme.patrol-hello.count"
title = "Count"
command = "acme.patrol-hello.locate"

[[contributes.server_routes]]
prefix = "/patrols"

[[contributes.server_tables]]
migrations = "server/migrations"
"""


def good(**changes: Any) -> dict[str, Any]:
    return tomllib.loads(GOOD) | changes


def faults(table: dict[str, Any]) -> str:
    with pytest.raises(ManifestError) as caught:
        parse_manifest(table)
    return str(caught.value)


def test_a_good_manifest_is_read_as_a_whole() -> None:
    manifest = parse_manifest(good())
    assert manifest.id == "acme.patrol-hello"
    assert manifest.name.get("zh_CN") == "巡逻问候"
    assert manifest.package == "acme_patrol_hello"
    assert manifest.contributes.commands[0].key == "Ctrl+Alt+P"
    assert manifest.contributes.panels[0].open
    assert manifest.contributes.settings[0].range == (50, 5000)
    assert manifest.contributes.server_routes[0].prefix == "/patrols"
    assert manifest.warnings == ()
    assert "acme.patrol-hello.points" in manifest.contributes.ids()


def test_unknown_top_level_keys_warn() -> None:
    assert "signature" in parse_manifest(good(signature="…")).warnings[0]


def test_all_faults_are_listed_at_once() -> None:
    words = faults(good(id="Patrol", version="1", sdk="1.x", permissions=["everything"], on=["monday"]))
    for part in ("id:", "version:", "sdk:", "permissions[1]:", "on:"):
        assert part in words


@pytest.mark.parametrize(
    ("point", "row", "words"),
    [
        ("commands", {"id": "locate", "title": "x"}, 'commands[1].id: "locate" should begin'),
        ("commands", {"id": "acme.patrol-hello.a"}, "commands[1].title: is missing"),
        ("commands", {"id": "acme.patrol-hello.a", "title": "x", "kay": "F5"}, "kay: is not known here"),
        ("commands", {"id": "acme.patrol-hello.a", "title": "x", "when": "f(1)"}, "is not a condition"),
        ("commands", {"id": "acme.patrol-hello.a", "title": {"de": "x"}}, "only the languages en and zh_CN"),
        ("panels", {"id": "acme.patrol-hello.a", "title": "x", "area": "top"}, '"top" is not one of left'),
        ("panels", {"id": "acme.patrol-hello.a", "title": "x", "order": True}, "a whole number, not true"),
        (
            "settings",
            {"key": "a", "type": "int", "default": 9, "range": [1, 5], "title": "x"},
            "between 1 and 5",
        ),
        ("settings", {"key": "a", "type": "int", "default": "9", "title": "x"}, "should be of type int"),
        ("settings", {"key": "a", "type": "choice", "default": "9", "title": "x"}, "choices: is missing"),
        ("server_routes", {"prefix": "events"}, "does not have the form"),
        ("themes", {"id": "acme.patrol-hello.a", "title": "x", "file": "../../etc/passwd"}, "form"),
        ("widgets", {"id": "acme.patrol-hello.a"}, "contributes.widgets: is not known here"),
    ],
)
def test_a_faulty_contribution_names_its_key(point: str, row: dict[str, Any], words: str) -> None:
    assert words in faults(good(contributes={point: [row]}))


def test_an_id_given_twice_is_a_fault_where_keys_are_given_by_id() -> None:
    row = {"id": "acme.patrol-hello.a", "title": "x"}
    assert "is given twice" in faults(good(contributes={"commands": [row], "panels": [row]}))
    assert "is given twice" in faults(good(contributes={"layers": [row, row]}))
    assert parse_manifest(good(contributes={"commands": [row], "layers": [row]}))


def test_commands_need_code() -> None:
    table = good()
    del table["entry"]
    assert "entry: is missing" in faults(table)


@pytest.mark.parametrize(
    ("range_", "version", "inside"),
    [
        (">=1.3,<2", "1.3.0", True),
        (">=1.3,<2", "2.0.0", False),
        (">=1.3,<2", "1.3.0-rc.1", False),
        ("==1.3.1", "1.3.1+build5", True),
        ("!=1.3", "1.3.0", False),
    ],
)
def test_version_ranges(range_: str, version: str, inside: bool) -> None:
    assert (Version.parse(version) in VersionRange.parse(range_)) is inside


def test_conditions() -> None:
    state = {"map.visible": True, "selection.type": "event"}
    assert parse_when("")({})
    assert parse_when("map.visible and not offline")(state)
    assert parse_when('selection.type == "event"')(state)
    assert not parse_when('selection.type != "event" or offline')(state)


def test_permissions_are_explained_in_both_languages() -> None:
    text = describe_permission("network:api.acme.example")
    assert text is not None
    assert "api.acme.example" in text.zh_CN
    assert "api.acme.example" in text.en
    assert describe_permission("network:http://x") is None


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KEYS = [
    "id",
    "title",
    "key",
    "type",
    "default",
    "range",
    "choices",
    "when",
    "area",
    "prefix",
    "order",
    "menu",
]
rows = st.lists(st.dictionaries(st.sampled_from(KEYS), values, max_size=6) | values, max_size=3)


@given(
    st.dictionaries(st.sampled_from([*good(), "x"]), values, max_size=8),
    st.dictionaries(st.sampled_from(list(CONTRIBUTIONS)), rows, max_size=3),
)
def test_nothing_but_manifest_errors_escapes(top: dict[str, Any], contributes: dict[str, Any]) -> None:
    try:
        result = parse_manifest(
            good(**top, contributes=contributes) if "contributes" not in top else good(**top)
        )
    except ManifestError as error:
        assert error.faults
    else:
        assert isinstance(result, Manifest)


@given(st.text(max_size=60))
def test_conditions_fail_plainly(text: str) -> None:
    try:
        parse_when(text)({})
    except ValueError as error:
        assert "condition" in str(error)
