"""What phones and TAK clients send in the ingest benchmark."""

from __future__ import annotations

import asyncio
import base64
import json
import time
import urllib.request
from typing import Any

import paho.mqtt.client as paho
import takproto

DEVICES, CONNECTIONS = 1500, 50
PASSWORD = "benchmark only, loopback"


def name(number: int) -> str:
    """A device's id."""
    return f"device-{number:05d}"


def place(number: int, turn: int) -> tuple[float, float]:
    """Longitude and latitude of a device that walks."""
    return 117.2 + number * 1e-5, 34.2 + turn * 1e-5


def http_request(protocol: str, about: dict[str, Any], number: int, turn: int, at: float) -> bytes:
    """The bytes that a phone sends."""
    device, (lon, lat) = name(number), place(number, turn)
    shown = base64.b64encode(f"{device}:{about['secrets'][number]}".encode()).decode()
    head = f"{about['prefix']}{protocol}", f"Host: bench\r\nAuthorization: Basic {shown}\r\n"
    if protocol == "osmand":
        measured = "speed=2.5&bearing=90&accuracy=8&batt=70"
        query = f"id={device}&lat={lat:.6f}&lon={lon:.6f}&timestamp={at:.0f}&{measured}"
        return f"GET {head[0]}?{query} HTTP/1.1\r\n{head[1]}\r\n".encode()
    body = json.dumps(owntracks_message(number, turn, at))
    return (
        f"POST {head[0]} HTTP/1.1\r\n{head[1]}Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def owntracks_message(number: int, turn: int, at: float) -> dict[str, Any]:
    """One report of OwnTracks."""
    lon, lat = place(number, turn)
    topic = f"owntracks/{name(number)}/phone"
    kept = {"_type": "location", "topic": topic, "tst": int(at), "vel": 5, "cog": 90, "acc": 8, "batt": 70}
    return kept | {"lon": round(lon, 6), "lat": round(lat, 6)}


async def send_http(protocol: str, about: dict[str, Any], count: int) -> int:
    """*count* requests over keep-alive connections, each device in turn; how many were taken."""
    numbers, begun = iter(range(count)), time.time() - count / DEVICES
    taken = 0

    async def one() -> None:
        nonlocal taken
        reader, writer = await asyncio.open_connection("127.0.0.1", about["port"])
        for n in numbers:
            turn, number = divmod(n, DEVICES)
            writer.write(http_request(protocol, about, number, turn, begun + turn))
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
            await reader.readexactly(int(length))
            taken += head.startswith(b"HTTP/1.1 200")
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return taken


def cot_events(number: int, count: int, protobuf: bool) -> bytes:
    """A client's positions in a row."""
    parts: list[bytes] = []
    for turn in range(count):
        lon, lat = place(number, turn)
        at = f"2026-01-01T00:00:{turn // 1000:02d}.{turn % 1000:03d}Z"
        times = f'time="{at}" start="{at}" stale="{at}"'
        xml = (
            f'<event version="2.0" uid="{name(number)}" type="a-f-G-U-C" how="m-g" {times}>'
            f'<point lat="{lat:.6f}" lon="{lon:.6f}" hae="30" ce="8" le="9999999"/><detail>'
            f'<contact callsign="A"/><track speed="1.4" course="90"/><status battery="70"/></detail></event>'
        )
        made = takproto.xml2proto(xml, takproto.TAKProtoVer.STREAM) if protobuf else xml.encode()
        parts.append(bytes(made))
    return b"".join(parts)


async def send_cot(streams: list[bytes], about: dict[str, Any], first: int) -> None:
    """Each stream over a connection of its own."""

    async def one(number: int, stream: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", about["cot"])
        secret = about["secrets"][number]
        writer.write(f'<auth><cot username="{name(number)}" password="{secret}"/></auth>'.encode())
        await reader.read(10)
        writer.write(stream)
        await writer.drain()
        await reader.read(1)
        writer.close()

    before = taken_by(about, "cot")
    wanted = before + sum(stream.count(b"a-f-G-U-C") for stream in streams)
    work = [asyncio.create_task(one(first + n, stream)) for n, stream in enumerate(streams)]
    while await asyncio.to_thread(taken_by, about, "cot") < wanted:
        await asyncio.sleep(0.2)
    for task in work:
        task.cancel()


def send_mqtt(messages: list[tuple[str, bytes]], about: dict[str, Any], port: int) -> None:
    """Publish with QoS 1, as phones do."""
    wanted = taken_by(about, "mqtt") + len(messages)
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.username_pw_set("phones", PASSWORD)
    client.connect("127.0.0.1", port)
    client.loop_start()
    for topic, payload in messages:
        client.publish(topic, payload, qos=1)
    while taken_by(about, "mqtt") < wanted:
        time.sleep(0.2)
    client.disconnect()


def taken_by(about: dict[str, Any], listener: str) -> int:
    """Fixes that a listener took, or -1 while it starts."""
    ask = urllib.request.Request(
        f"http://127.0.0.1:{about['port']}/api/v1/listeners",
        headers={"Authorization": f"Bearer {about['token']}"},
    )
    with urllib.request.urlopen(ask, timeout=20) as answer:
        for report in json.load(answer):
            if report["name"] == listener:
                return report["taken"] if report["state"] == "running" else -1
    raise RuntimeError(f"{listener} does not listen")
