"""Services as data sources: picture tiles, WMS, WMTS, vector tiles, WFS, OGC API."""
