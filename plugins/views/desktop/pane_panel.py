"""The body of a map window: a strip of switches above the map."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from console.sdk import Context
from console.sdk.ui import Toolbar, icon
from console.sdk.views import MapPane
from plugins.views.desktop.layer_list import LayerList, popup_under


class PanePanel(QWidget):
    """Linked or free, its own layers, the same as the first map."""

    def __init__(self, ctx: Context, pane: MapPane) -> None:
        super().__init__()
        self._ctx, self._pane = ctx, pane
        self._link = _text_button(self._toggle)
        self._link.setCheckable(True)
        self._layers = _text_button(self._show_layers)
        self._layers.setText(ctx.tr("Layers"))
        self._layers.setIcon(icon("layers"))
        self._layers.setToolTip(ctx.tr("Which layers this map shows, in which order and how strongly"))
        tools = Toolbar(self._link, self._layers)
        tools.add("copy", ctx.tr("Place and layers as in the main map"), pane.copy_first)
        tools.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(tools)
        layout.addWidget(pane.widget, 1)
        self.setFocusProxy(pane.widget)
        pane.on_change(self._show)
        self._show()

    def _show(self) -> None:
        """The link as it is."""
        tr, linked = self._ctx.tr, self._pane.linked
        if self._link.isChecked() == linked and self._link.text():
            return
        self._link.setChecked(linked)
        self._link.setText(tr("Linked") if linked else tr("Free"))
        self._link.setIcon(icon("link" if linked else "unlink"))
        self._link.setToolTip(
            tr("Moves together with the main map; press to let it stay where it is")
            if linked
            else tr("Stays where it is; press to let it move together with the main map")
        )

    def _toggle(self) -> None:
        self._pane.link(not self._pane.linked)

    def _show_layers(self) -> None:
        popup_under(self._layers, LayerList(self._ctx, self._pane.layers))


def _text_button(handler: object) -> QToolButton:
    button = QToolButton()
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.clicked.connect(handler)
    return button
