"""In and out of the real backend through the window: sign-in, a break, sign-out, a start while cut off."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import requests
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from console.client import feed
from console.client.link import Link as Client
from console.client.vault import MemoryVault
from console.model.records import Ticket
from console.shell.connection import Link
from console.shell.entrance import Entrance
from console.shell.window import MainWindow
from console.store.live import LiveStore
from console.tasks.io_thread import IoThread
from console.tasks.worker_pool import WorkerPool
from tests.client.conftest import RealServer, shared_server
from tests.client.real_server import PASSWORD
from tests.shell.conftest import StillMap


class Desk:
    """Window, entrance and client at one backend, as the composition root puts them together."""

    def __init__(
        self, qtbot, services, url: str, folder: Path, vault: MemoryVault, ticket: Ticket | None = None
    ) -> None:
        self.qtbot, self.services = qtbot, services
        self.io, self.pool, self.store = IoThread(), WorkerPool(3), LiveStore()
        self.client = Client(
            url,
            io=self.io,
            pool=self.pool,
            store=self.store,
            cache_dir=folder / "cache",
            data_dir=folder / "data",
            vault=vault,
        )
        self.base: list[str] = []
        self.closed = False
        self.entrance = Entrance(services, self.client, self.store, self._set_base)
        self.window = MainWindow(services, QWidget(), StillMap(), self.entrance)
        qtbot.addWidget(self.window)
        self.window.start((1200, 800))
        self.entrance.open(self.window, ticket=ticket, offline=False)

    def _set_base(self, layers) -> None:
        self.base = sorted(info.id for info, _path in layers)

    def sign_in(self, password: str = PASSWORD, username: str = "op") -> None:
        self.until(lambda: self.window.sign_in_page is not None)
        page = self.window.sign_in_page
        page.username.setText(username)
        page.password.setText(password)
        self.qtbot.keyClick(page.password, Qt.Key.Key_Return)

    def end_session(self) -> None:
        """As the backend does to a session that is over: its tokens are refused from now on."""
        token = {"Authorization": f"Bearer {self.client.session.token()}"}
        requests.delete(f"{self.client.api.base_url}/api/v1/session", headers=token, timeout=20)
        self.until(lambda: self.services.connection.link is Link.EXPIRED)

    def give(self, number: int):
        """Intent for the backend's ledger."""
        waiting = len(self.client.backend.waiting())
        answer = self.client.backend.submit(f"派单 {number}", "POST", "/ledger/lines", {"n": number}).future
        self.until(lambda: answer.done() or len(self.client.backend.waiting()) > waiting)
        return answer

    def texts(self, part: QWidget) -> str:
        return " ".join(label.text() for label in part.findChildren(QLabel) if label.isVisible())

    def until(self, condition) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=30_000)

    def close(self) -> None:
        """Closing twice is harmless."""
        if self.closed:
            return
        self.closed = True
        self.window.close()
        self.entrance.close()
        self.io.close()
        self.pool.close()


__all__ = ["shared_server"]


@pytest.fixture
def real_server(shared_server: RealServer) -> RealServer:
    """The one of all tests; who killed it has it started again by the next."""
    if shared_server.process is None:
        shared_server.start()
    return shared_server


@pytest.fixture
def open_desk(qtbot, services, monkeypatch, tmp_path, real_server: RealServer):
    monkeypatch.setattr(feed, "LAST_PAUSE", 0.5)
    desks: list[Desk] = []
    vault = MemoryVault()

    def start(ticket: Ticket | None = None) -> Desk:
        desks.append(Desk(qtbot, services, real_server.url, tmp_path, vault, ticket))
        return desks[-1]

    yield start
    for desk in desks:
        desk.close()


def test_sign_in_brings_map_area_and_feed_and_sign_out_takes_them_away(open_desk, services):
    desk = open_desk()
    desk.sign_in("wrong-password-entirely")
    desk.until(lambda: "账号或密码不正确" in desk.window.sign_in_page.error.text())
    desk.sign_in()
    desk.until(lambda: services.connection.link is Link.ONLINE)
    desk.until(lambda: services.connection.area_name("zh_CN") == "鼓楼区")
    assert services.connection.area_name("en") == "Gulou"
    desk.until(lambda: desk.base == ["paths", "roads"])
    assert desk.window.sign_in_page is None
    services.host.commands.run("shell.sign_out")
    desk.until(lambda: desk.window.sign_in_page is not None)
    assert services.connection.user is None
    assert desk.client.session.user is None


def test_a_break_is_said_and_mends_itself(open_desk, services, real_server):
    desk = open_desk()
    desk.sign_in()
    desk.until(lambda: services.connection.link is Link.ONLINE)
    real_server.kill()
    desk.until(lambda: services.connection.link is Link.AWAY)
    assert desk.window._banner.isVisible()
    real_server.start()
    desk.until(lambda: services.connection.link is Link.ONLINE)
    assert not desk.window._banner.isVisible()


