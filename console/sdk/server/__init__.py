"""All that a plugin's server half may import. No Qt here.

``register(server)`` is called once at start-up with a ServerContext; its routes
are mounted under ``/api/v1`` + the manifest's prefix.
"""

from console.model.layers import LayerPackage, decode_package, encode_package
from console.sdk.server.context import (
    Caller,
    Device,
    PositionFix,
    ProtocolAnswer,
    ServerContext,
    Session,
)
from console.sdk.server.errors import ApiError
from console.sdk.server.routing import NoRoads, Router
from console.sdk.server.tables import PluginBase

__all__ = [
    "ApiError",
    "Caller",
    "Device",
    "LayerPackage",
    "NoRoads",
    "PluginBase",
    "PositionFix",
    "ProtocolAnswer",
    "Router",
    "ServerContext",
    "Session",
    "decode_package",
    "encode_package",
]
