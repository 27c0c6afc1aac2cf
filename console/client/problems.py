"""Answers that are not success, as the SDK's errors in the user's language."""

from __future__ import annotations

from typing import Any

import msgspec

from console.model.text import Language, Text
from console.sdk.errors import BackendAway, BackendError, Conflict, Forbidden, NotFound, NotSignedIn, Rejected

_BY_STATUS: dict[int, type[BackendError]] = {
    400: Rejected,
    401: NotSignedIn,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: Rejected,
    422: Rejected,
    429: Rejected,
}
_AWAY = frozenset({502, 503, 504})
"""The backend, or a proxy before it, cannot answer just now: worth another try."""

CUT_OFF = Text("后台暂时无法连接", "The backend cannot be reached just now")
TIMED_OUT = Text("后台没有及时应答", "The backend did not answer in time")
NO_SENSE = Text("后台的应答无法识别", "The backend's answer is not understood")
TOO_LARGE = Text("后台的应答过大", "The backend's answer is too large")
SIGN_IN = Text("请先登录", "Sign in first")


class _Problem(msgspec.Struct):
    """The body of an error of ``docs/protocol.md``."""

    code: str = ""
    message: str = ""
    message_zh: str = ""
    fields: dict[str, Any] = {}


def away(text: Text, language: str, *, sent: bool = True) -> BackendAway:
    """No usable answer; *sent*: the backend may have done what was asked all the same."""
    return BackendAway(text.get(language), sent=sent)


def problem(status: int, body: bytes, language: str) -> BackendError | BackendAway:
    """The error of an answer with *status*; a body that is none of ours is not shown."""
    try:
        found = msgspec.json.decode(body, type=_Problem)
    except msgspec.MsgspecError:
        found = _Problem()
    text = Text(found.message_zh, found.message).get(language)
    if status in _AWAY:
        return BackendAway(text or CUT_OFF.get(language))
    if not text:
        text = NO_SENSE.get(language) + f" (HTTP {status})"
    elif found.fields and language == Language.EN:
        text += f" ({', '.join(found.fields)})"
    kind = _BY_STATUS.get(status, BackendError)
    return kind(text, status=status, code=found.code)
