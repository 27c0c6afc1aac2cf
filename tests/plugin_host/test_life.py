"""From manifest to activation and back: lazily, with reasons, undone in reverse."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from console.plugin_host import PluginHost, PluginInfo, PluginSource, PluginState, SourceKind
from console.plugin_host.code import purge
from console.plugin_host.discover import discover
from console.plugin_host.state_file import StateFile

LOG = """
log = []
def activate(ctx):
    log.append("activated")
    ctx.commands.bind("{id}.go", lambda *args: log.append(args))
"""


def info(host: PluginHost, plugin_id: str) -> PluginInfo:
    return next(plugin for plugin in host.plugins() if plugin.id == plugin_id)


def test_manifests_alone_make_menus_and_code_is_imported_at_first_use(bench: Any) -> None:
    bench.write("one", LOG.format(id="acme.one"))
    host = bench.host()
    assert [entry.id for entry in host.commands.entries()] == ["acme.one.go"]
    assert "acme_one" not in sys.modules
    assert info(host, "acme.one").state is PluginState.VALIDATED

    host.commands.run("acme.one.go", 7)
    assert sys.modules["acme_one"].log == ["activated", (7,)]
    assert info(host, "acme.one").state is PluginState.ACTIVE
    assert info(host, "acme.one").import_ms > 0


def test_activation_events_start_plugins_in_turns(bench: Any) -> None:
    bench.write("one", LOG.format(id="acme.one"), 'on = ["startup"]')
    host = bench.host()
    host.activate_on("startup")
    assert "acme_one" not in sys.modules
    bench.clock.advance()
    assert sys.modules["acme_one"].log == ["activated"]


def test_an_import_error_is_kept_and_can_be_retried(bench: Any) -> None:
    home = bench.write("bad", "import does_not_exist\n")
    host = bench.host()
    host.commands.run("acme.bad.go")
    failed = info(host, "acme.bad")
    assert failed.state is PluginState.FAILED
    assert "does_not_exist" in failed.reason.en
    assert "does_not_exist" in failed.traceback
    assert not host.commands.is_enabled("acme.bad.go")
    assert host.commands.get("acme.bad.go").fault is failed.reason
    title, retry = bench.notes[-1].action
    assert title == "Retry"

    (home / "acme_bad" / "__init__.py").write_text(LOG.format(id="acme.bad"))
    retry()
    assert info(host, "acme.bad").state is PluginState.ACTIVE
    host.commands.run("acme.bad.go")
    assert sys.modules["acme_bad"].log == ["activated", ()]


def test_an_activation_error_undoes_what_was_bound(bench: Any) -> None:
    bench.write(
        "half",
        """
        undone = []
        def activate(ctx):
            ctx.undo(lambda: undone.append("a"))
            ctx.undo(lambda: undone.append("b"))
            ctx.commands.bind("acme.half.go", print)
            raise RuntimeError("no luck")
        """,
    )
    host = bench.host()
    host.commands.run("acme.half.go")
    assert sys.modules["acme_half"].undone == ["b", "a"]
    assert host.commands.get("acme.half.go").handler is None
    assert "no luck" in info(host, "acme.half").traceback


def test_everything_bound_is_undone_in_reverse(bench: Any) -> None:
    bench.write(
        "undo",
        """
        order = []
        def activate(ctx):
            ctx.undo(lambda: order.append("first"))
            ctx.commands.bind("acme.undo.go", lambda: None)
            ctx.panels.bind("acme.undo.list", object)
            ctx.services.provide("undoing", ctx)
            ctx.selection.on_change(order.append)
            ctx.tasks.every(1, lambda: order.append("tick"))
            ctx.status("acme.undo.count", "5")
            ctx.undo(lambda: order.append("last"))
        """,
        """
        provides = ["undoing"]
        [[contributes.panels]]
        id = "acme.undo.list"
        title = "List"
        [[contributes.status_items]]
        id = "acme.undo.count"
        title = "Count"
        """,
    )
    host = bench.host()
    bound: list[tuple[str, bool]] = []
    host.panels.on_bound(lambda *change: bound.append(change))
    assert host.services.get("undoing").plugin_id == "acme.undo"
    assert host.status.entries()[0].text == "5"
    order = sys.modules["acme_undo"].order
    bench.clock.advance(1)
    bench.selection.select("event", "e1")
    assert order == ["tick", ("event", "e1")]

    host.deactivate("acme.undo")
    bench.clock.advance(1)
    bench.selection.select("event", "e2")
    assert order == ["tick", ("event", "e1"), "last", "first"]
    assert bound == [("acme.undo.list", True), ("acme.undo.list", False)]

    assert info(host, "acme.undo").state is PluginState.INACTIVE


def test_a_missing_service_disables_with_the_reason_and_all_who_hang_on_it(bench: Any) -> None:
    bench.write("a", LOG.format(id="acme.a"), 'requires = ["map"]\nprovides = ["a"]')
    bench.write("b", LOG.format(id="acme.b"), 'requires = ["a"]')
    host = bench.host()
    assert info(host, "acme.a").state is PluginState.DISABLED
    assert '"map"' in info(host, "acme.a").reason.en
    assert '"a"' in info(host, "acme.b").reason.en
    assert host.commands.entries() == []


def test_required_services_are_activated_first_and_fall_together(bench: Any) -> None:
    bench.write("user", LOG.format(id="acme.user"), 'requires = ["roads"]')
    bench.write(
        "maker",
        'def activate(ctx): ctx.services.provide("roads", 42)',
        'provides = ["roads"]',
    )
    host = bench.host()
    host.commands.run("acme.user.go")
    assert info(host, "acme.maker").state is PluginState.ACTIVE
    host.deactivate("acme.maker")
    assert info(host, "acme.user").state is PluginState.INACTIVE


def test_the_user_switches_a_plugin_off_for_good(bench: Any) -> None:
    bench.write("one", LOG.format(id="acme.one"))
    host = bench.host()
    host.set_enabled("acme.one", False)
    assert info(host, "acme.one").state is PluginState.DISABLED
    assert host.commands.entries() == []
    again = bench.host()
    assert info(again, "acme.one").state is PluginState.DISABLED
    again.set_enabled("acme.one", True)
    assert again.commands.get("acme.one.go") is not None


def test_safe_mode_leaves_third_parties_out(bench: Any) -> None:
    bench.write("one", LOG.format(id="acme.one"))
    assert info(bench.host(safe_mode=True), "acme.one").reason.zh_CN == "安全模式下不载入第三方插件。"


def test_faulty_manifests_are_listed_with_all_their_faults(bench: Any) -> None:
    home = bench.write("one", "", 'permissions = ["everything"]\non = ["noon"]')
    host = bench.host()
    failed = host.plugins()[0]
    assert failed.state is PluginState.FAILED
    assert failed.folder == home
    assert "everything" in failed.reason.en
    assert "noon" in failed.reason.en


def test_ids_and_packages_cannot_be_shared_or_usurped(bench: Any) -> None:
    bench.write("one", "")
    bench.write("two", "", package="acme_one")
    fake = bench.write("fake", "")
    (fake / "plugin.toml").write_text((fake / "plugin.toml").read_text().replace("acme.", "onemap."))
    bench.write("one", "", folder=bench.plugins / "copy")
    reasons = {plugin.folder.name: plugin.reason.en for plugin in bench.host().plugins()}
    assert reasons["acme.one"] == ""
    assert "package" in reasons["acme.two"]
    assert "onemap" in reasons["acme.fake"]
    assert "Another plugin" in reasons["copy"]


def test_a_wrong_sdk_is_said(bench: Any) -> None:
    home = bench.write("one", "")
    (home / "plugin.toml").write_text((home / "plugin.toml").read_text().replace(">=1,<2", ">=9"))
    assert "SDK >=9" in bench.host().plugins()[0].reason.en


def test_reload_brings_new_code_and_new_contributions(bench: Any) -> None:
    home = bench.write("one", LOG.format(id="acme.one"))
    host = bench.host()
    host.commands.run("acme.one.go")
    bench.write("one", LOG.format(id="acme.one").replace("activated", "renewed__"))
    toml = (home / "plugin.toml").read_text().replace('title = "Go"', 'title = "Go on"')
    (home / "plugin.toml").write_text(toml)
    assert host.reload("acme.one")
    assert sys.modules["acme_one"].log == ["renewed__"]
    assert host.commands.get("acme.one.go").title.en == "Go on"


def test_a_dev_folder_beats_the_installed_plugin(bench: Any, tmp_path: Any) -> None:
    bench.write("one", "")
    mine = bench.write("one", LOG.format(id="acme.one"), folder=tmp_path / "mine")
    host = PluginHost(
        [PluginSource(bench.plugins, SourceKind.USER), PluginSource(mine, SourceKind.DEV)],
        bench.facets,
        config_dir=tmp_path / "c",
        data_dir=tmp_path / "d",
        cache_dir=tmp_path / "e",
        guard_process=False,
    )
    host.load()
    assert info(host, "acme.one").folder == mine


def test_an_unbound_contribution_is_said(bench: Any) -> None:
    bench.write("one", "def activate(ctx): pass")
    host = bench.host()
    host.commands.run("acme.one.go")
    assert 'declares "acme.one.go" but does not bind it' in bench.said


def test_one_hundred_manifests_are_read_from_the_cache(bench: Any) -> None:
    for at in range(100):
        bench.write(f"p{at}", "")
    bench.host()
    first = (bench.root / "cache" / "manifests.json").stat().st_mtime_ns
    host = bench.host()
    assert len(host.plugins()) == 100
    parsed = discover([PluginSource(bench.plugins, SourceKind.USER)])
    cache = StateFile(bench.root / "cache" / "manifests.json")
    assert discover([PluginSource(bench.plugins, SourceKind.USER)], cache) == parsed
    assert (bench.root / "cache" / "manifests.json").stat().st_mtime_ns == first
    kept = json.loads((bench.root / "cache" / "manifests.json").read_text())
    row = next(row for path, row in kept.items() if "acme.p3" in path)
    row["manifest"]["name"] = 7  # the cache is not trusted to have the right shape
    (bench.root / "cache" / "manifests.json").write_text(json.dumps(kept))
    again = bench.host()
    assert info(again, "acme.p3") == info(host, "acme.p3")
    (bench.plugins / "acme.p7" / "plugin.toml").write_text("id = 1")
    assert sum(plugin.state is PluginState.FAILED for plugin in bench.host().plugins()) == 1


def test_the_code_of_built_in_plugins_is_imported_ahead_and_nobody_elses(bench: Any) -> None:
    bench.write("other", "activated = True\n")
    builtin = bench.root / "builtin_house" / "ours"
    (builtin / "desktop").mkdir(parents=True)
    (builtin.parent / "__init__.py").touch()
    (builtin / "plugin.toml").write_text(
        'id = "onemap.ours"\nname = "Ours"\nversion = "1.0.0"\nsdk = ">=1,<2"\n'
        'entry = "builtin_house.ours:activate"\n',
        encoding="utf-8",
    )
    (builtin / "__init__.py").write_text("def activate(ctx): pass\n")
    (builtin / "desktop" / "__init__.py").touch()
    (builtin / "desktop" / "panel.py").touch()
    (builtin / "desktop" / "broken.py").write_text("import does_not_exist\n")
    host = bench.host(PluginSource(builtin.parent, SourceKind.FIRST_PARTY))
    bench.facets.tasks.start(host.prepare_all())
    assert "builtin_house.ours.desktop" in sys.modules
    assert "acme_other" not in sys.modules
    assert {plugin.state for plugin in host.plugins()} == {PluginState.VALIDATED}
    assert host.activate("onemap.ours")
    bench.facets.tasks.start(host.prepare("onemap.ours"))  # nothing is left to do


def test_code_of_services_that_a_plugin_uses_is_imported_ahead(bench: Any, tmp_path: Any) -> None:
    house = tmp_path / "using_house"
    for name, line in {
        "asks": 'uses = ["names", "nobody_offers_it"]\nprovides = ["asking"]',
        "names": 'provides = ["names"]\nuses = ["asking"]',
    }.items():
        (house / name / "desktop").mkdir(parents=True)
        (house / name / "plugin.toml").write_text(
            f'id = "onemap.{name}"\nname = "{name}"\nversion = "1.0.0"\nsdk = ">=1,<2"\n'
            f'entry = "using_house.{name}:activate"\n{line}\n',
            encoding="utf-8",
        )
        (house / name / "__init__.py").write_text("def activate(ctx): pass\n")
        (house / name / "desktop" / "__init__.py").touch()
    (house / "__init__.py").touch()
    host = bench.host(PluginSource(house, SourceKind.FIRST_PARTY))
    bench.facets.tasks.start(host.prepare("onemap.asks"))
    assert "using_house.names.desktop" in sys.modules
    assert host.activate("onemap.asks"), "it does without what nobody offers"


def test_a_plugin_under_development_goes_on_with_its_last_good_manifest(bench: Any, tmp_path: Any) -> None:
    home = bench.write("draft", LOG.format(id="acme.draft"), folder=tmp_path / "draft")
    manifest = home / "plugin.toml"
    good = manifest.read_text("utf-8")
    host = bench.host(PluginSource(home, SourceKind.DEV))
    host.watch_dev_folders()
    host.commands.run("acme.draft.go")

    manifest.write_text(good.replace("[[contributes", "[[contri butes"), "utf-8")
    bench.clock.advance(1)
    assert info(host, "acme.draft").state is PluginState.ACTIVE
    assert host.commands.get("acme.draft.go") is not None
    assert "plugin.toml has faults" in info(host, "acme.draft").remarks[0].en
    assert "the last good one stands in" in bench.said

    manifest.write_text(good.replace('name = "Draft"', 'name = "Fair copy"'), "utf-8")
    bench.clock.advance(1)
    assert info(host, "acme.draft").name.en == "Fair copy"
    assert info(host, "acme.draft").remarks == ()


def test_several_threads_look_for_new_code_one_after_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own finder empties one table of all threads then, and raises when two do it together."""
    crowds: list[int] = []

    class Finder:
        busy = 0

        def find_spec(self, *args: object) -> None:
            return None

        def invalidate_caches(self) -> None:
            self.busy += 1
            time.sleep(0.01)
            crowds.append(self.busy)
            self.busy -= 1

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder()])
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(purge, [tmp_path] * 8))
    assert crowds == [1] * 8
