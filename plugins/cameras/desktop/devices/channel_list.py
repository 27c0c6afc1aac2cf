"""Channels of a device with check boxes: which of them shall be cameras, under which name, where."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from console.sdk import Context
from plugins.cameras.desktop.devices.desk import Channel

ID = Qt.ItemDataRole.UserRole


class ChannelList(QTreeWidget):
    """Space checks, F2 or a double click on the name renames."""

    def __init__(self, ctx: Context, name_of: Callable[[str], str], on_change: Callable[[], None]) -> None:
        """*name_of* a camera by its id."""
        super().__init__()
        self._ctx, self._name_of, self._on_change = ctx, name_of, on_change
        self._channels: dict[str, Channel] = {}
        tr = ctx.tr
        self.setHeaderLabels([tr("Name"), tr("Camera")])
        self.setAccessibleName(tr("Channels"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names of neighbours differ at their ends
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        self.header().setStretchLastSection(False)
        self.setColumnWidth(1, 190)
        self.itemChanged.connect(self._changed)
        self.itemDoubleClicked.connect(lambda item, column: self.editItem(item, 0) if column == 0 else None)

    def show_channels(self, channels: list[Channel]) -> None:
        """Anew; those that can become cameras are checked."""
        self.blockSignals(True)
        self.clear()
        self._channels = {each.id: each for each in channels}
        for each in channels:
            item = QTreeWidgetItem(self, [each.name, ""])
            item.setData(0, ID, each.id)
            checked = each.ready and not each.trouble and each.online
            if not each.camera:
                item.setCheckState(0, Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self._dress(item, each)
        self.blockSignals(False)
        if items := self._items():
            self.setCurrentItem(items[0])

    def place(self, channel_id: str) -> None:
        """A channel has got its place: it is checked."""
        for item in self._items():
            if item.data(0, ID) == channel_id:
                item.setCheckState(0, Qt.CheckState.Checked)
                self._dress(item, self._channels[channel_id])

    def check_all(self) -> None:
        """All that can become cameras; none when all are."""
        items = [item for item in self._items() if self._of(item).ready]
        all_checked = all(item.checkState(0) is Qt.CheckState.Checked for item in items)
        for item in items:
            item.setCheckState(0, Qt.CheckState.Unchecked if all_checked else Qt.CheckState.Checked)

    @property
    def current(self) -> Channel | None:
        """The one with the focus, if it is no camera yet."""
        item = self.currentItem()
        channel = None if item is None else self._of(item)
        return None if channel is None or channel.camera else channel

    @property
    def checked(self) -> list[Channel]:
        """That shall become cameras, and can."""
        return [
            self._of(item)
            for item in self._items()
            if item.checkState(0) is Qt.CheckState.Checked and self._of(item).ready
        ]

    def _items(self) -> list[QTreeWidgetItem]:
        items = (self.topLevelItem(at) for at in range(self.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _of(self, item: QTreeWidgetItem) -> Channel:
        return self._channels[item.data(0, ID)]

    def _changed(self, item: QTreeWidgetItem, column: int) -> None:
        if column == 0:
            channel = self._of(item)
            name = item.text(0).strip()
            if name:
                channel.name = name
            else:
                item.setText(0, channel.name)
        self._on_change()

    def _dress(self, item: QTreeWidgetItem, channel: Channel) -> None:
        text, tone = self._state(channel)
        if not channel.online and not channel.trouble:
            text = f"{self._ctx.tr('Offline')} · {text}"
        item.setText(1, text)
        item.setForeground(1, QBrush(QColor(self._ctx.color(tone))))
        for column in (0, 1):
            item.setToolTip(column, self._tip(channel, text))

    def _state(self, channel: Channel) -> tuple[str, str]:
        tr = self._ctx.tr
        if channel.trouble:
            return channel.trouble, "error"
        if channel.camera:
            return tr("Is {name}", name=self._name_of(channel.camera)), "success"
        if channel.maybe:
            return tr("Will be {name}", name=self._name_of(channel.maybe)), "info"
        if channel.where is not None:
            return tr("New camera"), "text"
        return tr("Needs a place"), "warning"

    def _tip(self, channel: Channel, text: str) -> str:
        tr, lines = self._ctx.tr, [channel.name, text]
        if channel.where is not None:
            lines.append(f"{channel.where[0]:.6f}, {channel.where[1]:.6f}")
        can = [tr("can be turned")] * channel.steerable + [tr("keeps recordings")] * channel.recorded
        return "\n".join([*lines, " · ".join(can)]).strip()
