"""Links to a view of the map: ``onemap://view?lon=117.18&lat=34.26&zoom=15&layers=roads,staff``.

Whoever opens one sees the place, with those layers shown. It can do nothing else: no part of it names
a command, a file or an address, and it never hides a layer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

from console.sdk.errors import OneMapError

SCHEME = "onemap"
LONGEST = 4096
"""Characters of a link."""
MOST_LAYERS = 100
NORTHMOST = 85.06
"""Degrees: where the map ends."""
_NUMBER = re.compile(r"[-+]?\d{1,3}(\.\d{1,15})?")
_LAYER = re.compile(r"[\w.:\- ]{1,120}")


class LinkError(OneMapError):
    """A text that is no link to a view; *part* is what is wrong with it."""

    def __init__(self, part: str) -> None:
        super().__init__(f"not a link to a view of the map: {part}")
        self.part = part


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLink:
    """What a link says: WGS84 degrees, zoom of the map, ids of layers."""

    lon: float
    lat: float
    zoom: float
    layers: tuple[str, ...] = ()


def is_link(text: str) -> bool:
    """Whether it begins like one."""
    return text.strip()[: len(SCHEME) + 3].lower() == f"{SCHEME}://"


def read_link(text: str) -> ViewLink:
    """Raises LinkError for anything else; unknown parameters are passed over."""
    text = text.strip()
    if len(text) > LONGEST:
        raise LinkError("too long")
    if not text.isprintable() or not is_link(text):
        raise LinkError("the beginning")
    try:
        parts = urlsplit(text)
        pairs = parse_qsl(parts.query, strict_parsing=True, max_num_fields=20, errors="strict")
    except ValueError as error:
        raise LinkError("the form") from error
    if parts.netloc.lower() != "view" or parts.path not in ("", "/") or parts.fragment:
        raise LinkError("the address")
    values = dict(pairs)
    if len(values) != len(pairs):
        raise LinkError("a parameter twice")
    return ViewLink(
        lon=_number(values, "lon", 180.0),
        lat=_number(values, "lat", NORTHMOST),
        zoom=_number(values, "zoom", 22.0, least=0.0),
        layers=_layers(values.get("layers", "")),
    )


def write_link(link: ViewLink) -> str:
    """The link as text: degrees to about 1 cm."""
    text = f"{SCHEME}://view?lon={link.lon:.7f}&lat={link.lat:.7f}&zoom={link.zoom:g}"
    kept: list[str] = []
    for layer in link.layers[:MOST_LAYERS]:
        if _LAYER.fullmatch(layer) and len(text) + len(quote(",".join([*kept, layer]))) < LONGEST - 10:
            kept.append(layer)
    return f"{text}&layers={quote(','.join(kept), safe=',')}" if kept else text


def _number(values: dict[str, str], name: str, most: float, least: float | None = None) -> float:
    text = values.get(name, "")
    if not _NUMBER.fullmatch(text):
        raise LinkError(name)
    value = float(text)
    if not math.isfinite(value) or not (-most if least is None else least) <= value <= most:
        raise LinkError(name)
    return value


def _layers(text: str) -> tuple[str, ...]:
    layers: Sequence[str] = text.split(",") if text else ()
    if len(layers) > MOST_LAYERS or not all(_LAYER.fullmatch(layer) for layer in layers):
        raise LinkError("layers")
    return tuple(dict.fromkeys(layers))
