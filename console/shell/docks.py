"""Docks: one for each panel of the registry around the map in the middle (QtAds)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import PySide6QtAds as QtAds
from PySide6.QtCore import QByteArray, QObject, QSize, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from console.plugin_host import PanelEntry
from console.sdk.ui import icon
from console.shell import arrangement
from console.shell.arrangement import CENTRE, Arrangement, side_of
from console.shell.connection import Link
from console.shell.floats import PutBack
from console.shell.panel_host import PanelHost
from console.shell.services import Services
from console.shell.tab_rows import TabRow

Dock = Any
"""A ``QtAds.CDockWidget``; QtAds has no type stubs."""
_AREAS = {
    "left": QtAds.LeftDockWidgetArea,
    "center": QtAds.RightDockWidgetArea,
    "right": QtAds.RightDockWidgetArea,
    "bottom": QtAds.BottomDockWidgetArea,
}
_SHARES = {"left": 0.2, "center": 0.28, "right": 0.22, "bottom": 0.3}
"""Share of the window that an area takes before the user moved anything."""
_NEAR = 4
"""Logical pixels by which a splitter may miss what it was told."""
_FLOATING = QSize(420, 480)
"""Least size of a panel that floats, logical pixels."""
_BUTTON_ICONS = {
    QtAds.TabCloseIcon: "close",
    QtAds.DockAreaCloseIcon: "close",
    QtAds.DockAreaMenuIcon: "chevron-down",
    QtAds.DockAreaUndockIcon: "export",
}


def configure() -> None:
    """Global options of QtAds; before the first dock manager is made."""
    flags = QtAds.CDockManager
    for flag, on in {
        flags.OpaqueSplitterResize: True,
        flags.FocusHighlighting: True,
        flags.AllTabsHaveCloseButton: False,
        flags.ActiveTabHasCloseButton: True,
        flags.DockAreaHasCloseButton: False,
        flags.DockAreaHasUndockButton: False,
        flags.DockAreaHasTabsMenuButton: True,
        flags.DisableTabTextEliding: True,  # a row that is too long is scrolled, and listed by its menu
        flags.AlwaysShowTabs: True,
        flags.XmlCompressionEnabled: True,
    }.items():
        flags.setConfigFlag(flag, on)


class _Lent(NamedTuple):
    """Room that an area has for one panel's sake."""

    place: Any
    """A ``QtAds.CDockAreaWidget``."""
    area: str
    before: int
    given: int
    """Logical pixels across the area."""

    @property
    def now(self) -> int:
        return self.place.height() if self.area == "bottom" else self.place.width()


