"""Styles in the user's words."""

from __future__ import annotations

from console.sdk.classify import Method
from plugins.styles.desktop.recipe import Kind, Operator

KINDS = {
    Kind.SINGLE: "One symbol",
    Kind.CATEGORIES: "Categories",
    Kind.GRADUATED: "Graduated",
    Kind.RULES: "Rules",
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
    "hatch-cross": "Cross-hatched",
    "dots": "Dots",
    "horizontal": "Horizontal lines",
    "vertical": "Vertical lines",
}
OPERATORS = {
    Operator.EQUAL: "is",
    Operator.UNEQUAL: "is not",
    Operator.LESS: "less than",
    Operator.MOST: "at most",
    Operator.LEAST: "at least",
    Operator.MORE: "more than",
    Operator.HOLDS: "contains",
}
