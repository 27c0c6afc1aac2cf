"""A correct ONVIF device on loopback: two cameras, one of which turns, with faults to order.

It tells addresses of a network that nobody reaches, as devices behind a router do.
"""

from __future__ import annotations

import base64
import hashlib
import re
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

import pytest
from defusedxml.ElementTree import fromstring

from console.model.camera_pose import Pose
from console.simulation.heads import SimulatedHead
from plugins.cameras.server.devices.driver import DeviceFault, Fault, VideoDevice

USER, PASSWORD = "admin", "p&ss<wörd>"
FAR = "10.255.255.1"
GROUP = "239.255.255.250"
_SPACE = "http://www.onvif.org/ver10/tptz/{}Spaces/{}"
_WSSE = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"
_WSU = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}"
_TT = "{http://www.onvif.org/ver10/schema}"
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" '
    'xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:ter="http://www.onvif.org/ver10/error" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" '
    'xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Header>{}</s:Header><s:Body>{}</s:Body>'
    "</s:Envelope>"
)
PROFILES = (
    ("main", "东门", "s1", 1920, 1080, True),
    ("small", "东门", "s1", 640, 360, True),
    ("tiny", "东门", "s1", 320, 180, True),
    ("fixed", "西门", "s2", 1280, 720, False),
)


def known(device: OnvifDevice) -> VideoDevice:
    """*device* as the backend keeps it."""
    return VideoDevice(
        id="d",
        driver="onvif",
        name="大院",
        address=device.address,
        area="310101",
        user=USER,
        password=PASSWORD,
    )


def fault(work: Callable[[], object]) -> Fault:
    """That *work* ends in, with nothing secret in its words."""
    with pytest.raises(DeviceFault) as raised:
        work()
    assert PASSWORD not in str(raised.value) and "127.0.0.1" not in str(raised.value)
    return raised.value.fault


class SoapFault(Exception):
    """Answered as a fault with this subcode."""


