"""What services offer: layers as tiles to fetch, or as features to read. For a thread of the pool."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urljoin

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from console.sdk import Text
from console.sdk.map import TileService
from plugins.sources.desktop.services.address import ServiceKind, kind_of, same_host, with_query
from plugins.sources.desktop.services.asking import ODD, ServiceRefused, ask, dicts, document, link
from plugins.sources.desktop.services.tilesets import service_of

Bounds = tuple[float, float, float, float]
MERCATOR = ("EPSG:3857", "EPSG:900913", "EPSG::3857", "EPSG::900913", "EPSG/0/3857")
DEGREES = ("EPSG:4326", "EPSG:4490", "CRS:84", "CRS84", "EPSG::4326", "EPSG::4490")
URN = "urn:ogc:def:crs:EPSG::4326"
"""Named so, nobody doubts the order of the axes in GML: latitude first."""
GML = ("gml+xml; version=3.2", "gml/3.2", "gml32", "gml/3.1", "gml3", "gml")
"""Parts of names of formats, the best first."""
EMPTY = Text("服务没有提供可用的图层", "The service offers no layer that can be shown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One layer of a service: tiles, or features (``items``)."""

    name: str
    title: str
    tiles: TileService | None = None
    vector: bool = False
    items: str = ""
    """Address of the first page of features, when it offers features."""
    gml: bool = False
    """The pages come as GML, as the service knows no GeoJSON."""
    tilesets: str = ""
    """Address of a list of tilesets (OGC API), see ``resolved``."""
    bounds: Bounds | None = None
    attribution: str = ""
    datum: str = "wgs84"
    """That the service declares; empty: it says nothing."""


def offers_of(address: str, headers: Mapping[str, str]) -> list[Offer]:
    """All layers. Raises ServiceRefused."""
    kind = kind_of(address)
    if kind in (ServiceKind.XYZ, ServiceKind.VECTOR_XYZ):
        vector = kind is ServiceKind.VECTOR_XYZ
        service = TileService(url=address, headers=headers, size=512 if vector else 256, max_zoom=18)
        return [Offer(name="tiles", title="", tiles=service, vector=vector, datum="")]
    read = {ServiceKind.WMS: _wms, ServiceKind.WMTS: _wmts, ServiceKind.WFS: _wfs}.get(kind, _ogc_api)
    found = read(address, headers)
    if not found:
        raise ServiceRefused(EMPTY)
    return found


def _capabilities(address: str, headers: Mapping[str, str], service: str, version: str) -> bytes:
    """The description as XML without tricks. Raises ServiceRefused."""
    asked = with_query(address, SERVICE=service, REQUEST="GetCapabilities", VERSION=version)
    data = ask(asked, headers)
    try:
        ElementTree.fromstring(data, forbid_dtd=False)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ServiceRefused(ODD) from error
    return data


def _wms(address: str, headers: Mapping[str, str]) -> list[Offer]:
    from owslib.wms import WebMapService

    try:
        wms: Any = WebMapService(address, "1.3.0", xml=_capabilities(address, headers, "WMS", "1.3.0"))
        methods = wms.getOperationByName("GetMap").methods
        base = next((m["url"] for m in methods if m["type"].lower() == "get"), address) or address
        formats: Sequence[str] = wms.getOperationByName("GetMap").formatOptions
    except ServiceRefused:
        raise
    except Exception as error:  # owslib raises whatever comes
        raise ServiceRefused(ODD) from error
    base = _proxied(base, address)
    kind = next((f for f in ("image/png", "image/png; mode=8bit", "image/jpeg") if f in formats), "image/png")
    found = [
        _wms_layer(wms, str(name), base, kind, same_host(base, address, headers)) for name in wms.contents
    ]
    return [offer for offer in found if offer is not None]


def _proxied(base: str, address: str) -> str:
    """Servers behind a proxy name themselves ``localhost``: then the address that was asked is right."""
    inner = any(host in base for host in ("//localhost", "//127.0.0.1"))
    asked = any(host in address for host in ("//localhost", "//127.0.0.1"))
    return address if inner and not asked else base


