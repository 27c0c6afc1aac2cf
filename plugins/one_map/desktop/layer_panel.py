"""The layer tree panel: filter, tree, and the current layer's opacity and origin."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QSlider

from console.sdk import Context, LayerEntry
from console.sdk.ui import Page, SearchField, Toolbar, row
from plugins.one_map.desktop.layer_tree import LayerTree
from plugins.one_map.desktop.map_signals import MapSignals


class LayerPanel(Page):
    """Everything is written through ``ctx.map.layers``, which remembers it."""

    def __init__(self, ctx: Context, signals: MapSignals) -> None:
        super().__init__()
        self._ctx = ctx
        self._layers = ctx.map.layers
        self._needle = ""
        self._in_scale: tuple[bool, ...] = ()
        self._filter = SearchField(ctx.tr("Filter layers"))
        self._filter.on_search(self._set_needle)
        self._tree = LayerTree(ctx)
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._opacity.setRange(0, 100)
        self._opacity.setSingleStep(5)
        self._opacity.setAccessibleName(ctx.tr("Opacity"))
        self._opacity_text = QLabel("")
        self._opacity_text.setMinimumWidth(44)
        self._about = QLabel(wordWrap=True)
        self._about.setObjectName("muted")
        self.add(row(self._filter, self._make_tools()))
        self.add(self._tree, 1)
        self.add(row(QLabel(ctx.tr("Opacity")), self._opacity, self._opacity_text))
        self.add(self._about)
        self._connect(signals)
        self._refresh()

    def _make_tools(self) -> Toolbar:
        tools, tr = Toolbar(), self._ctx.tr
        tools.add("chevron-up", tr("Move up (Alt+Up)"), lambda: self._tree.move_current(-1))
        tools.add("chevron-down", tr("Move down (Alt+Down)"), lambda: self._tree.move_current(1))
        return tools

    def _connect(self, signals: MapSignals) -> None:
        self._tree.visibility_wanted.connect(self._layers.set_visible)
        self._tree.move_wanted.connect(self._layers.move)
        self._tree.current_changed.connect(self._show_current)
        self._tree.current_changed.connect(lambda: self._layers.choose(self._tree.current_id))
        self._opacity.valueChanged.connect(self._set_opacity)
        # A plugin that starts adds its layers one by one: they are shown together.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._refresh)
        signals.layers_changed.connect(self._soon.start)
        signals.view_changed.connect(self._on_view)

    def _set_needle(self, text: str) -> None:
        self._needle = text
        self._refresh()

    def _on_view(self) -> None:
        """Panning changes nothing here; only layers that come into scale or leave it do."""
        zoom = self._ctx.map.zoom()
        in_scale = tuple(entry.min_zoom <= zoom <= entry.max_zoom for entry in self._layers.entries())
        if in_scale != self._in_scale:
            self._in_scale = in_scale
            self._refresh()

    def _refresh(self) -> None:
        self._tree.show_entries(self._layers.entries(), self._ctx.map.zoom(), self._needle)
        self._show_current()

    def _current(self) -> LayerEntry | None:
        current = self._tree.current_id
        return next((entry for entry in self._layers.entries() if entry.id == current), None)

    def _show_current(self) -> None:
        entry = self._current()
        self._opacity.setEnabled(entry is not None)
        if entry is None:
            self._about.setText(self._ctx.tr("Choose a layer to change its opacity."))
            self._opacity_text.setText("")
            self._opacity.blockSignals(True)
            self._opacity.setValue(100)
            self._opacity.blockSignals(False)
            return
        percent = round(entry.opacity * 100)
        self._opacity.blockSignals(True)
        self._opacity.setValue(percent)
        self._opacity.blockSignals(False)
        self._opacity_text.setText(f"{percent} %")
        scales = self._ctx.tr(
            "Zoom {least} to {most}", least=f"{entry.min_zoom:g}", most=f"{entry.max_zoom:g}"
        )
        self._about.setText(" · ".join(part for part in (entry.state, scales, entry.attribution) if part))

    def _set_opacity(self, percent: int) -> None:
        entry = self._current()
        if entry is not None:
            self._layers.set_opacity(entry.id, percent / 100)
