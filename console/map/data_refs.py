"""Data layers as the window tells its workers of them, and what those lack to draw one."""

from __future__ import annotations

import msgspec


class DataRef(msgspec.Struct, frozen=True, kw_only=True):
    """What all data layers have: drawn above the base map, topmost last."""

    id: str
    version: str
    """Another for other content."""
    visible: bool = True
    opacity: float = 1.0


class FeatureRef(DataRef, frozen=True, kw_only=True, tag="features"):
    """Features of layer packages."""

    packages: tuple[str, ...]
    """Files."""
    style: str
    """Layers of a MapLibre style as JSON."""


AnyRef = FeatureRef