def _wms_layer(wms: Any, name: str, base: str, form: str, headers: dict[str, str]) -> Offer | None:
    layer = wms.contents[name]
    known = [str(crs).upper() for crs in layer.crsOptions or ()]
    crs = next((c for c in MERCATOR if c in known), "") or next((c for c in DEGREES if c in known), "")
    if not crs:
        return None
    new = wms.version.startswith("1.3")
    grid, box = "mercator", "{west},{south},{east},{north}"
    if crs in DEGREES:
        grid = "geographic"
        box = "{south},{west},{north},{east}" if new and not crs.startswith("CRS") else box
    asked = {
        "SERVICE": "WMS",
        "REQUEST": "GetMap",
        "VERSION": wms.version,
        "LAYERS": name,
        "STYLES": "",
        "CRS" if new else "SRS": crs,
        "BBOX": box,
        "WIDTH": "512",
        "HEIGHT": "512",
        "FORMAT": form,
        "TRANSPARENT": "TRUE",
    }
    bounds = _box(layer.boundingBoxWGS84)
    tiles = TileService(
        url=with_query(base, **asked), size=512, max_zoom=20, grid=grid, bounds=bounds, headers=headers
    )
    return Offer(name=name, title=layer.title or name, tiles=tiles, bounds=bounds, attribution=_credit(layer))


def _credit(layer: Any) -> str:
    credit = getattr(layer, "attribution", None)
    return str(credit.get("title") or "") if isinstance(credit, dict) else ""


def _box(box: Any) -> Bounds | None:
    if not box or len(box) != 4 or not all(math.isfinite(float(v)) for v in box):
        return None
    west, south, east, north = (float(v) for v in box)
    return (west, south, east, north) if west < east and south < north else None


def _wmts(address: str, headers: Mapping[str, str]) -> list[Offer]:
    from owslib.wmts import WebMapTileService

    try:
        wmts: Any = WebMapTileService(address, xml=_capabilities(address, headers, "WMTS", "1.0.0"))
        found = [_wmts_layer(wms_layer, wmts, address, headers) for wms_layer in wmts.contents.values()]
    except ServiceRefused:
        raise
    except Exception as error:  # owslib raises whatever comes
        raise ServiceRefused(ODD) from error
    return [offer for offer in found if offer is not None]


def _wmts_layer(layer: Any, wmts: Any, address: str, headers: Mapping[str, str]) -> Offer | None:
    for name in layer.tilematrixsetlinks:
        matrices = wmts.tilematrixsets.get(name)
        found = _levels(matrices) if matrices is not None else None
        if found is None:
            continue
        grid, levels, size = found
        style = next(iter(layer.styles), "default") or "default"
        url = _wmts_address(layer, wmts, address, name, style)
        low = next(z for z, level in enumerate(levels) if level)
        bounds = _box(layer.boundingBoxWGS84)
        tiles = TileService(
            url=url, size=size, min_zoom=low, max_zoom=len(levels) - 1, grid=grid, bounds=bounds,
            matrices=levels, headers=same_host(url, address, headers),
        )  # fmt: skip
        return Offer(name=layer.id, title=layer.title or layer.id, tiles=tiles, bounds=bounds)
    return None


Grid = Literal["mercator", "geographic"]


def _levels(matrices: Any) -> tuple[Grid, list[str], int] | None:
    """Grid, names of the levels by number, and size; None for a pyramid that is not ours."""
    crs = str(matrices.crs).upper()
    geographic = any(crs.endswith(c) or c in crs for c in DEGREES)
    if not geographic and not any(crs.endswith(c) or c in crs for c in MERCATOR):
        return None
    levels: dict[int, str] = {}
    size = 256
    for name, matrix in matrices.tilematrix.items():
        rows, columns = int(matrix.matrixheight), int(matrix.matrixwidth)
        size = int(matrix.tilewidth)
        level = round(math.log2(rows)) if rows > 0 else -1
        if rows == 1 << max(level, 0) and columns == (2 * rows if geographic else rows):
            levels[level] = str(name)
    if not levels:
        return None
    grid: Grid = "geographic" if geographic else "mercator"
    return grid, [levels.get(z, "") for z in range(max(levels) + 1)], size


def _wmts_address(layer: Any, wmts: Any, address: str, matrices: str, style: str) -> str:
    pictures = [r for r in layer.resourceURLs or () if r.get("resourceType") == "tile"]
    if pictures:
        url = str(pictures[0]["template"])
        for name, value in (("TileMatrixSet", matrices), ("Style", style), ("style", style)):
            url = url.replace("{" + name + "}", value)
        for name, ours in (("TileMatrix", "matrix"), ("TileRow", "y"), ("TileCol", "x")):
            url = url.replace("{" + name + "}", "{" + ours + "}")
        return url
    form = next(
        (f for f in ("image/png", "image/jpeg") if f in layer.formats), (layer.formats or ["image/png"])[0]
    )
    return with_query(
        address, SERVICE="WMTS", REQUEST="GetTile", VERSION="1.0.0", LAYER=layer.id, STYLE=style,
        TILEMATRIXSET=matrices, TILEMATRIX="{matrix}", TILEROW="{y}", TILECOL="{x}", FORMAT=form,
    )  # fmt: skip


