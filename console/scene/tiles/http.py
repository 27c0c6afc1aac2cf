"""Tilesets on servers: every file by one GET, bounded in bytes and in time, secrets to their own server."""

from __future__ import annotations

import base64
import contextlib
import re
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import requests
from requests.auth import AuthBase

from console.scene.refusal import SceneRefused, refused
from console.scene.tiles.address import joined, led_to, origin, same_server, shown, split
from console.scene.tiles.endable import EndableAdapter, Read, current
from console.scene.tiles.source import missing, must_fit, plain
from console.sdk.web import NOTHING_THERE, SLOW, WebTrouble, trouble_of, trouble_of_status

MAX_REDIRECTS = 5
_PIECE = 1 << 16
_TOKEN, _VALUE = (
    re.compile(r"[\w!#$%&'*+.^`|~-]+\Z", re.ASCII),
    re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?\Z"),
)
"""Of headers (RFC 9110, 5)."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_MOVED = (301, 302, 303, 307, 308)
_IN_TIME_LATER = (408, 425)
_AS_IT_IS, _GZIP = ("", "identity"), ("gzip", "x-gzip")
"""Content-Encodings."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that one file may take."""

    connect: float = 5.0
    stall: float = 15.0
    """Between two bytes."""
    whole: float = 120.0


class HttpSource:
    """A tileset on a server. May be read from several threads, each of which keeps its connections."""

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        hosts: Collection[str] = (),
        times: Times | None = None,
    ) -> None:
        """*url*: of the main document; what its query says is asked of all files of its server.

        *headers* go to the server of *url* alone. *hosts* (names) may be read from beside it: references
        and redirects to any other are refused. Raises SceneRefused for what is no http(s) address.
        """
        parts = split(url)
        self.start = joined(url, url)
        self._origin = origin(url)
        self._headers = {name.title(): value for name, value in (headers or {}).items()}
        if not all(_TOKEN.match(name) and _VALUE.match(value) for name, value in self._headers.items()):
            raise refused("请求头含有不允许的字符", "a header holds characters that are not allowed")
        if parts.username is not None:
            self._headers.setdefault("Authorization", _basic(parts.username, parts.password or ""))
        self._hosts = frozenset(host.lower() for host in hosts)
        self._times = times or Times()
        self._sessions = threading.local()
        self._lock = threading.Lock()
        self._reads: set[Read] = set()
        self._closed = False

    def __repr__(self) -> str:
        return f"HttpSource({shown(self.start)!r})"

    def close(self) -> None:
        """End all reads, those under way too: they raise SceneRefused, as all later ones do."""
        with self._lock:
            self._closed = True
            reads = list(self._reads)
        for read in reads:
            read.end()

    def resolve(self, base: str, uri: str) -> str:
        key = joined(base, uri)
        self._must_be_allowed(key)
        return key

    def read(self, key: str) -> bytes:
        with self._reading() as read:
            try:
                packed, encoding = self._fetch(key, read)
            except SceneRefused:
                raise
            except Exception as error:  # of requests, and urllib3's own while reading
                raise self._trouble(key, error, read) from None  # it names the whole address
        data = plain(packed) if encoding in _GZIP else packed
        return plain(data)  # tiles are packed on some servers' disks, too

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Read]:
        """A read that can be ended from outside, and is when its time is up."""
        read = Read()
        with self._lock:
            if self._closed:
                raise _closed()
            self._reads.add(read)
        clock = threading.Timer(self._times.whole, read.end)
        clock.daemon = True
        clock.start()
        current.read = read
        try:
            yield read
        finally:
            current.read = None
            clock.cancel()
            with self._lock:
                self._reads.discard(read)

    def _fetch(self, url: str, read: Read) -> tuple[bytes, str]:
        """The body as it came, and its Content-Encoding; redirects are followed."""
        key = url
        for _ in range(MAX_REDIRECTS + 1):
            with self._ask(url) as answer:
                if answer.status_code in _MOVED and "Location" in answer.headers:
                    url = led_to(url, answer.headers["Location"])
                    self._must_be_allowed(url)
                    continue
                _must_be_fine(answer.status_code, key)
                encoding = answer.headers.get("Content-Encoding", "").strip().lower()
                if encoding not in _AS_IT_IS + _GZIP:
                    raise refused(
                        f"“{shown(key)}”的传输编码不受支持", f"“{shown(key)}” is encoded in a way not read"
                    )
                return _body(answer, key, read), encoding
        raise refused(f"“{shown(key)}”重定向次数过多", f"“{shown(key)}” is redirected too often")

    def _ask(self, url: str) -> requests.Response:
        """One GET; secrets go along if it is for their server."""
        headers = {"Accept": "*/*", "Accept-Encoding": "gzip", "User-Agent": "OneMap Console"}
        if same_server(self._origin, origin(url)):
            headers |= self._headers
        return self._session().get(
            url,
            headers=headers,
            auth=_Nobody(),
            timeout=(self._times.connect, self._times.stall),
            allow_redirects=False,
            stream=True,
        )

    def _session(self) -> requests.Session:
        """One a thread: requests does not promise to share them."""
        session = getattr(self._sessions, "session", None)
        if session is None:
            session = self._sessions.session = requests.Session()
            session.trust_env = self._origin[1] not in _LOOPBACK  # proxies; none to ourselves
            for scheme in ("http://", "https://"):
                session.mount(scheme, EndableAdapter())
        return session

    def _must_be_allowed(self, url: str) -> None:
        """Raises SceneRefused for another server that was not named."""
        there = origin(url)
        if not same_server(self._origin, there) and there[1] not in self._hosts:
            raise refused(
                f"“{shown(url)}”位于未获许可的服务器 {there[1][:100]},不予读取",
                f"“{shown(url)}” is on the server {there[1][:100]}, which is not permitted; it is not read",
            )

    def _trouble(self, key: str, error: Exception, read: Read) -> SceneRefused:
        if self._closed:
            return _closed()
        if isinstance(error, requests.exceptions.SSLError):
            return refused(
                f"服务器证书不可信:{shown(key)}",
                f"the server's certificate is not to be trusted: {shown(key)}",
            )
        return _refusal(SLOW if read.ended else trouble_of(error), key)


