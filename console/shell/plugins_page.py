"""The plugin manager: every plugin with its state, the reason, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from console.model.manifest.permissions import describe_permission
from console.plugin_host import PluginInfo, PluginState, SourceKind
from console.sdk.ui import Badge, Column, EmptyState, KeyValues, RecordTable, SearchField, button, row
from console.shell.services import Services

STATES = {
    PluginState.DISCOVERED: ("Found", "muted"),
    PluginState.VALIDATED: ("Ready", "info"),
    PluginState.ACTIVE: ("Running", "success"),
    PluginState.INACTIVE: ("Paused", "muted"),
    PluginState.FAILED: ("Failed", "error"),
    PluginState.DISABLED: ("Off", "warning"),
}
_KINDS = {SourceKind.FIRST_PARTY: "Built in", SourceKind.USER: "Installed", SourceKind.DEV: "In development"}
_TOKENS = {"muted": "text.muted"}


class PluginsPage(QWidget):
    """A table at the left, the details of the selected one at the right."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._tr = services.language.tr
        self.table = RecordTable(
            self._columns(),
            key=lambda info: info.id,
            empty=EmptyState(self._tr("No plugin fits"), icon="plugin"),
        )
        search = SearchField(self._tr("Search plugins"))
        search.on_search(self.table.filter)
        self._details = _Details(services)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        split.addWidget(self._details)
        split.setSizes([520, 400])
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        if services.safe_mode:
            layout.addWidget(Badge(self._tr("Safe mode: only built-in plugins run"), "warning"))
        layout.addWidget(search)
        layout.addWidget(split, 1)
        self.setFocusProxy(search)
        self.table.on_select(lambda _key: self._details.show_plugin(self.table.selected))
        undo = services.host.on_change(lambda _plugin: self._refresh())
        self.destroyed.connect(lambda: undo())
        self._refresh()
        if self.table.shown:
            self.table.select_key(self.table.shown[0].id)

    def _columns(self) -> list[Column]:
        language = self._services.language.current
        return [
            Column(self._tr("Plugin"), lambda info: info.name.get(language)),
            Column(self._tr("Version"), lambda info: info.version, width=72),
            Column(
                self._tr("State"),
                lambda info: self._tr(STATES[info.state][0]),
                width=84,
                color=lambda info: _TOKENS.get(STATES[info.state][1], STATES[info.state][1]),
            ),
            Column(
                self._tr("Start"),
                lambda info: self._span(info.import_ms + info.activate_ms) if info.activate_ms else "",
                width=84,
                align="right",
                sort=lambda info: info.import_ms + info.activate_ms,
            ),
        ]

    def _span(self, milliseconds: float) -> str:
        return self._tr("{n} ms", n=f"{milliseconds:.0f}")

    def _refresh(self) -> None:
        self.table.set_rows(self._services.host.plugins())
        self._details.show_plugin(self.table.selected)


class _Details(QFrame):
    """What is known about one plugin, with Retry and on/off."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._tr = services.language.tr
        self._info: PluginInfo | None = None
        self.setObjectName("card")
        self._name, self._about, self._reason, self._remarks = QLabel(), QLabel(), QLabel(), QLabel()
        self._name.setObjectName("subheading")
        self._about.setObjectName("muted")
        self._reason.setObjectName("errorText")
        self._remarks.setObjectName("warningText")
        for label in (self._name, self._about, self._reason, self._remarks):
            label.setWordWrap(True)
        self._badge = Badge()
        self._facts = KeyValues()
        self._trace = QPlainTextEdit()
        self._trace.setObjectName("traceback")
        self._trace.setReadOnly(True)
        self._trace.setTabChangesFocus(True)
        self._trace.setAccessibleName(self._tr("Traceback"))
        self._retry = button(self._tr("Try again"), self._do_retry, icon="refresh")
        self._switch = button(self._tr("Switch off"), self._do_switch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        for part in (self._name, self._badge, self._about, self._reason, self._remarks, self._facts):
            layout.addWidget(part)
        layout.addWidget(self._trace, 1)
        layout.addStretch()
        layout.addLayout(row(self._retry, self._switch, None))

    def show_plugin(self, info: PluginInfo | None) -> None:
        """Show *info*; None hides all."""
        self._info = info
        self.setVisible(info is not None)
        if info is None:
            return
        language = self._services.language.current
        words, tone = STATES[info.state]
        self._name.setText(info.name.get(language))
        self._badge.set(self._tr(words), tone)
        remarks = "\n".join([*info.warnings, *(remark.get(language) for remark in info.remarks)])
        about, reason = info.description.get(language), info.reason.get(language)
        for label, text in ((self._about, about), (self._reason, reason), (self._remarks, remarks)):
            label.setText(text)
            label.setVisible(bool(label.text()))
        self._facts.set_pairs(self._pairs(info))
        self._trace.setPlainText(info.traceback)
        self._trace.setVisible(bool(info.traceback))
        self._retry.setVisible(info.state is PluginState.FAILED)
        off = info.state is PluginState.DISABLED
        self._switch.setText(self._tr("Switch on") if off else self._tr("Switch off"))

    def _pairs(self, info: PluginInfo) -> list[tuple[str, str]]:
        tr = self._tr
        pairs = [
            (tr("Id"), info.id),
            (tr("Version"), info.version),
            (tr("From"), tr(_KINDS[info.kind])),
            (tr("May"), self._permissions(info) or "—"),
        ]
        if info.activate_ms:
            pairs.append((tr("Import"), tr("{n} ms", n=f"{info.import_ms:.0f}")))
            pairs.append((tr("Activation"), tr("{n} ms", n=f"{info.activate_ms:.0f}")))
        if info.faults or info.stalls:
            pairs.append((tr("Errors"), str(info.faults)))
            pairs.append((tr("Stalls"), str(info.stalls)))
        return pairs

    def _permissions(self, info: PluginInfo) -> str:
        """What it may, in words."""
        language = self._services.language.current
        texts = [(name, describe_permission(name)) for name in info.permissions]
        return "、".join(text.get(language) if text else name for name, text in texts)

    def _do_retry(self) -> None:
        if self._info is not None:
            self._services.host.retry(self._info.id)

    def _do_switch(self) -> None:
        if self._info is not None:
            on = self._info.state is PluginState.DISABLED
            self._services.host.set_enabled(self._info.id, on)
