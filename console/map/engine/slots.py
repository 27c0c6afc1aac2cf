"""The slots of the shared memory, lent to whichever view needs one most: one budget for all views."""

from __future__ import annotations

from typing import Protocol


class Holder(Protocol):
    """A cache of pictures that lie in slots."""

    def __len__(self) -> int: ...

    def give_up(self, *, around: bool) -> int | None:
        """The slot of a picture that can be done without; with *around*, of one beside the view too."""
        ...


class SlotPool:
    """Lends *count* slots; what is lent stays with its holder until it is given back or given up."""

    def __init__(self, count: int) -> None:
        self._free = list(range(count))
        self._holders: list[Holder] = []

    def __len__(self) -> int:
        """Slots that nobody holds."""
        return len(self._free)

    def enter(self, holder: Holder) -> None:
        """Ask *holder* too when slots are short."""
        self._holders.append(holder)

    def leave(self, holder: Holder) -> None:
        """The holder has given all back."""
        self._holders.remove(holder)

    def take(self, *, urgent: bool) -> int | None:
        """A free slot, else one that its holder can do without, those who hold most first.

        None if all are in use. What is seen (*urgent*) goes before what lies around another view; the
        other way round two views would take the same slots from one another for ever.
        """
        if self._free:
            return self._free.pop()
        holders = sorted(self._holders, key=len, reverse=True)
        for around in (False, True) if urgent else (False,):
            for holder in holders:
                slot = holder.give_up(around=around)
                if slot is not None:
                    return slot
        return None

    def give_back(self, slot: int) -> None:
        self._free.append(slot)
