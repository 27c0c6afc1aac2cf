"""What services offer: layers as tiles to fetch, or as features to read. For a thread of the pool."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from console.sdk import Text
from console.sdk.map import TileService
from plugins.sources.desktop.services.address import ServiceKind, kind_of, origin, with_query
from plugins.sources.desktop.services.asking import ServiceRefused, ask, link

Bounds = tuple[float, float, float, float]
MERCATOR = ("EPSG:3857", "EPSG:900913", "EPSG::3857", "EPSG::900913", "EPSG/0/3857")
DEGREES = ("EPSG:4326", "EPSG:4490", "CRS:84", "CRS84", "EPSG::4326", "EPSG::4490")
EMPTY = Text("服务没有提供可用的图层", "The service offers no layer that can be shown")
ODD = Text(
    "返回的内容不是服务说明，请检查地址", "What came is no description of a service; please check the address"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One layer of a service: tiles, or features (``items``)."""

    name: str
    title: str
    tiles: TileService | None = None
    vector: bool = False
    items: str = ""
    """Address of the first page of features, when it offers features."""
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


def _same_host(there: str, address: str, headers: Mapping[str, str]) -> dict[str, str]:
    """A sign-in goes to the host that the user named, and to no other."""
    return dict(headers) if origin(there) == origin(address) else {}


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
        _wms_layer(wms, str(name), base, kind, _same_host(base, address, headers)) for name in wms.contents
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
            matrices=levels, headers=_same_host(url, address, headers),
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
    form, version = _geojson(root), root.get("version") or "2.0.0"
    found: list[Offer] = []
    for kind in root.iter():
        if not str(kind.tag).endswith("}FeatureType"):
            continue
        texts = {str(child.tag).rpartition("}")[2]: (child.text or "").strip() for child in kind}
        name = texts.get("Name", "")
        if name:
            items = with_query(
                address, SERVICE="WFS", REQUEST="GetFeature", VERSION=version, TYPENAMES=name, TYPENAME=name,
                SRSNAME="EPSG:4326", OUTPUTFORMAT=form,
            )  # fmt: skip
            found.append(Offer(name=name, title=texts.get("Title") or name, items=items))
    return found


def _geojson(root: Any) -> str:
    """What the service calls GeoJSON. Raises ServiceRefused when it has none."""
    elements = (element for element in root.iter() if str(element.tag).endswith(("Value", "Format")))
    names = [(element.text or "").strip() for element in elements]
    found = [name for name in names if "json" in name.lower()]
    if not found:
        raise ServiceRefused(Text("该 WFS 服务不提供 GeoJSON 格式", "The WFS service offers no GeoJSON"))
    return "application/json" if "application/json" in found else found[0]


def _ogc_api(address: str, headers: Mapping[str, str]) -> list[Offer]:
    landing = _json(
        ask(with_query(address, F="json") if "?" in address else address, headers, "application/json")
    )
    where = link(landing, "data", address) or link(
        landing, "http://www.opengis.net/def/rel/ogc/1.0/data", address
    )
    if not where and "collections" not in landing:
        raise ServiceRefused(ODD)
    listing = landing if "collections" in landing else _json(ask(where, headers, "application/json"))
    found: list[Offer] = []
    entries = listing.get("collections")
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict) or not entry.get("id"):
            continue
        items = link(entry, "items", where or address)
        if not items:
            items = urljoin((where or address).split("?")[0].rstrip("/") + "/", f"{entry['id']}/items")
        boxes = entry.get("extent", {}).get("spatial", {}).get("bbox", [])
        bounds = _box(boxes[0]) if boxes and len(boxes[0]) == 4 else None
        found.append(
            Offer(
                name=str(entry["id"]),
                title=str(entry.get("title") or entry["id"]),
                items=items,
                bounds=bounds,
            )
        )
    return found


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ServiceRefused(ODD) from error
    if not isinstance(found, dict):
        raise ServiceRefused(ODD)
    return found
