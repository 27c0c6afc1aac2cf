"""What the operator sees when the backend dies or a plugin misbehaves: nothing lost, nothing blocked."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.acceptance.operator import CTRL, SHIFT, Operator
from tests.acceptance.server import PASSWORD, USERNAME, Backend

Key = Qt.Key
SIZE = (1920, 1080)
PLACES = ((121.4737, 31.2304), (121.4790, 31.2320), (121.4690, 31.2290))


@pytest.fixture
def backend(shanghai: Path, tmp_path: Path) -> Iterator[Backend]:
    """A running backend with the centre of Shanghai."""
    with Backend(shanghai, tmp_path / "backend") as running:
        yield running


def sign_in(operator: Operator) -> None:
    """By keys on the page, as the operator does."""
    page = operator.wait(lambda: operator.window.sign_in_page, "the sign-in page")
    page.username.setFocus()
    operator.type(USERNAME)
    operator.press(Key.Key_Tab)
    operator.type(PASSWORD)
    operator.press(Key.Key_Return)


def work(operator: Operator) -> None:
    """Until the district is on the map."""
    operator.wait(lambda: operator.window.sign_in_page is None, "the workbench")
    operator.wait(lambda: operator.reads(operator.words("shell", "Online")), "online", 60)
    operator.wait(lambda: {"road", "grid"} <= operator.layers(), "the base layers", 60)
    operator.zoom_in(*PLACES[0], 15)


def report(operator: Operator, place: tuple[float, float], title: str) -> None:
    """An event by click and keys."""
    operator.press(Key.Key_N, CTRL)
    operator.wait(lambda: operator.map.tool, "the map asks where")
    operator.click_map(*place)
    operator.wait(lambda: operator.focus_is(operator.words("events", "What happened")), "the form")
    operator.type(title)
    operator.press(Key.Key_Return)


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_orders_given_while_the_backend_is_dead_are_delivered_once_in_order(
    backend: Backend, open_console: Callable[..., Operator]
) -> None:
    op = open_console(backend.url, language="zh_CN", size=SIZE, expected=("console.client",))
    sign_in(op)
    work(op)
    backend.report_positions(60)
    op.wait(lambda: len(op.layer("onemap.staff.positions") or ()) > 30, "staff on the map")  # type: ignore[arg-type]
    report(op, PLACES[0], "甲 断网前上报")
    op.wait(lambda: op.rows("#", "预计用时"), "candidates")
    report(op, PLACES[1], "乙 断网瞬间上报")
    backend.kill()
    op.wait(lambda: op.reads("已断开"), "the window says cut off")
    report(op, PLACES[2], "丙 断网后上报")
    click_event(op, "甲 断网前上报")
    op.wait(lambda: op.rows("#", "预计用时"), "candidates by straight line")
    op.wait(lambda: op.reads("派 "), "somebody is proposed")
    op.press(Key.Key_Return, CTRL)
    report(op, PLACES[1], "丁 最后上报")
    op.wait(lambda: op.reads("待发送"), "what waits is shown")
    op.wait(lambda: op.reads("条待发送"), "the status bar counts what waits")
    waiting = op.wait(
        lambda: [r for r in op.rows("状态", "预计到达") if r["状态"] == "待发送"], "the order waits"
    )
    op.picture("cut-off")
    assert len(waiting) == 1
    assert not backend.rows("SELECT id FROM dispatch_order")
    backend.start()
    op.wait(lambda: not op.reads("待发送"), "nothing waits any more", 40)
    op.wait(lambda: op.reads(op.words("shell", "Online")), "online again")
    op.wait(
        lambda: any(r["标题"].startswith("丁") for r in op.rows("编号", "级别")), "the last event is listed"
    )
    op.picture("delivered")
    kept = backend.rows("SELECT title FROM events_event ORDER BY reported_at")  # when they were given
    mine = [title for (title,) in kept if title[:2] in ("甲 ", "乙 ", "丙 ", "丁 ")]
    assert mine == ["甲 断网前上报", "乙 断网瞬间上报", "丙 断网后上报", "丁 最后上报"]
    assert len(backend.rows("SELECT id FROM dispatch_order")) == 1


def click_event(operator: Operator, title: str) -> None:
    """Select an event in the list."""
    table = operator.table("编号", "级别")
    row = next(at for at, event in enumerate(operator.rows("编号", "级别")) if event["标题"] == title)
    operator.click_row(table, row)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_backend_killed_during_sign_in_is_told_and_tried_again(
    backend: Backend, open_console: Callable[..., Operator]
) -> None:
    op = open_console(backend.url, language="zh_CN", size=SIZE, expected=("console.client",))
    op.wait(lambda: op.window.sign_in_page, "the sign-in page")
    backend.halt()
    sign_in(op)
    op.wait(lambda: op.reads(op.words("shell", "Signing in…")), "it says that it signs in")
    backend.kill()
    away = "The backend cannot be reached. Check the network; you can try again at once."
    op.wait(lambda: op.reads(op.words("shell", away)), "it says what is wrong")
    op.picture("sign-in-failed")
    backend.start()
    op.click_button(op.words("shell", "Sign in"), op.window.sign_in_page)
    op.wait(lambda: op.window.sign_in_page is None, "the workbench")
    op.wait(lambda: op.reads(op.words("shell", "Online")), "online", 60)
    op.picture("signed-in-again")


BROKEN = {
    "raises": "raise RuntimeError('broken on import')",
    "hangs": """
        import time
        def activate(ctx):
            ctx.commands.bind("acme.hangs.go", lambda: time.sleep(1.2))
    """,
    "slots": """
        from console.sdk.ui import Page, button
        def fail():
            raise ValueError("broken in a slot")
        def activate(ctx):
            ctx.commands.bind("acme.slots.go", lambda: None)
            ctx.panels.bind("acme.slots.panel", lambda: Page(button("坏按钮", fail)))
    """,
}
KEYS = {"raises": "F9", "hangs": "F10", "slots": "F11"}
PANEL_KEYS = {"raises": "F5", "hangs": "F6", "slots": "F8"}


def write_plugin(folder: Path, name: str, code: str) -> Path:
    """The folder of a plugin ``acme.<name>`` with one command and one panel on keys."""
    package = folder / f"acme.{name}" / f"acme_{name}"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(textwrap.dedent(code), "utf-8")
    (package.parent / "plugin.toml").write_text(
        textwrap.dedent(f"""
            id = "acme.{name}"
            name = "{name}"
            version = "1.0.0"
            sdk = ">=1.0,<2"
            entry = "acme_{name}:activate"

            [[contributes.commands]]
            id = "acme.{name}.go"
            title = "Go"
            key = "Ctrl+Alt+{KEYS[name]}"

            [[contributes.panels]]
            id = "acme.{name}.panel"
            title = "{name}"
            area = "left"
            key = "Ctrl+Alt+{PANEL_KEYS[name]}"
        """),
        "utf-8",
    )
    return package.parent


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_broken_plugins_leave_the_others_at_work_and_the_manager_names_them(
    backend: Backend, open_console: Callable[..., Operator], tmp_path: Path
) -> None:
    folders = [write_plugin(tmp_path / "plugins", name, code) for name, code in BROKEN.items()]
    options = {"plugin_dirs": folders, "expected": ("acme.",)}
    op = open_console(backend.url, language="zh_CN", size=SIZE, ticket=backend.sign_in(), **options)
    work(op)
    ctrl_alt = CTRL | Qt.KeyboardModifier.AltModifier
    op.press(Key.Key_F9, ctrl_alt)
    op.press(Key.Key_F10, ctrl_alt)
    op.press(Key.Key_F8, ctrl_alt)
    for _ in range(3):
        op.click_button("坏按钮")
        QTest.qWait(50)
    op.picture("plugin-faults")
    report(op, PLACES[0], "插件故障时上报")
    op.wait(
        lambda: any(r["标题"] == "插件故障时上报" for r in op.rows("编号", "级别")), "events work as before"
    )
    op.press(Key.Key_X, CTRL | SHIFT)
    op.wait(lambda: state_of(op, "slots") == "故障", "the slot's plugin is stopped")
    assert state_of(op, "raises") == "故障"
    assert state_of(op, "hangs") == "运行中"
    table = op.table("插件", "版本")
    names = [row["插件"] for row in op.rows("插件", "版本")]
    op.click_row(table, names.index("raises"))
    op.wait(lambda: op.reads("acme.raises"), "the details of the broken one")
    op.picture("plugin-manager")
    op.click_row(table, names.index("hangs"))
    op.wait(lambda: op.reads("卡顿次数"), "the stall is counted")


def state_of(operator: Operator, plugin: str) -> str:
    """As the plugin manager shows it."""
    return next((r["状态"] for r in operator.rows("插件", "版本") if r["插件"] == plugin), "")
