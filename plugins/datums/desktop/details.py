"""One layer of the ledger: what was tried, what each datum would leave, and putting it right."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from console.sdk.datums import LOCAL
from console.sdk.records import DatumCheck, DatumTrial
from console.sdk.ui import Badge, KeyValues, Page, Section, button, row, scrolling
from plugins.datums.desktop.desk import CHANGE, LedgerDesk
from plugins.datums.desktop.entry import Entry
from plugins.datums.desktop.suited import advice
from plugins.datums.desktop.words import DATUMS, KNOWN, KNOWN_HELP, metres_text, state_text, state_tone

AREAS = frozenset({"boundary", "grid"})
"""Kinds of layers from which areas are made: they are imported anew."""
TONES = {"success": "success", "error": "error", "warning": "warning"}


class Details(Page):
    """Empty until a line is selected."""

    def __init__(self, desk: LedgerDesk) -> None:
        super().__init__()
        self._desk, self._entry = desk, None
        tr = desk.ctx.tr
        self._state = Badge()
        self._note = QLabel(wordWrap=True)
        self._note.setObjectName("muted")
        self._datums = QComboBox(editable=True)
        self._datums.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._datums.setAccessibleName(tr("Datum that the source was really in"))
        self._datums.setToolTip(tr("Choose one, or type an EPSG code such as EPSG:4549"))
        self._go = button(tr("Read in this datum"), self._read_as, "check")
        self._mend = QWidget()
        self._mend.setLayout(row(self._datums, self._go))
        self._facts, self._trials = KeyValues(), KeyValues()
        self._tried = Section(tr("What was tried"))
        state = row(self._state, None)
        parts = (self._note, self._mend, self._facts, self._tried, self._trials)
        self.add(scrolling(Page(state, *parts, stretch=True)), 1)

    def show_entry(self, entry: Entry | None) -> None:
        """Show a line, or nothing."""
        other = entry is None or self._entry is None or entry.key != self._entry.key
        news = other or entry != self._entry
        self._entry = entry
        tr = self._desk.ctx.tr
        self._state.setVisible(entry is not None)
        if entry is not None:
            self._state.set(state_text(entry, tr), TONES.get(state_tone(entry), "muted"))
        self._facts.set_pairs(self._pairs(entry) if entry else [])
        trials = entry.check.trials if entry and entry.check else ()
        self._tried.setVisible(bool(trials))
        self._trials.set_pairs([self._trial(trial) for trial in trials])
        self._note.setText(self._note_text(entry))
        self._note.setVisible(bool(self._note.text()))
        self._mend.setVisible(self._can_mend(entry))
        if news and entry is not None:
            self._offer(entry)

    def _pairs(self, entry: Entry) -> list[tuple[str, str]]:
        tr, known = self._desk.ctx.tr, entry.known
        how = f"{tr(KNOWN[known])}: {tr(KNOWN_HELP[known])}" if known in KNOWN else known
        pairs = [
            (tr("Name"), self._desk.title(entry)),
            (tr("Datum"), self._desk.datum(entry.datum)),
            (tr("How known"), how),
        ]
        if entry.features is not None:
            pairs.append((tr("Features"), f"{entry.features:,}"))
        if entry.own is not None:
            pairs.append((tr("From"), entry.own.origin))
        return pairs + (self._measured(entry.check) if entry.check else [])

    def _trial(self, trial: DatumTrial) -> tuple[str, str]:
        near, median = f"{trial.near * 100:.0f}", metres_text(trial.median)
        words = self._desk.ctx.tr("{near} % near, median {median} m", near=near, median=median)
        return self._desk.datum(trial.datum), words

    def _measured(self, check: DatumCheck) -> list[tuple[str, str]]:
        tr = self._desk.ctx.tr
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(check.at))
        pairs = [
            (tr("Reference"), self._desk.title_of(check.reference)),
            (tr("Measured at"), f"{when} {check.by}"),
            (tr("Places compared"), f"{check.samples:,}"),
        ]
        if check.residual is not None:
            off = tr(
                "{m} m, a tenth over {most} m",
                m=metres_text(check.residual),
                most=metres_text(check.residual_90),
            )
            pairs.append((tr("Off by"), off))
        if check.residual != check.after and check.after is not None:
            pairs.append((tr("Would remain"), tr("{m} m", m=metres_text(check.after))))
        return pairs

    def _note_text(self, entry: Entry | None) -> str:
        tr = self._desk.ctx.tr
        if entry is None:
            return tr("Select a layer or feed to see how its datum is known.")
        return "\n".join(filter(None, (self._advice(entry), self._how_to_mend(entry))))

    def _advice(self, entry: Entry) -> str:
        """What would tell more than is known."""
        if entry.check is None:
            return self._desk.why_not(entry)
        if entry.check.is_clear:
            return ""
        others = self._desk.untried(entry)
        if not others:
            return self._desk.ctx.tr(advice(entry))
        names = ", ".join(map(self._desk.title, others))
        return self._desk.ctx.tr("Measure it against {names}.", names=names)

    def _how_to_mend(self, entry: Entry) -> str:
        tr = self._desk.ctx.tr
        if entry.is_feed:
            return tr(
                "A feed that gives shifted places is declared in the backend's settings (ONEMAP_FEED_DATUMS)."
            )
        if entry.layer is not None and entry.layer.kind in AREAS:
            return tr("Areas are made from this layer: to change its datum, import its file again.")
        if entry.own is not None and self._can_mend(entry):
            return tr("Read in another datum, the layer is corrected on the map; the file itself stays.")
        return ""

    def _can_mend(self, entry: Entry | None) -> bool:
        if entry is None:
            return False
        if entry.own is not None:
            return entry.own.may_be is None or len(entry.own.may_be) > 1
        return entry.layer is not None and entry.layer.kind not in AREAS and self._desk.may(CHANGE)

    def _offer(self, entry: Entry) -> None:
        """The datums there are; the one that measuring found is chosen."""
        names = [*DATUMS, *(f"{LOCAL}{local.name}" for local in self._desk.locals)]
        only = entry.own.may_be if entry.own is not None else None
        names = [name for name in names if only is None or name in only]
        self._datums.clear()
        for name in names:
            if name != entry.datum:
                self._datums.addItem(self._desk.datum(name), name)
        found = entry.check.datum if entry.check and entry.is_wrong else ""
        self._datums.setCurrentIndex(self._datums.findData(found) if found else -1)
        field = self._datums.lineEdit()
        if field is not None:
            field.setCursorPosition(0)  # the beginning of a name tells more than its end

    def _read_as(self) -> None:
        text = self._datums.currentText().strip()
        at = self._datums.findText(text)
        datum = self._datums.itemData(at) if at >= 0 else text
        if self._entry is not None and datum:
            self._desk.read_as(self._entry, datum)
        else:
            self._datums.setFocus()
