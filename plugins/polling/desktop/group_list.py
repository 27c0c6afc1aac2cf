"""The list of groups: what is polled with one key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from console.sdk.ui import Column, EmptyState, Page, RecordTable, SearchField, button, row
from plugins.polling.desktop.desk import PANEL, Desk
from plugins.polling.desktop.groups import new_group
from plugins.polling.desktop.inspection import Inspection
from plugins.polling.desktop.words import rule_text, time_text
from plugins.polling.model import Group


class GroupList(Page):
    """Enter polls the chosen group, Del deletes it, Ctrl+Z brings back."""

    def __init__(self, desk: Desk, inspection: Inspection, on_rounds: Callable[[], Any]) -> None:
        super().__init__()
        self._desk, self._inspection = desk, inspection
        tr = desk.ctx.tr
        search = SearchField(tr("Search groups"))
        self.table = self._make_table()
        search.on_search(self.table.filter)
        self._new = button(tr("New group"), lambda: desk.edited.emit(new_group(title="")), "plus")
        view = button(tr("Cameras in view"), desk.play_view, "map", tooltip=tr("Polls what the map shows"))
        self._event = button(tr("Around the event"), desk.play_event, "event")
        self._undo = button(
            tr("Undo"), desk.groups.undo_delete, "undo", tooltip=tr("Bring back what was deleted (Ctrl+Z)")
        )
        rounds = button(tr("Inspections"), on_rounds, "history")
        self._acts = self._make_acts()
        self.add(row(search, self._new))
        self.add(row(view, self._event, None, rounds))
        self.add(self.table, 1)
        acts = list(self._acts.values())
        self.add(row(*acts[:2], None, self._undo))
        self.add(row(*acts[2:], None))
        self.setFocusProxy(self.table)
        self._add_keys()
        desk.groups.changed.connect(self.refresh)
        desk.event_changed.connect(self._show_acts)
        self.refresh()

    def _make_table(self) -> RecordTable:
        desk, tr = self._desk, self._desk.ctx.tr
        hint = tr("Make one by area, by names (a river, a reservoir) or by hand; or poll what the map shows.")
        columns = [
            Column(tr("Name"), lambda group: group.title, least=120),
            Column(tr("Cameras"), lambda group: rule_text(desk, group), least=160),
            Column(tr("Shared with"), self._shared, 130),
            Column(tr("Saved"), self._saved, 160, sort=lambda group: group.at, color=self._tone),
        ]
        empty = EmptyState(tr("No groups"), hint, icon="video")
        table = RecordTable(columns, key=lambda group: group.id, empty=empty, name=PANEL)
        table.view.setAccessibleName(tr("Groups"))
        table.on_select(lambda _: self._show_acts())
        table.on_activate(lambda _: self._with_group(desk.play_group))
        return table

    def _make_acts(self) -> dict[str, QWidget]:
        desk, tr = self._desk, self._desk.ctx.tr

        def act(text: str, handler: Callable[[Group], Any], icon: str, *, primary: bool = False) -> QWidget:
            return button(text, lambda: self._with_group(handler), icon, primary=primary)

        return {
            "play": act(tr("Poll"), desk.play_group, "play", primary=True),
            "inspect": act(tr("Inspect"), self._inspection.begin, "check"),
            "edit": act(tr("Edit"), desk.edited.emit, "edit"),
            "copy": act(tr("Duplicate"), self._duplicate, "copy"),
            "delete": act(tr("Delete"), desk.groups.delete, "trash"),
        }

    def _add_keys(self) -> None:
        groups = self._desk.groups
        keys = {"Del": lambda: self._with_group(groups.delete), "Ctrl+Z": groups.undo_delete}
        for key, handler in keys.items():
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda handler=handler: handler() if groups.may_write else None)

    def refresh(self) -> None:
        """Show the groups."""
        self.table.set_rows(self._desk.groups.all())
        self._show_acts()

    def _show_acts(self) -> None:
        may, chosen = self._desk.groups.may_write, self._chosen is not None
        for name, act in self._acts.items():
            act.setVisible(chosen and (may or name == "play"))
        self._new.setVisible(may)
        self._event.setVisible(self._desk.selected_event is not None)
        self._undo.setVisible(may and self._desk.groups.can_undo)

    @property
    def _chosen(self) -> Group | None:
        return self._desk.groups.find(self.table.selected_key)

    def _with_group(self, act: Callable[[Group], Any]) -> None:
        if (group := self._chosen) is not None:
            act(group)

    def _duplicate(self, group: Group) -> None:
        title = self._desk.ctx.tr("{title} (copy)", title=group.title)
        fresh = new_group(title=title)
        self._desk.edited.emit(replace(group, id=fresh.id, title=title, edition=0, area=""))

    def _shared(self, group: Group) -> str:
        return self._desk.area_name(group.area) if group.area else self._desk.ctx.tr("me alone")

    def _saved(self, group: Group) -> str:
        if self._desk.groups.waits(group.id):
            return self._desk.ctx.tr("waits to be sent")
        return f"{time_text(group.at)} · {group.by}"

    def _tone(self, group: Group) -> str:
        return "warning" if self._desk.groups.waits(group.id) else ""
