"""Styles in the user's words."""

from __future__ import annotations

from console.sdk.charts import ChartKind
from console.sdk.classify import Method
from console.sdk.safe_svg import Fault
from plugins.styles.desktop.recipe import Kind, Operator

KINDS = {
    Kind.SINGLE: "One symbol",
    Kind.CATEGORIES: "Categories",
    Kind.GRADUATED: "Graduated",
    Kind.RULES: "Rules",
    Kind.CHARTS: "Charts",
}
METHODS = {
    Method.QUANTILE: "Equal counts (quantiles)",
    Method.JENKS: "Natural breaks (Jenks)",
    Method.EQUAL: "Equal intervals",
    Method.DEVIATION: "Standard deviations",
}
PATTERNS = {
    "": "Plain",
    "hatch": "Hatched",
    "hatch-back": "Hatched the other way",
    "hatch-cross": "Cross-hatched",
    "grid": "Grid lines",
    "dots": "Dots",
    "dots-dense": "Dense dots",
    "horizontal": "Horizontal lines",
    "vertical": "Vertical lines",
}
ARROWS = {"": "None", "along": "Along the line", "end": "At the end"}
CHARTS = {ChartKind.PIE: "Pies, by area", ChartKind.BARS: "Bars"}
LAYER_TYPES = {"fill": "Areas", "line": "Lines", "circle": "Circles", "symbol": "Texts"}
FAULTS = {fault: str(fault) for fault in Fault}
OPERATORS = {
    Operator.EQUAL: "is",
    Operator.UNEQUAL: "is not",
    Operator.LESS: "less than",
    Operator.MOST: "at most",
    Operator.LEAST: "at least",
    Operator.MORE: "more than",
    Operator.HOLDS: "contains",
}
