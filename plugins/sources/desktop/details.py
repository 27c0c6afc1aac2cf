"""The selected source: what it is, what is wrong with it, what can be done; and its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.ui import Badge, KeyValues, Toolbar, row
from plugins.sources.desktop.source import Source, State
from plugins.sources.desktop.sources import Sources
from plugins.sources.desktop.words import datum_text, size_text, state_text, state_tone


class Details(QWidget):
    """Shows one source at a time; empty before the first."""

    def __init__(self, ctx: Context, sources: Sources) -> None:
        super().__init__()
        self._ctx = ctx
        self._sources = sources
        self._source: Source | None = None
        self._form: QWidget | None = None
        self._asked = False
        self._state = Badge()
        self._bar = QProgressBar(maximum=100, textVisible=False)
        self._bar.setAccessibleName(ctx.tr("Progress"))
        self._facts = KeyValues()
        self._error = QLabel(wordWrap=True)
        self._notes = QLabel(wordWrap=True)
        self._notes.setObjectName("muted")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addLayout(row(self._state, None, self._tools()))
        for part in (self._bar, self._error, self._facts, self._notes):
            self._layout.addWidget(part)
        self._layout.addStretch(1)

    def _tools(self) -> Toolbar:
        tr, tools = self._ctx.tr, Toolbar()
        self._zoom = tools.add("extent", tr("Zoom to it (Enter)"), self._act(self._sources.zoom_to))
        self._table = tools.add("log", tr("Attribute table"), self._act(self._want_table))
        self._options = tools.add(
            "settings", tr("How it is read: datum, encoding, columns"), self._toggle_form, checkable=True
        )
        self._again = tools.add("refresh", tr("Read again (F5)"), self._act(self._sources.open))
        self._cancel = tools.add("stop", tr("Stop reading (Esc)"), self._act(self._sources.cancel))
        tools.add("trash", tr("Take it off the map and this list (Del)"), self._act(self._sources.remove))
        return tools

    def _act(self, act: Callable[[Source], Any]) -> Callable[[], None]:
        return lambda: None if self._source is None else act(self._source)

    def _want_table(self, source: Source) -> None:
        self._sources.table_wanted.emit(source.id)

    def show_source(self, source: Source) -> None:
        """Show *source* as it is now; called again whenever it has changed."""
        if source is not self._source:
            self._source, self._asked = source, False
            self._close_form()
        reading = source.state is State.READING
        self._state.set(state_text(source, self._ctx.tr), state_tone(source))
        self._bar.setVisible(reading)
        self._bar.setMaximum(100 if source.done else 0)  # what is read in one go only shows that it goes on
        self._bar.setValue(round(100 * source.done))
        self._cancel.setVisible(reading)
        self._again.setVisible(not reading)
        self._options.setVisible(self._sources.opener(source).has_form(source))
        self._zoom.setEnabled(bool(source.opened and source.opened.bounds and source.layers))
        self._table.setEnabled(bool(source.opened and source.opened.tables and source.layers))
        self._facts.set_pairs(self._pairs(source))
        self._say(self._error, [source.error, source.fault])
        self._say(self._notes, self._remarks(source))
        if source.asks and not self._asked:
            self._asked = True
            self._open_form()
        elif not source.asks:
            self._asked = False

    def _pairs(self, source: Source) -> list[tuple[str, str]]:
        tr, opened = self._ctx.tr, source.opened
        features = "" if opened is None or opened.features is None else f"{opened.features:,}"
        pairs = (
            (tr("From"), source.where),
            (tr("Kind"), self._sources.opener(source).name()),
            (tr("Features"), features),
            (tr("Datum"), datum_text(source, tr, self._ctx.language)),
            (tr("Size"), size_text(source.stamp)),
        )
        return [(name, value) for name, value in pairs if value]

    def _remarks(self, source: Source) -> list[str]:
        """What the user should know of what is shown."""
        notes = list(source.opened.notes) if source.opened is not None else []
        if source.gone and source.layers:
            notes.insert(0, self._ctx.tr("The file is not there any more; what was read last is shown."))
        return notes

    def _say(self, label: QLabel, lines: list[str]) -> None:
        text = "\n".join(filter(None, lines))
        label.setText(text)
        label.setVisible(bool(text))

    def _toggle_form(self) -> None:
        if self._form is None:
            self._open_form()
        else:
            self._close_form()

    def _open_form(self) -> None:
        self._close_form()
        source = self._source
        if source is None or not self._sources.opener(source).has_form(source):
            return

        def apply(options: dict[str, Any]) -> None:
            self._close_form()
            self._sources.set_options(source, options)

        self._form = self._sources.opener(source).form(source, apply)
        self._layout.insertWidget(self._layout.count() - 1, self._form)
        self._options.setChecked(True)

    def _close_form(self) -> None:
        self._options.setChecked(False)
        if self._form is not None:
            self._form.hide()
            self._form.deleteLater()
            self._form = None
