"""What the user chose, and the MapLibre layers that it makes.

The recipe travels in the ``metadata`` of the first layer: a style that was exported, or comes back
after a restart, can be edited on. Other programs pass it over.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import msgspec

from console.sdk import Text
from console.sdk.charts import Chart, chart_layer, chart_legend
from console.sdk.classify import Method
from console.sdk.ramps import RAMPS
from console.sdk.styling import (
    NO_DATA_COLOR,
    OTHERS,
    POINT,
    Class,
    Symbol,
    by_number,
    by_value,
    label_layer,
    legend_metadata,
    number_legend,
    style_layers,
    value_legend,
)

USUAL = "oranges"
"""The ramp before another is chosen: its low end is seen on dark ground, its high end on light."""

RECIPE = "onemap:recipe"
APART = 5.0
"""Logical pixels between a point's symbol and its text."""
MOST_CATEGORIES = 24
"""The most frequent values get a colour of their own; nobody tells more apart."""


class Kind(StrEnum):
    """How features get their colours."""

    SINGLE = "single"
    CATEGORIES = "categories"
    GRADUATED = "graduated"
    RULES = "rules"
    CHARTS = "charts"


class Operator(StrEnum):
    """How a rule tests a field."""

    EQUAL = "=="
    UNEQUAL = "!="
    LESS = "<"
    LEAST = ">="
    MORE = ">"
    MOST = "<="
    HOLDS = "in"
    """The text holds the value."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Features that pass the test are drawn in the colour; the first rule that fits counts."""

    field: str
    operator: Operator = Operator.EQUAL
    value: str = ""
    """As typed; read as a number where the field has numbers."""
    number: bool = False
    color: str = "#e69f00"

    @property
    def sound(self) -> bool:
        """Whether a number is compared with a number."""
        return not self.number or self.operator is Operator.HOLDS or isinstance(_value(self), float)


class Labels(msgspec.Struct, frozen=True, kw_only=True):
    """Texts of a field."""

    field: str
    size: float = 13.0
    color: str = "#f4f6f8"
    halo: str = "#10141a"
    zoom_from: float = 12.0
    bold: bool = False
    themed: bool = False
    """In the colours of the map's theme instead of these."""


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """A style as the editor shows it. Only what ``kind`` needs counts; the rest is kept for later."""

    kind: Kind = Kind.SINGLE
    symbol: Symbol = Symbol()
    field: str = ""
    """Of numbers, for GRADUATED."""
    method: Method = Method.QUANTILE
    classes: int = 5
    ramp: str = USUAL
    reverse: bool = False
    limits: tuple[float, ...] = ()
    whole: tuple[float, float] | None = None
    """The least and the greatest, where all are whole numbers."""
    category_field: str = ""
    category_ramp: str = "okabe-ito"
    categories: tuple[tuple[str | float, str], ...] = ()
    """(value, colour)."""
    rules: tuple[Rule, ...] = ()
    chart: Chart = Chart()
    labels: Labels | None = None


def colors_of(recipe: Recipe) -> list[str]:
    """A colour a class, from low to high."""
    ramp = RAMPS.get(recipe.ramp, RAMPS[USUAL])
    return ramp.colors(len(recipe.limits) + 1, recipe.reverse)


def legend_of(recipe: Recipe) -> list[Class]:
    """The lines of the legend; none for a single symbol."""
    if recipe.kind is Kind.GRADUATED:
        return number_legend(recipe.limits, colors_of(recipe), whole=recipe.whole)
    if recipe.kind is Kind.CATEGORIES:
        return value_legend(dict(recipe.categories))
    if recipe.kind is Kind.RULES:
        lines = [Class(_title(rule), rule.color) for rule in recipe.rules]
        return [*lines, Class(OTHERS, NO_DATA_COLOR)]
    if recipe.kind is Kind.CHARTS and recipe.chart.parts:
        return chart_legend(recipe.chart)
    return []


def style_of(recipe: Recipe, shapes: Sequence[str]) -> list[dict[str, Any]]:
    """Layers for features of these shapes."""
    charted = recipe.kind is Kind.CHARTS and bool(recipe.chart.parts)
    plain = [shape for shape in shapes if not (charted and shape == POINT)]
    layers = style_layers(plain, _color(recipe), recipe.symbol)
    if charted:
        layers.append(chart_layer(recipe.chart))
    if recipe.labels is not None:
        layers.append(_label_layer(recipe.labels, _below(recipe, shapes)))
    if layers:
        carried = {RECIPE: msgspec.to_builtins(recipe)} | legend_metadata(legend_of(recipe))
        layers[0]["metadata"] = layers[0].get("metadata", {}) | carried
    return layers


def _label_layer(texts: Labels, below: float) -> dict[str, Any]:
    return label_layer(
        texts.field,
        size=texts.size,
        color="" if texts.themed else texts.color,
        halo=texts.halo,
        zoom_from=texts.zoom_from,
        bold=texts.bold,
        below=below,
    )


def _below(recipe: Recipe, shapes: Sequence[str]) -> float:
    """Logical pixels that texts keep from the middle of what is drawn at points."""
    if POINT not in shapes:
        return 0.0
    if recipe.kind is Kind.CHARTS:
        return recipe.chart.size / 2 + APART
    return (recipe.symbol.symbol_size / 2 if recipe.symbol.symbol else recipe.symbol.radius) + APART


def recipe_in(style: Sequence[Any]) -> Recipe | None:
    """The recipe that a style carries; None when it was made elsewhere."""
    for layer in style:
        metadata = layer.get("metadata") if isinstance(layer, dict) else None
        if isinstance(metadata, dict) and RECIPE in metadata:
            try:
                return msgspec.convert(metadata[RECIPE], Recipe)
            except msgspec.ValidationError:
                return None
    return None


def _color(recipe: Recipe) -> Any:
    """The colour of features: a text or an expression."""
    if recipe.kind is Kind.GRADUATED and recipe.field:
        return by_number(recipe.field, recipe.limits, colors_of(recipe))
    if recipe.kind is Kind.CATEGORIES and recipe.category_field:
        return by_value(recipe.category_field, dict(recipe.categories))
    if recipe.kind is Kind.RULES and recipe.rules:
        cases = [part for rule in recipe.rules for part in (_test(rule), rule.color)]
        return ["case", *cases, NO_DATA_COLOR]
    return recipe.symbol.color


def _test(rule: Rule) -> list[Any]:
    column = ["get", rule.field]
    if rule.operator is Operator.HOLDS:
        return ["in", rule.value, ["to-string", column]]
    return [str(rule.operator), column, _value(rule)]


def _value(rule: Rule) -> str | float:
    try:
        return float(rule.value) if rule.number else rule.value
    except ValueError:
        return rule.value


def _title(rule: Rule) -> Text:
    if rule.operator is Operator.HOLDS:
        return Text(f"{rule.field} 含 {rule.value}", f"{rule.field} holds {rule.value}")
    sign = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}.get(rule.operator, rule.operator)
    return Text(f"{rule.field} {sign} {rule.value}", f"{rule.field} {sign} {rule.value}")
