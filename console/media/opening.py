"""How a stream is opened: what its address may use, and what the library is told for its kind."""

from __future__ import annotations

import errno
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

import av
import av.error
from av.container import InputContainer

from console.media.hardware import accelerator
from console.media.messages import Patience
from console.media.trust import tls_options

PROTOCOLS = "rtsp,rtsps,rtp,srtp,tcp,udp,tls,http,https,httpproxy,crypto,hls,rtmp,rtmps,rtmpt,srt"
"""What an address, or a play list that it leads to, may use: no files of this machine."""
OPTIONS = {
    "fflags": "nobuffer",
    "probesize": "65536",
    "analyzeduration": "100000",
    "protocol_whitelist": PROTOCOLS,
}
SCHEMES = {"rtsp", "rtspu", "rtsps", "http", "https", "rtmp", "rtmps", "udp", "rtp", "srt"}
SEGMENT = 12.0
"""Seconds for which a play list may have nothing new: segments of ten seconds are to be seen."""
UDP = {"rtsp_transport": "udp", "max_delay": "200000"}
"""The second: microseconds to wait for what comes late or is lost."""


LOST = (av.error.PermissionError, av.error.ExternalError, NotImplementedError)
"""What a device that is not there any more is answered with."""


class Unplayable(Exception):
    """There is no picture in it."""


class Opener:
    """Of one address; remembers what its server wants. Raises what the library raises, or Unplayable."""

    def __init__(self, url: str, patience: Patience, device: str = "") -> None:
        parts = urlsplit(url)
        self._scheme, self._listed = parts.scheme.lower(), parts.path.lower().endswith(".m3u8")
        self._by_udp, self._device = self._scheme == "rtspu", device
        if self._by_udp:
            self._scheme, url = "rtsp", urlunsplit(parts._replace(scheme="rtsp"))
        self._url, self._patience = url, patience

    def give_up_device(self) -> None:
        """No picture came: should that be the device, the processor decodes from now on."""
        self._device = ""

    def open(self) -> InputContainer:
        """RTSP by TCP, or by UDP where a server will not have TCP (461 Unsupported transport), or where
        the address says so (``rtspu``)."""
        if self._scheme not in SCHEMES:
            raise Unplayable
        try:
            return self._try()
        except av.error.FFmpegError as error:
            if self._by_udp or not self._scheme.startswith("rtsp") or error.errno != errno.EPROTONOSUPPORT:
                raise
        self._by_udp = True
        return self._try()

    def _try(self) -> InputContainer:
        silence = max(self._patience.silence, SEGMENT) if self._listed else self._patience.silence
        waits, options = (self._patience.opening, silence), self._options()
        if self._device:
            with suppress(*LOST):
                return av.open(self._url, timeout=waits, options=options, hwaccel=accelerator(self._device))
            self.give_up_device()
        return av.open(self._url, timeout=waits, options=options)

    def _options(self) -> dict[str, str]:
        if self._scheme.startswith("rtsp"):
            how = UDP if self._by_udp else {"rtsp_transport": "tcp"}
        else:
            how = {"live_start_index": "-1"} if self._listed else {}
        return OPTIONS | how | tls_options(self._scheme)
