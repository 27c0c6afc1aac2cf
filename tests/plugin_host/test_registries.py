"""Keys in conflict, conditions, badges, files that broke."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from console.model.text import Text
from console.plugin_host.commands import CommandRegistry
from console.plugin_host.keys import KeyRegistry, normal_key
from console.plugin_host.state_file import StateFile

KEYED = """
[[contributes.commands]]
id = "acme.{name}.keyed"
title = "Keyed"
key = "{key}"
"""
BIND = 'def activate(ctx): ctx.commands.bind("acme.{name}.keyed", print)'


def test_two_who_claim_one_key_are_listed_and_the_users_choice_is_kept(bench: Any) -> None:
    for name, key in (("a", "Ctrl+Alt+P"), ("b", "alt+ctrl+p")):
        bench.write(name, BIND.format(name=name), KEYED.format(name=name, key=key))
    host = bench.host()
    (conflict,) = host.keys.conflicts()
    assert conflict.key == "Ctrl+Alt+P"
    assert conflict.claimants == ("acme.a.keyed", "acme.b.keyed")
    assert conflict.winner == "acme.a.keyed"
    assert "Ctrl+Alt+P" in bench.said
    assert host.commands.key_of("acme.b.keyed") == ""

    host.keys.choose(conflict.key, "acme.b.keyed")
    again = bench.host()
    assert again.keys.conflicts() == []
    assert again.commands.key_of("acme.b.keyed") == "Ctrl+Alt+P"
    assert again.commands.key_of("acme.a.keyed") == ""


def test_the_consoles_own_keys_go_before_those_of_plugins(bench: Any) -> None:
    for name in ("a", "b"):
        bench.write(name, BIND.format(name=name), KEYED.format(name=name, key="Ctrl+Alt+N"))
    host = bench.host()
    drop = host.commands.add("shell.notes", Text("通知", "Notes"), print, key="Ctrl+Alt+N")
    assert host.keys.conflicts()[0].claimants == ("shell.notes", "acme.a.keyed", "acme.b.keyed")
    assert host.commands.key_of("shell.notes") == "Ctrl+Alt+N"
    assert host.commands.key_of("acme.a.keyed") == ""
    bench.clock.advance()  # told once for all that happened in a turn
    assert "Notes, Keyed, Keyed" in bench.notes[-1].text
    told = len(bench.notes)
    host.keys.assign("acme.c.other", "F7")
    assert len(bench.notes) == told, "a conflict is told once"
    host.keys.choose("Ctrl+Alt+N", "acme.b.keyed")
    assert host.commands.key_of("acme.b.keyed") == "Ctrl+Alt+N"
    drop()


def test_built_in_plugins_keep_their_keys_whoever_comes_first() -> None:
    keys = KeyRegistry()
    for owner in ("acme.a.go", "onemap.staff.find"):
        keys.claim(owner, "Ctrl+J")
    assert (keys.key_of("onemap.staff.find"), keys.key_of("acme.a.go")) == ("Ctrl+J", "")


def test_the_user_may_give_a_command_another_key() -> None:
    keys = KeyRegistry()
    keys.claim("a", "F5")
    keys.claim("b", "F5")
    keys.assign("b", "F6")
    assert (keys.key_of("a"), keys.key_of("b"), keys.conflicts()) == ("F5", "F6", [])
    keys.assign("b", None)
    assert len(keys.conflicts()) == 1
    keys.claim("c", "")
    keys.assign("c", "F9")
    keys.assign("gone", "F9")
    assert (keys.key_of("c"), keys.key_of("gone")) == ("F9", "")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("shift+ctrl+p", "Ctrl+Shift+P"),
        ("Ctrl++", "Ctrl++"),
        ("F5", "F5"),
        ("Ctrl+K, b", "Ctrl+K, B"),
        ("", ""),
    ],
)
def test_keys_have_one_spelling(written: str, meant: str) -> None:
    assert normal_key(written) == meant


def test_conditions_and_switches_grey_a_command() -> None:
    commands, ran = CommandRegistry(KeyRegistry()), list[str]()
    commands.add("shell.fit", Text("全图", "Full"), lambda: ran.append("fit"), when="map.visible")
    commands.run("shell.fit")
    commands.set_state("map.visible", True)
    commands.run("shell.fit")
    commands.set_enabled("shell.fit", False)
    commands.run("shell.fit")
    assert ran == ["fit"]


def test_a_command_that_is_not_there_is_said(bench: Any) -> None:
    bench.language.current = "zh_CN"
    bench.host().commands.run("acme.nobody.home")
    assert bench.said == "没有命令“acme.nobody.home”。"


def test_contributions_of_other_kinds_are_listed(bench: Any) -> None:
    manifest = (
        '[[contributes.themes]]\nid = "acme.a.night"\ntitle = "Night"\nbase = "dark"\nfile = "night.toml"\n'
    )
    bench.write("a", "", manifest)
    ((plugin, theme),) = bench.host().contributions("themes")
    assert (plugin.folder / theme.file).name == "night.toml"


def test_a_broken_file_is_set_aside_and_a_full_disk_is_survived(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("{half", encoding="utf-8")
    file = StateFile(path)
    assert file.data == {}
    assert (tmp_path / "keys.broken").exists()
    file.data["a"] = 1
    assert file.save()
    assert StateFile(path).data == {"a": 1}
    (tmp_path / "file").write_text("")
    assert not StateFile(tmp_path / "file" / "below.json").save()
