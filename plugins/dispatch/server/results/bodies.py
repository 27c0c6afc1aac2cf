"""What the endpoints of results take; numbers and sizes are limited."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import BaseModel, Field, model_validator

from console.sdk import haversine
from console.sdk.records import Means
from plugins.dispatch.server.bodies import Point
from plugins.dispatch.server.results import tour

MOST_MINUTES = 60.0
MOST_FIXES = 1000
MOST_METRES = 60_000.0
"""Of a track: work grows with the square of the distance from fix to fix."""

Time = Annotated[float, Field(ge=0, le=1e11, allow_inf_nan=False)]
Accuracy = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class ReachBody(BaseModel):
    """How far one comes from a place, or all staff on duty who could go (without ``where``)."""

    where: Point | None = None
    minutes: float = Field(gt=0, le=MOST_MINUTES, allow_inf_nan=False)
    means: Means | None = None
    """None: staff by their own means; from a place on foot."""


class TourBody(BaseModel):
    """Places to be visited, beginning with the first."""

    stops: list[Point] = Field(min_length=2, max_length=tour.MOST)
    means: Means = Means.FOOT
    closed: bool = False
    """Back to the first at the end."""
    last: bool = False
    """The last of the stops stays the last."""


class MatchBody(BaseModel):
    """A track: fixes in their order, with times and accuracies where they are known."""

    points: list[Point] = Field(min_length=2, max_length=MOST_FIXES)
    times: list[Time] | None = Field(default=None, max_length=MOST_FIXES)
    accuracy: list[Accuracy | None] | None = Field(default=None, max_length=MOST_FIXES)
    means: Means = Means.FOOT

    @model_validator(mode="after")
    def _within_limits(self) -> MatchBody:
        for column in (self.times, self.accuracy):
            if column is not None and len(column) != len(self.points):
                raise ValueError("times and accuracy must be as many as points")
        lon, lat = np.array(self.points).T
        if haversine(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum() > MOST_METRES:
            raise ValueError(f"the track is longer than {MOST_METRES / 1000:.0f} km")
        return self
