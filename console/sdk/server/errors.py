"""How a server half refuses a request."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """Raised in a route: answered as ``{"code", "message", "message_zh", "fields"}`` with *status*.

    *code* is a stable word that clients may test; the messages are shown to the
    user; *fields* name what was wrong, or carry the present state (409).
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        message_zh: str,
        *,
        fields: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.message_zh = message_zh
        self.fields = fields or {}
        self.headers = headers or {}


class OtherKey(Exception):
    """A secret was sealed with another key than the server has now."""
