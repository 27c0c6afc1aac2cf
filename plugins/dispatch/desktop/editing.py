"""A table of records with a form below that makes, changes and deletes them; every change can be undone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from console.sdk import OneMapError, Severity
from console.sdk.ui import Page, RecordTable, button, row
from plugins.dispatch.desktop.desk import DispatchDesk


class Form(Protocol):
    """The fields of one record."""

    widget: QWidget

    def show_record(self, record: Any | None) -> None:
        """Fill the fields; None: those of a new one."""
        ...

    def body(self) -> dict[str, Any] | None:
        """What is written, as the backend takes it; None when something is missing, which has the focus."""
        ...

    def body_of(self, record: Any) -> dict[str, Any]:
        """The same for a stored record."""
        ...

    def name_of(self, body: dict[str, Any]) -> str:
        """Words for a notice."""
        ...


class Editor(Page):
    """*path* takes PUT and DELETE of ``path/id``, which needs *right*; *records* is their live collection."""

    def __init__(
        self, desk: DispatchDesk, table: RecordTable, form: Form, *, records: Any, path: str, right: str
    ) -> None:
        super().__init__()
        self._desk, self._table, self._form = desk, table, form
        self._records, self._path, self._right = records, path, right
        tr = desk.ctx.tr
        self._new = button(tr("New"), self._on_new, "plus")
        self._save = button(tr("Save"), self.save, "check", primary=True, tooltip=tr("Enter"))
        self._delete = button(tr("Delete"), self._on_delete, "trash")
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.add(table, 1)
        self.add(form.widget)
        self.add(row(self._new, self._delete, None, self._save))
        self.setFocusProxy(table)
        table.on_select(lambda _: self._show_chosen())
        desk.settings_changed.connect(self.refresh)
        desk.connection_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the records as they are now; what is being written stays."""
        records = list(self._records.all())
        self._table.set_rows(sorted(records, key=lambda each: self._form.name_of(self._form.body_of(each))))
        self._show_acts()

    def save(self) -> None:
        """Store what is written under the chosen record, or as a new one."""
        body = self._form.body()
        if body is not None:
            known = self._table.selected
            key = known.id if known is not None else str(uuid.uuid4())
            self._desk.ctx.tasks.start(self._put(key, body, known))

    def _show_chosen(self) -> None:
        self._form.show_record(self._table.selected)
        self._show_acts()

    def _show_acts(self) -> None:
        may = self._desk.ctx.backend.allowed(self._right)
        self._form.widget.setEnabled(may)
        for part in (self._new, self._save):
            part.setVisible(may)
        self._delete.setVisible(may and self._table.selected is not None)

    def _on_new(self) -> None:
        self._table.select_key(None)
        self._form.show_record(None)
        self._form.widget.setFocus()

    def _on_delete(self) -> None:
        known = self._table.selected
        if known is not None:
            self._desk.ctx.tasks.start(self._drop(known))

    async def _put(self, key: str, body: dict[str, Any], before: Any | None) -> None:
        tr = self._desk.ctx.tr
        name = self._form.name_of(body)
        answer = await self._send(tr("Save: {name}", name=name), "PUT", key, body)
        if answer is not None:
            version = int(answer.get("version", 0))
            self._tell(tr("Saved: {name}", name=name), lambda: self._put_back(key, before, version))

    async def _drop(self, record: Any) -> None:
        tr = self._desk.ctx.tr
        name = self._form.name_of(self._form.body_of(record))
        if await self._send(tr("Delete: {name}", name=name), "DELETE", record.id) is not None:
            self._tell(tr("Deleted: {name}", name=name), lambda: self._put_back(record.id, record, None))

    def _put_back(self, key: str, before: Any | None, version: int | None) -> None:
        """Undo, unless somebody has changed it since (*version* is ours; None: we deleted it)."""
        ctx, now = self._desk.ctx, self._records.get(key)
        if now is not None and now.version != version:
            ctx.notify(ctx.tr("Somebody has changed it since; nothing was undone"), Severity.WARNING)
        elif before is None:
            ctx.tasks.start(self._send(ctx.tr("Undo"), "DELETE", key))
        else:
            ctx.tasks.start(self._send(ctx.tr("Undo"), "PUT", key, self._form.body_of(before)))

    async def _send(self, title: str, method: str, key: str, body: Any = None) -> dict[str, Any] | None:
        """The backend's answer; None when it refuses, which is told."""
        ctx = self._desk.ctx
        try:
            return await ctx.backend.submit(title, method, f"{self._path}/{key}", body)
        except OneMapError as error:
            ctx.notify(title, Severity.ERROR, detail=str(error))
            return None

    def _tell(self, text: str, undo: Callable[[], Any]) -> None:
        self._desk.ctx.notify(text, action=(self._desk.ctx.tr("Undo"), undo))