def _wfs(address: str, headers: Mapping[str, str]) -> list[Offer]:
    root = ElementTree.fromstring(_capabilities(address, headers, "WFS", "2.0.0"))
    form, version = _feature_format(root), root.get("version") or "2.0.0"
    gml = "json" not in form.lower()
    found: list[Offer] = []
    for kind in root.iter():
        if not str(kind.tag).endswith("}FeatureType"):
            continue
        texts = {str(child.tag).rpartition("}")[2]: (child.text or "").strip() for child in kind}
        name = texts.get("Name", "")
        if name:
            items = with_query(
                address, SERVICE="WFS", REQUEST="GetFeature", VERSION=version, TYPENAMES=name, TYPENAME=name,
                SRSNAME=URN if gml else "EPSG:4326", OUTPUTFORMAT=form,
            )  # fmt: skip
            found.append(Offer(name=name, title=texts.get("Title") or name, items=items, gml=gml))
    return found


def _feature_format(root: Any) -> str:
    """What the service calls GeoJSON, or else GML. Raises ServiceRefused when it has neither."""
    elements = (element for element in root.iter() if str(element.tag).endswith(("Value", "Format")))
    names = [(element.text or "").strip() for element in elements]
    json = [name for name in names if "json" in name.lower()]
    if json:
        return "application/json" if "application/json" in json else json[0]
    for wanted in GML:
        for name in names:
            if wanted in name.lower():
                return name
    raise ServiceRefused(
        Text("该 WFS 服务既不提供 GeoJSON 也不提供 GML", "The WFS service offers neither GeoJSON nor GML")
    )


def _ogc_api(address: str, headers: Mapping[str, str]) -> list[Offer]:
    landing = document(
        ask(with_query(address, F="json") if "?" in address else address, headers, "application/json")
    )
    where = link(landing, "data", address) or link(
        landing, "http://www.opengis.net/def/rel/ogc/1.0/data", address
    )
    tiles = any("tilesets-" in str(entry.get("rel")) for entry in dicts(landing.get("links")))
    if "id" in landing and (tiles or link(landing, "items", address)):
        return _collection(landing, address)
    if not where and not tiles and "collections" not in landing:
        raise ServiceRefused(ODD)
    listing = document(ask(where, headers, "application/json")) if where else landing
    found = _tile_offers(landing, "", "", address)
    for entry in dicts(listing.get("collections")):
        if entry.get("id"):
            found += _collection(entry, where or address)
    return found


def _collection(entry: dict[str, Any], address: str) -> list[Offer]:
    """Features, if it has any, and tiles; pygeoapi names items of collections of tiles, too, and has none."""
    name, title = str(entry["id"]), str(entry.get("title") or entry["id"])
    bounds = _extent(entry)
    tiles = _tile_offers(entry, name, title, address)
    items = link(entry, "items", address) if entry.get("itemType") != "tile" else ""
    if not items and not tiles:
        items = urljoin(address.split("?")[0].rstrip("/") + "/", f"{name}/items")
    features = [Offer(name=name, title=title, items=items)] if items else []
    return [replace(offer, bounds=bounds) for offer in (*features, *tiles)]


def _extent(entry: dict[str, Any]) -> Bounds | None:
    try:
        return _box(entry["extent"]["spatial"]["bbox"][0])
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _tile_offers(described: dict[str, Any], name: str, title: str, address: str) -> list[Offer]:
    """Of the landing page or a collection; which tiles they are is asked when one is chosen."""
    return [
        Offer(name=f"{name}:{kind}", title=title, tilesets=where, vector=kind == "vector")
        for kind in ("vector", "map")
        if (where := link(described, f"http://www.opengis.net/def/rel/ogc/1.0/tilesets-{kind}", address))
    ]


def resolved(offer: Offer, headers: Mapping[str, str]) -> Offer:
    """With its tiles, if it only named a list of tilesets. Raises ServiceRefused."""
    if not offer.tilesets:
        return offer
    tiles = service_of(offer.tilesets, headers, vector=offer.vector)
    return replace(offer, tiles=replace(tiles, bounds=offer.bounds))
