"""A plugin's theme: chosen, checked, gone with its plugin."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox

from console.shell.plugin_themes import PluginThemes
from console.shell.settings_page import SettingsView

MANIFEST = """
id = "acme.paint"
name = "Paint"
version = "1.0.0"
sdk = ">=1.0,<2"

[[contributes.themes]]
id = "acme.paint.dusk"
title = { en = "Dusk", zh_CN = "黄昏" }
base = "dark"
file = "dusk.toml"

[[contributes.themes]]
id = "acme.paint.fog"
title = { en = "Fog", zh_CN = "雾" }
base = "light"
file = "fog.toml"

[[contributes.themes]]
id = "acme.paint.lost"
title = { en = "Lost", zh_CN = "丢失" }
file = "lost.toml"
"""


@pytest.fixture
def plugin_dir(plugin_dir, tmp_path):
    """The usual plugin, and one that brings themes."""
    (tmp_path / "house" / "paint").mkdir(parents=True)
    (tmp_path / "house" / "patrol").symlink_to(plugin_dir / "patrol")
    paint = tmp_path / "house" / "paint"
    (paint / "plugin.toml").write_text(MANIFEST, "utf-8")
    (paint / "dusk.toml").write_text('"map.route" = "#ff8800"', "utf-8")
    (paint / "fog.toml").write_text('"text" = "#c0c0c0"', "utf-8")
    return tmp_path / "house"


@pytest.fixture
def themes(services):
    made = PluginThemes(services.host, services.theme)
    yield made
    made.close()


def remarks(services) -> list[str]:
    info = next(info for info in services.host.plugins() if info.id == "acme.paint")
    return [text.en for text in info.remarks]


def test_a_theme_is_chosen_in_the_settings_and_goes_with_its_plugin(window, services, themes):
    window.sheets.show_sheet("settings")
    box = window.sheets.findChild(SettingsView).lines["shell", "theme"].editor
    assert isinstance(box, QComboBox)
    assert [box.itemText(at) for at in range(box.count())] == ["深色", "浅色", "黄昏", "雾"]
    box.setCurrentIndex(2)
    assert (services.theme.name, services.theme.base) == ("acme.paint.dusk", "dark")
    assert services.theme.color("map.route") == "#ff8800"
    assert services.theme.color("text") == "#dfe7ef"
    services.host.set_enabled("acme.paint", False)
    assert services.theme.name == "dark"
    services.host.set_enabled("acme.paint", True)
    assert services.theme.name == "acme.paint.dusk"


def test_what_is_hard_to_read_or_broken_is_told_but_usable(services, themes):
    fog, lost = remarks(services)
    assert 'theme "Fog"' in fog and "WCAG AA" in fog and "text / surface" in fog
    assert 'theme "Lost" cannot be used' in lost and "lost.toml" in lost
    services.host.settings.set("shell", "theme", "acme.paint.fog")
    assert services.theme.color("text") == "#c0c0c0"


def test_tinted_icons_are_kept_and_shared(services, settings_dir):
    made = {path: path.stat().st_mtime_ns for path in (settings_dir / "icons").iterdir()}
    assert made and all(path.suffix == ".svg" for path in made)
    services.theme.set("light")
    services.theme.set("dark")
    assert {path: path.stat().st_mtime_ns for path in made} == made
