"""The symbol: colour, opacity, hatching, outline, width, size; only what the layer's shapes have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from console.sdk import Context
from console.sdk.styling import LINE, POINT, POLYGON
from console.sdk.symbol_set import SYMBOLS, SymbolKind
from console.sdk.ui.choices import Choice, ColorButton, Number, form
from plugins.styles.desktop.desk import StyleDesk
from plugins.styles.desktop.recipe import Kind
from plugins.styles.desktop.symbol_field import SymbolField
from plugins.styles.desktop.words import ARROWS, PATTERNS


class SymbolForm(QWidget):
    """Changes go to the desk at once."""

    def __init__(self, ctx: Context, desk: StyleDesk) -> None:
        super().__init__()
        self._desk = desk
        self._form = form()
        self.setLayout(self._form)
        tr = ctx.tr
        self._color = ColorButton(tr("Colour"), lambda color: self._change(color=color))
        self._opacity = Number(
            tr("Opacity"), lambda v: self._change(opacity=v / 100), most=100, step=5, digits=0, suffix=" %"
        )
        self._pattern = Choice(tr("Filling"), lambda value: self._change(pattern=value))
        self._pattern.offer((name, tr(title)) for name, title in PATTERNS.items())
        self._outline = ColorButton(tr("Outline"), lambda color: self._change(outline=color))
        self._outline_width = Number(
            tr("Outline width"), lambda v: self._change(outline_width=v), most=10, suffix=" px"
        )
        self._width = Number(tr("Line width"), lambda v: self._change(width=v), least=0.5, suffix=" px")
        self._radius = Number(tr("Radius"), lambda v: self._change(radius=v), least=0.5, suffix=" px")
        for control in (self._color, self._opacity, self._pattern, self._outline):
            self._form.addRow(control.accessibleName(), control)
        self._arrows = Choice(tr("Arrows"), lambda value: self._change(arrows=value))
        self._arrows.offer((name, tr(title)) for name, title in ARROWS.items())
        self._symbol = SymbolField(ctx, tr("Symbol"), self._choose_symbol)
        self._size = Number(
            tr("Symbol size"), lambda v: self._change(symbol_size=v), least=6, most=128, step=2, suffix=" px"
        )
        for control in (self._outline_width, self._width, self._arrows):
            self._form.addRow(control.accessibleName(), control)
        for control in (self._symbol, self._size, self._radius):
            self._form.addRow(control.accessibleName(), control)

    def refresh(self) -> None:
        """Show what the desk has."""
        symbol, recipe = self._desk.recipe.symbol, self._desk.recipe
        shapes: Sequence[str] = self._desk.attributes.shapes if self._desk.attributes is not None else ()
        self._color.show_value(symbol.color)
        self._opacity.show_value(symbol.opacity * 100)
        self._pattern.show_value(symbol.pattern)
        self._outline.show_value(symbol.outline)
        self._outline_width.show_value(symbol.outline_width)
        self._width.show_value(symbol.width)
        self._radius.show_value(symbol.radius)
        self._arrows.show_value(symbol.arrows)
        self._symbol.show_value(symbol.symbol)
        self._size.show_value(symbol.symbol_size)
        points = POINT in shapes and recipe.kind is not Kind.CHARTS
        edged = POLYGON in shapes or (points and not symbol.symbol)
        self._form.setRowVisible(self._color, self._takes_color(shapes))
        charts_alone = recipe.kind is Kind.CHARTS and tuple(shapes) == (POINT,)
        self._form.setRowVisible(self._opacity, not charts_alone)
        self._form.setRowVisible(self._pattern, POLYGON in shapes)
        self._form.setRowVisible(self._outline, edged)
        self._form.setRowVisible(self._outline_width, edged)
        self._form.setRowVisible(self._width, LINE in shapes)
        self._form.setRowVisible(self._arrows, LINE in shapes)
        self._form.setRowVisible(self._symbol, points)
        self._form.setRowVisible(self._size, points and bool(symbol.symbol))
        self._form.setRowVisible(self._radius, points and not symbol.symbol)

    def _choose_symbol(self, name: str) -> None:
        """Drawings are full of colour; what shines through is for areas."""
        self._change(symbol=name, opacity=1.0)

    def _takes_color(self, shapes: Sequence[str]) -> bool:
        """Not when classes have colours of their own, nor for framed symbols or charts at points alone."""
        recipe = self._desk.recipe
        if recipe.kind not in (Kind.SINGLE, Kind.CHARTS):
            return False
        found = SYMBOLS.get(recipe.symbol.symbol)
        framed = found is not None and found.kind is not SymbolKind.MARK
        return tuple(shapes) != (POINT,) or (recipe.kind is Kind.SINGLE and not framed)

    def _change(self, **changes: Any) -> None:
        self._desk.change(symbol=replace(self._desk.recipe.symbol, **changes))