def test_an_own_backend_that_is_still_starting_is_awaited_calmly(open_desk, services, real_server):
    account = {"username": "op", "password": PASSWORD}
    answer = requests.post(f"{real_server.url}/api/v1/session", json=account, timeout=20)
    real_server.kill()
    desk = open_desk(msgspec.json.decode(answer.content, type=Ticket))
    desk.until(lambda: desk.client.backend.connection.problem)
    desk.until(lambda: "正在启动后台" in desk.texts(desk.window._banner))
    assert services.connection.link is Link.STARTING
    real_server.start()
    desk.until(lambda: services.connection.link is Link.ONLINE)
    assert not desk.window._banner.isVisible()
    real_server.kill()
    desk.until(lambda: services.connection.link is Link.AWAY)


def test_a_start_while_cut_off_shows_the_saved_map_and_comes_online_later(
    open_desk,
    services,
    real_server,
):
    first = open_desk()
    first.sign_in()
    first.until(lambda: first.base == ["paths", "roads"])
    first.close()
    real_server.kill()
    second = open_desk()
    second.until(lambda: services.connection.link is Link.AWAY)
    second.until(lambda: second.base == ["paths", "roads"])
    assert second.window.sign_in_page is None
    assert second.window._banner.isVisible()
    real_server.start()
    second.window._banner._retry.click()
    second.until(lambda: services.connection.link is Link.ONLINE)


def test_a_sign_in_that_ends_leaves_the_window_and_goes_on_in_place(open_desk, services):
    desk = open_desk()
    desk.sign_in()
    desk.until(lambda: services.connection.link is Link.ONLINE and desk.base == ["paths", "roads"])
    panel = desk.window.docks.visible_hosts()[0]
    desk.until(lambda: panel.body is not None)
    body = panel.body
    desk.end_session()
    answer = desk.give(1)
    banner = desk.window._banner
    desk.until(lambda: "登录已过期，请重新登录" in desk.texts(banner))
    desk.until(lambda: "1 条仍在等待发送" in desk.texts(banner))
    assert desk.window.sign_in_page is None and desk.base == ["paths", "roads"]
    assert services.connection.user is not None
    banner.form.password.setText("wrong-password-entirely")
    desk.qtbot.keyClick(banner.form.password, Qt.Key.Key_Return)
    desk.until(lambda: "账号或密码不正确" in desk.texts(banner))
    banner.form.password.setText(PASSWORD)
    desk.qtbot.keyClick(banner.form.password, Qt.Key.Key_Return)
    assert not banner.form.error.isVisible(), "the old error does not stand beside the new try"
    desk.until(lambda: services.connection.link is Link.ONLINE and answer.done())
    assert panel.body is body and not banner.isVisible()


def test_another_user_finds_a_clean_desk_and_never_sends_what_the_first_left(open_desk, services):
    desk = open_desk()
    desk.sign_in()
    desk.until(lambda: services.connection.link is Link.ONLINE)
    panel = desk.window.docks.visible_hosts()[0]
    desk.until(lambda: panel.body is not None)
    body = panel.body
    services.notify("给值班员的通知")
    services.selection.select("event", "e1")
    desk.end_session()
    desk.give(2)
    services.host.commands.run("shell.sign_in_page")
    desk.sign_in(username="night")
    desk.until(lambda: services.connection.link is Link.ONLINE)
    desk.until(lambda: panel.body not in (None, body))
    assert (services.notify.history(), services.selection.current) == ([], None)
    assert services.connection.user.username == "night"
    assert not services.connection.waiting
    services.host.commands.run("shell.sign_out")
    desk.until(lambda: desk.window.sign_in_page is not None)
    page = desk.window.sign_in_page
    assert not page.waiting.isVisible(), "what waits is nobody else's business"
    desk.sign_in()
    desk.until(lambda: services.connection.link is Link.ONLINE and not services.connection.waiting)


def test_the_page_says_what_waits_and_offers_no_map_when_there_is_none(open_desk, services, real_server):
    first = open_desk()
    first.until(lambda: first.window.sign_in_page is not None)
    assert not first.window.sign_in_page.offline.isVisible()
    first.sign_in()
    first.until(lambda: services.connection.link is Link.ONLINE and first.base == ["paths", "roads"])
    real_server.kill()
    first.until(lambda: services.connection.link is Link.AWAY)
    first.give(3)
    first.give(4)
    first.client.session._vault.forget(first.client.api.base_url)  # no keyring here
    first.close()
    second = open_desk()
    second.until(lambda: second.window.sign_in_page is not None)
    page = second.window.sign_in_page
    second.until(lambda: page.waiting.text() == "2 条待发送，登录后自动发送")
    assert page.offline.isVisible()


def test_with_a_kept_session_the_last_state_is_shown_with_its_age(open_desk, services, real_server):
    first = open_desk()
    first.sign_in()
    first.until(lambda: services.connection.link is Link.ONLINE and first.base == ["paths", "roads"])
    first.close()
    real_server.kill()
    second = open_desk()
    second.until(lambda: services.connection.link is Link.AWAY)
    second.until(lambda: "当前显示" in second.texts(second.window._banner))
    assert services.connection.user.username == "op"
