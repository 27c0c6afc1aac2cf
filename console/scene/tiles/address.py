"""Addresses of tiles on servers: where they lead, what of a query is handed on, what of them is shown.

As in CesiumJS, the query of a tileset's address (a token, a session) is added to the addresses of what it
refers to, whose own names go first; unlike there, never to those of another server.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit

from console.scene.refusal import SceneRefused, refused

MAX_ADDRESS = 8_192
"""Characters."""
_PORTS = {"http": 80, "https": 443}
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")

Origin = tuple[str, str, int]
"""Scheme, host and port."""


def split(url: str) -> SplitResult:
    """The parts of an http(s) address. Raises SceneRefused for another kind."""
    try:
        parts = urlsplit(url)
        usable = len(url) <= MAX_ADDRESS and parts.scheme in _PORTS and parts.hostname
        if usable and (parts.port is None or parts.port > 0):
            return parts
    except ValueError:
        pass  # no address at all
    raise refused(
        f"“{shown(url)}”不是 http 或 https 地址,不予读取",
        f"“{shown(url)}” is no address of http or https and is not read",
    )


def origin(url: str) -> Origin:
    """Whom *url* asks. Raises SceneRefused."""
    parts = split(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme]


def same_server(first: Origin, second: Origin) -> bool:
    """Whether what *first* may know *second* may know too: itself, or itself by https instead of http."""
    upgraded = (first[0], first[2], second[0], second[2]) == ("http", 80, "https", 443)
    return first == second or (upgraded and first[1] == second[1])


def led_to(base: str, uri: str) -> str:
    """The address that *uri* means in the document *base*, without user and fragment. Raises SceneRefused."""
    try:
        url = urljoin(base, _UNPRINTABLE.sub(lambda found: f"%{ord(found[0]):02X}", uri.strip()))
    except ValueError as error:
        raise _unreadable(uri) from error
    parts = split(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def joined(base: str, uri: str) -> str:
    """As led_to, with what *base* hands on to its own server. Raises SceneRefused."""
    url = led_to(base, uri)
    if not same_server(origin(base), origin(url)):
        return url
    parts = urlsplit(url)
    return parts._replace(query=_handed_on(urlsplit(base).query, parts.query)).geturl()


def shown(url: str) -> str:
    """*url* for the eyes of users and for logs: without user and query, which may be secret."""
    return re.sub(r"//[^/?#]*@", "//", url.partition("#")[0].partition("?")[0])[:200]


def _handed_on(outer: str, own: str) -> str:
    """*own* query, with what *outer* has and it has not."""
    try:
        names = {name for name, _ in parse_qsl(own, keep_blank_values=True)}
        more = [pair for pair in parse_qsl(outer, keep_blank_values=True) if pair[0] not in names]
    except ValueError as error:  # too many of them
        raise _unreadable(own) from error
    return "&".join(part for part in (own, urlencode(more)) if part)


def _unreadable(text: str) -> SceneRefused:
    return refused(f"地址“{shown(text)}”无效", f"the address “{shown(text)}” makes no sense")
