"""Cursor-on-Target with real peers: pytak's client, takproto's bytes, certificates, multicast."""

from __future__ import annotations

import asyncio
import random
import socket
import ssl
import struct
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytak
import pytest
import takproto

from console.model.positions import PositionFlag, PositionSource
from console.sdk.server import Device, PositionFix
from tests.support.brokers import free_port
from tests.support.certificates import Authority
from tests.support.listening import flags_of, lon_of, quick_settings, refused, running, wait_until
from tests.support.server import Server, running_server

GROUP = "239.255.77.7"


class Net:
    """A server with all three ways in, and what a client needs to reach it."""

    def __init__(self, server: Server, authority: Authority, ports: dict[str, int]) -> None:
        self.server, self.authority, self.ports = server, authority, ports

    def pytak_config(self, scheme: str, name: str = "", **more: str) -> Any:
        parser = ConfigParser()
        host = GROUP if "udp" in scheme else "127.0.0.1"
        section = {"COT_URL": f"{scheme}://{host}:{self.ports[scheme.split('+')[0]]}"} | more
        if name:
            crt, key = self.authority.issue(name)
            section |= {
                "PYTAK_TLS_CLIENT_CERT": str(crt),
                "PYTAK_TLS_CLIENT_KEY": str(key),
                "PYTAK_TLS_CLIENT_CAFILE": str(self.authority.ca),
                "PYTAK_TLS_DONT_CHECK_HOSTNAME": "1",
            }
        parser["peer"] = section
        return parser["peer"]

    def tls(self, name: str) -> ssl.SSLSocket:
        crt, key = self.authority.issue(name)
        context = ssl.create_default_context(cafile=str(self.authority.ca))
        context.load_cert_chain(crt, key)
        plain = socket.create_connection(("127.0.0.1", self.ports["tls"]), timeout=10)
        return context.wrap_socket(plain, server_hostname="127.0.0.1")

    def tcp(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.ports["tcp"]), timeout=10)


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Net]:
    folder = tmp_path_factory.mktemp("cot")
    authority = Authority(folder)
    crt, key = authority.issue("server")
    ports = {"tcp": free_port(), "tls": free_port(), "udp": free_port()}
    settings = quick_settings(
        folder / "data",
        COT_TCP=f"127.0.0.1:{ports['tcp']}",
        COT_TLS=f"127.0.0.1:{ports['tls']}",
        COT_CERT=str(crt),
        COT_KEY=str(key),
        COT_CA=str(authority.ca),
        COT_MULTICAST=f"{GROUP}:{ports['udp']}",
        COT_PINNED="mesh-1@127.0.0.1,mesh-2@10.9.9.9",
    )
    with running_server(settings) as server:
        wait_until(lambda: running(server, "cot"))
        yield Net(server, authority, ports)


@pytest.fixture
def name(net: Net) -> str:
    """A registered device of its own; ``handle(net, name)`` finds it."""
    made = f"ANDROID-{uuid.uuid4().hex[:8]}"
    net.server.device(made)
    return made


def handle(net: Net, name: str) -> int:
    found = net.server.core.devices.find(name)
    assert found is not None
    return found.handle


def sa(uid: str, lon: float, **more: Any) -> bytes:
    """A position as ATAK sends it, made by pytak."""
    made = pytak.gen_cot(lat=34.2, lon=lon, ce=more.pop("ce", 5), uid=uid, stale=60, cot_type="a-f-G-U-C")
    assert made is not None
    return made


def event(uid: str, kind: str, detail: str = "", how: str = "m-g", lon: float = 117.2) -> bytes:
    now = pytak.cot_time()
    times = f'time="{now}" start="{now}" stale="{now}"'
    point = f'<point lat="34.2" lon="{lon}" hae="9999999" ce="9999999" le="9999999"/>'
    head = f'<event version="2.0" uid="{uid}" type="{kind}" how="{how}" {times}>'
    return f"{head}{point}<detail>{detail}</detail></event>".encode()


def hear(connection: socket.socket, wanted: bytes, seconds: float = 10.0) -> bytes:
    """Read until *wanted* came."""
    data, until = b"", time.monotonic() + seconds
    while wanted not in data:
        assert time.monotonic() < until, data
        more = connection.recv(65536)
        assert more, data
        data += more
    return data


