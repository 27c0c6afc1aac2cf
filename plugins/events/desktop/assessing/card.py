"""The assessment of one closed event: its times against the limits, the score, the form to give one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from console.sdk import OneMapError, Undo
from console.sdk.ui import Badge, Chips, Page, button, row
from plugins.events.desktop.assessing.assessor import Assessor
from plugins.events.desktop.assessing.words import STAGES, span_text, verdict_text, verdict_tone
from plugins.events.desktop.words import CLASSES, Tr, actor_text, clock_text
from plugins.events.model import BEST, REMARK_LIMIT, Assessed, Stage

UNSCORED = "0"


class AssessmentCard(Page):
    """Shown for closed events; who lacks the right sees times and assessment without the form."""

    def __init__(self, assessor: Assessor) -> None:
        super().__init__()
        self._assessor, self._desk = assessor, assessor.desk
        tr = self._desk.ctx.tr
        self._event_id, self._title = "", ""
        self._shown: tuple[str, int] | None = None
        self._stop: Undo | None = None
        self._times = _Times(tr)
        self._said = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        scores = [(UNSCORED, f"{tr('Quality')} –")] + [(str(n), str(n)) for n in range(1, BEST + 1)]
        self._score = Chips(scores, self._on_score)
        self._score.setAccessibleName(tr("Quality, 5 is best"))
        self._score.setToolTip(tr("Quality, 5 is best"))
        self._remark = QLineEdit(placeholderText=tr("Remark on the handling"), maxLength=REMARK_LIMIT)
        self._remark.setAccessibleName(tr("Remark on the handling"))
        self._remark.setMinimumWidth(80)
        self._remark.returnPressed.connect(self._give)
        hint = tr("Again: another assessment takes its place, the earlier one stays in the history")
        self._give_it = button(tr("Assess"), self._give, "star", primary=True, tooltip=hint)
        self._form = (self._score, self._remark, self._give_it)
        self._layout.setContentsMargins(0, 0, 0, 0)
        line = row(*self._form)
        line.setStretch(1, 1)
        self.add(line)
        self.add(self._said)
        self.add(self._times)
        self._desk.connected.connect(self._read_anew)
        self._desk.waiting_changed.connect(self._show_form)
        assessor.given.connect(self._on_given)
        self.hide()

    def set_event(self, event_id: str, version: int = 0, title: str = "") -> None:
        """Show a closed event; empty: none. Read anew if it is another one or has changed."""
        wanted = (event_id, version) if event_id else None
        if wanted == self._shown:
            return
        if event_id != self._event_id:
            self._clear()
        self._shown, self._event_id, self._title = wanted, event_id, title
        self.setVisible(bool(event_id))
        self._show_form()
        self._read_anew()

    def _read_anew(self) -> None:
        if self._stop:
            self._stop()
        self._stop = self._desk.ctx.tasks.start(self._read(self._event_id)) if self._event_id else None

    async def _read(self, event_id: str) -> None:
        try:
            found = await self._assessor.read(event_id)
        except OneMapError as error:
            self._said.setText(str(error))
            return
        self._show(found)

    def _show(self, found: Assessed) -> None:
        tr = self._desk.ctx.tr
        self._times.show_times(found)
        if found.score is None or found.at is None:
            self._said.setText(tr("Not assessed yet"))
            return
        said = tr(
            "Quality {score} of {best} · {name}, {time}",
            score=found.score,
            best=BEST,
            name=actor_text(found.by, tr),
            time=clock_text(found.at, self._desk.now),
        )
        self._said.setText("\n".join(part for part in (said, found.remark) if part))

    def _clear(self) -> None:
        self._times.show_times(None)
        self._said.clear()
        self._remark.clear()
        self._score.select(UNSCORED)

    def _on_score(self, _score: str) -> None:
        self._show_form()
        self._remark.setFocus()

    def _show_form(self) -> None:
        waits = bool(self._event_id) and self._desk.waits(self._event_id)
        for part in self._form:
            part.setVisible(self._assessor.may_assess)
            part.setEnabled(not waits)
        self._give_it.setEnabled(not waits and self._score.value != UNSCORED)

    def _give(self) -> None:
        score = int(self._score.value)
        if not self._event_id or not score:
            return
        self._assessor.give(self._event_id, self._title, score, self._remark.text().strip())
        self._remark.clear()
        self._score.select(UNSCORED)
        self._show_form()

    def _on_given(self, event_id: str) -> None:
        if event_id == self._event_id:
            self._read_anew()


class _Times(QWidget):
    """A column for each stage: whether it was in time, how long it took, and the limit."""

    def __init__(self, tr: Tr) -> None:
        super().__init__()
        self._tr = tr
        self._lines = {stage: (Badge("–", "muted"), QLabel("–")) for stage in Stage}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for column, (stage, (badge, took)) in enumerate(self._lines.items()):
            name = QLabel(tr(STAGES[stage]))
            name.setObjectName("muted")
            took.setWordWrap(True)
            head = row(name, badge, None)
            grid.addLayout(head, 0, column)
            grid.addWidget(took, 1, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)

    def show_times(self, found: Assessed | None) -> None:
        """The columns keep their room while nothing is known."""
        tr = self._tr
        timings = {timing.stage: timing for timing in found.timings} if found else {}
        kind = tr(CLASSES[found.kind]) if found else ""
        self.setToolTip(tr("Counted from the report, limits of the class {kind}", kind=kind) if kind else "")
        for stage, (badge, took) in self._lines.items():
            timing = timings.get(stage)
            if timing is None:
                badge.set("–", "muted")
                took.setText("–")
                continue
            badge.set(verdict_text(timing, tr), verdict_tone(timing))
            spent = "–" if timing.took is None else span_text(timing.took, tr)
            took.setText(tr("{took} (limit {limit})", took=spent, limit=span_text(timing.limit, tr)))
