"""The demo's video recorder: some of its live cameras can be looked back at."""

from __future__ import annotations

from collections.abc import Mapping

from console.server.core import Core
from console.simulation.video.recorded import PREFIX

QUERY = "starttime={begin}&endtime={end}&speed={speed}"


def give_recordings(core: Core, channels: Mapping[str, str], port: str, sign_in: tuple[str, str]) -> None:
    """Make cameras channels of a recorder, which the process that streams is, too. *channels*: by camera."""
    from plugins.cameras.server.devices.book import Link
    from plugins.cameras.server.devices.driver import VideoDevice
    from plugins.cameras.server.tables import CameraRow

    book = core.services.get("cameras.devices")
    user, password = sign_in
    with core.database.write() as session:
        rows = [row for row in (session.get(CameraRow, camera) for camera in channels) if row is not None]
        if not rows:
            return
        device = VideoDevice(
            id="demo-recorder", driver="recorder", name="演示录像机", area=rows[0].area[:6],
            address=f"rtsp://127.0.0.1:{port}/{PREFIX}{{channel}}?{QUERY}",
            user=user, password=password,
        )  # fmt: skip
        book.put(session, device)
        for row in rows:
            link = book.of(session, row.id)
            if link is None or link.device.id == device.id:
                book.link(session, Link(row.id, device, channels[row.id], steerable=False, recorded=True))
