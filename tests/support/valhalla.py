"""A real Valhalla service on a real extract, for tests and benchmarks.

The executables and tiles are kept in ``ONEMAP_TESTCACHE`` (else in the temporary
folder of the machine), so that only the first run fetches and builds.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from installer.valhalla import build, fetch, serve_command

CACHE = Path(os.environ.get("ONEMAP_TESTCACHE") or Path(tempfile.gettempdir()) / "onemap-test-cache")
_PATIENCE = 60.0


@contextmanager
def valhalla_service(extract: Path) -> Iterator[str]:
    """The URL of a service on *extract*; the test skips where it cannot be had, and fails in CI."""
    try:
        program = fetch(CACHE / "valhalla")
        config = build(program, CACHE / "valhalla", [extract])
    except (OSError, subprocess.CalledProcessError) as error:
        text = f"Valhalla is missing: run `python installer/valhalla.py --folder {CACHE}/valhalla` ({error})"
        pytest.fail(text) if os.environ.get("CI") else pytest.skip(text)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    service = subprocess.Popen(
        serve_command(program, config, port, 1), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(service, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        service.kill()
        service.wait(10)
        config.with_name(f"serve-{port}.json").unlink(missing_ok=True)


def _wait(service: subprocess.Popen[bytes], url: str) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and service.poll() is None:
        try:
            if requests.get(f"{url}/status", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.05)
    raise RuntimeError(f"Valhalla did not start (exit code {service.poll()})")
