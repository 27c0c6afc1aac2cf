"""What requests about patrols may carry."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Point = tuple[Longitude, Latitude]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Code = Annotated[str, StringConstraints(pattern=r"^\d{6,15}$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class CheckpointBody(BaseModel):
    """A place to be reached."""

    name: Name
    where: Point
    radius: float = Field(default=30.0, ge=5, le=500)


class PatrolBody(BaseModel):
    """A plan; minutes after local midnight."""

    name: Name
    area: Code
    path: list[Point] = Field(min_length=2, max_length=2000)
    checkpoints: list[CheckpointBody] = Field(default=[], max_length=100)
    staff: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field(default=[], max_length=50)
    days: list[Weekday] = Field(min_length=1, max_length=7)
    starts: int = Field(ge=0, lt=24 * 60)
    ends: int = Field(gt=0, le=24 * 60)


class CoverageBody(BaseModel):
    """In which area, on which day, and why who walked there must be looked at."""

    area: Annotated[str, StringConstraints(pattern=r"^\d{9,15}$")]
    day: date
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=500)]

    @model_validator(mode="after")
    def _a_day_of_history(self) -> CoverageBody:
        if self.day > date.today():
            raise ValueError("that day has not come yet")
        return self
