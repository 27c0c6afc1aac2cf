"""What the console gives the plugins: filled by the composition root, handed on piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from console.sdk import Live, MapFacet, Qgis, Undo
from console.sdk.context import Backend, Notify, Selection, Tasks
from console.sdk.media import Media
from console.sdk.scene import Scene


class ThemeSource(Protocol):
    """The theme in use."""

    def color(self, token: str) -> str: ...
    def on_change(self, handler: Callable[[], None]) -> Undo: ...


class LanguageSource(Protocol):
    """The language in use."""

    @property
    def current(self) -> str: ...
    def on_change(self, handler: Callable[[], None]) -> Undo: ...


@dataclass(slots=True, kw_only=True)
class Facets:
    """The real facets; each plugin gets them wrapped (attributed, undone, cut by permission).

    ``map``, ``live``, ``backend``, ``qgis``, ``scene`` and ``media`` may be set later, but before the first
    plugin that needs them is activated.
    """

    notify: Notify
    tasks: Tasks
    selection: Selection
    theme: ThemeSource
    language: LanguageSource
    map: MapFacet | None = None
    live: Live | None = None
    backend: Backend | None = None
    qgis: Qgis | None = None
    scene: Scene | None = None
    media: Media | None = None
    services: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Further services of the console itself, by name."""

    def offered(self) -> set[str]:
        """Names that a manifest's ``requires`` may rely on."""
        known = ("map", "live", "backend", "qgis", "scene", "media")
        facets = {name for name in known if getattr(self, name) is not None}
        return facets | set(self.services)
