"""A facet as one plugin sees it: its handlers attributed, its registrations undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from console.plugin_host.bindings import Bindings

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]

NESTED = frozenset(
    {
        "add_points",
        "add_shapes",
        "add_features",
        "add_marks",
        "add_model",
        "add_raster",
        "add_sectors",
        "add_tiles",
        "add_vector_tiles",
        "collection",
        "layers",
        "open_pane",
        "open_swipe",
        "open_window",
        "player",
        "tile",
        "views",
    }
)
"""What gives an object that takes handlers too."""
OWNED = frozenset(
    {
        "add_points",
        "add_shapes",
        "add_features",
        "add_marks",
        "add_model",
        "add_raster",
        "add_sectors",
        "add_tiles",
        "add_vector_tiles",
        "open_pane",
        "open_swipe",
        "open_window",
        "player",
        "tile",
    }
)
"""What gives an object to ``remove`` when the plugin is switched off."""


class Guarded:
    """Stands before *target*. One rule for all facets, in place of a copy of each:

    functions handed in are handlers and get wrapped; what an ``on_…`` call
    returns is an undo and is kept; layers are removed with the plugin.
    """

    def __init__(self, target: Any, wrap: Wrap, bindings: Bindings) -> None:
        self._target = target
        self._wrap = wrap
        self._bindings = bindings

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        if not callable(value):
            return self._nested(value) if name in NESTED else value

        def call(*args: Any, **kwargs: Any) -> Any:
            inner = [self._inward(arg) for arg in args]
            result = value(*inner, **{key: self._inward(arg) for key, arg in kwargs.items()})
            return self._outward(name, result)

        return call

    def __len__(self) -> int:
        return len(self._target)

    def _inward(self, value: Any) -> Any:
        if isinstance(value, Guarded):
            return value._target
        return self._wrap(value) if callable(value) and not isinstance(value, type) else value

    def _outward(self, name: str, result: Any) -> Any:
        if name in OWNED:
            self._bindings.add(result.remove)
        if name.startswith("on_") and callable(result):
            return self._bindings.add(result)
        return self._nested(result) if name in NESTED else result

    def _nested(self, value: Any) -> Guarded:
        return Guarded(value, self._wrap, self._bindings)
