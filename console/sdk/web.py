"""How services of the web fail, in words for the user: the one table for tiles, features and descriptions."""

from __future__ import annotations

import re
from dataclasses import dataclass

import requests

from console.model.text import Text

DENIED = (401, 403)
NOTHING_THERE = (404, 410)
BUSY = 429
_SAID = re.compile(rb"<(?:\w+:)?(?:ServiceException|ExceptionText)[^>]*>(.{1,300}?)<", re.S)


@dataclass(frozen=True, slots=True)
class WebTrouble:
    """Why a service gave nothing."""

    text: Text
    sign_in: bool = False
    """It wants to know who asks."""
    passing: bool = False
    """It may be over when the service is asked again later."""
    again_at_once: bool = False
    """It had begun to answer, or is there: asking once more at once is worth while."""


SLOW = WebTrouble(Text("服务响应超时", "The service does not answer in time"), passing=True)
AWAY = WebTrouble(
    Text("无法连接服务，请检查地址和网络", "The service cannot be reached; check address and network"),
    passing=True,
)
BROKE_OFF = WebTrouble(Text("服务中断", "The service broke off"), passing=True, again_at_once=True)
TOO_LARGE = WebTrouble(Text("服务返回的数据过大", "The service sends too much"))


def trouble_of_status(status: int) -> WebTrouble | None:
    """None for an answer that can be read."""
    if status < 400:
        return None
    if status in DENIED:
        return WebTrouble(
            Text(
                f"服务要求登录或拒绝访问（{status}）", f"The service wants a sign-in or refuses it ({status})"
            ),
            sign_in=True,
        )
    if status == BUSY or status >= 500:
        return WebTrouble(
            Text(f"服务繁忙或故障（{status}）", f"The service is overloaded or faulty ({status})"),
            passing=True,
            again_at_once=True,
        )
    if status in NOTHING_THERE:
        return WebTrouble(
            Text(f"该地址下没有内容（{status}）", f"There is nothing at this address ({status})")
        )
    return WebTrouble(Text(f"服务拒绝了请求（{status}）", f"The service refuses the request ({status})"))


def exception_text(data: bytes) -> str:
    """What an OGC service says in an exception report; empty when *data* is none."""
    said = _SAID.search(data[:8000])
    return said.group(1).decode("utf-8", "replace").strip() if said else ""


def trouble_of(error: Exception) -> WebTrouble:
    """Of what ``requests`` (or urllib3, while reading) raises."""
    if isinstance(error, requests.Timeout):
        return SLOW
    cut_short = isinstance(
        error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError
    )
    if isinstance(error, requests.RequestException | ValueError | OSError) and not cut_short:
        return AWAY
    return BROKE_OFF
