"""The demo's cameras are live for whoever has a ticket."""

from __future__ import annotations

import time
from itertools import islice
from pathlib import Path

import av
import pytest
import requests

from console.cli.demo import DemoBackend, running_demo
from console.cli.demo_video import COUNT

PATIENCE = 60.0
"""Seconds until the cameras are live, when their clips are to be made first."""


def live_cameras(backend: DemoBackend, headers: dict[str, str]) -> list[str]:
    """Ids of those that have a picture, once all of them have."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        cameras = requests.get(f"{backend.url}/api/v1/cameras", headers=headers, timeout=20).json()
        live = [camera["id"] for camera in cameras if camera.get("live")]
        if cameras and len(live) == min(COUNT, len(cameras)):
            return live
        time.sleep(0.2)
    pytest.fail("the demo's cameras did not become live")


@pytest.mark.timeout(240)
def test_a_ticket_leads_to_pictures(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    city = shared_data / "shanghai_center.osm.pbf"
    with running_demo(city=city, grids=4, staff=8, no_simulate=True) as backend:
        headers = {"Authorization": f"Bearer {backend.sign_in().access_token}"}
        cameras = live_cameras(backend, headers)
        assert len(cameras) > 1
        for camera in cameras[:4]:
            answer = requests.post(
                f"{backend.url}/api/v1/cameras/{camera}/ticket",
                json={"height": 200},
                headers=headers,
                timeout=20,
            )
            ticket = answer.json()
            url = ticket["sub"].replace("//", f"//{ticket['user']}:{ticket['password']}@")
            with av.open(url, options={"rtsp_transport": "tcp"}, timeout=20) as stream:
                frames = [frame.to_ndarray(format="gray") for frame in islice(stream.decode(video=0), 3)]
            assert frames[0].shape == (360, 640) and frames[0].std() > 10
