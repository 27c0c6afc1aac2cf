"""Before a plan is put in force: what it changes, whom it moves, its title and its reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

from console.sdk.ui import KeyValues, Page, Section, button, row
from plugins.grids.desktop.adjust.desk import AdjustDesk
from plugins.grids.desktop.adjust.sharing import Sharing

LEAST_REASON = 4
KINDS = {
    "staff": "Staff who get another grid",
    "account": "Accounts that get another area",
    "event": "Open events",
    "order": "Open orders",
    "closure": "Closures",
    "camera": "Cameras",
    "station": "Stations",
    "patrol": "Patrol plans",
    "plan": "Response plans",
    "range": "Activity ranges",
    "alarm": "Alarms",
    "handover": "Hand-overs",
    "loan": "Loans of staff",
    "home": "Lent staff who return elsewhere",
    "borrower": "Loans that another area has",
    "help_request": "Requests for help",
}
"""English titles of what a plan moves."""


class ForceForm(Page):
    """Asks the backend what would follow, then for a reason."""

    def __init__(self, desk: AdjustDesk, sharing: Sharing, back: Callable[[], None]) -> None:
        super().__init__()
        self._desk, self._sharing, self._back, tr = desk, sharing, back, desk.ctx.tr
        self._title = QLineEdit(maxLength=64)
        self._title.setAccessibleName(tr("Title of the plan"))
        self._summary = KeyValues()
        self._note = QLabel(wordWrap=True)
        self._note.setObjectName("muted")
        self._reason = QPlainTextEdit()
        self._reason.setAccessibleName(tr("Reason"))
        self._reason.setPlaceholderText(tr("Why the grids are changed; kept with the plan"))
        self._reason.setTabChangesFocus(True)
        self._reason.setMaximumHeight(84)
        self._reason.textChanged.connect(self._show)
        self._do = button(tr("Put in force"), self._force, "check", primary=True)
        self.add(Section(tr("Plan")))
        self.add(self._title)
        self.add(Section(tr("What follows")))
        self.add(self._summary)
        self.add(self._note)
        self.add(Section(tr("Reason")))
        self.add(self._reason)
        self.add(row(button(tr("Back"), back), None, self._do))
        self.layout().addStretch(1)  # type: ignore[union-attr]  # a Page has a layout
        self.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        self.setFocusProxy(self._reason)
        self._ready = False

    def title(self) -> str:
        """The plan's title; one that says what it does, when nobody gave one."""
        return self._title.text().strip() or self._desk.plan.title or self._proposed()

    def begin(self) -> None:
        """Fill in what is known and ask the backend for the rest."""
        tr = self._desk.ctx.tr
        self._title.setText(self._desk.plan.title or self._proposed())
        self._reason.clear()
        self._ready = False
        self._summary.set_pairs(self._counts())
        self._note.setText(tr("The backend is asked whom this moves…"))
        self._desk.ctx.tasks.start(self._ask())
        self._reason.setFocus()
        self._show()

    def _proposed(self) -> str:
        names = [self._desk.name(work.code) for work in self._desk.works()]
        more = f" +{len(names) - 1}" if len(names) > 1 else ""
        return self._desk.ctx.tr("Adjustment of {name}", name=f"{names[0] if names else ''}{more}")[:64]

    def _counts(self) -> list[tuple[str, str]]:
        tr, works = self._desk.ctx.tr, self._desk.works()
        new = sum(work.before is None for work in works)
        gone = sum(work.after is None for work in works)
        return [
            (tr("Grids that change"), f"{len(works) - new - gone:,}"),
            (tr("New grids"), f"{new:,}"),
            (tr("Grids that are joined to others"), f"{gone:,}"),
        ]

    async def _ask(self) -> None:
        tr = self._desk.ctx.tr
        answer = await self._sharing.check()
        if answer is None:
            self._note.setText(tr("The backend cannot be asked now; the plan is kept."))
            return
        moved = [(tr(KINDS.get(kind, kind)), f"{count:,}") for kind, count in sorted(answer.moves.items())]
        self._summary.set_pairs([*self._counts(), *moved])
        self._ready = not answer.findings
        if answer.findings:
            first = answer.findings[0]
            self._note.setText(first.text_zh if self._desk.ctx.language == "zh_CN" else first.text)
        elif moved:
            self._note.setText(tr("They go with the ground, or to the grid that takes over."))
        else:
            self._note.setText(tr("Nobody gets another grid by it."))
        self._show()

    def _show(self) -> None:
        self._do.setEnabled(self._ready and len(self._reason.toPlainText().strip()) >= LEAST_REASON)

    def _force(self) -> None:
        self._do.setEnabled(False)
        self._desk.ctx.tasks.start(self._put_in_force())

    async def _put_in_force(self) -> None:
        reason = self._reason.toPlainText().strip()
        sent = self._sharing.sent and self._desk.plan.title == self.title()
        if (sent or await self._sharing.send(self.title())) and await self._sharing.put_in_force(reason):
            self._title.clear()
            self._back()
        self._show()
