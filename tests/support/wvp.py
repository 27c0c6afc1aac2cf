"""A WVP platform on loopback: the routes, shapes and refusals of 2.7.4, with real pictures behind it.

Written after its controllers' behaviour; what it does over SIP is kept here instead: who is called, how a
head moves, which presets a device has.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from console.simulation.video.clip import Clip
from tests.support.wvp_media import MediaServer

USER, PASSWORD = "admin", "hunter2-und-mehr"
_UNSIGNED = {"code": 401, "msg": "请登录后重新请求"}
_SPAN = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
Answer = Callable[["Handler"], None]
Query = dict[str, str]


class Refusal(Exception):
    """An answer with another code than 0."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


class Handler(BaseHTTPRequestHandler):
    """HTTP: a body with a code in it for nearly everything."""

    protocol_version = "HTTP/1.1"
    server: WvpPlatform

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        platform = self.server
        with platform.lock:
            platform.asked.append((parts.path, query))
        for prefix, answer in platform.answers.items():
            if parts.path.startswith(prefix):
                answer(self)
                return
        signed = self.headers.get("access-token") in platform.tokens
        if parts.path != "/api/user/login" and not signed:
            self.give(_UNSIGNED, 401)
            return
        try:
            data = platform.answer(parts.path.removeprefix("/api/"), query)
        except Refusal as refusal:
            self.give({"code": refusal.code, "msg": refusal.text, "data": None})
        except LookupError:
            self.give({"code": 404, "msg": "资源未找到", "data": None}, 404)
        else:
            self.give({"code": 0, "msg": "成功", "data": data})

    def give(self, body: Any, status: int = 200) -> None:
        self.give_raw(json.dumps(body, ensure_ascii=False).encode(), status)

    def give_raw(self, raw: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Type": "application/json;charset=UTF-8", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class WvpPlatform(ThreadingHTTPServer):
    """Attributes may be read and set from any thread."""

    daemon_threads = True

    def __init__(self, media: MediaServer) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.lock = threading.Lock()
        self.media, self.media_host = media, "127.0.0.1"
        self.users = {USER: hashlib.md5(PASSWORD.encode()).hexdigest()}
        self.tokens: set[str] = set()
        self.devices: list[dict[str, Any]] = []
        self.channels: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[tuple[str, Query]] = []
        self.answers: dict[str, Answer] = {}
        """A test's own, by the beginning of the path."""
        self.invites: dict[str, tuple[int, str]] = {}
        """Channels that do not answer a call, with what the platform says then."""
        self.called: list[str] = []
        """Streams for which a device was really called."""
        self.playing: dict[str, float] = {}
        """Streams that are sent, with their speed."""
        self.heads: dict[str, list[tuple[int, ...]]] = {}
        """By channel: command, and the speeds to the side, up, of the zoom."""
        self.presets: dict[str, dict[int, str]] = {}
        self.recorded: dict[str, list[tuple[str, str]]] = {}

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # whoever hangs up early is meant to

    def add_device(self, device: str, name: str, *, online: bool = True, **more: Any) -> None:
        """One that registered."""
        row = {"id": len(self.devices) + 1, "deviceId": device, "name": name, "manufacturer": "Hikvision"}
        row |= {"transport": "UDP", "streamMode": "TCP-PASSIVE", "onLine": online, "geoCoordSys": "WGS84"}
        self.devices.append(row | {"mediaServerId": "auto", "charset": "GB2312", "password": None} | more)
        self.channels[device] = []

    def add_channel(self, device: str, channel: str, name: str, **more: Any) -> None:
        """Of its catalogue."""
        row = {"id": 1000 + len(self.channels[device]), "deviceId": channel, "name": name, "status": "ON"}
        row |= {"parentDeviceId": device, "ptzType": 0, "ptzTypeText": "未知", "channelType": 0, "owner": "0"}
        row |= {"longitude": None, "latitude": None, "streamId": None, "gbName": None, "parental": 0}
        self.channels[device].append(row | more)

    def sign_out_all(self) -> None:
        """As after the half hour of a token."""
        self.tokens.clear()

    def paths(self, beginning: str) -> list[str]:
        """What was asked below it."""
        with self.lock:
            return [path for path, _ in self.asked if path.startswith(beginning)]

    def answer(self, path: str, query: Query) -> Any:
        """The data. Raises Refusal, LookupError."""
        for pattern, method in _ROUTES:
            if found := re.fullmatch(pattern, path):
                with self.lock:
                    return method(self, query, *found.groups())
        raise LookupError(path)

    def _login(self, query: Query) -> Any:
        if self.users.get(query["username"]) != query["password"]:
            raise Refusal(100, "用户名或密码错误")
        token = secrets.token_urlsafe(24)
        self.tokens.add(token)
        user = {"id": 1, "username": query["username"], "password": query["password"], "pushKey": "x"}
        return {**user, "accessToken": token, "serverId": "000000", "enabled": True}

    def _devices(self, query: Query) -> Any:
        rows = [row | {"channelCount": len(self.channels[row["deviceId"]])} for row in self.devices]
        return _page(rows, query)

    def _channels(self, query: Query, device: str) -> Any:
        self._device(device, "未找到设备：" + device)
        return _page(self.channels[device], query)

    def _play(self, _query: Query, device: str, channel: str) -> Any:
        self._device(device, "设备不存在")
        self._channel(device, channel, "通道不存在")
        return self._begin(channel, f"{device}_{channel}")

    def _stop(self, _query: Query, device: str, channel: str) -> Any:
        self._device(device, "设备不存在")
        self._channel(device, channel, "通道不存在")
        self._end(f"{device}_{channel}")
        return {"deviceId": device, "channelId": channel}

    def _records(self, query: Query, device: str, channel: str) -> Any:
        begin, end = _times(query)
        self._device(device, f"{device} 不存在")
        self._channel(device, channel, f"{channel} 不存在")
        spans = [span for span in self.recorded.get(channel, []) if span[0] < end and span[1] > begin]
        rows = [
            {
                "deviceId": channel,
                "name": "",
                "startTime": first,
                "endTime": last,
                "type": "time",
                "secrecy": 0,
            }
            for first, last in spans
        ]
        return {
            "deviceId": device,
            "channelId": channel,
            "sn": "1",
            "sumNum": len(rows),
            "recordList": rows or None,
        }

    def _replay(self, query: Query, device: str, channel: str) -> Any:
        begin, end = _times(query)
        self._device(device, "未找到设备：" + device)
        self._channel(device, channel, "未找到通道：" + channel)
        marks = [re.sub(r"\D", "", each) for each in (begin, end)]
        content = self._begin(channel, "_".join((device, channel, *marks)))
        return content | {"startTime": begin, "endTime": end}

    def _end_replay(self, _query: Query, device: str, channel: str, stream: str) -> Any:
        self._device(device, "设备：" + device + " 未找到")
        self._channel(device, channel, "通道：" + channel + " 未找到")
        self._end(stream)

    def _speed(self, _query: Query, stream: str, speed: str) -> Any:
        if stream not in self.playing:
            raise Refusal(400, "streamId不存在")
        self.playing[stream] = float(speed)

    def _media_info(self, query: Query) -> Any:
        if query["mediaServerId"] != "zlm-1":
            raise Refusal(100, "流媒体不存在")
        if query["stream"] not in self.playing:
            return None
        return {"app": "rtp", "stream": query["stream"], "readerCount": self.media.readers(query["stream"])}

    def _front_end(self, query: Query, device: str, channel: str) -> Any:
        self._device(device, f"设备[{device}]不存在")
        command = tuple(int(query[name]) for name in ("cmdCode", "parameter1", "parameter2", "combindCode2"))
        for value, most, name in zip(command[1:], (255, 255, 15), list(query)[1:], strict=True):
            if not 0 <= value <= most:
                raise Refusal(100, f"{name} 为 0-{most}的数字")
        self.heads.setdefault(channel, []).append(command)

    def _preset(self, query: Query, act: str, device: str, channel: str) -> Any:
        self._device(device, f"设备[{device}]不存在")
        kept = self.presets.setdefault(channel, {})
        if act == "query":
            return [{"presetId": str(number), "presetName": name} for number, name in sorted(kept.items())]
        number = int(query["presetId"])
        if not 1 <= number <= 255:
            raise Refusal(100, "预置位编号必须为1-255之间的数字")
        if act == "add":
            kept[number] = f"预置点{number}"
        elif act == "delete":
            kept.pop(number, None)
        else:
            self.heads.setdefault(channel, []).append((0x82, 1, number, 0))
        return None

    def _begin(self, channel: str, stream: str) -> Any:
        if channel in self.invites:
            raise Refusal(*self.invites[channel])
        if stream not in self.playing:
            self.called.append(stream)
            self.playing[stream] = 1.0
            self.media.begin(stream)
        return _content(self.media_host, self.media.port, stream)

    def _end(self, stream: str) -> None:
        if self.playing.pop(stream, None) is not None:
            self.media.end(stream)

    def _device(self, device: str, text: str) -> None:
        if device not in self.channels:
            raise Refusal(100, text)

    def _channel(self, device: str, channel: str, text: str) -> None:
        if channel not in {row["deviceId"] for row in self.channels[device]}:
            raise Refusal(100, text)


_ROUTES: list[tuple[str, Callable[..., Any]]] = [
    (r"user/login", WvpPlatform._login),
    (r"device/query/devices", WvpPlatform._devices),
    (r"device/query/devices/(\w+)/channels", WvpPlatform._channels),
    (r"play/start/(\w+)/(\w+)", WvpPlatform._play),
    (r"play/stop/(\w+)/(\w+)", WvpPlatform._stop),
    (r"gb_record/query/(\w+)/(\w+)", WvpPlatform._records),
    (r"playback/start/(\w+)/(\w+)", WvpPlatform._replay),
    (r"playback/stop/(\w+)/(\w+)/(\w+)", WvpPlatform._end_replay),
    (r"playback/speed/(\w+)/([\d.]+)", WvpPlatform._speed),
    (r"server/media_server/media_info", WvpPlatform._media_info),
    (r"front-end/common/(\w+)/(\w+)", WvpPlatform._front_end),
    (r"front-end/preset/(query|add|call|delete)/(\w+)/(\w+)", WvpPlatform._preset),
]


def _page(rows: list[Any], query: Query) -> Any:
    page, count = int(query["page"]), int(query["count"])
    listed, pages = rows[(page - 1) * count : page * count], -(-len(rows) // count)
    return {
        "total": len(rows),
        "list": listed,
        "pageNum": page,
        "pageSize": count,
        "pages": pages,
    }


def _times(query: Query) -> tuple[str, str]:
    for name in ("startTime", "endTime"):
        if not _SPAN.fullmatch(query.get(name, "")):
            raise Refusal(100, f"{name}格式为yyyy-MM-dd HH:mm:ss")
    return query["startTime"], query["endTime"]


def _content(host: str, port: int, stream: str) -> dict[str, Any]:
    """All addresses of a picture, as for a media server with its usual ports; only RTSP is real."""
    token = f"?callId={secrets.token_hex(8)}"
    base = f"{host}:1/rtp/{stream}"
    return {
        "app": "rtp",
        "stream": stream,
        "ip": None,
        "flv": f"http://{base}.live.flv{token}",
        "https_flv": None,
        "ws_flv": f"ws://{base}.live.flv{token}",
        "hls": f"http://{base}/hls.m3u8{token}",
        "rtmp": f"rtmp://{base}{token}",
        "rtsp": f"rtsp://{host}:{port}/rtp/{stream}{token}",
        "rtsps": None,
        "rtc": f"http://{host}:1/index/api/webrtc?app=rtp&stream={stream}&type=play",
        "mediaServerId": "zlm-1",
        "mediaInfo": {"app": "rtp", "stream": stream, "readerCount": 0, "videoCodec": "H264"},
        "startTime": None,
        "endTime": None,
        "progress": 0.0,
    }


@contextmanager
def wvp_platform(clip: Clip) -> Iterator[WvpPlatform]:
    """One that is there meanwhile."""
    with MediaServer(clip).running() as media:
        platform = WvpPlatform(media)
        threading.Thread(target=platform.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield platform
        finally:
            platform.shutdown()
            platform.server_close()