def _must_be_fine(status: int, key: str) -> None:
    """Raises SceneRefused for any answer but a whole file."""
    if status in NOTHING_THERE or status == 204:
        raise missing(shown(key))
    trouble = SLOW if status in _IN_TIME_LATER else trouble_of_status(status)
    if trouble is not None:
        raise _refusal(trouble, key)
    if status != 200:
        raise refused(
            f"服务器的应答无法识别({status}):{shown(key)}",
            f"the server's answer is not understood ({status}): {shown(key)}",
        )


def _body(answer: requests.Response, key: str, read: Read) -> bytes:
    """At most MAX_FILE bytes, as they came. Raises SceneRefused, or what urllib3 raises."""
    announced = answer.headers.get("Content-Length", "")
    must_fit(int(announced) if announced.isdecimal() else 0, shown(key))
    pieces: list[bytes] = []
    size = 0
    while piece := answer.raw.read(_PIECE, decode_content=False):
        pieces.append(piece)
        size += len(piece)
        must_fit(size, shown(key))
    if read.ended:  # an end without a length looks like any other
        raise TimeoutError
    return b"".join(pieces)


def _refusal(trouble: WebTrouble, key: str) -> SceneRefused:
    text = trouble.text
    return refused(f"{text.zh_CN}:{shown(key)}", f"{text.en}: {shown(key)}", again=trouble.passing)


def _closed() -> SceneRefused:
    return refused("数据源已关闭", "the source is closed")


def _basic(user: str, password: str) -> str:
    """RFC 7617."""
    return "Basic " + base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()


class _Nobody(AuthBase):
    """Set as ``auth``, or requests would send a password of ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request
