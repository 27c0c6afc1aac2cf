"""The panel 建筑查询: conditions, what they match as a list and in colours, queries that are kept."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout

from console.sdk import Context, Undo
from console.sdk.layer_data import Field
from console.sdk.ui import Column, EmptyState, Page, RecordTable, Toolbar, button, row
from console.sdk.ui.choices import Choice, swatch
from console.sdk.ui.table_export import ExportLine
from plugins.buildings.desktop.condition_row import ConditionRow
from plugins.buildings.desktop.desk import Desk
from plugins.buildings.desktop.query import MOST_LISTED, MOST_PAINTED, Condition, Match
from plugins.buildings.desktop.query_desk import QueryDesk
from plugins.buildings.desktop.words import attribute_text, condition_text, kind_text

MOST_CONDITIONS = 5
KEPT_LETTERS = 14


class QueryPanel(Page):
    """Enter asks; Enter or double-click in the list singles a building out."""

    def __init__(self, ctx: Context, query: QueryDesk, desk: Desk) -> None:
        super().__init__()
        self._ctx, self._query, self._desk = ctx, query, desk
        tr = ctx.tr
        self._fields: list[Field] = []
        self._rows: list[ConditionRow] = []
        self._form = QVBoxLayout()
        self._form.setSpacing(6)
        self._color_by = Choice(tr("Colour by"), lambda _: self._ask())
        self._kept = Choice(tr("Kept queries"), self._take_up)
        self._kept.setMinimumContentsLength(KEPT_LETTERS)
        tools = Toolbar()
        tools.add("plus", tr("Another condition"), self._add_row)
        tools.add("star", tr("Keep this query"), self._keep)
        tools.add("trash", tr("Forget the kept query"), self._forget)
        tools.add("download", tr("Export table as CSV"), self._export)
        tools.add("close", tr("Clear"), query.clear)
        self._said = QLabel(wordWrap=True)
        self._said.setObjectName("muted")
        self._legend = QListWidget()
        self._legend.setAccessibleName(tr("Legend"))
        self._table = self._make_table()
        self._line = ExportLine()
        self.add(row(self._kept, None, tools))
        self.add(self._form)
        ask = button(tr("Find buildings"), self._ask, "search", primary=True)
        self.add(row(ask, None, QLabel(tr("Colour by")), self._color_by))
        for part in (self._said, self._legend):
            self.add(part)
        self.add(self._table, 1)
        self.add(self._line)
        self._add_row()
        self._offer_kept()
        query.changed.connect(self._show)
        query.counted.connect(self._on_counted)
        query.kept_changed.connect(self._offer_kept)
        self._show()
        self._reading: Undo = lambda: None
        self._refresh()
        self.destroyed.connect(lambda: self._reading())

    def _make_table(self) -> RecordTable:
        tr = self._ctx.tr
        columns = [
            Column(tr("Name"), lambda match: match.name or match.address, least=150),
            Column(tr("Class"), lambda match: kind_text(match.kind, tr), 90),
            Column(tr("Height (m)"), _height, 84, "right", sort=lambda match: match.height),
            Column(tr("Floors"), lambda match: match.floors, 60, "right"),
            Column(tr("Address"), lambda match: match.address, 150),
        ]
        empty = EmptyState(tr("No buildings"), tr("Say which, and press Find buildings."), icon="building")
        table = RecordTable(
            columns, key=lambda match: str(match.key), empty=empty, name="onemap.buildings.query"
        )
        table.on_activate(lambda key: self._desk.choose(int(key)))
        return table

    def _on_counted(self) -> None:
        """The models are streamed: what is known of them grows."""
        self._refresh()
        self._say()
        self._show_legend()

    def _refresh(self) -> None:
        self._reading()
        self._reading = self._ctx.tasks.start(self._read_fields())

    async def _read_fields(self) -> None:
        fields = list(await self._query.fields())
        if fields == self._fields:
            return
        self._fields = fields
        for line in self._rows:
            line.offer(self._fields)
        tr = self._ctx.tr
        numbers = [(f.name, attribute_text(f.name, tr)) for f in self._fields if f.type == "number"]
        self._color_by.offer([("", tr("One colour")), *numbers])

    # ---- the form

    def _add_row(self) -> None:
        if len(self._rows) < MOST_CONDITIONS:
            line = ConditionRow(self._ctx, self._ask, self._drop_row)
            line.offer(self._fields)
            self._rows.append(line)
            self._form.addWidget(line)
            line.setFocus()

    def _drop_row(self, line: ConditionRow) -> None:
        self._rows.remove(line)
        line.deleteLater()
        if not self._rows:
            self._add_row()

    def _conditions(self) -> list[Condition]:
        found = [line.condition for line in self._rows]
        return [condition for condition in found if condition is not None]

    def _ask(self) -> None:
        self._query.ask(self._conditions(), self._color_by.currentData() or "")

    # ---- what was found

    def _show(self) -> None:
        found = self._query.found
        self._table.set_rows(found.matches if found else ())
        self._say()
        self._show_legend()

    def _say(self) -> None:
        tr, found, in_models = self._ctx.tr, self._query.found, sum(self._query.in_models)
        self._said.setVisible(bool(found or self._query.fault))
        self._said.setText(self._query.fault)
        if not found:
            return
        text = tr("{n} buildings", n=f"{found.count:,}")
        if found.count > MOST_PAINTED:
            text += tr("; the first {n} are coloured", n=f"{MOST_PAINTED:,}")
        if found.count > MOST_LISTED:
            text += tr(", {n} listed", n=f"{MOST_LISTED:,}")
        of_models = tr("{n} in what is loaded of the models so far", n=f"{in_models:,}")
        said = [text] * bool(found.count or not in_models) + [of_models] * bool(in_models)
        self._said.setText(tr("; ").join(said))

    def _show_legend(self) -> None:
        found = self._query.found
        self._legend.clear()
        self._legend.setVisible(bool(found and found.limits))
        if not found or not found.limits:
            return
        limits = [f"{limit:g}" for limit in found.limits]
        titles = [f"< {limits[0]}", *(f"{a} – {b}" for a, b in pairwise(limits))]
        titles.append(f"≥ {limits[-1]}")
        counts, of_models = found.counts(), self._query.in_models
        if len(of_models) == len(counts):
            counts = [sum(pair) for pair in zip(counts, of_models, strict=True)]
        for title, color, count in zip(titles, self._query.colors(), counts, strict=True):
            self._legend.addItem(QListWidgetItem(swatch(color), f"{title}\t{count:,}"))
        height = sum(map(self._legend.sizeHintForRow, range(len(titles))))
        self._legend.setFixedHeight(height + 2 * self._legend.frameWidth() + 2)

    def _export(self) -> None:
        tr = self._ctx.tr
        rows = [[tr(t) for t in ("Name", "Class", "Height (m)", "Floors", "Address")]]
        shown: list[Match] = list(self._table.shown)
        rows += [[m.name, kind_text(m.kind, tr), _height(m), str(m.floors or ""), m.address] for m in shown]
        self._line.export(tr("Buildings"), rows)

    # ---- queries that are kept

    def _offer_kept(self) -> None:
        self._kept.offer([("", self._ctx.tr("Kept queries")), *((name, name) for name in self._query.kept)])

    def _take_up(self, name: str) -> None:
        conditions = self._query.kept.get(name, [])
        if not conditions:
            return
        for line in list(self._rows)[len(conditions) :]:
            self._drop_row(line)
        while len(self._rows) < len(conditions):
            self._add_row()
        for line, condition in zip(self._rows, conditions, strict=True):
            line.show_condition(condition)
        self._ask()

    def _keep(self) -> None:
        """Under a name that tells what it asks."""
        conditions = self._conditions()
        if conditions:
            tr = self._ctx.tr
            name = tr(", ").join(condition_text(condition, tr) for condition in conditions)
            self._query.keep(name, conditions)
            self._kept.show_value(name)

    def _forget(self) -> None:
        if self._kept.currentData():
            self._query.keep(self._kept.currentData(), [])


def _height(match: Match) -> str:
    return f"{match.height:.1f}" if match.height else ""
