"""Addresses of services as people paste them: what they are, and what in them is secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import parse_qsl, quote, unquote_plus, urlencode, urlsplit, urlunsplit

SECRETS = frozenset({"tk", "token", "key", "apikey", "api_key", "access_token", "ak"})
"""Parameters of the address that are somebody's right to use the service."""
PLACEHOLDER = "***"


class ServiceKind(StrEnum):
    """What a service speaks."""

    XYZ = "xyz"
    VECTOR_XYZ = "vector_xyz"
    WMS = "wms"
    WMTS = "wmts"
    WFS = "wfs"
    OGC_API = "ogc_api"


def kind_of(address: str) -> ServiceKind:
    """As the address tells; OGC API when it tells nothing else."""
    lower = address.lower()
    if "{z}" in lower or "{-y}" in lower:
        vector = re.search(r"\.(pbf|mvt)(\?|$)", lower)
        return ServiceKind.VECTOR_XYZ if vector else ServiceKind.XYZ
    named = dict(parse_qsl(urlsplit(lower).query)).get("service", "")
    for kind in (ServiceKind.WMTS, ServiceKind.WMS, ServiceKind.WFS):
        if named == kind or (not named and re.search(rf"(^|[/_.\-?&=]){kind}([/_.\-?&=]|$|server)", lower)):
            return kind
    return ServiceKind.OGC_API


def split_secrets(address: str) -> tuple[str, dict[str, str]]:
    """The address with what is secret in it put out of sight, and the secrets by parameter.

    A user name and password before the host are ``user`` and ``password``.
    """
    parts = urlsplit(address)
    secrets: dict[str, str] = {}
    query: list[str] = []
    for piece in filter(None, parts.query.split("&")):
        name, _, value = piece.partition("=")
        if name.lower() in SECRETS and value and value != PLACEHOLDER:
            secrets[name] = unquote_plus(value)
            piece = f"{name}={PLACEHOLDER}"
        query.append(piece)
    host = parts.netloc
    if parts.username:
        secrets |= {"user": parts.username, "password": parts.password or ""}
        host = host.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host, query="&".join(query))), secrets


def with_secrets(address: str, secrets: dict[str, str]) -> str:
    """The address as it is asked."""
    for name, value in secrets.items():
        address = address.replace(f"{name}={PLACEHOLDER}", f"{name}={quote(value, safe='')}")
    return address


def with_query(address: str, **parameters: str) -> str:
    """Parameters set, whatever case they had in the address; braces stay as they are."""
    parts = urlsplit(address)
    kept = [(n, v) for n, v in parse_qsl(parts.query, keep_blank_values=True) if n.upper() not in parameters]
    query = urlencode([*kept, *parameters.items()], safe="{}:,/")
    return urlunsplit(parts._replace(query=query))


def same_host(there: str, address: str, headers: Mapping[str, str]) -> dict[str, str]:
    """A sign-in goes to the host that the user named, and to no other."""
    return dict(headers) if origin(there) == origin(address) else {}


def origin(address: str) -> str:
    """Scheme and host: where a sign-in may be sent."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()
