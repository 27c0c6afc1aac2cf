"""The panel 设备接入: a device is added by address or from a search, its channels become cameras."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QProgressBar, QWidget

from console.sdk.ui import Column, EmptyState, Page, RecordTable, Section, Toolbar, button, row
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.devices.channel_list import ChannelList
from plugins.cameras.desktop.devices.desk import Channel, Device, DeviceDesk

ARMED = 4.0
"""Seconds within which the second press removes a device."""


class DevicesPanel(Page):
    """From top to bottom: add, devices, channels."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._ctx = desk, desk.ctx
        self._devices = DeviceDesk(desk.ctx)
        self._shown: list[Channel] | None = None
        tr = self._ctx.tr
        if not self._ctx.backend.allowed("camera.manage"):
            hint = tr("Ask an administrator: devices carry sign-ins.")
            self.add(EmptyState(tr("You may not manage cameras"), hint, icon="lock"), 1)
            return
        self._add_form()
        self._add_state()
        self._add_devices()
        self._add_channels()
        self._devices.changed.connect(self._show)
        self.setFocusProxy(self._address)
        self._devices.load()

    def _add_form(self) -> None:
        tr = self._ctx.tr
        self._driver = QComboBox()
        self._driver.setAccessibleName(tr("Kind of device"))
        self._address, self._user = QLineEdit(), QLineEdit()
        self._password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self._address.setPlaceholderText("http://192.0.2.10")
        self._password.setToolTip(tr("Kept sealed at the backend, and never shown again"))
        form = QFormLayout()
        titles = ("Kind of device", "Address", "Account", "Password")
        fields: tuple[QWidget, ...] = (self._driver, self._address, self._user, self._password)
        for title, field in zip(titles, fields, strict=True):
            form.addRow(tr(title), field)
            field.setAccessibleName(tr(title))
        for field in (self._address, self._user, self._password):
            field.returnPressed.connect(self._put)
        self.add(form)
        self._add_button = button(tr("Add"), self._put, "plus", primary=True)
        self._search_button = button(tr("Search the network"), self._devices.search, "search")
        self.add(row(self._add_button, self._search_button, None))

    def _add_state(self) -> None:
        self._state = QLabel(wordWrap=True)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, 0)
        self._bar.setFixedHeight(4)
        kept = self._bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # nothing below moves while a device is asked
        self._bar.setSizePolicy(kept)
        self._end = button(self._ctx.tr("Cancel"), self._devices.end)
        kept = self._end.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._end.setSizePolicy(kept)
        line = row(self._state, self._end)
        line.setStretch(0, 1)
        self.add(line)
        self.add(self._bar)

    def _add_devices(self) -> None:
        tr = self._ctx.tr
        tools = Toolbar()
        tools.add("refresh", tr("Ask the device again"), self._ask_again)
        self._drop = tools.add("trash", tr("Remove the device"), self._remove)
        self.add(row(Section(tr("Devices")), None, tools))
        columns = [
            Column(tr("Name"), lambda each: each.name or each.address, least=110),
            Column(tr("Kind"), lambda each: self._devices.title(each.driver), width=110),
            Column(tr("Cameras"), self._count, width=84, align="right", color=_tone),
        ]
        hint = tr("Type an address, or search the network of the backend.")
        empty = EmptyState(tr("No device yet"), hint, icon="camera")
        name = "onemap.cameras.devices.table"
        self._table = RecordTable(columns, key=lambda each: each.key, empty=empty, name=name)
        self._table.setMinimumHeight(110)
        self._table.on_select(self._choose)
        self.add(self._table, 1)

    def _add_channels(self) -> None:
        tr = self._ctx.tr
        tools = Toolbar()
        self._all = tools.add("check", tr("All or none"), lambda: self._channels.check_all())
        self._place = tools.add("pin", tr("Place the channel on the map"), self._put_on_map)
        self._title = Section(tr("Channels"))
        self.add(row(self._title, None, tools))
        self._channels = ChannelList(self._ctx, self._camera_name, self._show_link)
        self._channels.currentItemChanged.connect(lambda *_: self._show_link())
        self.add(self._channels, 2)
        self._link = button("", self._make_cameras, "link", primary=True)
        self.add(self._link)
        self._show_link()

    def _put(self) -> None:
        if not self._address.text().strip():
            self._address.setFocus()
            return
        found = next((each for each in self._devices.found if each.address == self._address.text()), None)
        self._devices.add(
            self._driver.currentData() or "onvif",
            self._address.text().strip(),
            self._user.text().strip(),
            self._password.text(),
            found.name if found else "",
        )
        self._password.clear()

    def _choose(self, key: str | None) -> None:
        """A known one is asked for its channels; a found one goes into the form."""
        device = self._of(key)
        if device is None:
            return
        if device.id:
            if device.id != self._devices.current:
                self._devices.open(device.id)
            return
        self._driver.setCurrentIndex(self._driver.findData(device.driver))
        self._address.setText(device.address)
        self._user.setFocus()

    def _ask_again(self) -> None:
        device = self._of(self._table.selected_key)
        if device is not None and device.id:
            self._devices.open(device.id)
        else:
            self._devices.load()

    def _remove(self) -> None:
        """At the second press, since there is no way back to the sign-in."""
        tr, device = self._ctx.tr, self._of(self._table.selected_key)
        if device is None or not device.id:
            return
        if self._drop.data() == device.id:
            self._disarm()
            self._devices.drop(device.id)
            return
        self._drop.setData(device.id)
        text = tr("Press again to remove {name}. Its cameras stay, without pictures.", name=device.name)
        self._say(text, "warning")
        self._ctx.tasks.later(ARMED, self._disarm)

    def _disarm(self) -> None:
        if self._drop.data():
            self._drop.setData("")
            self._show()

    async def _put_on_map_now(self, channel: Channel) -> None:
        tr = self._ctx.tr
        where = await self._ctx.map.pick_point(tr("Click where {name} stands", name=channel.name))
        if where is not None and channel in self._devices.channels:
            channel.where, channel.trouble = where, ""
            self._channels.place(channel.id)

    def _put_on_map(self) -> None:
        channel = self._channels.current
        if channel is not None:
            self._ctx.tasks.start(self._put_on_map_now(channel))

    def _make_cameras(self) -> None:
        if channels := self._channels.checked:
            self._devices.link(channels)

    def _of(self, key: str | None) -> Device | None:
        return next((e for e in (*self._devices.devices, *self._devices.found) if e.key == key), None)

    def _camera_name(self, camera_id: str) -> str:
        camera = self._desk.record(camera_id)
        return camera_id if camera is None else camera.name

    def _count(self, device: Device) -> str:
        return f"{device.cameras:,}" if device.id else self._ctx.tr("found")

    def _show(self) -> None:
        devices = self._devices
        if [self._driver.itemData(at) for at in range(self._driver.count())] != devices.drivers:
            self._driver.clear()
            for each in devices.drivers:
                self._driver.addItem(devices.title(each), each)
        self._table.set_rows([*devices.devices, *devices.found])
        if devices.current and self._table.selected_key != devices.current:
            self._table.select_key(devices.current)
        if devices.channels is not self._shown:
            self._shown = devices.channels
            self._channels.show_channels(devices.channels)
        busy = bool(devices.doing)
        self._bar.setVisible(busy)
        self._end.setVisible(busy)
        self._add_button.setEnabled(not busy)
        self._search_button.setEnabled(not busy)
        self._say(
            devices.doing or devices.trouble or devices.told, "error" if devices.trouble else "text.muted"
        )
        self._show_link()

    def _say(self, text: str, tone: str) -> None:
        self._state.setText(text)
        self._state.setStyleSheet(f"color: {self._ctx.color(tone)}")

    def _show_link(self) -> None:
        count, busy = len(self._channels.checked), bool(self._devices.doing)
        self._link.setText(self._ctx.tr("Make the chosen cameras ({n})", n=count))
        self._link.setEnabled(count > 0 and not busy)
        self._place.setEnabled(self._channels.current is not None and not busy)
        self._all.setEnabled(bool(self._devices.channels) and not busy)


def _tone(device: Device) -> str:
    return "" if device.id else "info"
