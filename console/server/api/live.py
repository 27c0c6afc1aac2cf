"""The websocket ``/live``: hello, then what the hub tells; every right is looked at again and again."""

from __future__ import annotations

import asyncio
import contextlib
import time

import msgspec
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from sqlalchemy.exc import SQLAlchemyError

from console.server.core import Core
from console.server.limits import RateLimit
from console.server.live.console import Console
from console.server.live.wire import (
    Format,
    Frame,
    Hello,
    NewToken,
    Ping,
    Subscribe,
    decode_message,
    encode_message,
)

_HELLO_SECONDS = 10.0
_CHECK_SECONDS = 5.0
_CLOSE_POLICY = 1008


class _Refused(Exception):
    """The console may not stay: (code, message)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message = code, message


def live_routes(core: Core) -> APIRouter:
    """The live feed."""
    routes = APIRouter()

    @routes.websocket("/live")
    async def live(socket: WebSocket) -> None:
        origin = socket.headers.get("origin")
        if origin and origin not in core.settings.allowed_origins:
            await socket.close(_CLOSE_POLICY)
            return
        await socket.accept()
        await _Conversation(core, socket).run()

    return routes


class _Conversation:
    """One console's connection from hello to goodbye."""

    def __init__(self, core: Core, socket: WebSocket) -> None:
        self._core, self._socket = core, socket
        self._form: Format = "msgpack"
        self._messages = RateLimit(60, 10.0)

    async def run(self) -> None:
        """Serve until either side goes."""
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            try:
                await self._serve()
            except _Refused as refused:
                await self._say_goodbye(refused.code, refused.message)
            except msgspec.MsgspecError:
                await self._say_goodbye("bad_message", "The message is not understood")
            except TimeoutError:
                await self._say_goodbye("no_hello", "No hello came in time")
            except SQLAlchemyError:
                await self._say_goodbye("database_unavailable", "The database cannot be reached")

    async def _serve(self) -> None:
        hello = await asyncio.wait_for(self._receive(), _HELLO_SECONDS)
        if not isinstance(hello, Hello):
            raise _Refused("no_hello", "The first message must be hello")
        self._form = hello.format
        console = await self._admit(hello)
        self._core.hub.join(console)
        try:
            await self._core.hub.show(console, console.view, hello.resume)
            await self._talk(console)
        finally:
            self._core.hub.leave(console)

    async def _admit(self, hello: Hello) -> Console:
        sign_in = self._core.sign_in
        claims = sign_in.claims(hello.token)
        caller = await asyncio.to_thread(sign_in.caller_of, claims) if claims else None
        if claims is None or caller is None:
            raise _Refused("not_signed_in", "Sign in first")
        if not self._core.hub.admits(caller.user_id):
            raise _Refused("too_many_consoles", "This account has too many consoles open")
        view = self._core.sources.view(caller, hello.areas)
        return Console(self._socket, caller, claims, view, hello.format)

    async def _talk(self, console: Console) -> None:
        """Listen, send and watch at once; the first that ends, ends all."""
        tasks = {
            asyncio.create_task(self._listen(console)),
            asyncio.create_task(console.send_all()),
            asyncio.create_task(self._watch(console)),
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _listen(self, console: Console) -> None:
        while True:
            message = await self._receive()
            if self._messages.hit(""):
                raise _Refused("too_many_messages", "Too many messages")
            match message:
                case Ping():
                    console.queue_message(t="pong", n=message.n, time=time.time())
                case NewToken():
                    await self._renew(console, message.token)
                case Subscribe():
                    view = self._core.sources.view(console.caller, message.areas)
                    await self._core.hub.show(console, view, None)
                case Hello():
                    raise _Refused("bad_message", "hello was said already")

    async def _renew(self, console: Console, token: str) -> None:
        claims = self._core.sign_in.claims(token)
        if claims is None or claims.account_id != console.claims.account_id:
            raise _Refused("not_signed_in", "The token is not valid")
        console.claims = claims

    async def _watch(self, console: Console) -> None:
        """Close when the token ends, the session or account was ended, or the rights changed."""
        while True:
            with contextlib.suppress(TimeoutError):
                code, message = await asyncio.wait_for(asyncio.shield(console.ended), _CHECK_SECONDS)
                raise _Refused(code, message)
            if console.claims.expires_at <= time.time():
                raise _Refused("not_signed_in", "The token has expired")
            caller = await asyncio.to_thread(self._core.sign_in.caller_of, console.claims)
            if caller is None:
                raise _Refused("not_signed_in", "The session was ended")
            if caller != console.caller:
                raise _Refused("rights_changed", "Your rights or areas have changed")

    async def _receive(self):
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        frame: Frame | None = message.get("text")
        return decode_message(frame if frame is not None else message["bytes"])

    async def _say_goodbye(self, code: str, message: str) -> None:
        bye = encode_message({"t": "bye", "code": code, "message": message}, self._form)
        if isinstance(bye, bytes):
            await self._socket.send_bytes(bye)
        else:
            await self._socket.send_text(bye)
        await self._socket.close(_CLOSE_POLICY)
