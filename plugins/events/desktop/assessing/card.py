"""The assessment of one closed event: its times against the limits, the score, the form to give one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from console.sdk import OneMapError, Undo
from console.sdk.ui import Badge, Chips, Page, Section, button, row
from plugins.events.assessment import BEST, REMARK_LIMIT, Assessed, Stage
from plugins.events.desktop.assessing.assessor import Assessor
from plugins.events.desktop.assessing.words import STAGES, span_text, verdict_text, verdict_tone
from plugins.events.desktop.words import CLASSES, Tr, actor_text, clock_text

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
        scores = [(UNSCORED, tr("Not scored"))] + [(str(n), str(n)) for n in range(1, BEST + 1)]
        self._score = Chips(scores, self._on_score)
        self._score.setAccessibleName(tr("Quality, 5 is best"))
        self._score.setToolTip(tr("Quality, 5 is best"))
        self._remark = QLineEdit(placeholderText=tr("Remark on the handling"), maxLength=REMARK_LIMIT)
        self._remark.setAccessibleName(tr("Remark on the handling"))
        self._remark.setMinimumWidth(80)
        self._remark.returnPressed.connect(self._give)
        self._give_it = button(tr("Assess"), self._give, "star", primary=True)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.add(Section(tr("Assessment")))
        self.add(self._times)
        self.add(self._said)
        self._form = (QLabel(tr("Quality")), self._score, self._remark, self._give_it)
        self.add(row(*self._form))
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
        self._give_it.setText(tr("Assess anew"))

    def _clear(self) -> None:
        self._times.show_times(None)
        self._said.clear()
        self._remark.clear()
        self._score.select(UNSCORED)
        self._give_it.setText(self._desk.ctx.tr("Assess"))

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
    """A line for each stage: how long, the limit, and whether that was in time."""

    def __init__(self, tr: Tr) -> None:
        super().__init__()
        self._tr = tr
        self._hint = QLabel()
        self._hint.setObjectName("muted")
        self._lines = {stage: (QLabel(), Badge("", "muted")) for stage in Stage}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        for at, (stage, (took, badge)) in enumerate(self._lines.items()):
            name = QLabel(tr(STAGES[stage]))
            name.setObjectName("muted")
            for column, part in enumerate((name, took, badge)):
                grid.addWidget(part, at, column)
        grid.addWidget(self._hint, len(self._lines), 0, 1, 3)

    def show_times(self, found: Assessed | None) -> None:
        """The lines keep their room while nothing is known."""
        tr = self._tr
        self._hint.setText(
            tr("Counted from the report, limits of the class {kind}", kind=tr(CLASSES[found.kind]))
            if found
            else ""
        )
        timings = {timing.stage: timing for timing in found.timings} if found else {}
        for stage, (took, badge) in self._lines.items():
            timing = timings.get(stage)
            badge.setVisible(timing is not None)
            if timing is None:
                took.setText("–")
                continue
            spent = "–" if timing.took is None else span_text(timing.took, tr)
            took.setText(tr("{took} (limit {limit})", took=spent, limit=span_text(timing.limit, tr)))
            badge.set(verdict_text(timing, tr), verdict_tone(timing))
