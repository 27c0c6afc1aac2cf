"""The plugin in a real plugin host, without window and network."""

from console.sdk import Severity


def test_a_post_is_put_where_the_user_clicks(console, plugin):
    console.map.answer = (117.2, 34.3)
    console.run("$id.add")
    layer = console.layer("$id.points")
    assert list(layer.lon) == [117.2]
    assert layer.tooltip(0) == "P1"
    assert console.notifications[-1].text == "已添加点位 P1"
    assert console.notifications[-1].severity is Severity.SUCCESS


def test_escape_adds_nothing(console, plugin):
    console.map.answer = None
    console.run("$id.add")
    assert len(console.layer("$id.points").lon) == 0


def test_switched_off_it_leaves_nothing_on_the_map(console, plugin):
    console.host.deactivate(plugin.id)
    assert console.map.layers_by_id == {}


def test_the_panel_lists_the_posts(console, plugin, qtbot):
    panel = console.host.panels.make("$id.posts")
    qtbot.addWidget(panel)
    console.map.answer = (117.2, 34.3)
    console.run("$id.add")
    assert [post.number for post in panel.table.shown] == ["P1"]
