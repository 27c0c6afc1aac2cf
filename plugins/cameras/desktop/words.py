"""How cameras are described."""

from __future__ import annotations

from collections.abc import Callable

from console.sdk.records import Camera, CameraKind
from plugins.cameras.desktop.sight import Look

Tr = Callable[..., str]

LOOKS = {
    Look.HERE: "Stands here",
    Look.THERE: "Looks there",
    Look.CAN_TURN: "Turns there",
    Look.HIDDEN: "Hidden",
    Look.AWAY: "Looks away",
    Look.TOO_FAR: "Too far",
}
LOOK_COLORS = {
    Look.HERE: "success",
    Look.THERE: "success",
    Look.CAN_TURN: "info",
    Look.HIDDEN: "warning",
    Look.AWAY: "text.muted",
    Look.TOO_FAR: "text.muted",
}
KINDS = {
    CameraKind.BULLET: "Fixed camera",
    CameraKind.DOME: "Dome camera",
    CameraKind.PTZ: "Turning camera",
    CameraKind.HIGH: "High-altitude camera",
    CameraKind.PANORAMA: "Panorama camera",
    CameraKind.DRONE: "Drone",
}
BLIND = {"black": "Black picture", "covered": "Covered lens", "frozen": "Frozen picture"}
"""Why a picture shows nothing."""
WINDS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def kind_text(camera: Camera, tr: Tr) -> str:
    """High-altitude or street camera."""
    return tr("High-altitude camera") if camera.high else tr("Street camera")


def build_text(camera: Camera, tr: Tr) -> str:
    """What it is built as."""
    return tr(KINDS[CameraKind.HIGH if camera.high else camera.kind])


def state_text(camera: Camera, tr: Tr) -> str:
    """Online, offline, or what is the matter with its picture."""
    if camera.blind and not camera.online:
        return tr(BLIND.get(camera.blind, "Faulty picture"))
    return tr("Online") if camera.online else tr("Offline")


def video_text(camera: Camera, tr: Tr) -> str:
    """What of it can be looked at here."""
    if camera.live:
        return tr("Live and recorded") if camera.recorded else tr("Live")
    return tr("Recorded") if camera.recorded else tr("No video")


def heading_text(heading: float | None, tr: Tr) -> str:
    """Direction as one of eight winds with degrees; a dome has none."""
    if heading is None:
        return tr("turns all round")
    wind = WINDS[round(heading / 45) % 8]
    return f"{tr(wind)} {heading % 360:.0f}°"


def metres_text(metres: float, tr: Tr) -> str:
    """A distance: metres, from 1 km on kilometres."""
    return tr("{n} m", n=f"{metres:.0f}") if metres < 999.5 else tr("{n} km", n=f"{metres / 1000:.1f}")
