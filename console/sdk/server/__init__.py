"""All that a plugin's server half may import. No Qt here.

``register(server)`` is called once at start-up with a ServerContext; its routes
are mounted under ``/api/v1`` + the manifest's prefix.
"""

from console.sdk.server.context import (
    Caller,
    Device,
    PositionFix,
    ProtocolAnswer,
    ServerContext,
    Session,
)

__all__ = ["Caller", "Device", "PositionFix", "ProtocolAnswer", "ServerContext", "Session"]
