"""What the endpoints take; all numbers are limited."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from plugins.linkage.model import MOST_PAIRS, MOST_ZOOMS

CameraId = Annotated[str, StringConstraints(pattern=r"^[^/\x00]{1,64}$")]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Height = Annotated[float, Field(ge=-1_000, le=10_000, allow_inf_nan=False)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LensBody(_Body):
    """Units as in ``plugins.linkage.lens.lens.Lens``."""

    lon: Longitude
    lat: Latitude
    height: Height
    heading: float = Field(ge=0, le=360, allow_inf_nan=False)
    tilt: float = Field(ge=-90, le=90, allow_inf_nan=False)
    roll: float = Field(ge=-180, le=180, allow_inf_nan=False)
    focal: float = Field(gt=0.01, le=500, allow_inf_nan=False)
    aspect: float = Field(ge=0.1, le=10, allow_inf_nan=False)
    bend: float = Field(ge=-10, le=10, allow_inf_nan=False)


class PairBody(_Body):
    """A point in the picture and where it is."""

    u: Share
    v: Share
    lon: Longitude
    lat: Latitude
    height: Height


class PoseBody(_Body):
    """Of the head when it was calibrated; as ``console.sdk.cameras.Pose``."""

    pan: float = Field(ge=-360, le=360, allow_inf_nan=False)
    tilt: float = Field(ge=-180, le=180, allow_inf_nan=False)
    zoom: float = Field(ge=0, le=1, allow_inf_nan=False)


class ZoomBody(_Body):
    """How wide the picture is at a position of the zoom; as ``plugins.linkage.lens.turning.Zoomed``."""

    zoom: float = Field(ge=0, le=1, allow_inf_nan=False)
    focal: float = Field(gt=0.01, le=500, allow_inf_nan=False)
    bend: float = Field(ge=-10, le=10, allow_inf_nan=False)


class CalibrationBody(_Body):
    """Made from which edition; 0: there was none."""

    edition: int = Field(ge=0)
    lens: LensBody
    pairs: list[PairBody] = Field(min_length=4, max_length=MOST_PAIRS)
    ground: Height
    """Of the ground at the camera's foot, where no model knows better."""
    held: bool
    """Whether the eye's place was given, not found."""
    error: float = Field(ge=0, le=1, allow_inf_nan=False)
    """Middle error of the points, in widths of the picture."""
    pose: PoseBody | None = None
    zooms: list[ZoomBody] = Field(default=[], max_length=MOST_ZOOMS)
