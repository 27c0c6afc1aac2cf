"""A small list of things that a plugin remembers, as a JSON file written off the GUI thread."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from console.sdk.context import Context

MAX_BYTES = 1 << 20


class JsonFile:
    """One JSON list in the plugin's folder. A broken file is put aside, never a reason to fail."""

    def __init__(self, ctx: Context, name: str) -> None:
        self._ctx = ctx
        self._path = Path(ctx.data_dir()) / name

    def load(self, on_loaded: Callable[[list[Any]], None]) -> None:
        """Read in the background, then call *on_loaded* on the GUI thread."""

        async def reading() -> None:
            on_loaded(await self._ctx.tasks.run(_read, self._path))

        self._ctx.tasks.start(reading())

    def save(self, rows: list[Any]) -> None:
        """Write in the background; a failure is told, as the user would miss it later."""
        text = json.dumps(rows, ensure_ascii=False)

        async def writing() -> None:
            try:
                await self._ctx.tasks.run(_write, self._path, text)
            except OSError as error:
                self._ctx.log.warning("cannot write %s: %s", self._path, error)
                self._ctx.notify(
                    self._ctx.tr("Could not be saved: {reason}", reason=error.strerror or error),
                    key=f"save:{self._path.name}",
                )

        self._ctx.tasks.start(writing())


def _read(path: Path) -> list[Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("too large")
        rows = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        path.replace(path.with_suffix(".broken"))
        return []
    return cast(list[Any], rows) if isinstance(rows, list) else []


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)
