"""Other ways than RTSP by TCP, and what a drone says beside its picture."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest
from PySide6.QtTest import QTest

from console.media.engine import MediaEngine
from console.media.facet import MediaFacet
from console.media.pace import AHEAD, Pace
from console.media.view.words import headline, rate_words
from console.model.streams import Metadata, Reason, Source, State, Status
from tests.media.conftest import MakeEngine, ShowTile, live, number_on, until
from tests.media.test_peers import Peer, peer
from tests.support.certificates import Authority
from tests.support.clips import Clip, encode
from tests.support.klv import item, packet
from tests.support.tls_front import under_tls
from tests.support.web_video import Muxed, WebVideo, av1, free_port, jpegs, sending

__all__ = ["peer"]
Web = Callable[[Clip], WebVideo]


@pytest.fixture
def web() -> Iterator[Web]:
    with ExitStack() as stack:
        yield lambda clip: stack.enter_context(WebVideo(clip).running())


@pytest.mark.parametrize("ending", [".flv", ".ts"])
def test_streams_of_web_servers(web: Web, engine: MediaEngine, show: ShowTile, sub_clip: Clip, ending: str):
    tile = show(engine, Source("1", "平台转发", web(sub_clip).url(ending)))
    assert len({live(tile) for _ in range(3)}) >= 2
    until(lambda: tile.status.state == State.LIVE and not rate_words(tile.status))


def test_play_lists_are_shown_in_their_own_time(
    web: Web, engine: MediaEngine, show: ShowTile, sub_clip: Clip
):
    """They hand out a second of video at once; all of it at once would be a jerk a second."""
    tile = show(engine, Source("1", "平台转发", web(sub_clip).url(".m3u8")))
    live(tile)
    QTest.qWait(1000)
    seen: list[int] = []
    end = time.monotonic() + 2
    while time.monotonic() < end:
        QTest.qWait(15)
        if (number := number_on(tile)) is not None and number not in seen[-1:]:
            seen.append(number)
    assert len(seen) > 2 * sub_clip.fps * 0.5, seen
    assert tile.status.state == State.LIVE


def test_play_lists_lead_to_no_file_of_this_machine(
    web: Web, make_engine: MakeEngine, show: ShowTile, sub_clip: Clip, tmp_path: Path
):
    kept = tmp_path / "kept.ts"
    muxed = Muxed(str(kept), "mpegts", sub_clip)
    for number in range(30):
        muxed.put(number)
    muxed.end()
    server = web(sub_clip)
    server.lists = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://{kept}\n"
    tile = show(make_engine(opening=1.0), Source("1", "本机文件", server.url(".m3u8")))
    until(lambda: tile.status.state in (State.WAITING, State.UNSUPPORTED))
    assert not tile.status.picture_at


def test_single_pictures_one_after_another(web: Web, engine: MediaEngine, show: ShowTile, sub_clip: Clip):
    server = web(sub_clip)
    server.stills = jpegs(352, 288, 30)
    tile = show(engine, Source("1", "图片流", server.url(".mjpg")))
    assert len({live(tile) for _ in range(3)}) >= 2
    QTest.qWait(700)
    assert not rate_words(tile.status)  # its times are made up: it is not late


def test_av1(web: Web, engine: MediaEngine, show: ShowTile):
    """H.265 is among the streams of other servers."""
    tile = show(engine, Source("1", "新编码", web(av1(352, 288, 10, 20)).url(".mkv")))
    assert len({live(tile) for _ in range(3)}) >= 2


def test_a_server_that_will_not_have_tcp_is_asked_for_udp(peer: Peer, engine: MediaEngine, show: ShowTile):
    address = peer(encode(352, 288, 15, seconds=2), udp=True)
    tile = show(engine, Source("1", "仅 UDP", f"rtsp://{address}"))
    assert len({live(tile) for _ in range(3)}) >= 2


@pytest.mark.parametrize("scheme", ["rtsp", "rtspu"])
def test_an_address_says_by_udp(peer: Peer, engine: MediaEngine, show: ShowTile, scheme: str):
    """Of a server that does both."""
    clip = encode(352, 288, 15, seconds=2)
    tile = show(engine, Source("1", "指定方式", f"{scheme}://{peer(clip)}"))
    assert len({live(tile) for _ in range(2)}) >= 2
    (decoder,) = map(psutil.Process, engine.process_ids)
    assert bool(decoder.net_connections("udp")) == (scheme == "rtspu")


@pytest.mark.parametrize("form", ["rtsps", "rtmps"])
def test_a_server_under_tls_has_to_be_vouched_for(
    form: str,
    peer: Peer,
    make_engine: MakeEngine,
    show: ShowTile,
    sub_clip: Clip,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """By an authority that this machine trusts; a stranger gets no sign-in and no second try soon."""
    district, other = Authority(tmp_path, "district"), Authority(tmp_path, "other")
    certificate, key = district.issue("camera")
    pem = tmp_path / "camera.pem"
    pem.write_bytes(key.read_bytes() + certificate.read_bytes())
    with ExitStack() as stack:
        if form == "rtsps":
            url = f"rtsps://operator:secret@{peer(sub_clip, 'operator:secret', pem=pem)}"
        else:
            plain = stack.enter_context(rtmp(sub_clip, tmp_path))
            url = f"rtmps://127.0.0.1:{stack.enter_context(under_tls(plain, certificate, key))}/live/1"
        monkeypatch.setenv("SSL_CERT_FILE", str(other.ca))
        refused = show(make_engine(), Source("1", "陌生证书", url))
        until(lambda: refused.status.state == State.REFUSED)
        assert refused.status.reason == Reason.STRANGER and not refused.status.picture_at
        assert headline(refused.status) != headline(Status(State.REFUSED, Reason.SIGN_IN))
        monkeypatch.setenv("SSL_CERT_FILE", str(district.ca))
        live(show(make_engine(), Source("2", "本区证书", url)))


@contextmanager
def rtmp(sub_clip: Clip, tmp_path: Path) -> Iterator[int]:
    """The port of a server for one who watches ``live/1``."""
    if not shutil.which("ffmpeg"):
        pytest.skip("no server of RTMP is here")
    file, port = tmp_path / "kept.flv", free_port()
    muxed = Muxed(str(file), "flv", sub_clip)
    for number in range(len(sub_clip.frames)):
        muxed.put(number)
    muxed.end()
    address = f"rtmp://127.0.0.1:{port}/live/1"
    quiet = ["ffmpeg", "-nostdin", "-loglevel", "quiet", "-re", "-stream_loop", "-1", "-i", str(file)]
    with subprocess.Popen([*quiet, "-c", "copy", "-f", "flv", "-listen", "1", address]) as server:
        try:
            yield port
        finally:
            server.kill()


def test_a_server_of_rtmp(engine: MediaEngine, show: ShowTile, sub_clip: Clip, tmp_path: Path):
    with rtmp(sub_clip, tmp_path) as port:
        tile = show(engine, Source("1", "直播推流", f"rtmp://127.0.0.1:{port}/live/1"))
        assert len({live(tile) for _ in range(3)}) >= 2


def drone(at: list[int]) -> bytes:
    """Where it is, and the ground at the corners of its picture; *at* counts."""
    at[0] += 1
    north = int(34.26 / 90 * (2**31 - 1)) + at[0] * 100
    east = int(117.18 / 180 * (2**31 - 1))
    place = f"{north:08x}", f"{east:08x}"
    stamp = item(2, f"{1_700_000_000_000_000 + at[0]:016x}")
    corners = b"".join(item(82 + n, place[n % 2]) for n in range(8))
    return packet(stamp + item(13, place[0]) + item(14, place[1]) + item(15, "1000") + corners)


def test_a_drones_picture_and_what_it_says_beside(qapp: object, sub_clip: Clip, qtbot):
    facet, said = MediaFacet(), [0]
    tile = facet.tile()
    told: list[Metadata | None] = []
    tile.on_metadata(lambda: told.append(tile.metadata))
    try:
        with sending(sub_clip, lambda: drone(said)) as address:
            tile.widget.resize(352, 288)
            tile.widget.show()
            tile.show(Source("uav", "无人机", address))
            assert len({live(tile.widget) for _ in range(4)}) >= 3
            until(lambda: len(told) > 2)
        first, last = told[0], told[-1]
        assert first and last and last.at > first.at and last.latitude > first.latitude  # type: ignore[operator]
        assert last.latitude == pytest.approx(34.26, abs=0.01)
        assert last.longitude == pytest.approx(117.18, abs=1e-6)
        assert len(last.corners) == 4 and last.corners[0] == pytest.approx((117.18, 34.26), abs=0.01)
        tile.show(None)
        assert tile.metadata is None and told[-1] is None
    finally:
        tile.remove()
        facet.close()


def test_early_pictures_wait_and_other_clocks_begin_anew():
    pace = Pace()
    assert pace.wait(10.0, 100.0) == 0
    assert pace.wait(10.5, 100.0) == pytest.approx(0.5)
    assert pace.wait(11.0, 101.05) == 0  # a little late: its time has come
    assert pace.wait(11.5, 101.2) == pytest.approx(0.3)
    assert pace.wait(12.0, 102.0) == 0  # it came half a second late, and from now on may
    assert pace.wait(13.0, 102.5) == pytest.approx(0.5)
    assert pace.wait(13.0 + 2 * AHEAD, 110.0) == 0  # another clock
    assert pace.wait(0.0, 111.0) == 0 and pace.wait(0.1, 111.0) == pytest.approx(0.1)
