"""JSON documents as typed records: checked once where they come in."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec

from console.scene.limits import MAX_JSON
from console.scene.refusal import broken, refused

T = TypeVar("T")
Index = Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)]
Size = Annotated[int, msgspec.Meta(ge=0, lt=1 << 40)]


def decode_json(data: bytes | memoryview, kind: type[T], zh: str, en: str) -> T:
    """*data* (UTF-8, padded with spaces or NUL, BOM or not) as *kind*; *zh*, *en*: what it is, for the user.

    Numbers written as whole floats pass as integers. Raises SceneRefused.
    """
    if len(data) > MAX_JSON:
        raise refused(f"{zh}过大", f"{en} is too large")
    text = bytes(data).strip(b" \0\t\r\n").removeprefix(b"\xef\xbb\xbf")
    try:
        return msgspec.json.decode(text, type=kind, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise broken(zh, en) from error
