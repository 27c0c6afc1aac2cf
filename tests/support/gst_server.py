"""An RTSP server of another make, gst-rtsp-server, for Debian's Python alone: this file is run by it.

    /usr/bin/python3 gst_server.py CODEC FPS FRAMES [--udp] [--tls PEM] [USER:PASSWORD]

FRAMES: a file of frames, each behind its size (four bytes, little endian). Prints its port. Frame i of
those leaves at the time it started + i / FPS. Ends with its stdin. --udp: by that alone. PEM: certificate
and key.
"""

import struct
import sys
import threading
from pathlib import Path

import gi

gi.require_version("Gio", "2.0")
gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

Gst.init(None)


def read_frames(path):
    """The frames of the file."""
    data, at, frames = Path(path).read_bytes(), 0, []
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at)
        frames.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return frames


class Factory(GstRtspServer.RTSPMediaFactory):
    """One pipeline for all who watch, fed from here: ``multifilesrc`` is refused by the server."""

    def __init__(self, codec, fps, frames):
        super().__init__()
        self._fps, self._frames = fps, frames
        caps = f"video/x-{codec},stream-format=byte-stream,alignment=au,framerate={fps}/1"
        pay = f"rtp{codec}pay name=pay0 pt=96 config-interval=-1"
        source = f"appsrc name=src is-live=true format=time do-timestamp=true caps={caps}"
        self.set_launch(f"( {source} ! {codec}parse ! {pay} )")
        self.set_shared(True)

    def do_configure(self, media):
        """Start to feed a pipeline."""
        source = media.get_element().get_by_name("src")
        number = [0]

        def push():
            frame = self._frames[number[0] % len(self._frames)]
            number[0] += 1
            return source.emit("push-buffer", Gst.Buffer.new_wrapped(frame)) == Gst.FlowReturn.OK

        GLib.timeout_add(1000 // self._fps, push)


def main():
    """Serve until stdin ends."""
    codec, fps, path, more = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    factory = Factory(codec, fps, read_frames(path))
    factory.connect("media-configure", lambda made, media: made.do_configure(media))
    if "--udp" in more:
        factory.set_protocols(GstRtsp.RTSPLowerTrans.UDP)
        more.remove("--udp")
    auth = GstRtspServer.RTSPAuth()
    if "--tls" in more:
        at = more.index("--tls")
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(more[at + 1]))
        del more[at : at + 2]
        server.set_auth(auth)
    if more:
        protect(auth, factory, *more[0].split(":"))
        server.set_auth(auth)
    server.get_mount_points().add_factory("/camera", factory)
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    print(server.get_bound_port(), flush=True)
    loop.run()


def protect(auth, factory, user, password):
    """By Digest alone."""
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(user, password, token)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)


if __name__ == "__main__":
    main()
