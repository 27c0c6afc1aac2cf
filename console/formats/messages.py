"""What the console and the reading process say to one another: a JSON object a line."""

from __future__ import annotations

import msgspec

from console.model.sources import FileLayers, FileOptions, FileTrouble


class ReadFile(msgspec.Struct, frozen=True, kw_only=True):
    """The one request, on the process's standard input."""

    path: str
    cache: str
    """Folder in which results are kept."""
    options: FileOptions
    memory: int
    """Bytes of address space (Linux)."""
    seconds: int
    """Of processor time (Linux)."""


class Reading(msgspec.Struct, frozen=True, tag="reading"):
    """How far it has come, 0..1."""

    done: float
    text: str = ""


class Read(msgspec.Struct, frozen=True, tag="read"):
    """The last line of a reading that went well."""

    layers: FileLayers


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """The last line of one that did not."""

    trouble: FileTrouble


Answer = Reading | Read | Refused
_answers = msgspec.json.Decoder(Answer)


def encode(message: ReadFile | Answer) -> bytes:
    """One line."""
    return msgspec.json.encode(message) + b"\n"


def decode_request(line: bytes) -> ReadFile:
    """Raises msgspec.DecodeError."""
    return msgspec.json.decode(line, type=ReadFile)


def decode_answer(line: bytes) -> Answer:
    """Raises msgspec.DecodeError."""
    return _answers.decode(line)