def with_pytak(config: Any, play: Callable[[pytak.CLITool], Awaitable[None]]) -> None:
    """Run pytak's client while *play* goes on."""

    async def run() -> None:
        tool = pytak.CLITool(config)
        await tool.setup()
        work = asyncio.create_task(tool.run())
        try:
            await play(tool)
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    asyncio.run(run())


async def until(condition: Callable[[], object]) -> None:
    await asyncio.to_thread(wait_until, condition)


def test_pytak_by_tls_is_seen_and_sees_its_area_only(net: Net, name: str) -> None:
    near_handle, _ = net.server.device(f"near-{name}")
    far_handle, _ = net.server.device(f"far-{name}", area="320303001001001")
    for which, area in ((near_handle, "320302001001001"), (far_handle, "320303001001001")):
        device = Device(id=str(which), subject=str(which), handle=which, area=area)
        net.server.core.intake.take(device, [PositionFix(lon=117.22, lat=34.2)])

    async def play(tool: pytak.CLITool) -> None:
        await tool.tx_queue.put(sa(name, 117.21))
        await until(lambda: lon_of(net.server, handle(net, name)) == 117.21)
        seen = b""
        while f"staff-near-{name}".encode() not in seen:
            seen += await asyncio.wait_for(tool.rx_queue.get(), 10)
        assert b"t-x-takp-v" in seen and b"staff-far" not in seen
        assert f"onemap.staff-{name}".encode() not in seen  # not what it says itself

    with_pytak(net.pytak_config("tls", name), play)
    wait_until(lambda: flags_of(net.server, handle(net, name)) & PositionFlag.AWAY)


def test_pytak_in_protobuf(net: Net, name: str) -> None:
    async def play(tool: pytak.CLITool) -> None:
        await tool.tx_queue.put(sa(name, 117.215, ce=9999999))
        await until(lambda: lon_of(net.server, handle(net, name)) == 117.215)

    with_pytak(net.pytak_config("tls", name, TAK_PROTO="1"), play)
    wait_until(lambda: len(net.server.core.tables.history(handle(net, name), 0, 4e9)) == 1)
    kept = net.server.core.tables.history(handle(net, name), 0, 4e9)
    assert str(kept.accuracy[0]) == "nan" and kept.source[0] == PositionSource.COT


def test_a_certificate_speaks_for_its_own_device_only(net: Net, name: str) -> None:
    other = f"{name}-other"
    net.server.device(other)
    before = refused(net.server, "cot", "other_device")
    with net.tls(name) as client:
        client.sendall(sa(other, 117.9) + sa(name, 117.21))
        wait_until(lambda: lon_of(net.server, handle(net, name)) == 117.21)
    assert lon_of(net.server, handle(net, other)) is None
    assert refused(net.server, "cot", "other_device") == before + 1


def test_strangers_get_nothing(net: Net, name: str, tmp_path: Path) -> None:
    stranger = Net(net.server, Authority(tmp_path, "foreign"), net.ports)
    stranger.authority.ca = net.authority.ca
    with pytest.raises((OSError, AssertionError)), stranger.tls(name) as client:
        client.sendall(sa(name, 117.9))
        hear(client, b"takp-v", 3)
    with net.tls("never-registered") as client:
        assert client.recv(100) == b""
    with net.tcp() as client:
        client.sendall(sa(name, 117.9))
        assert client.recv(100) == b""
    with net.tcp() as client:
        client.sendall(f'<auth><cot username="{name}" password="guess"/></auth>'.encode())
        assert client.recv(100) == b""
    assert lon_of(net.server, handle(net, name)) is None


def test_tcp_with_the_device_secret_ping_and_negotiation(net: Net, name: str) -> None:
    _, secret = net.server.device(name)
    ask = '<TakControl><TakRequest version="1"/></TakControl>'
    with net.tcp() as client:
        client.sendall(f'<auth><cot username="{name}" password="{secret}" uid="{name}"/></auth>'.encode())
        hear(client, b"</event>")
        client.sendall(event("ping", "t-x-c-t"))
        assert b"t-x-c-t-r" in hear(client, b"</event>")
        client.sendall(event("q", "t-x-takp-q", ask))
        assert b'status="true"' in hear(client, b"</event>")
        client.sendall(bytes(takproto.xml2proto(sa(name, 117.23).decode(), takproto.TAKProtoVer.STREAM)))
        wait_until(lambda: lon_of(net.server, handle(net, name)) == 117.23)
        client.sendall(
            bytes(takproto.xml2proto(event("ping", "t-x-c-t").decode(), takproto.TAKProtoVer.STREAM))
        )
        answer = hear(client, b"t-x-c-t-r")
        assert answer[0] == 0xBF
        parsed = takproto.parse_proto(
            bytearray(answer[answer.rindex(b"\xbf", 0, answer.index(b"t-x-c-t-r")) :])
        )
        assert parsed is not None and parsed.cotEvent.type == "t-x-c-t-r"


