"""All that a plugin may import (widgets: ``console.sdk.ui``; server halves: ``console.sdk.server``)."""

from console.model.area import Area, AreaLevel, area_contains, area_level, in_any_area, parent_area
from console.model.coordinates import Datum, from_mercator, from_wgs84, haversine, to_mercator, to_wgs84
from console.model.positions import PositionFlag, Positions
from console.model.text import Language, Text
from console.sdk.context import Context, Progress, Severity
from console.sdk.errors import (
    BackendAway,
    BackendError,
    Conflict,
    Forbidden,
    MissingPermission,
    MissingService,
    NotFound,
    NotSignedIn,
    OneMapError,
    Rejected,
)
from console.sdk.live import Change, Collection, Live, LivePositions
from console.sdk.map import (
    Identified,
    LayerEntry,
    LegendItem,
    MapFacet,
    MapLayers,
    PointLayer,
    PointStyle,
    Shape,
    ShapeLayer,
    ShapeStyle,
    Sprite,
    SpriteShape,
    Undo,
)

__version__ = "1.0.0"

__all__ = [
    "Area",
    "AreaLevel",
    "BackendAway",
    "BackendError",
    "Change",
    "Collection",
    "Conflict",
    "Context",
    "Datum",
    "Forbidden",
    "Identified",
    "Language",
    "LayerEntry",
    "LegendItem",
    "Live",
    "LivePositions",
    "MapFacet",
    "MapLayers",
    "MissingPermission",
    "MissingService",
    "NotFound",
    "NotSignedIn",
    "OneMapError",
    "PointLayer",
    "PointStyle",
    "PositionFlag",
    "Positions",
    "Progress",
    "Rejected",
    "Severity",
    "Shape",
    "ShapeLayer",
    "ShapeStyle",
    "Sprite",
    "SpriteShape",
    "Text",
    "Undo",
    "__version__",
    "area_contains",
    "area_level",
    "from_mercator",
    "from_wgs84",
    "haversine",
    "in_any_area",
    "parent_area",
    "to_mercator",
    "to_wgs84",
]
