"""The panel 设备接入: by address or from a search, channels checked and placed, what is wrong in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QTreeWidget, QWidget

from console.model.records import Camera
from console.sdk.errors import BackendError
from console.sdk.ui import RecordTable, Toolbar
from console.testing import Console, MemoryBackend

GRID = "320302001001001"
PANEL = "onemap.cameras.devices"
CAMERA = Camera(id="c1", name="中山路口", area=GRID, where=(117.2, 34.26), version=1)


def channel(name: str, **more: Any) -> dict[str, Any]:
    plain = {"kind": "bullet", "where": None, "owner": "", "steerable": False, "recorded": False}
    return {"id": name, "name": name, **plain, "online": True, "camera": "", "maybe": "", **more}


class Site:
    """The backend's side."""

    def __init__(self, backend: MemoryBackend) -> None:
        self.devices: list[dict[str, Any]] = []
        self.channels = [
            channel("东门", where=[117.21, 34.27], steerable=True),
            channel("中山路口", maybe="c1"),
            channel("西门"),
        ]
        self.put: list[Any] = []
        self.linked: list[Any] = []
        self.fault: Exception | None = None
        path = "/cameras/devices"
        both = lambda _request: {"drivers": ["onvif", "wvp"], "devices": list(self.devices)}  # noqa: E731
        backend.answer("GET", path, both)
        backend.answer("POST", path, self._put)
        backend.answer("GET", f"{path}/d1/channels", self._channels)
        backend.answer("POST", f"{path}/d1/link", self._link)
        backend.answer("DELETE", f"{path}/d1", lambda _request: self.devices.clear())
        found = {"driver": "onvif", "address": "http://192.0.2.20/onvif", "name": "新机", "model": ""}
        backend.answer("POST", f"{path}/discover", [found])

    def _put(self, request: Any) -> Any:
        self.put.append(request.body)
        known = {"id": "d1", "driver": request.body["driver"], "name": "大院", "cameras": 0}
        self.devices[:] = [{**known, "address": request.body["address"], "area": GRID, "signed": True}]
        return self.devices[0]

    def _channels(self, _request: Any) -> Any:
        if self.fault is not None:
            raise self.fault
        return self.channels

    def _link(self, request: Any) -> Any:
        self.linked = request.body["channels"]
        first, *rest = (each["channel"] for each in self.linked)
        why = {"reason": "stands in none of your areas", "reason_zh": "不在您的辖区内"}
        self.channels = [{**each, "camera": "c1"} if each["id"] == first else each for each in self.channels]
        return {"cameras": {first: "c1"}, "rejected": [{"channel": each, **why} for each in rest]}


class Panel:
    """The panel as a user sees it: fields and buttons in their order, the list."""

    def __init__(self, widget: QWidget) -> None:
        self.widget = widget
        self.address, self.user, self.password = widget.findChildren(QLineEdit)[:3]
        self.list = widget.findChildren(QTreeWidget)[0]
        self.table = widget.findChildren(RecordTable)[0]

    def add(self, address: str, user: str = "", password: str = "") -> None:
        for field, text in ((self.address, address), (self.user, user), (self.password, password)):
            field.setText(text)
        self.address.returnPressed.emit()

    def press(self, at: int) -> None:
        """0 add, 1 search, 2 cancel, -1 make cameras."""
        buttons = [each for each in self.widget.findChildren(QAbstractButton) if each.text()]
        assert buttons[at].isEnabled()
        buttons[at].click()

    def tool(self, at: int) -> None:
        """0 ask again, 1 remove, 2 all or none, 3 place on the map."""
        bars = self.widget.findChildren(Toolbar)
        [action for bar in bars for action in bar.actions()][at].trigger()

    @property
    def checked(self) -> list[str]:
        rows = [self.list.topLevelItem(at) for at in range(self.list.topLevelItemCount())]
        return [row.text(0) for row in rows if row and row.checkState(0) is Qt.CheckState.Checked]

    @property
    def words(self) -> str:
        return " ".join(each.text() for each in self.widget.findChildren(QLabel) if each.isVisible())


@pytest.fixture
def site(backend: MemoryBackend) -> Site:
    return Site(backend)


@pytest.fixture
def console_with_cameras(site: Site, activate: Callable[..., Console]) -> Console:
    console = activate("grids", "cameras")
    console.put("camera", CAMERA)
    console.clock.advance(0.2)
    return console


@pytest.fixture
def devices(console_with_cameras: Console, panel: Callable[[str], QWidget]) -> Panel:
    made = Panel(panel(PANEL))
    console_with_cameras.clock.advance(0.1)
    return made


def test_a_device_is_added_and_what_can_be_a_camera_is_checked(devices: Panel, site: Site) -> None:
    devices.add("http://192.0.2.7", "admin", "s3cret")
    sent = site.put[0]
    assert (sent["driver"], sent["address"], sent["user"]) == ("onvif", "http://192.0.2.7", "admin")
    assert sent["password"] == "s3cret" and devices.password.text() == ""
    assert devices.table.selected_key == "d1"
    assert devices.checked == ["东门", "中山路口"]


def test_checked_channels_become_cameras_and_the_others_say_why_not(devices: Panel, site: Site) -> None:
    devices.add("http://192.0.2.7")
    devices.press(-1)
    assert site.linked == [
        {"channel": "东门", "name": "东门", "where": (117.21, 34.27)},
        {"channel": "中山路口", "camera": "c1"},
    ]
    row = devices.list.topLevelItem(1)
    assert row is not None and ("辖区" in row.text(1) or "areas" in row.text(1))
    first = devices.list.topLevelItem(0)
    assert first is not None and "中山路口" in first.text(1) and devices.checked == []


def test_a_channel_without_a_place_is_placed_on_the_map(
    devices: Panel, site: Site, console_with_cameras: Console
) -> None:
    devices.add("http://192.0.2.7")
    third = devices.list.topLevelItem(2)
    assert third is not None
    devices.list.setCurrentItem(third)
    console_with_cameras.map.answer = (117.25, 34.3)
    devices.tool(3)
    console_with_cameras.clock.advance(0.1)
    assert "西门" in devices.checked
    devices.press(-1)
    placed = next(each for each in site.linked if each["channel"] == "西门")
    assert tuple(placed["where"]) == (117.25, 34.3)


def test_a_search_offers_devices_for_the_form(devices: Panel) -> None:
    devices.press(1)
    devices.table.select_key("http://192.0.2.20/onvif")
    assert devices.address.text() == "http://192.0.2.20/onvif"
    assert devices.widget.findChildren(QComboBox)[0].currentData() == "onvif"


def test_what_a_device_refuses_is_said_and_can_be_tried_again(devices: Panel, site: Site) -> None:
    site.fault = BackendError("设备或平台拒绝了登录，请核对账号", status=503, code="device_sign-in")
    devices.add("http://192.0.2.7", "admin", "wrong")
    assert "拒绝了登录" in devices.words and devices.list.topLevelItemCount() == 0
    site.fault = None
    devices.add("http://192.0.2.7", "admin", "right")
    assert devices.list.topLevelItemCount() == 3 and "拒绝了登录" not in devices.words


def test_a_device_goes_at_the_second_press(devices: Panel, site: Site) -> None:
    devices.add("http://192.0.2.7")
    devices.tool(1)
    assert site.devices and "大院" in devices.words
    devices.tool(1)
    assert not site.devices and devices.list.topLevelItemCount() == 0