def test_chat_becomes_a_text_and_an_order_becomes_chat(net: Net, name: str) -> None:
    texts: list[tuple[str, str]] = []
    net.server.core.listeners.on_text(lambda device, text: texts.append((device.id, text)))
    remarks = "<remarks>路口有积水 &amp; 树倒</remarks>"
    chat = event(f"GeoChat.{name}.All Chat Rooms.1", "b-t-f", f'<link uid="{name}"/>{remarks}')
    forged = event("GeoChat.ANDROID-boss.All Chat Rooms.2", "b-t-f", f'<link uid="ANDROID-boss"/>{remarks}')
    with net.tls(name) as client:
        client.sendall(chat + forged + chat)
        wait_until(lambda: texts)
        net.server.core.listeners.send(f"staff-{name}", "order-7", "指令：去中山北路", (117.25, 34.25))
        heard = hear(client, b"b-m-p-w-GOTO")
        assert "指令：去中山北路".encode() in heard and b"GeoChat.onemap" in heard
    assert texts == [(name, "路口有积水 & 树倒")]


def test_an_emergency_calls_sos_and_a_place_by_hand_is_marked(net: Net, name: str) -> None:
    with net.tls(name) as client:
        client.sendall(event(name, "a-f-G-U-C", how="h-g-i-g-o"))
        wait_until(lambda: lon_of(net.server, handle(net, name)) == 117.2)
        assert flags_of(net.server, handle(net, name)) == PositionFlag.MOCK
        client.sendall(
            event(f"{name}-9-1-1", "b-a-o-tbl", '<emergency type="911 Alert">p</emergency>', lon=117.2001)
        )
        wait_until(lambda: flags_of(net.server, handle(net, name)) & PositionFlag.SOS)


def test_multicast_is_taken_from_pinned_addresses_and_marked(net: Net) -> None:
    one, _ = net.server.device("mesh-1")
    two, _ = net.server.device("mesh-2")
    before = refused(net.server, "cot", "other_device")

    for proto, lon in (("0", 117.24), ("1", 117.2401)):

        async def play(tool: pytak.CLITool, lon: float = lon) -> None:
            await tool.tx_queue.put(sa("mesh-2", 117.9))
            await tool.tx_queue.put(sa("mesh-1", lon))
            await until(lambda: lon_of(net.server, one) == lon)

        local = {"PYTAK_MULTICAST_LOCAL_ADDR": "127.0.0.1", "TAK_PROTO": proto}
        with_pytak(net.pytak_config("udp+wo", **local), play)
    assert lon_of(net.server, two) is None
    assert refused(net.server, "cot", "other_device") == before + 2
    assert flags_of(net.server, one) == PositionFlag.UNVOUCHED


@pytest.mark.parametrize(
    "bad",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"<event>" + b"x" * 70_000,
        b"\xbf\xff\xff\xff\xff",
        b"<a></event>",
        b"\xbf\x04abcd",
    ],
)
def test_nonsense_ends_its_own_connection_only(net: Net, name: str, bad: bytes) -> None:
    with net.tls(name) as first, net.tls(name) as second:
        first.sendall(bad)
        first.settimeout(10)
        while first.recv(65536):
            pass
        second.sendall(sa(name, 117.21))
        wait_until(lambda: lon_of(net.server, handle(net, name)) == 117.21)


def test_clients_that_vanish_end_nothing_but_themselves(net: Net, name: str) -> None:
    _, secret = net.server.device(name)
    sign_in = f'<auth><cot username="{name}" password="{secret}"/></auth>'.encode()
    near, _ = net.server.device(f"near-{name}")
    device = Device(id="near", subject="near", handle=near, area="320302001001001")
    until = time.monotonic() + 5  # positions go out every other second
    while time.monotonic() < until:
        net.server.core.intake.take(device, [PositionFix(lon=117.22, lat=34.2)])
        with net.tcp() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(sign_in + sa(name, 117.21))
            time.sleep(0.01 * random.random())
    (state,) = [state for state, _, _ in net.server.core.listeners.states() if state.name == "cot"]
    assert (state.starts, state.state) == (1, "running")
