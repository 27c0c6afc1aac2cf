"""How GDAL and PROJ fail."""

from __future__ import annotations

import pyproj.exceptions
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, GeometryError

GDAL_ERRORS: tuple[type[Exception], ...] = (
    DataSourceError,
    DataLayerError,
    FeatureError,
    GeometryError,
    CRSError,
    pyproj.exceptions.ProjError,
    ValueError,
    RuntimeError,
)
"""What pyogrio and PROJ raise for files that they cannot read."""
