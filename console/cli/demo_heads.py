"""The demo's cameras that can be turned; where they look is only said, their pictures stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

from console.server.core import Core
from console.simulation.heads import SimulatedDriver

TURNED = ("high", "ptz")
"""Kinds that can be turned."""


def give_heads(core: Core, ids: Sequence[str]) -> None:
    """Give those of the cameras *ids* a head that can be turned and that no device has yet."""
    from plugins.cameras.server.devices.book import Link
    from plugins.cameras.server.devices.driver import VideoDevice
    from plugins.cameras.server.tables import CameraRow

    book = core.services.get("cameras.devices")
    driver = SimulatedDriver()
    book.register(driver)
    with core.database.write() as session:
        cameras = [session.get(CameraRow, each) for each in ids]
        turned = [each for each in cameras if each is not None and each.kind in TURNED]
        if not turned:
            return
        area = turned[0].area[:6]
        device = VideoDevice(
            id="demo-heads", driver=driver.name, name="演示云台", address="http://127.0.0.1", area=area
        )
        book.put(session, device)
        for camera in turned:
            if book.of(session, camera.id) is None:
                book.link(session, Link(camera.id, device, camera.id, steerable=True, recorded=False))
