"""A calibration as the backend keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from plugins.linkage.lens.calibrate import Pair
from plugins.linkage.lens.lens import Lens
from plugins.linkage.lens.turning import Head, Zoomed


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Of one camera."""

    camera: str
    lens: Lens
    pairs: tuple[Pair, ...]
    ground: float
    """Height of the ground at its foot."""
    held: bool
    error: float
    """Middle error of the points, in widths of the picture."""
    pose: Head | None = None
    """Of its head when it was calibrated; None: it has none, or does not say."""
    zooms: tuple[Zoomed, ...] = ()
    """Positions of the zoom at which it was calibrated, with that of ``pose``."""
    edition: int = 0
    by: str = ""
    at: float = 0.0
    """Seconds since 1970."""


def read(told: Mapping[str, Any]) -> Calibration:
    """What the backend tells. Raises KeyError, TypeError for something else."""
    pose = told["pose"]
    return Calibration(
        camera=str(told["camera"]),
        lens=Lens(**told["lens"]),
        pairs=tuple(Pair(**pair) for pair in told["pairs"]),
        ground=float(told["ground"]),
        held=bool(told["held"]),
        error=float(told["error"]),
        pose=None if pose is None else Head(**pose),
        zooms=tuple(Zoomed(**zoom) for zoom in told.get("zooms", ())),
        edition=int(told["edition"]),
        by=str(told["by"]),
        at=float(told["at"]),
    )


def body_of(calibration: Calibration) -> dict[str, Any]:
    """What the backend wants to be told."""
    body = asdict(calibration)
    for ours in ("camera", "by", "at"):
        del body[ours]
    return body
