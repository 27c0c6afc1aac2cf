"""All that a plugin may import (widgets: ``console.sdk.ui``; server halves: ``console.sdk.server``)."""

from console.model.area import Area, AreaLevel, area_contains, area_level, in_any_area, parent_area
from console.model.coordinates import Datum, from_mercator, from_wgs84, haversine, to_mercator, to_wgs84
from console.model.positions import PositionFlag, Positions, PositionSource
from console.model.text import Language, Text
from console.sdk.context import Context, Progress, Severity, Waiting
from console.sdk.errors import (
    BackendAway,
    BackendError,
    Conflict,
    Forbidden,
    MissingPermission,
    MissingService,
    NotAccepted,
    NotFound,
    NotSignedIn,
    OneMapError,
    QgisError,
    Rejected,
)
from console.sdk.layers import LayerEntry, LayerFiles, MapLayers
from console.sdk.live import Change, Collection, Live, LivePositions
from console.sdk.map import Identified, LegendItem, MapFacet, PointLayer, SectorLayer, ShapeLayer, Undo
from console.sdk.qgis import Qgis, QgisAlgorithm, QgisNode, QgisParameter, QgisResult, QgisState
from console.sdk.symbols import PointStyle, Shape, ShapeStyle, Sprite, SpriteShape

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
    "LayerFiles",
    "LegendItem",
    "Live",
    "LivePositions",
    "MapFacet",
    "MapLayers",
    "MissingPermission",
    "MissingService",
    "NotAccepted",
    "NotFound",
    "NotSignedIn",
    "OneMapError",
    "PointLayer",
    "PointStyle",
    "PositionFlag",
    "PositionSource",
    "Positions",
    "Progress",
    "Qgis",
    "QgisAlgorithm",
    "QgisError",
    "QgisNode",
    "QgisParameter",
    "QgisResult",
    "QgisState",
    "Rejected",
    "SectorLayer",
    "Severity",
    "Shape",
    "ShapeLayer",
    "ShapeStyle",
    "Sprite",
    "SpriteShape",
    "Text",
    "Undo",
    "Waiting",
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
