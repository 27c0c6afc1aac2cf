"""All that a plugin's server half may import. No Qt here.

``register(server)`` is called once at start-up with a ServerContext; its routes
are mounted under ``/api/v1`` + the manifest's prefix.
"""

from console.certificates import trusted
from console.model.area_shape import AreaShape
from console.model.layers import LayerPackage, decode_package, encode_package
from console.model.positions import PositionSource
from console.model.roads import Access, RoadUse, Surface, TurnRule
from console.processes import end_with_parent
from console.sdk.server.answers import (
    IdempotencyKey,
    announce,
    conflict,
    for_whole_district,
    given_at,
    json_answer,
    not_found,
    sees_whole_district,
    write_once,
)
from console.sdk.server.areas import AreaChange, Move, move_rows
from console.sdk.server.context import (
    Caller,
    Device,
    Networks,
    PositionFix,
    PositionRule,
    ProtocolAnswer,
    ServerContext,
    Session,
    Vault,
)
from console.sdk.server.errors import ApiError, OtherKey
from console.sdk.server.listening import DeviceDoor, Listener, Message
from console.sdk.server.masks import mask_name, mask_phone
from console.sdk.server.routing import Alternative, Facing, NoRoads, Router, RouterDown, Times, Trip
from console.sdk.server.tables import PluginBase

__all__ = [
    "Access",
    "Alternative",
    "ApiError",
    "AreaChange",
    "AreaShape",
    "Caller",
    "Device",
    "DeviceDoor",
    "Facing",
    "IdempotencyKey",
    "LayerPackage",
    "Listener",
    "Message",
    "Move",
    "Networks",
    "NoRoads",
    "OtherKey",
    "PluginBase",
    "PositionFix",
    "PositionRule",
    "PositionSource",
    "ProtocolAnswer",
    "RoadUse",
    "Router",
    "RouterDown",
    "ServerContext",
    "Session",
    "Surface",
    "Times",
    "Trip",
    "TurnRule",
    "Vault",
    "announce",
    "conflict",
    "decode_package",
    "encode_package",
    "end_with_parent",
    "for_whole_district",
    "given_at",
    "json_answer",
    "mask_name",
    "mask_phone",
    "move_rows",
    "not_found",
    "sees_whole_district",
    "trusted",
    "write_once",
]
