"""OsmAnd's protocol, as Traccar Client and OsmAnd speak it: a query, or JSON in newer clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from console.sdk.server import PositionFix, PositionSource, ProtocolAnswer
from console.server.protocols.reading import (
    KNOT,
    MAX_FIXES,
    as_table,
    json_object,
    number,
    place,
    scaled,
    time_of,
)


def parse_osmand(query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> ProtocolAnswer:
    """Fixes of one request. Raises ValueError without an id or with a place out of range."""
    if body.lstrip()[:1] == b"{":
        return _parse_json(as_table(json_object(body)))
    values = dict(query)
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        values |= dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=100))
    return _parse_query(values)


def _parse_query(values: Mapping[str, str]) -> ProtocolAnswer:
    """Speed is in knots, battery in per cent."""
    device_id = values.get("id") or values.get("deviceid") or ""
    if not device_id:
        raise ValueError("the id is missing")
    lat, lon = values.get("lat"), values.get("lon")
    if "location" in values:
        lat, _, lon = values["location"].partition(",")
    sos = values.get("alarm") == "sos"
    if lat is None and lon is None:
        if not sos:
            return ProtocolAnswer(device_id=device_id, fixes=())
        lat = lon = "0"  # a call for help without a fix: the rules keep it from the map
    x, y = place(lon, lat)
    fix = PositionFix(
        lon=x,
        lat=y,
        time=time_of(values.get("timestamp")),
        speed=scaled(values.get("speed"), KNOT),
        heading=number(values.get("bearing", values.get("heading"))),
        accuracy=scaled(values.get("accuracy"), 1.0),
        altitude=number(values.get("altitude")),
        battery=scaled(values.get("batt"), 0.01),
        sos=sos,
        mock=values.get("mock") == "true",
        source=PositionSource.OSMAND,
    )
    return ProtocolAnswer(device_id=device_id, fixes=(fix,))


def _parse_json(content: dict[str, Any]) -> ProtocolAnswer:
    """Speed is in metres a second, battery 0..1, -1 is absent."""
    device_id = content.get("device_id")
    if not isinstance(device_id, str) or not device_id:
        raise ValueError("the device_id is missing")
    locations = content.get("location")
    many = locations if isinstance(locations, list) else [locations]
    fixes = tuple(_json_fix(item) for item in many[:MAX_FIXES] if isinstance(item, dict))
    return ProtocolAnswer(device_id=device_id, fixes=fixes)


def _json_fix(location: dict[str, Any]) -> PositionFix:
    coords, battery = as_table(location.get("coords")), as_table(location.get("battery"))
    lon, lat = place(coords.get("longitude"), coords.get("latitude"))
    return PositionFix(
        lon=lon,
        lat=lat,
        time=time_of(location.get("timestamp")),
        speed=scaled(coords.get("speed"), 1.0),
        heading=scaled(coords.get("heading"), 1.0),
        accuracy=scaled(coords.get("accuracy"), 1.0),
        altitude=number(coords.get("altitude")),
        battery=scaled(battery.get("level"), 1.0),
        sos=location.get("event") == "sos" or as_table(location.get("extras")).get("alarm") == "sos",
        mock=location.get("mock") is True,
        floor=number(coords.get("floor")),
        source=PositionSource.OSMAND,
    )