class OnvifDevice:
    """Attributes may be set from any thread."""

    def __init__(self, rtsp_port: int = 554, *, degrees: bool = True) -> None:
        """*degrees*: whether the head knows them beside the generic space."""
        self.head, self.degrees = SimulatedHead(lambda: 20 * time.monotonic()), degrees
        self.rtsp_port = rtsp_port
        self.clock = timedelta()
        """That its clock is ahead of ours."""
        self.asked = Counter[str]()
        """Requests by name; ``refused`` for sign-ins that were wrong."""
        self.http_digest = False
        """Whether it wants a sign-in by HTTP."""
        self.answer: Callable[[BaseHTTPRequestHandler], None] | None = None
        """Answers in place of the device."""
        self.discovery: Callable[[str, Callable[[bytes], None]], None] | None = None
        """Answers a probe, by its message id, in place of the device."""
        self.port = self.discovery_port = 0
        self.places = ""
        self._nonces = set[str]()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/onvif/device_service"

    @contextmanager
    def running(self) -> Iterator[OnvifDevice]:
        """Serve, and answer probes on the loopback interface."""
        device = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                with suppress(OSError):
                    (device.answer or device._serve)(self)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_port
        probes = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        probes.bind((GROUP, 0))
        joined = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton("127.0.0.1"))
        probes.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
        probes.settimeout(0.1)
        self.discovery_port = probes.getsockname()[1]
        over = threading.Event()
        threads = [
            threading.Thread(target=server.serve_forever, args=(0.05,), name="onvif device"),
            threading.Thread(target=self._answer_probes, args=(probes, over), name="onvif probes"),
        ]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            over.set()
            server.shutdown()
            for thread in threads:
                thread.join()
            server.server_close()
            probes.close()

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        root = fromstring(body)
        operation = root[-1][0]
        name = operation.tag.rpartition("}")[2]
        self.asked[name] += 1
        if self.http_digest and name != "GetSystemDateAndTime" and not _signed_by_http(request):
            challenge = {"WWW-Authenticate": 'Digest realm="onvif", nonce="n1", qop="auth", algorithm=MD5'}
            return send(request, b"", 401, challenge)
        try:
            if name != "GetSystemDateAndTime" and not self.http_digest:
                self._check(root)
            if not hasattr(self, f"_{name}"):
                raise SoapFault("ActionNotSupported")
            answer = _ENVELOPE.format("", getattr(self, f"_{name}")(operation))
            send(request, answer.encode())
        except SoapFault as fault:
            text = (
                f"<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:{fault}</s:Value>"
                "</s:Subcode></s:Code><s:Reason><s:Text xml:lang='en'>no</s:Text></s:Reason></s:Fault>"
            )
            send(request, _ENVELOPE.format("", text).encode(), 400)

    def _check(self, root: Element) -> None:
        """WS-UsernameToken with a digest, a fresh nonce, and a time within 5 s of the device's own."""
        token = root.find(f".//{_WSSE}UsernameToken")
        if token is None:
            raise SoapFault("NotAuthorized")
        nonce, created = token.findtext(f"{_WSSE}Nonce", ""), token.findtext(f"{_WSU}Created", "")
        digest = hashlib.sha1(base64.b64decode(nonce) + created.encode() + PASSWORD.encode()).digest()
        said = token.findtext(f"{_WSSE}Password"), token.findtext(f"{_WSSE}Username")
        late = abs(datetime.fromisoformat(created) - datetime.now(UTC) - self.clock) > timedelta(seconds=5)
        if said != (base64.b64encode(digest).decode(), USER) or nonce in self._nonces or late:
            self.asked["refused"] += 1
            raise SoapFault("NotAuthorized")
        self._nonces.add(nonce)

    def _GetSystemDateAndTime(self, _: Element) -> str:
        now = datetime.now(UTC) + self.clock
        day = f"<tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day>"
        hour = (
            f"<tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute>"
            f"<tt:Second>{now.second}</tt:Second>"
        )
        utc = f"<tt:UTCDateTime><tt:Time>{hour}</tt:Time><tt:Date>{day}</tt:Date></tt:UTCDateTime>"
        return (
            "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime>"
            f"<tt:DateTimeType>NTP</tt:DateTimeType>{utc}"
            "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
        )

    def _GetServices(self, _: Element) -> str:
        names = {"ver10/device": "device_service", "ver10/media": "media", "ver20/ptz": "ptz"}
        services = "".join(
            f"<tds:Service><tds:Namespace>http://www.onvif.org/{name}/wsdl</tds:Namespace>"
            f"<tds:XAddr>http://{FAR}/onvif/{path}</tds:XAddr></tds:Service>"
            for name, path in names.items()
        )
        return f"<tds:GetServicesResponse>{services}</tds:GetServicesResponse>"

    def _GetGeoLocation(self, _: Element) -> str:
        return f"<tds:GetGeoLocationResponse>{self.places}</tds:GetGeoLocationResponse>"

    def _GetProfiles(self, _: Element) -> str:
        profiles = "".join(
            f'<trt:Profiles token="{token}"><tt:Name>{name}</tt:Name>'
            f'<tt:VideoSourceConfiguration token="c{source}"><tt:SourceToken>{source}</tt:SourceToken>'
            f'</tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="e{token}">'
            f"<tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>{width}</tt:Width>"
            f"<tt:Height>{height}</tt:Height></tt:Resolution></tt:VideoEncoderConfiguration>"
            + ('<tt:PTZConfiguration token="p"><tt:NodeToken>n</tt:NodeToken></tt:PTZConfiguration>' * turns)
            + "</trt:Profiles>"
            for token, name, source, width, height, turns in PROFILES
        )
        return f"<trt:GetProfilesResponse>{profiles}</trt:GetProfilesResponse>"

    def _GetStreamUri(self, operation: Element) -> str:
        token = self._profile(operation, "trt", "http://www.onvif.org/ver10/media/wsdl")
        uri = f"<tt:Uri>rtsp://{FAR}:{self.rtsp_port}/{token}</tt:Uri>"
        return f"<trt:GetStreamUriResponse><trt:MediaUri>{uri}</trt:MediaUri></trt:GetStreamUriResponse>"

    def _GetNodes(self, _: Element) -> str:
        def space(kind: str, uri: str, x: str, y: str = "") -> str:
            ranges = "".join(
                f"<tt:{axis}Range><tt:Min>{each.split()[0]}</tt:Min><tt:Max>{each.split()[1]}</tt:Max>"
                f"</tt:{axis}Range>"
                for axis, each in (("X", x), ("Y", y))
                if each
            )
            return f"<tt:{kind}><tt:URI>{uri}</tt:URI>{ranges}</tt:{kind}>"

        turn = "AbsolutePanTiltPositionSpace"
        spaces = space(turn, _SPACE.format("PanTilt", "PositionGenericSpace"), "-1 1", "-1 1")
        if self.degrees:
            spaces += space(turn, _SPACE.format("PanTilt", "SphericalPositionSpace"), "0 360", "-90 30")
        spaces += space("AbsoluteZoomPositionSpace", _SPACE.format("Zoom", "PositionGenericSpace"), "0 1")
        velocity = _SPACE.format("PanTilt", "VelocityGenericSpace")
        spaces += space("ContinuousPanTiltVelocitySpace", velocity, "-1 1", "-1 1")
        spaces += space("ContinuousZoomVelocitySpace", _SPACE.format("Zoom", "VelocityGenericSpace"), "-1 1")
        return (
            '<tptz:GetNodesResponse><tptz:PTZNode token="n"><tt:Name>n</tt:Name>'
            f"<tt:SupportedPTZSpaces>{spaces}</tt:SupportedPTZSpaces>"
            "<tt:MaximumNumberOfPresets>32</tt:MaximumNumberOfPresets></tptz:PTZNode></tptz:GetNodesResponse>"
        )

    def _GetStatus(self, operation: Element) -> str:
        """In the generic space, whatever was asked for, as many devices do."""
        self._profile(operation, "tptz", "http://www.onvif.org/ver20/ptz/wsdl")
        pose = self.head.pose()
        uri = _SPACE.format("PanTilt", "PositionGenericSpace")
        return (
            "<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position>"
            f'<tt:PanTilt x="{pose.pan / 180}" y="{pose.tilt / 90}" space="{uri}"/>'
            f'<tt:Zoom x="{pose.zoom}"/></tt:Position></tptz:PTZStatus></tptz:GetStatusResponse>'
        )

    def _AbsoluteMove(self, operation: Element) -> str:
        turn, zoom = operation.find(f".//{_TT}PanTilt"), operation.find(f".//{_TT}Zoom")
        assert turn is not None and zoom is not None
        pan, tilt = float(turn.attrib["x"]), float(turn.attrib["y"])
        if turn.attrib.get("space", "").endswith("SphericalPositionSpace"):
            if not (0 <= pan <= 360 and -90 <= tilt <= 30):
                raise SoapFault("InvalidPosition")
            pan = pan - 360 if pan > 180 else pan
        else:
            pan, tilt = pan * 180, tilt * 90
        self.head.point(Pose(pan, tilt, float(zoom.attrib["x"])))
        return "<tptz:AbsoluteMoveResponse/>"

    def _ContinuousMove(self, operation: Element) -> str:
        turn, zoom = operation.find(f".//{_TT}PanTilt"), operation.find(f".//{_TT}Zoom")
        assert turn is not None and zoom is not None
        timeout = operation.findtext("{http://www.onvif.org/ver20/ptz/wsdl}Timeout", "")
        assert re.fullmatch(r"PT\d+S", timeout), "a movement must end by itself"
        self.head.move(*(float(each) for each in (turn.attrib["x"], turn.attrib["y"], zoom.attrib["x"])))
        return "<tptz:ContinuousMoveResponse/>"

    def _Stop(self, _: Element) -> str:
        self.head.stop()
        return "<tptz:StopResponse/>"

    def _GetPresets(self, _: Element) -> str:
        presets = "".join(
            f'<tptz:Preset token="{each.id}"><tt:Name>{escape(each.name)}</tt:Name></tptz:Preset>'
            for each in self.head.presets()
        )
        return f"<tptz:GetPresetsResponse>{presets}</tptz:GetPresetsResponse>"

    def _SetPreset(self, operation: Element) -> str:
        name, token = (operation.findtext(f"{{*}}Preset{each}") or "" for each in ("Name", "Token"))
        kept = self.head.keep(name, token)
        token = f"<tptz:PresetToken>{kept.id}</tptz:PresetToken>"
        return f"<tptz:SetPresetResponse>{token}</tptz:SetPresetResponse>"

    def _GotoPreset(self, operation: Element) -> str:
        self._known(operation)
        self.head.go(operation.findtext("{*}PresetToken") or "")
        return "<tptz:GotoPresetResponse/>"

    def _RemovePreset(self, operation: Element) -> str:
        self._known(operation)
        self.head.forget(operation.findtext("{*}PresetToken") or "")
        return "<tptz:RemovePresetResponse/>"

    def _known(self, operation: Element) -> None:
        if operation.findtext("{*}PresetToken") not in {each.id for each in self.head.presets()}:
            raise SoapFault("NoToken")

    def _profile(self, operation: Element, _prefix: str, namespace: str) -> str:
        token = operation.findtext(f"{{{namespace}}}ProfileToken") or ""
        if token not in {each[0] for each in PROFILES}:
            raise SoapFault("NoProfile")
        return token

    def _answer_probes(self, probes: socket.socket, over: threading.Event) -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                data, sender = probes.recvfrom(65_536)
                message = re.search(rb"urn:uuid:[0-9a-f-]+", data)
                assert message is not None
                answer = self.discovery or self._match
                answer(message.group().decode(), lambda text, to=sender: self._reply(text, to))

    def _reply(self, data: bytes, to: tuple[str, int]) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(data, to)

    def _match(self, message: str, reply: Callable[[bytes], None]) -> None:
        reply(probe_match(message, f"http://{FAR}:{self.port}/onvif/device_service"))


