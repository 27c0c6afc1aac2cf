"""What a plugin gets through its context: by permission, translated, its own alone."""

from __future__ import annotations

import logging
import sys
from typing import Any

import pytest

from console.sdk import MissingPermission, MissingService

KEEP = """
def activate(ctx):
    global context
    context = ctx
"""


class Layer:
    layer_id = "x"
    removed = False

    def __init__(self) -> None:
        self.handlers: list[Any] = []

    def remove(self) -> None:
        self.removed = True

    def on_click(self, handler: Any) -> Any:
        self.handlers.append(handler)
        return lambda: self.handlers.remove(handler)


class Map:
    """The smallest map: what it is given, it keeps."""

    def __init__(self) -> None:
        self.layer = Layer()
        self.followed: Any = None

    def add_points(self, layer_id: str, style: Any, **_named: Any) -> Layer:
        return self.layer

    def follow(self, layer: Any, key: int | None) -> None:
        self.followed = layer

    def zoom(self) -> float:
        return 12.0


class Live:
    server_time = 5.0

    def collection(self, record_type: str) -> list[str]:
        return [record_type]

    positions: Any = object()


@pytest.fixture
def context(bench: Any) -> Any:
    def make(manifest: str = "") -> Any:
        bench.write("keep", KEEP, manifest)
        assert bench.host().activate("acme.keep")
        return sys.modules["acme_keep"].context

    return make


def test_a_missing_permission_says_which_line_to_write(bench: Any, context: Any) -> None:
    bench.facets.map, bench.facets.live = Map(), Live()
    ctx = context('permissions = ["event.read"]')
    with pytest.raises(MissingPermission, match=r'add "map" to permissions = \[...\] in its plugin.toml'):
        _ = ctx.map
    with pytest.raises(MissingPermission, match=r"staff\.read"):
        ctx.live.collection("staff")
    with pytest.raises(MissingPermission, match=r"positions\.read"):
        _ = ctx.live.positions
    with pytest.raises(MissingPermission, match="backend"):
        _ = ctx.backend
    assert len(ctx.live.collection("event")) == 1


def test_layers_go_with_the_plugin_and_their_handlers_are_attributed(bench: Any, context: Any) -> None:
    world = bench.facets.map = Map()
    ctx = context('permissions = ["map"]')
    layer = ctx.map.add_points("acme.keep.x", None)
    layer.on_click(lambda row: 1 / row)
    ctx.map.follow(layer, 1)
    assert world.followed is world.layer
    assert ctx.map.zoom() == 12.0
    world.layer.handlers[0](0)
    assert "ZeroDivisionError" in bench.notes[-1].detail
    bench.hosts[0].deactivate("acme.keep")
    assert world.layer.removed
    assert world.layer.handlers == []


def test_only_what_the_manifest_declares_can_be_bound(context: Any) -> None:
    ctx = context()
    with pytest.raises(KeyError, match=r"\[\[contributes.commands\]\]"):
        ctx.commands.bind("acme.keep.other", print)
    with pytest.raises(KeyError, match="provides"):
        ctx.services.provide("other", 1)
    with pytest.raises(KeyError, match=r"contributes\.panels"):
        ctx.panels.bind("acme.keep.go", object)
    with pytest.raises(KeyError, match="no setting"):
        ctx.settings.get("other")


def test_a_service_that_nobody_offers_is_said(context: Any) -> None:
    with pytest.raises(MissingService, match="no plugin provides it"):
        context().services.get("roads")


def test_texts_fall_back_to_english_and_say_so_once(bench: Any, context: Any, caplog: Any) -> None:
    ctx = context()
    texts = bench.plugins / "acme.keep" / "texts"
    texts.mkdir()
    (texts / "zh_CN.toml").write_text(
        '"{n} staff" = "{n} 名人员"\n"Wrong {n}" = "错 {m}"\n', encoding="utf-8"
    )
    assert ctx.tr("{n} staff", n=3) == "3 staff"
    bench.language.current = "zh_CN"
    with caplog.at_level(logging.WARNING):
        assert ctx.tr("{n} staff", n=3) == "3 名人员"
        assert ctx.tr("Unknown") == ctx.tr("Unknown") == "Unknown"
        assert ctx.tr("Wrong {n}", n=1) == "Wrong 1"
    assert caplog.text.count("no Chinese for 'Unknown'") == 1


def test_settings_are_checked_kept_and_told(bench: Any, context: Any) -> None:
    manifest = """
        [[contributes.settings]]
        key = "radius"
        type = "int"
        default = 500
        range = [50, 5000]
        title = "Radius"
        """
    ctx = context(manifest)
    seen: list[int] = []
    ctx.settings.on_change("radius", seen.append)
    assert ctx.settings.get("radius") == 500
    ctx.settings.set("radius", 800)
    with pytest.raises(ValueError, match="between 50 and 5000"):
        ctx.settings.set("radius", 9)
    assert seen == [800]
    page = bench.hosts[0].settings.pages()[0]
    assert (page.owner, page.settings[0].key) == ("acme.keep", "radius")
    again = bench.host()
    assert again.settings.get("acme.keep", "radius") == 800


def test_folders_are_the_plugins_own(bench: Any, context: Any) -> None:
    folder = context().data_dir()
    assert folder == str(bench.root / "data" / "plugins" / "acme.keep")


def test_a_change_of_language_is_told_until_the_plugin_is_off(bench: Any) -> None:
    bench.write(
        "tongue",
        """
        heard = []
        def activate(ctx):
            ctx.commands.bind("acme.tongue.go", lambda: None)
            ctx.on_language(lambda: heard.append(ctx.language))
        """,
    )
    host = bench.host()
    host.activate("acme.tongue")
    bench.language.change("zh_CN")
    host.deactivate("acme.tongue")
    bench.language.change("en")
    assert sys.modules["acme_tongue"].heard == ["zh_CN"]
