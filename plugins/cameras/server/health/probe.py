"""Whether one stream answers: RTSP by DESCRIBE with its sign-in, others by a connection."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import secrets
import ssl
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, urlsplit

from plugins.cameras.model import Health
from plugins.cameras.server.streams import Streams, spoken

PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443, "rtmp": 1935, "rtmps": 443}
"""Schemes that can be asked; of the others (UDP) nothing is known."""
_LONGEST = 65_536
_PARAMETER = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')
_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@dataclass(frozen=True, slots=True)
class Found:
    """What became of asking."""

    state: Health
    fault: str = ""
    """``unreachable``, ``silent``, ``missing``, ``garbled``, ``failing`` or ``sign-in``."""


async def probe(streams: Streams, seconds: float) -> Found:
    """Ask the full picture's address, for so many *seconds* at most. Says one sign-in at most."""
    streams = replace(streams, main=spoken(streams.main))
    parts = urlsplit(streams.main)
    if parts.scheme not in PORTS:
        return Found(Health.UNKNOWN)
    try:
        async with asyncio.timeout(seconds):
            return await _asked(parts, streams)
    except TimeoutError:
        return Found(Health.OFFLINE, "silent")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
        return Found(Health.OFFLINE, "garbled")
    except OSError:  # ssl.SSLError among them
        return Found(Health.OFFLINE, "unreachable")


async def _asked(parts: SplitResult, streams: Streams) -> Found:
    port = parts.port or PORTS[parts.scheme]
    tls = _tls() if parts.scheme in ("rtsps", "https", "rtmps") else None
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=tls, limit=_LONGEST)
    try:
        if parts.scheme not in ("rtsp", "rtsps"):
            return Found(Health.ONLINE)
        return await _described(reader, writer, streams)
    finally:
        writer.close()
        with suppress(OSError):
            writer.transport.abort()


async def _described(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, streams: Streams) -> Found:
    status, challenges = await _describe(reader, writer, streams.main, 1, "")
    if status == 401 and streams.user:
        answer = authorization(challenges, "DESCRIBE", streams.main, streams.user, streams.password)
        if answer:
            status, _ = await _describe(reader, writer, streams.main, 2, answer)
    if status == 200:
        return Found(Health.ONLINE)
    if status in (401, 403):
        return Found(Health.REFUSED, "sign-in")
    return Found(Health.OFFLINE, "missing" if status == 404 else "failing")


async def _describe(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, url: str, number: int, answer: str
) -> tuple[int, list[str]]:
    """Status and what sign-ins are asked for. Raises ValueError for what is no RTSP."""
    head = [f"DESCRIBE {url} RTSP/1.0", f"CSeq: {number}", "Accept: application/sdp", "User-Agent: OneMap"]
    head += [f"Authorization: {answer}"] if answer else []
    writer.write("\r\n".join([*head, "", ""]).encode())
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    words = lines[0].split(" ", 2)
    if not words[0].startswith("RTSP/") or len(words) < 2:
        raise ValueError("no RTSP")
    pairs = [
        (name.strip().lower(), value.strip()) for name, _, value in (x.partition(":") for x in lines[1:])
    ]
    size = next((int(value) for name, value in pairs if name == "content-length"), 0)
    if not 0 <= size <= _LONGEST:
        raise ValueError("too long")
    await reader.readexactly(size)
    return int(words[1]), [value for name, value in pairs if name == "www-authenticate"]


def authorization(challenges: list[str], method: str, url: str, user: str, password: str) -> str:
    """The header's value for the best of *challenges* (Digest before Basic); empty for unknown ones."""
    for challenge in challenges:
        scheme, _, rest = challenge.partition(" ")
        said = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(rest)}
        algorithm = said.get("algorithm", "MD5").upper()
        if scheme.lower() == "digest" and algorithm in _HASHES:
            return _digest(said, algorithm, method, url, user, password)
    if any(challenge.lower().startswith("basic") for challenge in challenges):
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    return ""


def _digest(said: dict[str, str], algorithm: str, method: str, url: str, user: str, password: str) -> str:
    """RFC 7616; without ``qop`` as RFC 2069, which most cameras ask for."""

    def hashed(text: str) -> str:
        return _HASHES[algorithm](text.encode()).hexdigest()

    realm, nonce = said.get("realm", ""), said.get("nonce", "")
    secret, request = hashed(f"{user}:{realm}:{password}"), hashed(f"{method}:{url}")
    shown = user.replace("\\", "\\\\").replace('"', '\\"')
    fields = {"username": shown, "realm": realm, "nonce": nonce, "uri": url}
    if "auth" in said.get("qop", "").replace(" ", "").split(","):
        mine = secrets.token_hex(8)
        fields["response"] = hashed(f"{secret}:{nonce}:00000001:{mine}:auth:{request}")
        more = f', qop=auth, nc=00000001, cnonce="{mine}"'
    else:
        fields["response"], more = hashed(f"{secret}:{nonce}:{request}"), ""
    if "opaque" in said:
        fields["opaque"] = said["opaque"]
    if "algorithm" in said:
        more += f", algorithm={said['algorithm']}"
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in fields.items()) + more


def _tls() -> ssl.SSLContext:
    """Unchecked: asked is whether it answers. Consoles and their users learn whether it is to be trusted."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
