"""Cameras of another make: gst-rtsp-server, in H.264 and H.265, with and without a sign-in."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import tests.support
from console.media.engine import MediaEngine
from console.model.streams import Source, State
from tests.media.conftest import MakeEngine, ShowTile, live, until
from tests.support.clips import Clip, encode

PYTHON = "/usr/bin/python3"
SCRIPT = Path(tests.support.__path__[0]) / "gst_server.py"
Peer = Callable[..., str]


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    """The address of a server of a clip, without the sign-in that it asks for."""
    missing = subprocess.run(
        [PYTHON, "-c", "import gi; gi.require_version('GstRtspServer', '1.0')"]
    ).returncode
    if missing and not os.environ.get("CI"):
        pytest.skip("needs gir1.2-gst-rtsp-server-1.0")
    with ExitStack() as stack:

        def start(clip: Clip, sign_in: str = "", udp: bool = False, pem: Path | None = None) -> str:
            return stack.enter_context(running(clip, tmp_path / "frames", sign_in, udp, pem))

        yield start


@contextmanager
def running(clip: Clip, frames: Path, sign_in: str, udp: bool, pem: Path | None = None) -> Iterator[str]:
    frames.write_bytes(b"".join(struct.pack("<I", len(frame)) + frame for frame in clip.frames))
    command = [PYTHON, str(SCRIPT), clip.codec, str(clip.fps), str(frames)]
    command += [*(["--udp"] if udp else []), *(["--tls", str(pem)] if pem else [])]
    command += [sign_in] if sign_in else []
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"127.0.0.1:{int(server.stdout.readline())}/camera"
        finally:
            server.kill()


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_streams_of_another_server_are_painted(peer: Peer, engine: MediaEngine, show: ShowTile, codec: str):
    address = peer(encode(352, 288, 15, seconds=2, codec=codec))
    tile = show(engine, Source("1", "另一家", f"rtsp://{address}"))
    assert len({live(tile) for _ in range(5)}) >= 3  # it goes round
    until(lambda: tile.status.state == State.LIVE)


def test_its_sign_in_is_met_or_its_refusal_is_said(peer: Peer, make_engine: MakeEngine, show: ShowTile):
    address = peer(encode(352, 288, 15, seconds=2), "operator:secret")
    live(show(make_engine(), Source("1", "可看", f"rtsp://operator:secret@{address}")))
    refused = show(make_engine(), Source("2", "不可看", f"rtsp://operator:wrong@{address}"))
    until(lambda: refused.status.state == State.REFUSED)
