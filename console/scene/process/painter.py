"""The map's own tiles as pictures of the ground, painted by one of the map's tile workers."""

from __future__ import annotations

import subprocess
import sys
import threading

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.map.engine.arena import TILE, Arena
from console.map.engine.data_refs import AnyRef
from console.map.engine.messages import (
    Configure,
    JobFailed,
    LayerFault,
    LayerRef,
    RenderTile,
    TileDone,
    decode_reply,
    encode,
)

LEAST, MOST = 1, 20
"""Levels of which there are pictures: the map's zooms, less one for tiles of 512 pixels."""
_BRED = (2, 1, 0)
"""Where red, green and blue are in Qt's RGB32."""


class GroundPainter:
    """One worker; when it dies, tiles have no picture any more. Asked by several threads."""

    def __init__(self, layers: list[LayerRef], data: list[AnyRef], style: str) -> None:
        """Call it on a thread that stays: the worker ends with the thread that started it."""
        self._arena = Arena(1)
        self._setup = Configure(0, self._arena.path, 1, layers, style, data=data)
        self._lock = threading.Lock()
        self._closed = False
        self._process = self._start()

    def picture(self, level: int, column: int, row: int) -> NDArray[np.uint8] | None:
        """(TILE, TILE, 3) of a tile of Web Mercator, rows from the north; None where there is none."""
        if not LEAST <= level <= MOST:
            return None
        with self._lock:
            if self._closed:
                return None
            try:
                done = self._ask(RenderTile(0, 0, (2 * (level + 1), column, row)))
            except (OSError, ValueError, msgspec.DecodeError):
                return None
            if not done:
                return None
            pixels = np.frombuffer(self._arena.bytes_of(0), np.uint8).reshape(TILE, TILE, 4)
            return np.ascontiguousarray(pixels[:, :, _BRED])

    def close(self) -> None:
        """End the worker."""
        self._closed = True
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._arena.close()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "console.map.engine.worker"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ours
        assert process.stdin is not None
        process.stdin.write(encode(self._setup))
        process.stdin.flush()
        return process

    def _ask(self, tile: RenderTile) -> bool:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(encode(tile))
        self._process.stdin.flush()
        while line := self._process.stdout.readline():
            match decode_reply(line):
                case TileDone():
                    return True
                case JobFailed():
                    return False
                case LayerFault():
                    continue
        raise OSError("the tile worker has ended")
