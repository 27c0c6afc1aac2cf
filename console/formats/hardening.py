"""GDAL as it is safe with files that may come from anybody.

It reads this from the environment when it is first imported, so nothing is imported here.
"""

from __future__ import annotations

import os

_FOLLOWING = (
    *("OGR_VRT", "GDALG", "WFS", "OAPIF", "OGCAPI", "CSW", "Elasticsearch", "Carto", "AmigoCloud", "NGW"),
    *("PLSCENES", "EEDA", "HTTP", "ESRIJSON", "ADBC", "GPSBabel", "SQLite", "MapML"),
)
"""GDAL's drivers that read other files or ask servers because a file says so, or that take
what our formats' own drivers must refuse."""
_CONFIG = {
    "OGR_XLSX_HEADERS": "FORCE",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "DXF_MERGE_BLOCK_GEOMETRIES": "FALSE",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
}


def harden() -> None:
    """Before the first import of pyogrio in this process, or of anything that imports it."""
    os.environ["OGR_SKIP"] = ",".join(_FOLLOWING)
    os.environ.update(_CONFIG)
