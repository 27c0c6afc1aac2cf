"""Inspections that are over, and their reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from console.sdk import Severity
from console.sdk.saving import put_whole, suggested_path, why_not
from console.sdk.ui import Column, EmptyState, Page, RecordTable, ask_save, button, row
from plugins.polling.desktop.desk import Desk
from plugins.polling.desktop.groups import HINT
from plugins.polling.desktop.inspection import Inspection
from plugins.polling.desktop.report import Report, report_of, to_pdf, to_xlsx
from plugins.polling.desktop.rounds import counts
from plugins.polling.desktop.words import FINDINGS, TONES, time_text
from plugins.polling.model import Entry, Finding, Round

NAME = "onemap.polling.rounds"


class RoundList(Page):
    """Above the inspections, below what was found in the chosen one."""

    def __init__(self, desk: Desk, inspection: Inspection, on_back: Callable[[], Any]) -> None:
        super().__init__()
        self._desk, self._inspection = desk, inspection
        tr = desk.ctx.tr
        self.table = self._make_table()
        self._entries = self._make_entries()
        self._pdf = button(tr("Report as PDF"), lambda: self._export("pdf"), "print", primary=True)
        self._xlsx = button(tr("Report as XLSX"), lambda: self._export("xlsx"), "export")
        back = button(tr("Groups"), on_back, "chevron-left")
        self.add(row(back, None, self._xlsx, self._pdf))
        self.add(self.table, 2)
        self.add(self._entries, 3)
        self.setFocusProxy(self.table)
        inspection.rounds.changed.connect(self.refresh)
        self.refresh()

    def _make_table(self) -> RecordTable:
        tr = self._desk.ctx.tr

        def count(finding: Finding) -> Callable[[Round], int]:
            return lambda kept: counts(kept.entries)[finding]

        columns = [
            Column(tr("Group"), lambda kept: kept.title, least=120),
            Column(tr("Inspected"), lambda kept: time_text(kept.began), 140, sort=lambda kept: kept.began),
            Column(tr("By"), lambda kept: kept.by, 84),
            Column(tr("Cameras"), lambda kept: len(kept.entries), 64, align="right"),
            Column(tr("Abnormal"), count(Finding.ABNORMAL), 56, align="right"),
            Column(tr("No picture"), count(Finding.DEAD), 64, align="right"),
        ]
        hint = tr("Choose a group and “Inspect”: what is found at each camera is kept here.")
        empty = EmptyState(tr("No inspections yet"), hint, icon="check")
        table = RecordTable(columns, key=lambda kept: kept.id, empty=empty, name=NAME)
        table.view.setAccessibleName(tr("Inspections"))
        table.on_select(lambda _: self._show())
        return table

    def _make_entries(self) -> RecordTable:
        tr = self._desk.ctx.tr
        columns = [
            Column(tr("Camera"), lambda entry: entry.name, least=140),
            Column(
                tr("Finding"),
                lambda entry: tr(FINDINGS[entry.finding]),
                90,
                color=lambda entry: TONES[entry.finding],
            ),
            Column(tr("Remarks"), lambda entry: entry.words, least=160),
            Column(tr("Time"), lambda entry: time_text(entry.at), 140, sort=lambda entry: entry.at),
        ]
        table = RecordTable(columns, key=lambda entry: entry.camera, empty="", name=f"{NAME}.entries")
        table.view.setAccessibleName(tr("What was found"))
        table.on_activate(self._desk.jump)
        return table

    def refresh(self) -> None:
        """Show them."""
        self.table.set_rows(self._inspection.rounds.all())
        self._show()

    def choose(self, kept: Round) -> None:
        """Show one that has just ended."""
        self.refresh()
        self.table.select_key(kept.id)
        self._show()

    def _show(self) -> None:
        kept = self._inspection.rounds.find(self.table.selected_key)
        entries: tuple[Entry, ...] = kept.entries if kept else ()
        bad_first = sorted(entries, key=lambda entry: entry.finding is Finding.NORMAL)
        self._entries.set_rows(bad_first)
        self._entries.setVisible(kept is not None)
        for each in (self._pdf, self._xlsx):
            each.setVisible(kept is not None)

    def _export(self, form: str) -> None:
        kept = self._inspection.rounds.find(self.table.selected_key)
        if kept is None:
            return
        report = report_of(kept, self._inspection.pictures_of(kept.id), self._desk.ctx.tr)
        path = suggested_path("", report.title, form, datetime.now())

        def chosen(place: str) -> None:
            self._desk.ctx.tasks.start(self._write(report, Path(place), form))

        ask_save(self, report.title, [f"{form.upper()} (*.{form})"], chosen, path=path.name)

    async def _write(self, report: Report, path: Path, form: str) -> None:
        ctx = self._desk.ctx
        make = to_pdf if form == "pdf" else to_xlsx

        def write() -> None:
            put_whole(path, make(report))

        try:
            await ctx.tasks.run(write)
        except OSError as error:
            why = why_not(error.errno or 0) or str(error)
            text = ctx.tr("Could not be saved: {reason}", reason=why)
            ctx.notify(text, Severity.ERROR, key=HINT)
        else:
            ctx.notify(ctx.tr("The report was saved as {path}", path=str(path)), Severity.SUCCESS, key=HINT)
