"""Where a tileset's relative URIs lead: never out of the tileset."""

from __future__ import annotations

import re
from urllib.parse import unquote

from console.scene.refusal import refused

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")


def resolve(base: str, uri: str) -> str:
    """The path that *uri* names as seen from the file *base*; both relative to the tileset's root, with "/".

    Queries and fragments are dropped, escapes like %20 undone. Raises SceneRefused for another host, an
    absolute path, or one that climbs above the root.
    """
    path = unquote(uri.partition("#")[0].partition("?")[0]).replace("\\", "/")
    if _SCHEME.match(path) or path.startswith("/") or "\0" in path:
        raise _leads_out(uri)
    parts = [part for part in base.split("/")[:-1] if part]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                raise _leads_out(uri)
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    if not parts:
        raise _leads_out(uri)
    return "/".join(parts)


def _leads_out(uri: str) -> Exception:
    shown = uri[:120]
    return refused(
        f"“{shown}”指向数据集之外,出于安全考虑不予读取",
        f"“{shown}” leads out of the tileset; for safety it is not read",
    )
