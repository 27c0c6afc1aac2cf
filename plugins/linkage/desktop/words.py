"""How the linkage speaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from plugins.linkage.desktop.kept import Calibration
from plugins.linkage.lens.calibrate import CannotCalibrate, Fault

Tr = Callable[..., str]
PIXELS = 1920
"""Errors are told in pixels of a picture so wide, whatever is on the screen."""
FAULTS: dict[str, str] = {
    Fault.FEW: "At least four different points are needed",
    Fault.LINE_PICTURE: "The points lie in one line of the picture: take some beside it, near and far",
    Fault.LINE_MAP: "The points lie in one line on the map: take some beside it, near and far",
    Fault.BEHIND: "Points {points} would lie behind the camera: check them",
    Fault.APART: "The points do not fit together: check point {points} first",
    Fault.LOOSE: "These points leave open where the camera is: take nearer, farther and higher ones",
}
LAYERS: dict[str, str] = {
    "event": "Events",
    "staff": "Staff",
    "camera": "Cameras",
    "building": "Buildings",
    "road": "Roads",
}


def fault_text(fault: CannotCalibrate, tr: Tr) -> str:
    """Why there is no calibration; the worst point alone, of those that do not fit."""
    points = fault.points[:1] if fault.fault is Fault.APART else fault.points
    return (
        tr(FAULTS[fault.fault], points="、".join(str(at + 1) for at in points))
        if points
        else tr(FAULTS[fault.fault])
    )


def metres_text(metres: float | None) -> str:
    """Of a length; a dash for none."""
    if metres is None:
        return "–"
    return f"{metres:.2f} m" if metres < 10 else f"{metres:,.0f} m"


def place_text(lon: float, lat: float) -> str:
    """Longitude and latitude, WGS84, a decimetre fine."""
    return f"{lon:.6f}, {lat:.6f}"


def kept_text(kept: Calibration, tr: Tr) -> str:
    """How good a calibration is, who made it and when."""
    when = f"{datetime.fromtimestamp(kept.at):%Y-%m-%d %H:%M}"
    error = f"{kept.error * PIXELS:.1f}"
    return tr("Calibrated by {who}, {when}, error {error} px", who=kept.by, when=when, error=error)
