"""How the times of a stream and ours go together: what is early waits, what is late is noticed."""

from __future__ import annotations

from dataclasses import dataclass

from av.packet import Packet

from console.media.backlog import BEHIND, Backlog
from console.media.pace import Pace

RESTED = 0.02
"""Seconds of waiting for data: nothing newer was there, the picture is late because the line is."""
LISTED = {"hls", "dash"}
"""Kinds that hand out seconds of video at once."""
TIMELESS = {"mpjpeg", "mjpeg"}
"""Kinds whose times are made up by the library."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Of a packet. Seconds."""

    late: float = 0.0
    """That the decoder is behind what is sent."""
    late_for: float = 0.0
    """That it has been so without a rest."""
    newest: bool = True
    """Whether nothing newer waits behind it, as far as can be seen."""


class Clock:
    """Of one stream, from its opening on; *form* is the library's name of its kind."""

    def __init__(self, form: str) -> None:
        self._timeless = form in TIMELESS
        self._pace = Pace() if form in LISTED else None
        self._backlog = Backlog()
        self._late, self._rested = 0.0, 0.0

    def pause(self, packet: Packet, now: float) -> float:
        """Seconds to wait before it is decoded."""
        at = _time(packet)
        return self._pace.wait(at, now) if self._pace and at is not None else 0.0

    def timing(self, packet: Packet, now: float, waited: float) -> Timing:
        """*waited*: seconds that it was waited for."""
        if self._timeless or self._pace:
            return Timing()
        if (at := _time(packet)) is not None:
            self._late = self._backlog.late(at, now)
        newest = self._late < BEHIND or waited > RESTED
        self._rested = now if newest else self._rested
        return Timing(self._late, now - self._rested, newest)


def _time(packet: Packet) -> float | None:
    if packet.dts is None or packet.time_base is None:
        return None
    return float(packet.dts * packet.time_base)
