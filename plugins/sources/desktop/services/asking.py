"""Asking a service, on a thread of the pool: limits, sign-in, and errors in the user's words."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

import requests

from console.sdk import Text

TIMEOUT = (6.0, 30.0)
LARGEST = 32_000_000
"""Bytes of a description."""


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
    """The answer's body; raises ServiceRefused."""
    try:
        with requests.get(
            address,
            headers={**headers, **({"Accept": accept} if accept else {})},
            timeout=TIMEOUT,
            stream=True,
        ) as answer:
            _check(answer.status_code)
            data = bytearray()
            for piece in answer.iter_content(1 << 16):
                data += piece
                if len(data) > largest:
                    raise ServiceRefused(Text("服务返回的数据过大", "The service sends too much"))
            return bytes(data)
    except requests.Timeout as error:
        raise ServiceRefused(Text("服务响应超时", "The service does not answer in time")) from error
    except (requests.RequestException, ValueError) as error:
        raise ServiceRefused(
            Text("无法连接服务，请检查地址和网络", "The service cannot be reached")
        ) from error


def _check(status: int) -> None:
    if status in (401, 403):
        raise ServiceRefused(
            Text(f"服务要求登录（{status}）", f"The service wants a sign-in ({status})"), sign_in=True
        )
    if status >= 400:
        raise ServiceRefused(Text(f"服务返回错误（{status}）", f"The service answers with error {status}"))


def link(document: Mapping[str, Any], rel: str, address: str) -> str:
    """Address of a link of an OGC API document, JSON preferred; empty when there is none."""
    links = [
        entry for entry in document.get("links", ()) if isinstance(entry, dict) and entry.get("rel") == rel
    ]
    links.sort(key=lambda entry: "json" not in str(entry.get("type", "")))
    return urljoin(address, str(links[0].get("href", ""))) if links else ""
