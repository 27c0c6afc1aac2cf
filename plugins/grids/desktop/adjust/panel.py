"""The panel 网格调整: tools, what the plan does, what is wrong with it, and where it goes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from console.sdk.ui import EmptyState, Page, Tabs, button, row
from plugins.grids.desktop.adjust.desk import AdjustDesk
from plugins.grids.desktop.adjust.force_form import ForceForm
from plugins.grids.desktop.adjust.lists import Findings, Works
from plugins.grids.desktop.adjust.plans_page import DraftsPage, RevisionsPage
from plugins.grids.desktop.adjust.sharing import Sharing
from plugins.grids.desktop.adjust.toolbox import Toolbox
from plugins.grids.desktop.adjust.tools import Tools

START, DRAW, FORCE = range(3)


class AdjustPanel(Page):
    """Three parts: the plan on the desk, shared drafts, and what was put in force."""

    def __init__(self, desk: AdjustDesk, tools: Tools, sharing: Sharing) -> None:
        super().__init__()
        tr = desk.ctx.tr
        self._desk, self._sharing = desk, sharing
        self._tools = tools
        self._tabs = Tabs(
            [
                (tr("Adjust"), self._make_plan),
                (tr("Drafts"), lambda: DraftsPage(desk, sharing, lambda: self._tabs.turn(0))),
                (tr("In force"), lambda: RevisionsPage(desk, sharing, lambda: self._tabs.turn(0))),
            ]
        )
        self.add(self._tabs.chips)
        self.add(self._tabs, 1)
        sharing.changed.connect(self._count)
        self._count()

    def _count(self) -> None:
        count, title = len(self._sharing.drafts()), self._desk.ctx.tr("Drafts")
        self._tabs.set_title(1, f"{title} {count}" if count else title)

    def _make_plan(self) -> QWidget:
        return PlanPart(self._desk, self._tools, self._sharing)


class PlanPart(QStackedWidget):
    """Before the mode is entered, while it is drawn, and before it is put in force."""

    def __init__(self, desk: AdjustDesk, tools: Tools, sharing: Sharing) -> None:
        super().__init__()
        self._desk, self._sharing, tr = desk, sharing, desk.ctx.tr
        hint = tr("Move borders, split and merge grids; nothing changes until the plan is put in force.")
        start = (tr("Adjust the grids"), desk.begin)
        self._start = EmptyState(tr("Grid adjustment"), hint, start, icon="grid")
        self._toolbox = Toolbox(desk, tools)
        self._works, self._findings = Works(desk), Findings(desk)
        lists = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        lists.addWidget(self._works)
        lists.addWidget(self._findings)
        lists.setStretchFactor(0, 3)
        lists.setStretchFactor(1, 2)
        self._share = button(tr("Share the draft"), self._send, "upload")
        self._force = button(tr("Put in force…"), self._ask_force, "check", primary=True)
        self._discard = button(
            tr("Discard"), desk.discard, "trash", tooltip=tr("Back to the grids as they are")
        )
        self._leave = button(tr("Close"), desk.leave, "close", tooltip=tr("Leave; the plan is kept (Esc)"))
        draw = Page()
        draw.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]  # a Page has a layout
        draw.add(self._toolbox)
        draw.add(lists, 1)
        draw.add(row(self._share, self._force))
        draw.add(row(self._discard, None, self._leave))
        self._form = ForceForm(desk, sharing, lambda: self.setCurrentIndex(DRAW))
        for part in (self._start, draw, self._form):
            self.addWidget(part)
        for keys, act in (("Ctrl+Z", desk.undo), ("Ctrl+Y", desk.redo), ("Ctrl+Shift+Z", desk.redo)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        back = QShortcut(QKeySequence("Esc"), self)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self._step_back)
        desk.acted.connect(self._take_keys)
        desk.changed.connect(self._show)
        sharing.changed.connect(self._show)
        self._show()

    def _take_keys(self) -> None:
        """So that Ctrl+Z takes back what was just done on the map."""
        if self.isVisible() and self.currentIndex() == DRAW:
            self._toolbox.setFocus()

    def _step_back(self) -> None:
        """Esc: out of the form, then no grid is chosen, then out of the mode; the plan is kept."""
        if self.currentIndex() == FORCE:
            self.setCurrentIndex(DRAW)
            self._take_keys()
        elif self._desk.chosen:
            self._desk.choose("")
        elif self._desk.active:
            self._desk.leave()

    def _show(self) -> None:
        desk, tr = self._desk, self._desk.ctx.tr
        if not desk.active:
            self.setCurrentIndex(START)
        elif self.currentIndex() == START or desk.is_empty:
            self.setCurrentIndex(DRAW)
        some, may_draft = not desk.is_empty, self._sharing.may_draft()
        self._share.setEnabled(some and may_draft and not self._sharing.sent)
        self._share.setToolTip("" if may_draft else tr("You lack the right to draft plans"))
        may_force = self._sharing.may_force()
        self._force.setEnabled(some and may_force and not desk.findings)
        self._force.setToolTip(self._why_not(may_force))
        self._discard.setEnabled(some or bool(desk.plan.id))

    def _why_not(self, may_force: bool) -> str:
        tr = self._desk.ctx.tr
        if not may_force:
            return tr("Only the district centre can put a plan in force")
        return tr("First mend what is listed as wrong") if self._desk.findings else ""

    def _send(self) -> None:
        self._desk.ctx.tasks.start(self._sharing.send(self._form.title()))

    def _ask_force(self) -> None:
        self._form.begin()
        self.setCurrentIndex(FORCE)
