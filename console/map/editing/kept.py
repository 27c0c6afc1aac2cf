"""What was worked out of a frozen thing is kept while the thing is: most rings of an edit never change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Calls *make* once for each object (not for each equal one: comparing rings takes longer)."""

    def __init__(self, make: Callable[[K], V], most: int = 256) -> None:
        self._make, self._most = make, most
        self._known: OrderedDict[int, tuple[K, V]] = OrderedDict()

    def __call__(self, key: K) -> V:
        found = self._known.get(id(key))
        if found is None or found[0] is not key:
            found = self._known[id(key)] = key, self._make(key)  # the key is held, so its id stays its own
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return found[1]
