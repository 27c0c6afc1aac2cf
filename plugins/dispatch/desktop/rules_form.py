"""The form of what counts in the choice, by class of events; saving makes a new version."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QGridLayout, QLabel, QWidget

from console.sdk import OneMapError
from console.sdk.records import EventClass
from console.sdk.ui import Page, Section, button, row, scrolling
from plugins.dispatch.desktop.desk import DispatchDesk
from plugins.dispatch.desktop.words import KINDS
from plugins.dispatch.model import KeptRules, Rules, usual_rules

PANEL = "onemap.dispatch.rules"
RIGHT = "rules.write"
NUMBERS: dict[str, tuple[str, bool]] = {
    "road": ("Travel time by road, times", False),
    "job": ("Has a job already", True),
    "neighbour": ("Neighbouring grid", True),
    "community": ("Same community", True),
    "street": ("Same street", True),
    "other": ("Another street", True),
    "lacks": ("Each wished skill that is missing", True),
    "load": ("Each order that they had today", True),
    "battery": ("Empty battery (none from 20 %)", True),
    "age": ("Age of the position beyond a minute, times", False),
}
"""Field of ``Rules``: title, and whether it is seconds."""


class SkillChoice(QWidget):
    """Skills and equipment, each demanded, wished or neither."""

    def __init__(self, demanded: str, wished: str) -> None:
        super().__init__()
        self._titles = (demanded, wished)
        self._boxes: dict[str, tuple[QCheckBox, QCheckBox]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)

    def show_skills(self, skills: list[str], must: tuple[str, ...], wish: tuple[str, ...]) -> None:
        """Offer *skills*, ticked as the rules say."""
        for at, skill in enumerate(skills):
            if skill not in self._boxes:
                self._boxes[skill] = self._add(at, skill)
        for skill, (demanded, wished) in self._boxes.items():
            demanded.setChecked(skill in must)
            wished.setChecked(skill in wish)

    def _add(self, at: int, skill: str) -> tuple[QCheckBox, QCheckBox]:
        demanded, wished = (QCheckBox(title) for title in self._titles)
        demanded.setAccessibleName(f"{skill} {self._titles[0]}")
        wished.setAccessibleName(f"{skill} {self._titles[1]}")
        self._grid.addWidget(QLabel(skill), at, 0)
        self._grid.addWidget(demanded, at, 1)
        self._grid.addWidget(wished, at, 2)
        return demanded, wished

    @property
    def must(self) -> tuple[str, ...]:
        """Skills demanded."""
        return tuple(skill for skill, (demanded, _) in self._boxes.items() if demanded.isChecked())

    @property
    def wish(self) -> tuple[str, ...]:
        """Skills wished that are not demanded anyhow."""
        return tuple(
            skill for skill, (no, yes) in self._boxes.items() if yes.isChecked() and not no.isChecked()
        )


class RulesForm(Page):
    """Reads the rules when it is shown; who may not set them sees them all the same."""

    def __init__(self, desk: DispatchDesk) -> None:
        super().__init__()
        self._desk = desk
        tr = desk.ctx.tr
        self._kept: dict[EventClass, KeptRules] = {}
        self._kind = QComboBox()
        self._kind.setAccessibleName(tr("Class of events"))
        for kind in EventClass:
            self._kind.addItem(tr(KINDS[kind]), kind)
        self._kind.currentIndexChanged.connect(self._show_kind)
        self._origin = QLabel(wordWrap=True)
        self._origin.setObjectName("muted")
        self._numbers = {name: _number(seconds, tr(" s")) for name, (_, seconds) in NUMBERS.items()}
        self._skills = SkillChoice(tr("demanded"), tr("wished"))
        self._save = button(tr("Save"), self._on_save, "check", primary=True)
        self._usual = button(tr("Usual values"), self._on_usual, "undo")
        self._lay_out()
        desk.connection_changed.connect(self._read)

    def _lay_out(self) -> None:
        tr = self._desk.ctx.tr
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for name, (title, _) in NUMBERS.items():
            self._numbers[name].setAccessibleName(tr(title))
            form.addRow(tr(title), self._numbers[name])
        body = Page(Section(tr("Seconds that each adds; the fewest go first")), form)
        body.add(Section(tr("Skills and equipment")))
        body.add(self._skills)
        body.add(QWidget(), 1)  # free room below, not between the parts
        self.add(self._kind)
        self.add(self._origin)
        self.add(scrolling(body), 1)
        self.add(row(self._usual, None, self._save))
        self.setFocusProxy(self._kind)

    def showEvent(self, event: QShowEvent) -> None:
        """See Qt."""
        self._read()

    def _read(self) -> None:
        if self._desk.ctx.backend.connected:
            self._desk.ctx.tasks.start(self._fetch())

    async def _fetch(self) -> None:
        try:
            answer = await self._desk.ctx.backend.get("/dispatch/rules")
        except OneMapError as error:
            self._origin.setText(str(error))
            return
        self._kept = {kept.kind: kept for kept in msgspec.convert(answer, list[KeptRules])}
        self._show_kind()

    @property
    def _shown(self) -> EventClass:
        return EventClass(self._kind.currentData())

    def _show_kind(self) -> None:
        kept = self._kept.get(self._shown)
        may = self._desk.ctx.backend.allowed(RIGHT) and kept is not None
        for part in (self._save, self._usual, *self._numbers.values(), self._skills):
            part.setEnabled(may)
        if kept is not None:
            self._origin.setText(origin_text(self._desk, kept))
            self._show_rules(kept.rules)

    def _show_rules(self, rules: Rules) -> None:
        for name, box in self._numbers.items():
            box.setValue(getattr(rules, name))
        known = {skill for member in self._desk.staff.all() for skill in member.skills}
        self._skills.show_skills(sorted({*known, *rules.must, *rules.wish}), rules.must, rules.wish)

    def _on_usual(self) -> None:
        self._show_rules(usual_rules(self._shown))

    def _on_save(self) -> None:
        ctx, kept, user = self._desk.ctx, self._kept[self._shown], self._desk.ctx.backend.user
        area = next(iter(user.areas), "") if user else ""
        values: dict[str, Any] = {name: box.value() for name, box in self._numbers.items()}
        rules = replace(Rules(), **values, must=self._skills.must, wish=self._skills.wish)
        version = kept.version if kept.area == area else 0
        body = {"area": area, "version": version, "rules": msgspec.to_builtins(rules)}
        title = ctx.tr("Rules for {kind}", kind=ctx.tr(KINDS[kept.kind]))
        ctx.tasks.start(self._send(title, f"/dispatch/rules/{kept.kind.value}", body))

    async def _send(self, title: str, path: str, body: Any) -> None:
        await self._desk.submitted(title, "PUT", path, body)
        self._read()
        self._desk.rank()


def origin_text(desk: DispatchDesk, kept: KeptRules) -> str:
    """Who set the rules, where and when."""
    tr = desk.ctx.tr
    if not kept.version:
        return tr("The usual rules; nobody has set others")
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(kept.at))
    return tr(
        "Version {n} for area {area}, set by {by}, {when}",
        n=kept.version,
        area=kept.area,
        by=kept.by,
        when=when,
    )


def _number(seconds: bool, unit: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox(decimals=0 if seconds else 1, maximum=7200 if seconds else 10)
    box.setSingleStep(15 if seconds else 0.1)
    box.setSuffix(unit if seconds else "")
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box
