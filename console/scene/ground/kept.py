"""What was read is kept while there is room for it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    @property
    def nbytes(self) -> int: ...


K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Sized)


class Kept(Generic[K, V]):
    """By key, the longest unused go first. For several threads; they read one after the other."""

    def __init__(self, room: int, read: Callable[[K], V]) -> None:
        """*room*: bytes; *read* makes what is lacking, by one thread at a time."""
        self._room, self._read = room, read
        self._lock, self._reading = threading.Lock(), threading.Lock()
        self._known: OrderedDict[K, V] = OrderedDict()
        self._taken = 0

    def get(self, key: K) -> V:
        """Raises what reading raises; a failure is not kept."""
        found = self._find(key)
        if found is not None:
            return found
        with self._reading:
            found = self._find(key)
            if found is None:
                found = self._read(key)
                self._keep(key, found)
        return found

    def _find(self, key: K) -> V | None:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def _keep(self, key: K, value: V) -> None:
        with self._lock:
            self._known[key] = value
            self._taken += value.nbytes
            while self._taken > self._room and len(self._known) > 1:
                self._taken -= self._known.popitem(last=False)[1].nbytes
