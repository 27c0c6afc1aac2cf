"""Pictures and documents that go with orders: checked, stored once under the hash of their bytes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from console.sdk.records import Attachment
from console.sdk.server import ApiError, Caller, ServerContext, not_found
from plugins.dispatch.server.command.bodies import UploadBody
from plugins.dispatch.server.command.tables import UploadRow

MAX_BYTES = 5 << 20
_KINDS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)
"""First bytes of the files that are taken; what a client calls them does not count."""


class Attachments:
    """Files in ``<data folder>/attachments``; who may read one is decided by the order it goes with."""

    def __init__(self, server: ServerContext) -> None:
        self._folder = server.data_dir() / "attachments"

    def keep(self, session: Session, body: UploadBody, caller: Caller) -> Attachment:
        """Store a file for *caller*. Raises ApiError 413 or 422."""
        data = _decode(body.data)
        media_type = _media_type(data)
        digest = hashlib.sha256(data).hexdigest()
        self._write(digest, data)
        row = session.get(UploadRow, (digest, caller.user_id))
        if row is None:
            row = UploadRow(hash=digest, user=caller.user_id)
            session.add(row)
        row.name, row.media_type, row.size, row.at = body.name, media_type, len(data), time.time()
        return _record(row)

    def path(self, attachments: Sequence[Attachment], wanted: str) -> tuple[Path, Attachment]:
        """The file of one of *attachments*. Raises ApiError 404."""
        found = next((each for each in attachments if each.id == wanted), None)
        path = self._path(wanted) if found else None
        if found is None or path is None or not path.is_file():
            raise not_found()
        return path, found

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _write(self, digest: str, data: bytes) -> None:
        """Whole or not at all; the same bytes are kept once."""
        path = self._path(digest)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.{time.monotonic_ns()}.part")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


def attached(session: Session, hashes: Sequence[str], caller: Caller) -> list[dict[str, Any]]:
    """Plain values for an order of *caller*, who can only attach what they uploaded themselves.

    Raises ApiError 422.
    """
    rows = [session.get(UploadRow, (digest, caller.user_id)) for digest in dict.fromkeys(hashes)]
    if not all(rows):
        raise ApiError(422, "unknown_attachment", "An attachment was not uploaded", "附件尚未上传")
    return [msgspec.to_builtins(_record(row)) for row in rows if row is not None]


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ApiError(422, "bad_input", "The file is not valid base64", "附件编码错误") from error
    if len(data) > MAX_BYTES:
        raise ApiError(413, "too_large", "Attachments may have 5 MB", "附件不能超过 5 MB")
    return data


def _media_type(data: bytes) -> str:
    for start, media_type in _KINDS:
        if data.startswith(start):
            return media_type
    raise ApiError(
        422, "bad_file_type", "Only JPEG, PNG and PDF can be attached", "仅支持 JPEG、PNG 和 PDF 附件"
    )


def _record(row: UploadRow) -> Attachment:
    return Attachment(id=row.hash, name=row.name, media_type=row.media_type, size=row.size)
