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
    """Nothing is seen while no source is selected."""

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
        self._said = QLabel(wordWrap=True)
        self._said.setObjectName("muted")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addLayout(row(self._state, None, self._tools()))
        for part in (self._bar, self._said, self._facts):
            self._layout.addWidget(part)
        self.show_source(None)

    def _tools(self) -> Toolbar:
        tr, tools = self._ctx.tr, Toolbar()
        self._zoom = tools.add("extent", tr("Zoom to it (Enter)"), self._act(self._sources.zoom_to))
        self._options = tools.add(
            "settings", tr("How it is read: datum, encoding, columns"), self._toggle_form, checkable=True
        )
        self._again = tools.add("refresh", tr("Read again (F5)"), self._act(self._sources.open))
        self._cancel = tools.add("stop", tr("Stop reading (Esc)"), self._act(self._sources.cancel))
        tools.add("trash", tr("Take it off the map and this list (Del)"), self._act(self._sources.remove))
        return tools

    def _act(self, act: Callable[[Source], Any]) -> Callable[[], None]:
        return lambda: None if self._source is None else act(self._source)

    def show_source(self, source: Source | None) -> None:
        """Show *source* as it is now; called again whenever it has changed."""
        self.setVisible(source is not None)
        if source is not self._source:
            self._source, self._asked = source, False
            self._close_form()
        if source is None:
            return
        reading = source.state is State.READING
        self._state.set(state_text(source, self._ctx.tr), state_tone(source))
        self._bar.setVisible(reading)
        self._bar.setValue(round(100 * source.done))
        self._cancel.setVisible(reading)
        self._again.setVisible(not reading)
        self._zoom.setEnabled(bool(source.opened and source.opened.bounds and source.layers))
        self._facts.set_pairs(self._pairs(source))
        self._say(source)
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
            (tr("Datum"), datum_text(source, tr)),
            (tr("Size"), size_text(source.stamp) if source.stamp else ""),
        )
        return [(name, value) for name, value in pairs if value]

    def _say(self, source: Source) -> None:
        """What is wrong, or what the user should know."""
        notes = list(source.opened.notes) if source.opened is not None else []
        if source.error:
            notes.insert(0, source.error)
        if source.gone and source.layers:
            notes.insert(0, self._ctx.tr("The file is not there any more; what was read last is shown."))
        self._said.setText("\n".join(notes))
        self._said.setVisible(bool(notes))

    def _toggle_form(self) -> None:
        if self._form is None:
            self._open_form()
        else:
            self._close_form()

    def _open_form(self) -> None:
        self._close_form()
        source = self._source
        if source is None:
            return

        def apply(options: dict[str, Any]) -> None:
            self._close_form()
            self._sources.set_options(source, options)

        self._form = self._sources.opener(source).form(source, apply)
        if self._form is not None:
            self._layout.addWidget(self._form)
        self._options.setChecked(self._form is not None)

    def _close_form(self) -> None:
        self._options.setChecked(False)
        if self._form is not None:
            self._form.hide()
            self._form.deleteLater()
            self._form = None
