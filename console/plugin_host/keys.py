"""Keys of commands and panels: who claims which, who has it, what the user chose."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from console.plugin_host.listeners import Listeners, once
from console.plugin_host.state_file import StateFile
from console.sdk import Undo

_BETWEEN = re.compile(r"(?<!\+),")  # not the comma key itself, as in Ctrl+,
_MODIFIERS = ("Ctrl", "Alt", "Shift", "Meta")
_FIRST = ("shell.", "onemap.")
"""How ids of the console's own begin: the window's keys go before the built-in plugins', those before all."""


@dataclass(frozen=True, slots=True)
class KeyConflict:
    """Several claim one key; *winner* has it until the user chooses another."""

    key: str
    claimants: tuple[str, ...]
    winner: str


class KeyRegistry:
    """Keys by the id of the command or panel.

    Until the user chooses, the console itself has a key that it claims, then the
    built-in plugins, then whoever came first.
    """

    def __init__(self, file: StateFile | None = None) -> None:
        self._file = file or StateFile()
        self._defaults: dict[str, str] = {}
        self._changed: Listeners[[]] = Listeners()
        self._by_key: dict[str, tuple[str, ...]] | None = None

    def claim(self, owner: str, key: str) -> Undo:
        """*owner* would like *key*, as its manifest says; empty: it has none until the user gives it one."""
        self._defaults[owner] = normal_key(key)
        self._tell()
        return once(lambda: self._release(owner))

    def _release(self, owner: str) -> None:
        self._defaults.pop(owner, None)
        self._tell()

    def key_of(self, owner: str) -> str:
        """The key that *owner* has now; empty when none, or when another has it."""
        key = self.wanted(owner)
        return key if key and self._winner(key) == owner else ""

    def conflicts(self) -> list[KeyConflict]:
        """All keys that several claim and the user has not decided about."""
        return [
            KeyConflict(key, claimants, claimants[0])
            for key, claimants in self._claimants().items()
            if len(claimants) > 1 and self._chosen().get(key) not in claimants
        ]

    def wanted(self, owner: str) -> str:
        """The key that *owner* would like, though another may have it; empty for none."""
        return self._wanted(owner) if owner in self._defaults else ""

    def rivals(self, owner: str, key: str | None = None) -> tuple[str, ...]:
        """Who else wants *key*, by default the one that *owner* wants."""
        wanted = self.wanted(owner) if key is None else normal_key(key)
        return tuple(other for other in self._claimants().get(wanted, ()) if other != owner)

    def choose(self, key: str, owner: str) -> None:
        """The user gives *key* to *owner*, one of its claimants; kept for good."""
        self._file.data.setdefault("winners", {})[normal_key(key)] = owner
        self._file.save()
        self._tell()

    def assign(self, owner: str, key: str | None) -> None:
        """The user gives *owner* another key ("" for none, None: back to the default).

        It has the key then, whoever else wants it.
        """
        own = self._file.data.setdefault("keys", {})
        if key is None:
            own.pop(owner, None)
        else:
            own[owner] = normal_key(key)
        if key and self.rivals(owner, key):
            self._file.data.setdefault("winners", {})[normal_key(key)] = owner
        self._file.save()
        self._tell()

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when any key may have changed hands."""
        return self._changed.add(handler)

    def _chosen(self) -> dict[str, str]:
        return self._file.data.get("winners", {})

    def _wanted(self, owner: str) -> str:
        return self._file.data.get("keys", {}).get(owner, self._defaults.get(owner, ""))

    def _claimants(self) -> dict[str, tuple[str, ...]]:
        """Owners by the key that they want, the one with the best right first; kept until a change."""
        if self._by_key is None:
            by_key: dict[str, tuple[str, ...]] = {}
            for owner in sorted(self._defaults, key=_right):
                key = self._wanted(owner)
                by_key[key] = (*by_key.get(key, ()), owner)
            by_key.pop("", None)
            self._by_key = by_key
        return self._by_key

    def _winner(self, key: str) -> str:
        claimants, chosen = self._claimants()[key], self._chosen().get(key, "")
        return chosen if chosen in claimants else claimants[0]

    def _tell(self) -> None:
        self._by_key = None
        self._changed.fire()


def _right(owner: str) -> int:
    return next((at for at, prefix in enumerate(_FIRST) if owner.startswith(prefix)), len(_FIRST))


def normal_key(key: str) -> str:
    """One spelling for one key: modifiers in a fixed order, ``ctrl + p`` as ``Ctrl+P``."""
    if not key:
        return ""
    chords = [_normal_chord(chord.strip()) for chord in _BETWEEN.split(key)]
    return ", ".join(chord for chord in chords if chord)


def _normal_chord(chord: str) -> str:
    plus = chord.endswith("+")  # the plus key itself, as in Ctrl++
    parts = [part.strip() for part in chord.rstrip("+").split("+") if part.strip()]
    names = {name.lower(): name for name in _MODIFIERS}
    modifiers = {names[part.lower()] for part in parts if part.lower() in names}
    rest = [part if len(part) > 1 else part.upper() for part in parts if part.lower() not in names]
    return "+".join([*(name for name in _MODIFIERS if name in modifiers), *rest, *(["+"] if plus else [])])
