"""What a plan draws: places, lines and areas, each with title, colour and symbol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from console.sdk.editing import Sketch
from console.sdk.records import PlanItem, PlanItemKind
from console.sdk.ui import Column, EmptyState, Page, RecordTable, button, row
from console.sdk.ui.choices import ColorButton
from console.sdk.ui.symbol_choice import SymbolChoice
from plugins.plans.desktop.desk import PlansDesk
from plugins.plans.desktop.draft import Draft, sketch_of
from plugins.plans.desktop.layer import PlanLayer
from plugins.plans.desktop.words import KINDS, offered_name, what_text
from plugins.plans.model import TITLE_LIMIT

PROMPTS = {
    "point": "Click the place",
    "line": "Draw the line; double-click ends",
    "polygon": "Draw around the area; double-click ends",
}


class Items(Page):
    """Rows are known by their number; *on_change* is called after each change of the draft."""

    def __init__(self, desk: PlansDesk, layer: PlanLayer, on_change: Callable[[], Any]) -> None:
        super().__init__()
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._desk, self._layer, self._on_change = desk, layer, on_change
        self._draft: Draft | None = None
        tr = desk.ctx.tr
        self._table = self._make_table()
        self._symbol = SymbolChoice(tr("Symbol"), lambda name: self._set(symbol=name), tr("Plain mark"))
        self._color = ColorButton(tr("Colour"), lambda color: self._set(color=color))
        self._edit = button(tr("Edit the shape"), self.edit_shape, "edit", tooltip=tr("Enter"))
        self._rename = button(tr("Rename"), self.rename, tooltip=tr("F2"))
        self._remove = button("", self.remove, "trash", tooltip=tr("Remove (Del)"))
        draws = [
            button(tr("Place"), lambda: self.draw("point"), "pin", tooltip=tr("Put a symbol on the map")),
            button(tr("Line"), lambda: self.draw("line"), "route", tooltip=tr("Draw a line on the map")),
            button(tr("Area"), lambda: self.draw("polygon"), "area", tooltip=tr("Draw an area on the map")),
        ]
        self.add(row(*draws, None))
        self.add(self._table, 1)
        self.add(row(self._symbol, self._color, None))
        self.add(row(self._edit, self._rename, None, self._remove))
        delete = QShortcut(QKeySequence("Del"), self._table)
        delete.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        delete.activated.connect(self.remove)

    def _make_table(self) -> RecordTable:
        tr, language = self._desk.ctx.tr, self._desk.ctx.language
        columns = [
            Column(tr("Name"), self._name, least=120, edit=self._on_name, color=_tone),
            Column(tr("Kind"), lambda each: what_text(each[1], tr, language), 96),
        ]
        empty = EmptyState(
            tr("Nothing is drawn yet"), tr("Draw places, lines and areas with the buttons above.")
        )
        table = RecordTable(columns, key=lambda each: str(each[0]), empty=empty)
        table.view.setAccessibleName(tr("Drawn things"))
        table.on_select(lambda _: self._show())
        table.on_activate(lambda _: self.edit_shape())
        return table

    def show_draft(self, draft: Draft) -> None:
        """Fill the table; what the user does from now on goes there."""
        self._draft = draft
        self._table.set_rows(list(enumerate(draft.plan.items)))
        self._show()

    def draw(self, kind: PlanItemKind) -> None:
        """Let the user draw one more thing."""
        self._desk.ctx.tasks.start(self._draw(kind))

    def edit_shape(self) -> None:
        """Put the selected thing under the user's hands."""
        if self._index is not None:
            self._desk.ctx.tasks.start(self._edit_shape(self._index))

    def rename(self) -> None:
        """Let the user write the selected thing's name where it stands in the list."""
        if self._table.selected_key is not None:
            self._table.edit(self._table.selected_key)

    def choose(self, index: int) -> None:
        """Select a thing and take the keys: Del removes it."""
        self._table.select_key(str(index))
        self._table.setFocus()

    def put_down(self) -> None:
        """A name that is being written counts."""
        self._table.put_down()

    def remove(self) -> None:
        """Take the selected thing out of the plan."""
        if self._draft is not None and self._index is not None:
            self._draft.remove_item(self._index)
            self._on_change()

    async def _draw(self, kind: PlanItemKind) -> None:
        draft, ctx = self._draft, self._desk.ctx
        sketches = await ctx.map.edit([Sketch(kind=kind)], ctx.tr(PROMPTS[kind]))
        if sketches and draft is not None and draft is self._draft:
            title = offered_name(kind, draft.plan.items, ctx.tr)
            draft.add_item(PlanItem(kind=kind, points=sketches[0].points, title=title))
            self._on_change()
            self._table.edit(str(len(draft.plan.items) - 1))

    async def _edit_shape(self, index: int) -> None:
        draft, ctx = self._draft, self._desk.ctx
        if draft is None:
            return
        item = draft.plan.items[index]
        self._layer.hide(draft.plan.id, index)
        try:
            prompt = ctx.tr("Change the shape: {title}", title=item.title or ctx.tr(KINDS[item.kind]))
            sketches = await ctx.map.edit([sketch_of(item)], prompt)
        finally:
            self._layer.hide(draft.plan.id, None)
        still = draft is self._draft and draft.plan.items[index : index + 1] == (item,)
        if (
            sketches
            and still
            and draft.change_item(index, points=sketches[0].points, holes=sketches[0].holes)
        ):
            self._on_change()

    @property
    def _index(self) -> int | None:
        selected = self._table.selected
        return selected[0] if selected is not None else None

    def _name(self, each: tuple[int, PlanItem]) -> str:
        return each[1].title or self._desk.ctx.tr("without a name")

    def _on_name(self, each: tuple[int, PlanItem], name: str) -> None:
        if self._draft is not None and self._draft.change_item(each[0], title=name.strip()[:TITLE_LIMIT]):
            self._on_change()

    def _set(self, **fields: Any) -> None:
        index = self._index
        if self._draft is not None and index is not None and self._draft.change_item(index, **fields):
            self._on_change()

    def _show(self) -> None:
        """The selected thing's symbol and colour."""
        selected = self._table.selected
        item: PlanItem | None = selected[1] if selected is not None else None
        for part in (self._color, self._edit, self._rename, self._remove):
            part.setEnabled(item is not None)
        self._symbol.setEnabled(item is not None and item.kind == "point")
        if item is not None:
            self._color.show_value(item.color)
            self._symbol.show_value(item.symbol)


def _tone(each: tuple[int, PlanItem]) -> str:
    return "" if each[1].title else "text.muted"
