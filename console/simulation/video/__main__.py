"""The simulated cameras: ``python -m console.simulation.video``, a process of its own.

Reads one line of JSON (user, password, count) on standard input, says its port on standard output when it
serves, and ends with its parent. The clips are made at the first start and kept, by a process that does
that alone (``--make``): the encoder's memory and low priority go with it.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

import msgspec

from console.paths import cache_dir
from console.processes import end_with_parent, start_child
from console.simulation.video.clip import Clip
from console.simulation.video.recorded import RecordedServer
from console.simulation.video.street import SCENES

MAKERS = ("street.py", "making.py", "clip.py")
"""Another code of these, other clips."""
SIZES = {"main": (1280, 720, 25), "sub": (640, 360, 15)}
"""Width and height in pixels, pictures a second."""


def main() -> int:
    """Serve until standard input ends."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kept = cache_dir() / "demo-video" / f"{_code()}.msgpack"
    if "--make" in sys.argv:
        make_clips(kept)
        return 0
    clips = kept_clips(kept)
    order = json.loads(sys.stdin.readline())
    offered = {
        f"{number}-{name}": later(clips[f"{number % SCENES}-{name}"], number)
        for number in range(order["count"])
        for name in SIZES
    }
    with RecordedServer(offered, (order["user"], order["password"])).running() as server:
        print(server.port, flush=True)  # noqa: T201 - the answer
        threading.Thread(target=_end_with_input, daemon=True).start()
        signal.pause()
    return 0


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


def later(clip: Clip, number: int) -> Clip:
    """The same clip from another key frame on: no two of the cameras that share a street show the same."""
    turn = number // SCENES * 2 * clip.key_every % len(clip.frames)
    return Clip(
        clip.width, clip.height, clip.fps, clip.codec, clip.frames[turn:] + clip.frames[:turn], clip.key_every
    )


def kept_clips(path: Path) -> dict[str, Clip]:
    """All scenes in all sizes, made if they are not there."""
    for _ in range(2):
        with suppress(OSError, msgspec.DecodeError):
            return msgspec.msgpack.decode(path.read_bytes(), type=dict[str, Clip])
        start_child([sys.executable, "-m", "console.simulation.video", "--make"]).wait()
    raise SystemExit("the clips of the simulated cameras could not be made")


def make_clips(path: Path) -> None:
    """Draw and encode them into *path*; those of older code go."""
    os.nice(10)  # the window goes first
    from console.simulation.video.making import all_clips

    clips = all_clips(SIZES)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(msgspec.msgpack.encode(clips))
    for old in path.parent.glob("*.msgpack"):
        old.unlink(missing_ok=True)
    fresh.replace(path)


def _code() -> str:
    """Another with each change of what makes the clips."""
    parts = [(Path(__file__).parent / name).read_bytes() for name in MAKERS]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]


if __name__ == "__main__":
    sys.exit(main())
