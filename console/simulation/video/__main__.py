"""The simulated cameras: ``python -m console.simulation.video``, a process of its own.

Reads one line of JSON (user, password, count) on standard input, says its port on standard output when it
serves, and ends with its parent. The clips are made at the first start and kept; with ``--make`` that is all.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
from pathlib import Path

import msgspec

from console.paths import cache_dir
from console.processes import end_with_parent
from console.simulation.video.clip import Clip
from console.simulation.video.rtsp import VideoServer

MAKERS = ("street.py", "making.py", "clip.py")
"""Another code of these, other clips."""
SIZES = {"main": (1280, 720, 25), "sub": (640, 360, 15)}
"""Width and height in pixels, pictures a second."""


def main() -> int:
    """Serve until standard input ends."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clips = kept_clips(cache_dir() / "demo-video")
    if "--make" in sys.argv:
        return 0
    order = json.loads(sys.stdin.readline())
    offered = {
        f"{number}-{name}": later(clips[f"{number % (len(clips) // len(SIZES))}-{name}"], number)
        for number in range(order["count"])
        for name in SIZES
    }
    with VideoServer(offered, (order["user"], order["password"])).running() as server:
        print(server.port, flush=True)  # noqa: T201 - the answer
        threading.Thread(target=_end_with_input, daemon=True).start()
        signal.pause()
    return 0


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


def later(clip: Clip, number: int) -> Clip:
    """The same clip from another key frame on: no two cameras show the same at once."""
    turn = number * 2 * clip.key_every % len(clip.frames)
    return Clip(
        clip.width, clip.height, clip.fps, clip.codec, clip.frames[turn:] + clip.frames[:turn], clip.key_every
    )


def kept_clips(folder: Path) -> dict[str, Clip]:
    """All scenes in all sizes, made if they are not there for this code."""
    code = hashlib.sha256(b"".join((Path(__file__).parent / name).read_bytes() for name in MAKERS))
    path = folder / f"{code.hexdigest()[:12]}.msgpack"
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=dict[str, Clip])
    except (OSError, msgspec.DecodeError):
        pass
    os.nice(10)  # the window goes first
    from console.simulation.video.making import all_clips

    clips = all_clips(SIZES)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(msgspec.msgpack.encode(clips))
    for old in folder.glob("*.msgpack"):
        old.unlink(missing_ok=True)
    fresh.replace(path)
    return clips


if __name__ == "__main__":
    sys.exit(main())
