"""Addresses with times in them, as recorders have: ``rtsp://host/{channel}?starttime={begin:%Y%m%dT%H%M%SZ}``.

Fields are ``channel``, ``begin``, ``end`` and ``speed``. Behind the colon of a time stands how it is written
(strftime, UTC), with ``local:`` in front for the clock of this machine; nothing or ``unix`` is s since 1970.
"""

from __future__ import annotations

import string
from datetime import UTC, datetime
from urllib.parse import quote

TIMES = ("begin", "end")
LOCAL = "local:"


class Pattern:
    """One such address. Raises ValueError when it has other fields."""

    def __init__(self, text: str) -> None:
        self._parts: list[tuple[str, str | None, str]] = []
        for before, field, spec, conversion in string.Formatter().parse(text):
            plain = field is None or field in (*TIMES, "channel", "speed")
            if not plain or conversion or (spec and field not in TIMES):
                raise ValueError(text)
            self._parts.append((before, field, spec or ""))

    @property
    def has_speed(self) -> bool:
        """Whether the recorder can be told how fast to send."""
        return any(field == "speed" for _, field, _ in self._parts)

    def filled(self, channel: str, begin: float, end: float, speed: float = 1.0) -> str:
        """The address for a stretch, s since 1970."""
        values = {
            "channel": lambda _: quote(channel, safe="/"),
            "begin": lambda spec: _written(begin, spec),
            "end": lambda spec: _written(end, spec),
            "speed": lambda _: f"{speed:g}",
        }
        return "".join(
            before + (values[field](spec) if field is not None else "") for before, field, spec in self._parts
        )


def _written(when: float, spec: str) -> str:
    if spec in ("", "unix"):
        return f"{when:.3f}".rstrip("0").rstrip(".")
    if spec.startswith(LOCAL):
        return datetime.fromtimestamp(when).astimezone().strftime(spec.removeprefix(LOCAL))
    return datetime.fromtimestamp(when, UTC).strftime(spec)
