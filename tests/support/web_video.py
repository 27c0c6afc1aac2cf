"""Video by other ways than RTSP: HTTP-FLV, MPEG-TS, Matroska, MJPEG and HLS from one web server on loopback,
RTMP, and MPEG-TS by UDP. All in the time that it has, over and over."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import av
import av.error
import numpy as np
from av.container import OutputContainer
from av.packet import Packet

from console.simulation.video.clip import Clip
from tests.support.clips import burn, pictures

FORMS = {".flv": "flv", ".ts": "mpegts", ".mkv": "matroska"}
WHOLE = {"av1", "file"}
"""Clips whose only frame is a whole file."""
SEGMENT = 1.0
"""Seconds of a segment of HLS."""
TICKS = Fraction(1, 90_000)
MICRO = Fraction(1, 1_000_000)


class Muxed:
    """Frames of a clip in a container, by number; *beside*: data that goes with each picture."""

    def __init__(self, out: Any, form: str, clip: Clip, beside: Callable[[], bytes] | None = None) -> None:
        self._frames = _packets(clip)
        self._fps, self._beside = clip.fps, beside
        options = {"flush_packets": "1"}
        self._file: OutputContainer = av.open(out, "w", format=form, options=options)
        self._video = self._file.add_stream_from_template(self._frames[0].stream)
        self._data = self._file.add_data_stream("klv") if beside else None

    def put(self, number: int) -> None:
        """Raises OSError when nobody takes it."""
        original = self._frames[number % len(self._frames)]
        packet = Packet(bytes(original))
        packet.pts = packet.dts = number * 90_000 // self._fps
        packet.time_base, packet.stream = TICKS, self._video
        packet.is_keyframe = original.is_keyframe
        self._file.mux_one(packet)
        if self._data is not None and self._beside is not None:
            said = Packet(self._beside())
            said.pts = said.dts = packet.pts
            said.time_base, said.stream = TICKS, self._data
            self._file.mux_one(said)

    def play(self, going: Callable[[], bool] = lambda: True) -> None:
        """In its own time, until *going* says no or nobody takes it."""
        began, number = time.monotonic(), 0
        with suppress(OSError, av.error.FFmpegError):
            while going():
                self.put(number)
                number += 1
                time.sleep(max(0.0, began + number / self._fps - time.monotonic()))

    def end(self) -> None:
        with suppress(OSError, av.error.FFmpegError):
            self._file.close()


def _packets(clip: Clip) -> list[Packet]:
    form = {"h265": "hevc"}.get(clip.codec, clip.codec)
    source = av.open(io.BytesIO(b"".join(clip.frames)), "r", format=form)
    return [packet for packet in source.demux(video=0) if packet.size]


def jpegs(width: int, height: int, count: int) -> list[bytes]:
    """Frames of their own, numbered from 0."""
    made: list[bytes] = []
    for number, picture in enumerate(pictures(width, height, count)):
        burn(picture, number)
        encoder: Any = av.CodecContext.create("mjpeg", "w")
        encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
        encoder.time_base = Fraction(1, 10)
        frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="yuvj420p")
        made += [bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None))]
    return made


def av1(width: int, height: int, fps: int, count: int) -> Clip:
    """All in one file of Matroska."""
    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as file:
        stream: Any = file.add_stream(
            "libsvtav1", fps, options={"preset": "12", "svtav1-params": "keyint=10"}
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number, picture in enumerate(pictures(width, height, count)):
            burn(picture, number)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="yuv420p")))
        file.mux(stream.encode(None))
    return Clip(width, height, fps, "av1", [out.getvalue()])


def with_tone(clip: Clip, hertz: int, seconds: float) -> Clip:
    """And a tone, as cameras send sound (G.711), in one file of FLV."""
    out, rate = io.BytesIO(), 8000
    with av.open(out, "w", format="flv") as file:
        video = file.add_stream_from_template((packets := _packets(clip))[0].stream)
        audio: Any = file.add_stream("pcm_mulaw", rate, layout="mono")
        for number in range(round(seconds * clip.fps)):
            original = packets[number % len(packets)]
            packet = Packet(bytes(original))
            packet.pts = packet.dts = number * 90_000 // clip.fps
            packet.time_base, packet.stream, packet.is_keyframe = TICKS, video, original.is_keyframe
            file.mux_one(packet)
            count = rate // clip.fps
            times = (np.arange(count) + number * count) / rate
            samples = (np.sin(2 * np.pi * hertz * times) * 12_000).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(samples[None], "s16", "mono")
            frame.sample_rate, frame.pts = rate, number * count
            file.mux(audio.encode(frame))
        file.mux(audio.encode(None))
    return Clip(clip.width, clip.height, clip.fps, "file", [out.getvalue()])


class WebVideo(ThreadingHTTPServer):
    """``/live.flv``, ``.ts``, ``.mkv``, ``.mjpg`` and ``.m3u8``."""

    daemon_threads = True

    def __init__(self, clip: Clip, stills: list[bytes] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.clip, self.stills, self.began = clip, stills or [], time.monotonic()
        self.seconds = 4.0
        """That a file takes which is served whole."""
        self.lists = ""
        """What the play list says instead of what it should."""

    def url(self, ending: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/live{ending}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who looks hangs up."""

    @contextmanager
    def running(self) -> Iterator[WebVideo]:
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            thread.join()
            self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: WebVideo

    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[-1]
        ending = name[name.rfind(".") :]
        if ending == ".m3u8":
            self._send("application/vnd.apple.mpegurl", (self.server.lists or self._list()).encode())
        elif name.startswith("segment"):
            self._send("video/mp2t", self._segment(int(name[7 : name.rfind(".")])))
        elif ending == ".mjpg":
            self._stills()
        elif self.server.clip.codec in WHOLE:
            self._slowly(self.server.clip.frames[0], self.server.seconds)
        else:
            self._start("video/x-flv")
            muxed = Muxed(_Out(self.wfile.write), FORMS[ending], self.server.clip)
            muxed.play()
            muxed.end()

    def _list(self) -> str:
        """The three that were whole last."""
        whole = int((time.monotonic() - self.server.began) / SEGMENT) + 3
        head = f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:{SEGMENT:.0f}\n"
        return f"{head}#EXT-X-MEDIA-SEQUENCE:{whole - 3}\n" + "".join(
            f"#EXTINF:{SEGMENT},\nsegment{n}.ts\n" for n in range(whole - 3, whole)
        )

    def _segment(self, number: int) -> bytes:
        out, count = io.BytesIO(), round(SEGMENT * self.server.clip.fps)
        muxed = Muxed(_Out(out.write), "mpegts", self.server.clip)
        for frame in range(number * count, (number + 1) * count):
            muxed.put(frame)
        muxed.end()
        return out.getvalue()

    def _slowly(self, file: bytes, seconds: float) -> None:
        """What is in a container already: no muxer takes it from a decoder's packets."""
        self._start("video/x-matroska")
        pieces = round(seconds * 25)
        step = len(file) // pieces + 1
        with suppress(OSError):
            for at in range(0, len(file), step):
                self.wfile.write(file[at : at + step])
                time.sleep(seconds / pieces)

    def _stills(self) -> None:
        self._start("multipart/x-mixed-replace; boundary=frame")
        with suppress(OSError):
            for number in range(10_000):
                still = self.server.stills[number % len(self.server.stills)]
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(still)}\r\n\r\n"
                self.wfile.write(head.encode() + still + b"\r\n")
                time.sleep(0.1)

    def _start(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def _send(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    """One that nobody has."""
    with socket.socket(socket.AF_INET, kind) as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class _Out:
    """A file that cannot be gone back in."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write

    def write(self, data: bytes) -> int:
        self._write(data)
        return len(data)


@contextmanager
def sending(clip: Clip, beside: Callable[[], bytes] | None = None) -> Iterator[str]:
    """MPEG-TS by UDP; gives its address."""
    port, over = free_port(socket.SOCK_DGRAM), threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:

        def write(data: bytes) -> None:
            for at in range(0, len(data), 7 * 188):
                with suppress(ConnectionRefusedError):  # nobody listens yet
                    line.sendto(data[at : at + 7 * 188], ("127.0.0.1", port))

        muxed = Muxed(_Out(write), "mpegts", clip, beside)
        thread = threading.Thread(target=muxed.play, args=(lambda: not over.is_set(),))
        thread.start()
        try:
            yield f"udp://127.0.0.1:{port}"
        finally:
            over.set()
            thread.join()
            muxed.end()
