"""The phone page: small files, served as they are; it signs in as a device."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

_FOLDER = Path(__file__).parent
_FILES = {
    "phone": ("index.html", "text/html; charset=utf-8"),
    "phone/app.js": ("app.js", "text/javascript; charset=utf-8"),
    "phone/way.js": ("way.js", "text/javascript; charset=utf-8"),
    "phone/style.css": ("style.css", "text/css; charset=utf-8"),
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Cache-Control": "no-cache",
}


def add_phone(router: APIRouter) -> None:
    """``GET /phone``: the page holds nothing that anybody may not see, so it needs no sign-in."""
    for path, (name, media_type) in _FILES.items():
        _add_file(router, path, name, media_type)


def _add_file(router: APIRouter, path: str, name: str, media_type: str) -> None:
    @router.get(f"/{path}", include_in_schema=False)
    def serve() -> FileResponse:
        return FileResponse(_FOLDER / name, media_type=media_type, headers=_HEADERS)
