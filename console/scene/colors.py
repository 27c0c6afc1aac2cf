"""Between light, in which glTF counts factors and vertex colours, and sRGB, in which pictures are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def to_srgb(light: Any) -> NDArray[np.float64]:
    """0..1 of any shape, as it is shown; what is out of range is cut."""
    light = np.clip(np.asarray(light, np.float64), 0.0, 1.0)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def to_light(srgb: Any) -> NDArray[np.float64]:
    """What `to_srgb` shows as *srgb*."""
    srgb = np.clip(np.asarray(srgb, np.float64), 0.0, 1.0)
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
