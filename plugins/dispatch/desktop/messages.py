"""What people in the field wrote without an order: told when it comes, listed for a day."""

from __future__ import annotations

from console.sdk import Change, Severity
from console.sdk.records import FieldText
from console.sdk.ui import Column, EmptyState, Page, RecordTable
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.words import clock_text


class MessageNews:
    """Tells each text that comes; what a snapshot brings is known already."""

    def __init__(self, desk: DispatchDesk) -> None:
        self._desk = desk
        self._known = {each.id for each in desk.messages.all()}
        desk.messages.on_change(self._look)

    def _look(self, change: Change) -> None:
        for message_id in change.put:
            message: FieldText | None = self._desk.messages.get(message_id)
            if message is None or message_id in self._known:
                continue
            self._known.add(message_id)
            if not change.reset:
                self._tell(message)

    def _tell(self, message: FieldText) -> None:
        desk, tr = self._desk, self._desk.ctx.tr
        # One notice a person: who writes ten lines does not fill the screen.
        desk.ctx.notify(
            tr("{name} writes: {text}", name=message.name, text=message.text),
            Severity.INFO,
            detail=desk.area_name(message.area),
            action=(tr("Show"), lambda: desk.show_person(message.staff)),
            key=f"onemap.dispatch.message.{message.staff}",
        )


class Messages(Page):
    """Texts of the last day, newest first; Enter shows who wrote one."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self._layout.setContentsMargins(0, 0, 0, 0)
        columns = [
            Column(tr("Time"), lambda each: clock_text(each.at), 52, sort=lambda each: each.at),
            Column(tr("Who"), lambda each: each.name, 64),
            Column(tr("Text"), lambda each: each.text, least=240),
            Column(tr("Area"), lambda each: desk.area_name(each.area), 84),
        ]
        empty = EmptyState(
            tr("No messages"), tr("What people without an order write appears here."), icon="message"
        )
        self._table = RecordTable(
            columns, key=lambda each: each.id, empty=empty, name="onemap.dispatch.messages"
        )
        self._table.on_activate(lambda _: self._show())
        self.add(self._table, 1)
        desk.messages_changed.connect(self.refresh)
        desk.named.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the messages as they are now."""
        self._table.set_rows(sorted(self._desk.messages.all(), key=lambda each: -each.at))

    def _show(self) -> None:
        message: FieldText | None = self._table.selected
        if message is not None:
            self._desk.show_person(message.staff)