class Docks(QObject):
    """Shows, hides, saves and restores the docks."""

    def __init__(self, services: Services, parent: QWidget, centre: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._panels: dict[str, tuple[Dock, PanelHost]] = {}
        self._lent: dict[str, _Lent] = {}
        self._signed_out = services.connection.link is Link.SIGNED_OUT
        self.manager = QtAds.CDockManager(parent)
        self.manager.setStyleSheet("")  # its own sheet would win over the theme
        self.manager.dockAreaCreated.connect(lambda _: QTimer.singleShot(0, self, self._add_arrows))
        for kind, name in _BUTTON_ICONS.items():
            self.manager.iconProvider().registerCustomIcon(kind, icon(name))
        self._map = QtAds.CDockWidget(self.manager, CENTRE)
        self._map.setObjectName(CENTRE)
        self._map.setWidget(centre, QtAds.CDockWidget.ForceNoScrollArea)
        self._map.setFeature(QtAds.CDockWidget.NoTab, True)
        self.manager.setCentralWidget(self._map)
        self._bare_map()
        registry = services.host.panels
        self._undo = [
            registry.on_change(self.sync),
            registry.on_show(self.show),
            registry.on_badge(lambda panel_id, _text: self._retitle(panel_id)),
            registry.on_bound(lambda panel_id, _bound: self._renew_panel(panel_id)),
            services.language.on_change(self._renew),
            services.connection.on_change(self._follow_user),
        ]
        self.sync()

    def sync(self) -> None:
        """Drop the docks of panels that went, follow the titles of the others."""
        entries = {entry.id: entry for entry in self._services.host.panels.entries()}
        for panel_id in [known for known in self._panels if known not in entries]:
            dock, _host = self._panels.pop(panel_id)
            self.manager.removeDockWidget(dock)
            dock.deleteLater()
        for panel_id in self._panels:
            self._retitle(panel_id)

    def ids(self) -> list[str]:
        """All panels."""
        return [entry.id for entry in self._services.host.panels.entries()]

    def visible_hosts(self) -> list[PanelHost]:
        """Bodies of the panels that are seen, for moving the focus."""
        return [host for _dock, host in self._panels.values() if host.isVisible()]

    def is_open(self, panel_id: str) -> bool:
        """Whether the dock is open (it may be a tab behind another)."""
        return panel_id in self._panels and _is_open(self._panels[panel_id][0])

    def show(self, panel_id: str) -> None:
        """Open a panel, bring it to front and focus it; unknown ids do nothing."""
        entry = self._services.host.panels.get(panel_id)
        if entry is not None:
            opened = not self.is_open(panel_id)
            dock, host = self._made(entry)
            if dock.dockAreaWidget() is None:
                self._join(panel_id, dock)
            dock.toggleView(True)
            dock.setAsCurrentTab()
            self._take_back()
            self._give_room(panel_id, dock, opened)
            dock.raise_()
            host.take_focus()

    def put_back(self, panel_id: str) -> None:
        """Into the window again, beside its like."""
        dock = self._panels[panel_id][0]
        self._join(panel_id, dock)
        dock.setAsCurrentTab()

    def _join(self, panel_id: str, dock: Dock) -> None:
        """A place for a panel that the restored arrangement does not know: a tab beside its like."""
        entry = self._services.host.panels.get(panel_id)
        side = entry.area if entry else "right"
        for other in self._services.host.panels.entries():
            near = self._panels[other.id][0] if other.id in self._panels else None
            if near is not None and near is not dock and other.area == side and self._is_docked(near):
                self.manager.addDockWidgetTabToArea(dock, near.dockAreaWidget())
                return
        self.manager.addDockWidget(_AREAS[side], dock, self._anchor(side))

    def _anchor(self, side: str) -> Any:
        """The area beside which a side begins: the map's, or for the right side that of what lies between."""
        for entry in self._services.host.panels.entries() if side == "right" else ():
            between = self._panels[entry.id][0] if entry.id in self._panels else None
            if entry.area == "center" and between is not None and self._is_docked(between):
                return between.dockAreaWidget()
        return self._map.dockAreaWidget()

    @staticmethod
    def _is_docked(dock: Dock) -> bool:
        return dock.dockAreaWidget() is not None and not dock.isInFloatingContainer()

    def _give_room(self, panel_id: str, dock: Dock, opened: bool) -> None:
        """Room to be read, where an area comes back as a sliver, or is too small for what is opened."""
        entry = self._services.host.panels.get(panel_id)
        if entry is None:
            return
        if dock.isFloating():
            floating = dock.floatingDockContainer()
            floating.resize(floating.size().expandedTo(_FLOATING))
            return
        area, place = entry.area, dock.dockAreaWidget()
        across = area == "bottom"
        size = place.height() if across else place.width()
        whole = self.manager.height() if across else self.manager.width()
        usual, needed = whole * _SHARES[area], whole * entry.room / 100 if opened else 0.0
        if size < max(usual / 2, needed):
            given = round(max(usual, needed))
            self._resize(place, area, given)
            if needed > usual:
                self._lent[panel_id] = _Lent(place, area, size if size >= usual / 2 else round(usual), given)

    def _take_back_soon(self, _: bool) -> None:
        if self._lent:
            QTimer.singleShot(0, self, self._take_back)

    def _take_back(self) -> None:
        """Areas that grew for a panel shrink again when it is left, unless the user has resized them."""
        for panel_id, lent in tuple(self._lent.items()):
            dock = self._panels[panel_id][0] if panel_id in self._panels else None
            if dock is not None and _is_open(dock) and dock.isCurrentTab():
                continue
            if not isValid(lent.place) or lent.place.isVisible():
                del self._lent[panel_id]
            if isValid(lent.place) and lent.place.isVisible() and abs(lent.now - lent.given) <= _NEAR:
                self._resize(lent.place, lent.area, lent.before)

    def toggle(self, panel_id: str) -> None:
        """Close an open panel, open a closed one."""
        if self.is_open(panel_id):
            self._panels[panel_id][0].toggleView(False)
        else:
            self.show(panel_id)

    def arrange(self, wanted: Callable[[PanelEntry], bool]) -> None:
        """Put every panel back to its area and open those *wanted*."""
        self.manager.setUpdatesEnabled(False)
        try:
            self._arrange(wanted)
        finally:
            self.manager.setUpdatesEnabled(True)
        self.share_room()

    def _arrange(self, wanted: Callable[[PanelEntry], bool]) -> None:
        entries = self._services.host.panels.entries()
        for area in _AREAS:
            mine = [entry for entry in entries if entry.area == area]
            self._stack(area, [self._made(e)[0] for e in mine if e.id in self._panels or wanted(e)])
        for entry in entries:
            if entry.id in self._panels:
                self._panels[entry.id][0].toggleView(wanted(entry))
        for area in _AREAS:
            shown = [entry for entry in entries if entry.area == area and wanted(entry)]
            if shown:
                self._panels[shown[0].id][0].setAsCurrentTab()

    def save(self) -> str:
        """Arrangement as text."""
        return base64.b64encode(bytes(self.manager.saveState().data())).decode()

    def restore(self, state: str) -> bool:
        """Arrange as saved; False when the text is no arrangement."""
        try:
            raw = base64.b64decode(state, validate=True)
        except ValueError:
            return False
        kept = arrangement.read(raw)
        if kept is None:
            return False
        entries, names = self._services.host.panels.entries(), kept.names
        newer = [entry for entry in entries if entry.open and entry.id not in names]
        if self._restore_within(kept, {entry.id for entry in newer}):
            return True
        for entry in entries:
            if entry.id in names and self.manager.findDockWidget(entry.id) is None:
                # It must be there, or it would be passed over.
                self.manager.addDockWidget(QtAds.RightDockWidgetArea, self._made(entry)[0])
        if not self.manager.restoreState(QByteArray(raw)):
            return False
        self._bare_map()
        for entry in newer:
            dock = self._made(entry)[0]
            self._join(entry.id, dock)
            dock.toggleView(True)
        return True

    def _restore_within(self, kept: Arrangement, newer: set[str]) -> bool:
        """Open, close and size docks that lie as they did; False when one lies elsewhere or isn't made.

        *newer* came after the arrangement was saved and are open as well.
        """
        now = arrangement.read(bytes(self.manager.saveState().data()))
        wanted = kept.open | newer
        if now is None or not wanted <= now.names:
            return False
        frame = kept.frame(kept.names & now.names)
        if frame is None or frame != now.frame(kept.names & now.names):
            return False
        docks = {panel_id: dock for panel_id, (dock, _host) in self._panels.items()}
        for panel_id in now.open ^ wanted:
            docks[panel_id].toggleView(panel_id in wanted)
        for panel_id in kept.open.intersection(kept.fronts, docks):
            docks[panel_id].setAsCurrentTab()
        areas = {dock.objectName(): dock.dockAreaWidget() for dock in (self._map, *docks.values())}
        places = {name: area for name, area in areas.items() if area is not None}
        for parts in kept.sizes():
            arrangement.set_sizes(parts, places)
        return True

    def _add_arrows(self) -> None:
        """To the rows of tabs that are new; the area in the signal is not to be kept."""
        for at in range(self.manager.dockAreaCount()):
            bar = self.manager.dockArea(at).titleBar()
            if bar.findChild(TabRow) is None:
                TabRow(bar, lambda: self._services.language.tr("More tabs"))

    def _bare_map(self) -> None:
        """No bar with buttons above the map; QtAds shows a hidden one again whenever it likes."""
        self._map.dockAreaWidget().titleBar().setFixedHeight(0)

    def close(self) -> None:
        """Let go of the registries."""
        for undo in reversed(self._undo):
            undo()

    def _made(self, entry: PanelEntry) -> tuple[Dock, PanelHost]:
        """Dock and body of a panel, made when it is first opened: there may be a hundred panels."""
        if entry.id not in self._panels:
            dock = QtAds.CDockWidget(self.manager, entry.title.en)
            dock.setObjectName(entry.id)
            if entry.icon:
                dock.setIcon(icon(entry.icon))
            host = PanelHost(self._services, entry.id)
            dock.setWidget(host, QtAds.CDockWidget.ForceNoScrollArea)
            dock.setMinimumSizeHintMode(QtAds.CDockWidget.MinimumSizeHintFromDockWidget)
            dock.visibilityChanged.connect(self._take_back_soon)
            PutBack(dock, lambda: self.put_back(entry.id))
            self._panels[entry.id] = (dock, host)
            self._retitle(entry.id)
        return self._panels[entry.id]

    def _stack(self, area: str, docks: Sequence[Dock]) -> None:
        """All docks as tabs of one area beside the map; those that are stay, for moving one is slow."""
        centre, side = self._map.dockAreaWidget(), "right" if area == "center" else area
        here = (d for d in docks if self._is_docked(d) and side_of(d.dockAreaWidget(), centre) == side)
        first = next(here, None)
        place = first.dockAreaWidget() if first else None
        for dock in docks:
            if dock.dockAreaWidget() is not None and dock.dockAreaWidget() is place:
                continue
            for moved in (dock, first):
                if moved is not None and moved.dockAreaWidget() is not None:
                    moved.toggleView(True)
            if place is None:
                first, place = dock, self.manager.addDockWidget(_AREAS[area], dock, self._anchor(area))
            else:
                self.manager.addDockWidgetTabToArea(dock, place)

    def share_room(self) -> None:
        """Set the first sizes: the map keeps most of the window."""
        window = self.manager.size()
        for area in _AREAS:
            total = window.height() if area == "bottom" else window.width()
            mine = [e.id for e in self._services.host.panels.entries() if e.area == area]
            shown = next((panel_id for panel_id in mine if self.is_open(panel_id)), None)
            if shown is not None:
                place = self._panels[shown][0].dockAreaWidget()
                self._resize(place, area, round(total * _SHARES[area]))

    def _resize(self, place: Any, area: str, size: int) -> None:
        sizes = self.manager.splitterSizes(place)
        if len(sizes) < 2:
            return
        here = {"left": 0, "center": place.parentSplitter().indexOf(place)}.get(area, len(sizes) - 1)
        giver = self._giver(sizes, here)
        sizes[giver] += sizes[here] - size
        sizes[here] = size
        self.manager.setSplitterSizes(place, sizes)

    @staticmethod
    def _giver(sizes: list[int], here: int) -> int:
        """The largest other part gives or takes the room: the map's."""
        return max((at for at in range(len(sizes)) if at != here), key=lambda at: sizes[at])

    def _retitle(self, panel_id: str) -> None:
        entry = self._services.host.panels.get(panel_id)
        if entry is not None and panel_id in self._panels:
            title = entry.title.get(self._services.language.current)
            dock = self._panels[panel_id][0]
            dock.setWindowTitle(f"{title}  {entry.badge}" if entry.badge else title)
            dock.setTabToolTip(dock.windowTitle())

    def _renew_panel(self, panel_id: str) -> None:
        if panel_id in self._panels:
            self._panels[panel_id][1].renew()

    def _follow_user(self) -> None:
        """Panels hide what they show when nobody is signed in, and show it when somebody is."""
        signed_out = self._services.connection.link is Link.SIGNED_OUT
        if signed_out != self._signed_out:
            self._signed_out = signed_out
            self._renew()

    def _renew(self) -> None:
        for panel_id, (_dock, host) in self._panels.items():
            self._retitle(panel_id)
            host.renew()


def _is_open(dock: Dock) -> bool:
    return dock.dockAreaWidget() is not None and not dock.isClosed()
