"""Pictures of a stream's packets; what is spared is changed where it does not spoil the picture."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import av.error
from av.codec.context import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream


class Decoder:
    """Of one stream, on one thread."""

    def __init__(self, video: VideoStream) -> None:
        self._context: VideoCodecContext = video.codec_context
        self._context.thread_count = 1
        self._smooth, self._few = True, False

    @property
    def pixel(self) -> Fraction | None:
        """Width of a pixel by its height; None: not known."""
        return self._context.sample_aspect_ratio

    def decode(self, packet: Packet, keys_only: bool, smooth: bool) -> list[VideoFrame]:
        """*smooth*: whether edges between blocks are smoothed, from the next key frame on.

        With all frames after *keys_only* it begins at a key frame, too: without it they would be smears.
        """
        if keys_only or packet.is_keyframe:
            self._few = keys_only
        if packet.is_keyframe and smooth != self._smooth and not self._context.is_hwaccel:
            self._renew(smooth)
        self._context.skip_frame = "NONKEY" if self._few else "DEFAULT"
        with suppress(av.error.InvalidDataError):  # a broken picture; the watch sees to it if all are
            return self._context.decode(packet)
        return []

    def _renew(self, smooth: bool) -> None:
        """Another decoder, since one that is open takes no options any more."""
        old, self._smooth = self._context, smooth
        new = CodecContext.create(old.codec.name, "r")
        assert isinstance(new, VideoCodecContext)
        new.extradata = old.extradata
        new.thread_count = 1
        new.options = {} if smooth else {"skip_loop_filter": "all"}
        self._context = new
