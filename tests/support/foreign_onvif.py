"""A process of its own: the camera of the package ipycam, its pages alone, on a free port of loopback.

``python foreign_onvif.py`` says the port on its first line and ends with its input. Its pictures need
OpenCV; its pages do not, so OpenCV is not loaded.
"""

from __future__ import annotations

import sys
import threading
from http.server import ThreadingHTTPServer
from types import ModuleType
from typing import Any

USER, PASSWORD = "operator", "s3cret"


def main() -> None:
    """Serve until the input ends."""
    sys.modules["cv2"] = _NoOpenCv("cv2")
    from ipycam import CameraConfig, IPCamera, IPCameraHTTPHandler

    server = ThreadingHTTPServer(("127.0.0.1", 0), IPCameraHTTPHandler)
    config = CameraConfig(
        local_ip="10.255.255.1", onvif_port=server.server_port, username=USER, password=PASSWORD
    )
    IPCameraHTTPHandler.camera = IPCamera(config)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    print(server.server_port, flush=True)
    sys.stdin.read()


class _NoOpenCv(ModuleType):
    """Has every name, and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return 0


if __name__ == "__main__":
    main()
