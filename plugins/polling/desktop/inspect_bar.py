"""The form below the pictures while one inspects: what is the matter at the camera that is its turn."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from console.sdk.ui import button, row
from plugins.polling.desktop.desk import Desk
from plugins.polling.desktop.inspection import Inspection
from plugins.polling.desktop.rounds import counts
from plugins.polling.desktop.stage import Stage
from plugins.polling.model import WORDS_LIMIT, Finding

WIDE = 640
"""Pixels of a picture that goes into the report."""


class InspectBar(QWidget):
    """Y: normal, X: abnormal, D: no picture, A: the rest of the page is normal, U: take back the last."""

    def __init__(self, desk: Desk, inspection: Inspection, stage: Stage) -> None:
        super().__init__()
        self._desk, self._inspection, self._stage = desk, inspection, stage
        tr = desk.ctx.tr
        self._camera = QLabel()
        self._camera.setObjectName("title")
        self._done = QLabel()
        self._done.setObjectName("muted")
        self._words = QLineEdit(maxLength=WORDS_LIMIT, placeholderText=tr("What is the matter"))
        self._words.setAccessibleName(tr("What is the matter"))
        self._words.returnPressed.connect(self.abnormal)
        self._event = QCheckBox(tr("Report as an event"))
        self._event.setToolTip(tr("At the camera's place; its picture goes into the report"))
        self._event.setChecked(True)
        for label in (self._camera, self._done):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        normal = button(tr("Normal (Y)"), self.normal, "check", primary=True)
        abnormal = button(tr("Abnormal (X)"), self.abnormal, "warning")
        dead = button(tr("Dead (D)"), lambda: self._find(Finding.DEAD), "eye-off")
        rest = button(tr("Rest fine (A)"), inspection.rest_is_normal)
        rest.setToolTip(tr("Nothing is the matter at the other cameras of this page"))
        self._undo = button("", self.undo, "undo", tooltip=tr("Take back the last finding (U)"))
        end = button("", inspection.end, "stop", tooltip=tr("End the inspection: what was found is kept"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        whose = row(self._camera, self._done, self._undo, end)
        whose.setStretch(0, 1)
        whose.setStretch(1, 1)
        layout.addLayout(whose)
        layout.addLayout(row(self._words, self._event))
        layout.addLayout(row(normal, abnormal, dead, None, rest))
        self.acts = {
            Qt.Key.Key_Y: self.normal,
            Qt.Key.Key_X: self.abnormal,
            Qt.Key.Key_D: lambda: self._find(Finding.DEAD),
            Qt.Key.Key_A: inspection.rest_is_normal,
            Qt.Key.Key_U: self.undo,
        }
        inspection.changed.connect(self.refresh)
        self.refresh()

    @property
    def slot(self) -> int | None:
        """Tile whose camera it is about: the chosen one, else the first at which nothing was found yet."""
        page, still = self._desk.player.page, self._inspection.open_cameras()
        chosen = self._stage.focused
        if chosen is not None and chosen < len(page) and page[chosen] in still:
            return chosen
        return page.index(still[0]) if still else None

    def refresh(self) -> None:
        """Whose turn it is, and how far one is."""
        self.setVisible(self._inspection.on)
        if not self._inspection.on:
            return
        tr, slot, found = self._desk.ctx.tr, self.slot, counts(self._inspection.entries)
        camera = self._desk.player.page[slot] if slot is not None else None
        self._camera.setText(self._desk.name(camera) if camera else tr("This page is done"))
        said, bad = len(self._inspection.entries), found[Finding.ABNORMAL]
        text = tr(
            "{done} done, {abnormal} abnormal, {n} to do", done=said, abnormal=bad, n=self._inspection.to_do
        )
        self._done.setText(text)
        self._done.setToolTip(text)
        self._undo.setEnabled(bool(self._inspection.entries))
        self._event.setVisible(self._inspection.may_report)

    def normal(self) -> None:
        """Nothing is the matter."""
        self._find(Finding.NORMAL)

    def abnormal(self) -> None:
        """Something is: in words, which are asked for."""
        if not self._words.text().strip():
            self._words.setFocus()
            self._desk.say(self._desk.ctx.tr("Say what is the matter, then press Enter"))
            return
        self._find(Finding.ABNORMAL, self._words.text().strip())
        self._words.clear()

    def undo(self) -> None:
        """Take the last finding back, and look at its camera again."""
        camera = self._inspection.undo()
        if camera in self._desk.player.page:
            self._stage.focus(self._desk.player.page.index(camera))
        self.refresh()

    def _find(self, finding: Finding, words: str = "") -> None:
        slot = self.slot
        camera = self._desk.player.page[slot] if slot is not None else None
        if slot is None or camera is None:
            return
        bad = finding is Finding.ABNORMAL
        picture = self._picture(slot) if bad else None
        event = bad and self._inspection.may_report and self._event.isChecked()
        self._inspection.find(camera, finding, words, picture, event=event)
        following = self.slot
        if self._inspection.on and following is not None:
            self._stage.focus(following)
        self.refresh()

    def _picture(self, slot: int) -> QImage | None:
        """What the tile shows now; None when it shows none."""
        tile = self._stage.view(slot).tile
        if tile.picture_place() is None:
            return None
        image: QImage = tile.widget.grab().toImage()
        smooth = Qt.TransformationMode.SmoothTransformation
        return image.scaledToWidth(WIDE, smooth) if image.width() > WIDE else image
