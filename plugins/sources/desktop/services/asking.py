"""Asking a service, on a thread of the pool: limits, sign-in, and errors in the user's words."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

import requests

from console.sdk import Text
from console.sdk.web import TOO_LARGE, WebTrouble, trouble_of, trouble_of_status

TIMEOUT = (6.0, 30.0)
PAUSES = (0.5, 2.0)
"""Seconds before a service that is busy or broke off is asked again."""
LARGEST = 32_000_000
"""Bytes of a description."""


ODD = Text(
    "返回的内容不是服务说明，请检查地址", "What came is no description of a service; please check the address"
)


class ServiceRefused(Exception):
    """The service cannot be used; the text is for the user. *sign_in*: because it wants to know who asks."""

    def __init__(self, text: Text, *, sign_in: bool = False) -> None:
        super().__init__(text.en)
        self.text, self.sign_in = text, sign_in


def headers_of(secrets: Mapping[str, str]) -> dict[str, str]:
    """HTTP Basic for a user and password."""
    if not secrets.get("user"):
        return {}
    pair = f"{secrets['user']}:{secrets.get('password', '')}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def ask(
    address: str,
    headers: Mapping[str, str],
    accept: str = "",
    largest: int = LARGEST,
) -> bytes:
    """The answer's body; what passes is tried again after some pauses. Raises ServiceRefused."""
    headers = {**headers, **({"Accept": accept} if accept else {})}
    pauses = iter(PAUSES)
    while True:
        try:
            return _body(address, headers, largest)
        except _Failed as error:
            pause = next(pauses, None) if error.trouble.again_at_once else None
            if pause is None:
                raise ServiceRefused(error.trouble.text, sign_in=error.trouble.sign_in) from error
        time.sleep(pause)


class _Failed(Exception):
    def __init__(self, trouble: WebTrouble) -> None:
        super().__init__(trouble.text.en)
        self.trouble = trouble


def _body(address: str, headers: Mapping[str, str], largest: int) -> bytes:
    try:
        with requests.get(address, headers=headers, timeout=TIMEOUT, stream=True) as answer:
            trouble = trouble_of_status(answer.status_code)
            if trouble is not None:
                raise _Failed(trouble)
            data = bytearray()
            for piece in answer.iter_content(1 << 16):
                data += piece
                if len(data) > largest:
                    raise _Failed(TOO_LARGE)
            return bytes(data)
    except (requests.RequestException, ValueError, OSError) as error:
        raise _Failed(trouble_of(error)) from error


def document(data: bytes) -> dict[str, Any]:
    """A JSON object. Raises ServiceRefused."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ServiceRefused(ODD) from error
    if not isinstance(found, dict):
        raise ServiceRefused(ODD)
    return found


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of what should be a list of objects."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def link(document: Mapping[str, Any], rel: str, address: str) -> str:
    """Address of a link of an OGC API document, JSON preferred; empty when there is none.

    Raises ServiceRefused for one that is no address.
    """
    links = [entry for entry in dicts(document.get("links")) if entry.get("rel") == rel]
    links.sort(key=lambda entry: "json" not in str(entry.get("type", "")))
    try:
        return urljoin(address, str(links[0].get("href", ""))) if links else ""
    except ValueError as error:
        raise ServiceRefused(ODD) from error
