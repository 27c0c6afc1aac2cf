"""The cameras of video_peers: ``python video_peers_server.py KIND`` prints its port and when it began.

``camera`` is the stream; it ends with its stdin.
"""

from __future__ import annotations

import pickle
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.city import CACHE
from tests.support.clips import Clip, encode
from tests.support.rtsp import RtspServer


@dataclass(frozen=True)
class Kind:
    """A stream as cameras send it; a key frame each second."""

    words: str
    width: int
    height: int
    fps: int

    def clip(self) -> Clip:
        """Eight seconds, encoded once a machine: with the tools of real cameras, unlike the tests' clips."""
        kept = CACHE / f"clip-{self.width}x{self.height}-{self.fps}.pickle"
        if not kept.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            clip = encode(self.width, self.height, self.fps, seconds=8, preset="veryfast")
            kept.write_bytes(pickle.dumps(clip))
        return pickle.loads(kept.read_bytes())


KINDS = {
    "sub": Kind("sub-stream 704x576@15", 704, 576, 15),
    "main": Kind("main stream 1280x720@25", 1280, 720, 25),
}


def main() -> None:
    """Serve until stdin ends."""
    with RtspServer({"camera": KINDS[sys.argv[1]].clip()}).running() as server:
        print(server.port, server.began, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
