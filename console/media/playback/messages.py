"""What the window and the replaying process say to each other: one JSON object a line, by pipe alone.

Addresses may carry a sign-in: they stand in no argument, file or log.
"""

from __future__ import annotations

import msgspec

from console.model.replays import Pace, Progress, Told


class Replay(msgspec.Struct, tag=True, frozen=True):
    """Show a recording in a memory, fitted into *width* by *height* pixels."""

    stream: int
    url: str
    memory: str
    width: int
    height: int
    begin: float
    """s since 1970 of its first picture."""
    pace: Pace


class Resize(msgspec.Struct, tag=True, frozen=True):
    """From now on in another size."""

    stream: int
    width: int
    height: int


class Follow(msgspec.Struct, tag=True, frozen=True):
    """Go by another clock."""

    stream: int
    pace: Pace


class Write(msgspec.Struct, tag=True, frozen=True):
    """Write a stretch into a file, as it was recorded, with a description beside it."""

    stream: int
    url: str
    path: str
    begin: float
    since: float
    until: float
    about: dict[str, str]
    """What the description says besides."""


class Drop(msgspec.Struct, tag=True, frozen=True):
    """Let go of it; a file that is being written is taken away."""

    stream: int


Request = Replay | Resize | Follow | Write | Drop
Reply = Told | Progress
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
