"""Keys of the window and of the built-in plugins do not collide."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path

from console.model.manifest import parse_manifest
from console.plugin_host.keys import normal_key
from console.shell.commands import COMMANDS

PLUGINS = Path(__file__).parents[2] / "plugins"


def test_no_two_claim_one_key():
    claims: dict[str, list[str]] = defaultdict(list)
    for own in COMMANDS:
        claims[normal_key(own.key)].append(f"shell.{own.name}")
    for file in PLUGINS.glob("*/plugin.toml"):
        contributes = parse_manifest(tomllib.loads(file.read_text("utf-8"))).contributes
        for row in (*contributes.commands, *contributes.panels, *contributes.map_tools):
            claims[normal_key(row.key)].append(row.id)
    assert {key: ids for key, ids in claims.items() if key and len(ids) > 1} == {}
