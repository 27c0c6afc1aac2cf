"""What the window and a decoding process say to each other: one JSON object a line, by pipe alone.

Addresses may carry a sign-in: they stand in no argument, file or log.
"""

from __future__ import annotations

import msgspec

from console.model.looks import Look
from console.model.replays import Progress
from console.model.streams import Metadata, Reason, State

RATE = 48_000
"""Samples of sound a second, of two bytes each, for one ear and the other alike."""


class Patience(msgspec.Struct, frozen=True):
    """Seconds."""

    opening: float = 6.0
    """That a server has to answer until its stream is known."""
    silence: float = 3.0
    """Without data, or without a picture when all are decoded: given up."""
    first_picture: float = 12.0
    """Without any picture though data comes: groups of pictures of ten seconds are to be seen."""
    shortest: float = 0.25
    """Before it is tried again."""
    longest: float = 8.0
    refused: float = 300.0
    """Before a sign-in that was not accepted is tried again."""
    unsupported: float = 60.0


class Begin(msgspec.Struct, tag=True, frozen=True):
    """``opens``: how many streams are opened at a time; ``hardware``: whether a device may decode."""

    opens: int
    patience: Patience
    hardware: bool = True


class Open(msgspec.Struct, tag=True, frozen=True):
    """Decode a stream into a memory, fitted into *width* by *height* pixels."""

    stream: int
    url: str
    memory: str
    width: int
    height: int
    keys_only: bool = False
    smooth: bool = True
    """Whether edges between blocks are smoothed."""
    heard: bool = False
    keep: float = 0.0
    """Seconds of what comes that are kept for ``Clip``."""
    look: Look = Look()


class Tune(msgspec.Struct, tag=True, frozen=True):
    """From now on in another size."""

    stream: int
    width: int
    height: int
    keys_only: bool = False
    smooth: bool = True
    heard: bool = False
    keep: float = 0.0
    look: Look = Look()


class Take(msgspec.Struct, tag=True, frozen=True):
    """Put the newest decoded picture, in the stream's own size, into a memory of the number *job*."""

    stream: int
    job: int
    memory: str


class Clip(msgspec.Struct, tag=True, frozen=True):
    """Write the last *seconds* into an MP4 file, with *about* in a JSON file beside it."""

    stream: int
    job: int
    path: str
    seconds: float
    about: dict[str, str]


class Close(msgspec.Struct, tag=True, frozen=True):
    """Let go of it."""

    stream: int


class Said(msgspec.Struct, tag=True, frozen=True):
    """How it goes with a stream; it is tried again in *retry_in* seconds."""

    stream: int
    state: State
    reason: Reason = Reason.NONE
    retry_in: float = 0.0


class Told(msgspec.Struct, tag=True, frozen=True):
    """What a drone says beside its picture."""

    stream: int
    metadata: Metadata


class Heard(msgspec.Struct, tag=True, frozen=True):
    """Samples of its sound (``hearing``), while it is to be heard; empty: it has none."""

    stream: int
    sound: bytes


class Taken(msgspec.Struct, tag=True, frozen=True):
    """Whether the picture is there."""

    stream: int
    job: int
    done: bool


class Saved(msgspec.Struct, tag=True, frozen=True):
    """How it goes with a clip."""

    stream: int
    job: int
    progress: Progress


Reply = Said | Told | Heard | Taken | Saved
Request = Begin | Open | Tune | Close | Take | Clip
_encoder = msgspec.json.Encoder()
_requests: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_replies: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)


def encode(message: Request | Reply) -> bytes:
    """A line."""
    return _encoder.encode(message) + b"\n"


def decode_request(line: bytes) -> Request:
    """Raises msgspec.DecodeError."""
    return _requests.decode(line)


def decode_reply(line: bytes) -> Reply:
    """Raises msgspec.DecodeError."""
    return _replies.decode(line)
