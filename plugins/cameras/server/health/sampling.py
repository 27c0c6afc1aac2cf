"""Looks at pictures of cameras: ``python -m plugins.cameras.server.health.sampling``, a process for a batch.

Reads a JSON list of orders on standard input, writes a JSON list of samples, and ends. The decoder is in no
process of the backend: a stream that kills it costs a batch. No picture leaves this process, only its
brightness, spread and movement and a print of 16x9 grey cells, on which nobody can be made out.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

CELLS = (16, 9)
"""Columns and rows of a print."""
APART = 3.0
"""Seconds between the two pictures that are compared, at least."""
LONGEST = 12.0
"""Seconds for a camera."""
AT_ONCE = 4
OPTIONS = {
    "rtsp_transport": "tcp",
    "fflags": "nobuffer",
    "probesize": "65536",
    "analyzeduration": "100000",
    "protocol_whitelist": "rtsp,rtp,tcp,udp,http,crypto,hls,rtmp,rtsps,https,rtmps,tls",
}
UNDER_TLS = frozenset({"rtsps", "https", "rtmps"})
"""A camera of these that is not whom its certificate says gets no sign-in and is not looked at."""


@dataclass(frozen=True, slots=True)
class Order:
    """An address to look at; it carries the sign-in."""

    camera: str
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a camera's picture was like. Grey levels are 0 to 255."""

    camera: str
    brightness: float
    spread: float
    """Standard deviation over the picture."""
    moved: float
    """The largest difference anywhere between the first and any later one: a clock in a corner is enough."""
    print: str
    """CELLS of grey, row by row, two hexadecimal digits each."""


def main() -> int:
    """A batch."""
    from console.sdk.server import end_with_parent

    end_with_parent()
    orders = [Order(**each) for each in json.load(sys.stdin)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        samples = [asdict(sample) for sample in pool.map(looked_at, orders) if sample]
    json.dump(samples, sys.stdout)
    return 0


def looked_at(order: Order) -> Sample | None:
    """None: no two pictures came in time; whether it answers is for others to say."""
    import av.error
    import numpy as np

    first = last = None
    moved = 0.0
    try:
        for last in _pictures(order.url):
            first = last if first is None else first
            moved = max(moved, float(np.abs(last - first).max()))
    except av.error.FFmpegError:  # its text may hold the address
        pass
    if first is None or last is None or first is last:
        return None
    rows = last.reshape(CELLS[1], last.shape[0] // CELLS[1], CELLS[0], last.shape[1] // CELLS[0])
    cells = rows.mean(axis=(1, 3)).round().astype(np.uint8)
    return Sample(order.camera, float(last.mean()), float(last.std()), moved, cells.tobytes().hex())


def _pictures(url: str) -> Iterator:
    """Key frames in small and grey, until two are APART; then any frame will do."""
    import av
    import numpy as np

    width, height = CELLS[0] * 8, CELLS[1] * 8
    began = time.monotonic()
    first_at = 0.0
    with av.open(url, timeout=(6.0, 6.0), options=_options(url)) as stream:
        if not stream.streams.video:
            return
        video = stream.streams.video[0]
        video.thread_count = 1
        video.codec_context.skip_frame = "NONKEY"
        for frame in stream.decode(video):
            now = time.monotonic()
            first_at = first_at or now
            small = frame.reformat(width, height, "gray").to_ndarray()
            yield np.asarray(small, np.float32)[:height, :width]
            if now - first_at >= APART or now - began > LONGEST:
                return


def _options(url: str) -> dict[str, str]:
    from console.sdk.server import trusted

    checked = {"tls_verify": "1", "ca_file": trusted()}
    return OPTIONS | (checked if urlsplit(url).scheme in UNDER_TLS else {})


def ordered(orders: Sequence[Order]) -> bytes:
    """As the process reads it."""
    return json.dumps([asdict(order) for order in orders]).encode()


def read_samples(answer: bytes) -> list[Sample]:
    """As the process wrote it. Raises ValueError."""
    try:
        return [Sample(**each) for each in json.loads(answer)]
    except TypeError as error:
        raise ValueError("no samples") from error


if __name__ == "__main__":
    sys.exit(main())
