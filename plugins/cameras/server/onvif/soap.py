"""Talking to one device by SOAP, within limits of time and size, and to nobody else.

A device may be broken or hostile: answers are cut at ``LONGEST``, entities and packed answers are refused,
a call has ``PATIENCE`` seconds in all, and whatever addresses a device tells are put on the host that we
were told, because our sign-in goes there.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from plugins.cameras.server.devices.driver import DeviceFault, Fault, VideoDevice

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
PATIENCE = 8.0
"""Seconds for all that is asked at a time."""
LONGEST = 4 << 20
"""Bytes of an answer: a recorder of 64 channels says half a megabyte."""
DEVICE_PATH = "/onvif/device_service"
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):")
_DECLARED = re.compile(r"xmlns:([A-Za-z_][\w.-]*)\s*=")
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?Envelope\b")
_REFUSED = ("notauthorized", "not authorized", "unauthorized", "failedauthentication", "authority failure")
_MISSING = ("noprofile", "notoken", "nosource", "noentity", "nopreset", "not found", "notfound", "no such")


@dataclass(slots=True)
class Learned:
    """What a device said of itself. Holds no sign-in."""

    services: dict[str, str] = field(default_factory=dict)
    """Addresses on the host that we were told."""
    ahead: float = 0.0
    """Seconds that its clock is ahead of ours."""
    digest: bool = False
    """Whether it wants a sign-in by HTTP."""


def ask(device: VideoDevice, learned: Learned, work: Callable[[Talk], Awaitable[T]]) -> T:
    """Do *work* with a device. Raises DeviceFault."""
    try:
        return asyncio.run(_asked(device, learned, work))
    except TimeoutError:
        raise DeviceFault(Fault.UNREACHABLE) from None


async def _asked(device: VideoDevice, learned: Learned, work: Callable[[Talk], Awaitable[T]]) -> T:
    import httpx

    headers = {"Accept-Encoding": "identity", "User-Agent": "OneMap"}
    async with (
        asyncio.timeout(PATIENCE),
        httpx.AsyncClient(verify=_tls(), trust_env=False, headers=headers, timeout=PATIENCE) as client,
    ):
        talk = Talk(client, device, learned)
        if not learned.services:
            await talk.meet()
        return await work(talk)


class Talk:
    """With one device, while it is asked."""

    def __init__(self, client: httpx.AsyncClient, device: VideoDevice, learned: Learned) -> None:
        self._client, self._device, self.learned = client, device, learned
        self.services = learned.services

    async def meet(self) -> None:
        """Learn its clock and where its services are."""
        from onveef import envelopes, parsers

        address = self._device.address
        device = address if urlsplit(address).path.strip("/") else on_host(address, DEVICE_PATH)
        self.services = {"device": device}
        with suppress(DeviceFault):  # some tell the time to nobody
            told = await self.call("device", envelopes.device_get_system_date_time(), signed=False)
            self.learned.ahead = _ahead(parsers.parse_system_datetime(told))
        services = parsers.parse_services(await self._or_empty(envelopes.device_get_services()))
        if not services:
            body = envelopes.device_get_capabilities()
            services = parsers.parse_capabilities(await self.call("device", body))
        told_here = {name: on_host(address, url) for name, url in services.items()}
        self.services = self.learned.services = {**told_here, "device": device}

    async def call(self, service: str, body: str, *, signed: bool = True) -> str:
        """The answer, whose envelope is sound. Raises DeviceFault."""
        from onveef import envelopes

        url = self.services.get(service)
        if url is None:
            raise DeviceFault(Fault.UNABLE, f"no service {service}")
        user = self._device.user if signed else ""
        password = self._device.password if signed else ""
        envelope = envelopes.build_envelope(
            body, username=user, password=password, clock_offset_s=self.learned.ahead
        )
        return await self._sent(url, envelope, bool(user))

    async def _or_empty(self, body: str) -> str:
        """What old devices may not know."""
        try:
            return await self.call("device", body)
        except DeviceFault as fault:
            if fault.fault in (Fault.UNABLE, Fault.MISSING):
                return ""
            raise

    async def _sent(self, url: str, envelope: str, signed: bool) -> str:
        import httpx

        way = None
        if signed and self.learned.digest:
            way = httpx.DigestAuth(self._device.user, self._device.password)
        try:
            status, challenge, text = await self._posted(url, envelope, way)
            if status == 401 and signed and way is None and challenge.lower().startswith("digest"):
                self.learned.digest = True
                return await self._sent(url, envelope, signed)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise DeviceFault(Fault.UNREACHABLE) from error
        return _sound(status, text)

    async def _posted(self, url: str, envelope: str, way: httpx.Auth | None) -> tuple[int, str, str]:
        """Status, how it wants us to sign in, text."""
        headers = {"Content-Type": "application/soap+xml; charset=utf-8"}
        request = self._client.build_request("POST", url, content=envelope, headers=headers)
        response = await self._client.send(request, auth=way, stream=True)
        try:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise DeviceFault(Fault.GARBLED)
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > LONGEST:
                    raise DeviceFault(Fault.GARBLED)
            challenge = response.headers.get("WWW-Authenticate", "")
            return response.status_code, challenge, body.decode("utf-8", errors="replace")
        finally:
            await response.aclose()


def on_host(address: str, told: str) -> str:
    """*told* by a device, on the host that we were told: pages also on its scheme and port, streams on their
    own port. Any sign-in in it is left out. Raises DeviceFault for what is no address."""
    here = urlsplit(address)
    try:
        there = urlsplit(told)
        port = there.port
    except ValueError:
        raise DeviceFault(Fault.GARBLED) from None
    if there.scheme in ("", "http", "https"):
        path = there.path if there.path.startswith("/") else f"/{there.path}"
        return urlunsplit((here.scheme, here.netloc, path, there.query, ""))
    if there.scheme not in ("rtsp", "rtsps"):
        raise DeviceFault(Fault.GARBLED)
    host = here.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return urlunsplit(there._replace(netloc=f"{host}:{port}" if port else host, fragment=""))


def parsed(text: str) -> Element:
    """XML without entities. Raises DeviceFault."""
    from onveef import parsers

    root = parsers.parse_xml(text)
    if root is None:
        raise DeviceFault(Fault.GARBLED)
    return root


def _sound(status: int, text: str) -> str:
    """An envelope that can be read and holds no fault."""
    from onveef import parsers

    if status in (401, 403):
        raise DeviceFault(Fault.SIGN_IN)
    text = _declared(text)
    root = parsers.parse_xml(text)
    if root is None or not root.tag.endswith("Envelope"):
        raise DeviceFault(_by_status(status))
    fault = parsers.find_local(root, "Fault")
    if fault is not None:
        raise DeviceFault(_by_words(" ".join(fault.itertext()).lower()))
    if status != 200:
        raise DeviceFault(_by_status(status))
    return text


def _declared(text: str) -> str:
    """Some devices use prefixes that they never declared: those get a name space of nobody's."""
    missing = set(_PREFIX.findall(text)) - set(_DECLARED.findall(text)) - {"xml"}
    if not missing or len(missing) > 16:
        return text
    names = "".join(f' xmlns:{each}="urn:undeclared:{each}"' for each in sorted(missing))
    return _ROOT.sub(lambda found: found.group() + names, text, count=1)


def _by_status(status: int) -> Fault:
    if status == 503:
        return Fault.BUSY
    if status in (404, 405, 501):
        return Fault.UNABLE
    return Fault.GARBLED


def _by_words(words: str) -> Fault:
    """*words*: all that a fault says, small."""
    from onveef import parsers

    if any(each in words for each in _REFUSED):
        return Fault.SIGN_IN
    if any(each in words for each in _MISSING):
        return Fault.MISSING
    return (
        Fault.UNABLE
        if parsers.fault_is_unsupported(words)
        else Fault.BUSY
        if "busy" in words
        else Fault.UNABLE
    )


def _ahead(told: dict[str, object]) -> float:
    """Seconds that a device's clock is ahead; 0 when it does not say."""
    utc = told.get("UTCDateTime")
    if not isinstance(utc, dict):
        return 0.0
    try:
        there = datetime(
            *(int(utc[each]) for each in ("year", "month", "day", "hour", "minute", "second")), tzinfo=UTC
        )
    except (KeyError, ValueError, TypeError, OverflowError):
        return 0.0
    return (there - datetime.now(UTC)).total_seconds()


def _tls() -> ssl.SSLContext:
    """Unchecked, as its pictures are: cameras show certificates of their own making."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
