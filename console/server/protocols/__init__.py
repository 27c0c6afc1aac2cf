"""Position protocols by name: how devices' requests become fixes."""

from __future__ import annotations

from console.sdk.server.context import ProtocolParser


class Protocols:
    """The ``position_protocols`` of one server."""

    def __init__(self) -> None:
        self._parsers: dict[str, ProtocolParser] = {}

    def add(self, name: str, parser: ProtocolParser) -> None:
        """Mount *parser* at ``/ingest/<name>``. Raises ValueError when the name is taken."""
        if name in self._parsers:
            raise ValueError(f"the position protocol {name} is there already")
        self._parsers[name] = parser

    def get(self, name: str) -> ProtocolParser | None:
        """The parser of a protocol."""
        return self._parsers.get(name)