def probe_match(message: str, address: str) -> bytes:
    """What a device says to a probe."""
    scopes = "onvif://www.onvif.org/name/%E4%B8%9C%E9%97%A8 onvif://www.onvif.org/hardware/Sim-1"
    body = (
        "<d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:1</a:Address>"
        f"</a:EndpointReference><d:Scopes>{scopes}</d:Scopes><d:XAddrs>{address}</d:XAddrs>"
        "</d:ProbeMatch></d:ProbeMatches>"
    )
    return _ENVELOPE.format(f"<a:RelatesTo>{message}</a:RelatesTo>", body).encode()


def send(
    request: BaseHTTPRequestHandler, body: bytes, status: int = 200, headers: dict[str, str] | None = None
) -> None:
    """Answer a request."""
    request.send_response(status)
    known = {"Content-Type": "application/soap+xml", "Content-Length": str(len(body)), **(headers or {})}
    for name, value in known.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def _signed_by_http(request: BaseHTTPRequestHandler) -> bool:
    """RFC 7616 with MD5 and ``auth``."""
    said = dict(re.findall(r'(\w+)="?([^",]+)"?', request.headers.get("Authorization", "")))
    if not said:
        return False

    def hashed(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    secret, what = hashed(f"{USER}:onvif:{PASSWORD}"), hashed(f"POST:{request.path}")
    right = hashed(f"{secret}:n1:{said.get('nc')}:{said.get('cnonce')}:auth:{what}")
    return said.get("response") == right
