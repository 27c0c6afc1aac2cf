"""Where devices report their positions, in any protocol that was contributed."""

from __future__ import annotations

import base64

from fastapi import APIRouter, Request, Response

from console.sdk.server import ApiError, Device
from console.server.access import address_of
from console.server.core import Core
from console.server.devices import basic_credentials
from console.server.door import Stranger
from console.server.errors import standard_error

MAX_BODY = 64 << 10
_BASIC = {"WWW-Authenticate": 'Basic realm="device"'}


def ingest_routes(core: Core) -> APIRouter:
    """``/ingest/{protocol}`` with HTTP Basic, or the secret in the path for apps that can't do it.

    Plain routes of Starlette: they take half the time of FastAPI's, which would have nothing to
    check here. ``docs/protocol.md`` describes them.
    """
    routes = APIRouter()
    requests = _Requests(core)

    async def ingest(request: Request) -> Response:
        shown = basic_credentials(request.headers.get("authorization", ""))
        return await requests.take(request.path_params["protocol"], shown, request)

    async def ingest_by_path(request: Request) -> Response:
        params = request.path_params
        return await requests.take(params["protocol"], (params["device_id"], params["secret"]), request)

    methods = ["GET", "POST"]
    routes.add_route("/ingest/{protocol}", ingest, methods=methods)
    routes.add_route("/ingest/{protocol}/{device_id}/{secret}", ingest_by_path, methods=methods)
    return routes


class _Requests:
    """One request of a device after another: who it is, what it brings."""

    def __init__(self, core: Core) -> None:
        self._protocols, self._door = core.protocols, core.door

    async def take(self, protocol: str, shown: tuple[str, str] | None, request: Request) -> Response:
        """Answer one request of a device."""
        parser = self._protocols.get(protocol)
        if parser is None:
            raise standard_error(404)
        device = await self._device(shown, address_of(request))
        if wait := self._door.wait(device):
            raise _too_often(wait)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if shown:
            headers["authorization"] = "Basic " + base64.b64encode(":".join(shown).encode()).decode()
        body = await _body(request)
        try:
            answer = parser(dict(request.query_params), headers, body)
        except ValueError as error:
            raise standard_error(400, str(error)) from error
        if answer.device_id not in {"", device.id}:
            raise ApiError(403, "other_device", "The message is of another device", "消息属于其他设备")
        self._door.take(device, answer.fixes)
        return Response(answer.reply, media_type=answer.content_type)

    async def _device(self, shown: tuple[str, str] | None, address: str) -> Device:
        """The device behind id and secret; guessing is slowed down by address."""
        if shown is None:
            raise standard_error(401, headers=_BASIC)
        try:
            return await self._door.enter(*shown, address)
        except Stranger as stranger:
            if stranger.wait:
                raise _too_often(stranger.wait) from stranger
            raise standard_error(401, headers=_BASIC) from stranger


def _too_often(wait: float) -> ApiError:
    return standard_error(429, headers={"Retry-After": str(int(wait) + 1)})


async def _body(request: Request) -> bytes:
    """The whole body; 413 as soon as it is too long."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MAX_BODY:
            raise standard_error(413)
    return bytes(data)
