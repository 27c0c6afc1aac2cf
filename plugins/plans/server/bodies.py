"""What the endpoints of plans take; all lengths and numbers are limited."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from console.sdk.records import EventClass
from plugins.plans.model import (
    MOST_ITEMS,
    MOST_STEPS,
    MOST_VERTICES,
    NOTE_LIMIT,
    TITLE_LIMIT,
    WHAT_LIMIT,
    WHO_LIMIT,
)

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""PostgreSQL keeps no NUL in texts."""
Title = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LIMIT)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Ring = Annotated[list[tuple[Longitude, Latitude]], Field(max_length=MOST_VERTICES)]
_FEWEST = {"point": 1, "line": 2, "polygon": 3}


class ItemBody(BaseModel):
    """One thing that is drawn."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["point", "line", "polygon"]
    points: Ring
    holes: list[Ring] = Field(default=[], max_length=100)
    title: Text = Field(default="", max_length=TITLE_LIMIT)
    symbol: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/_.-]{0,80}$")] = ""
    color: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = "#ff5d5d"

    @model_validator(mode="after")
    def _enough_points(self) -> ItemBody:
        if len(self.points) < _FEWEST[self.kind] or (self.kind == "point" and len(self.points) > 1):
            raise ValueError(f"a {self.kind} has another number of points")
        if self.holes and (self.kind != "polygon" or any(len(hole) < 3 for hole in self.holes)):
            raise ValueError("holes are rings of a polygon")
        return self


class StepBody(BaseModel):
    """Who does what."""

    model_config = ConfigDict(extra="forbid")
    who: Text = Field(default="", max_length=WHO_LIMIT)
    what: Text = Field(min_length=1, max_length=WHAT_LIMIT)


class PlanBody(BaseModel):
    """A plan as it is saved, made from which version of it; 0: it is new, or was deleted."""

    version: int = Field(ge=0)
    area: Annotated[str, StringConstraints(pattern=r"^[0-9]{2,15}$")]
    title: Title
    event_class: EventClass | Literal[""] = ""
    note: Text = Field(default="", max_length=NOTE_LIMIT)
    steps: list[StepBody] = Field(default=[], max_length=MOST_STEPS)
    items: list[ItemBody] = Field(default=[], max_length=MOST_ITEMS)

    @model_validator(mode="after")
    def _not_too_much(self) -> PlanBody:
        rings = [ring for item in self.items for ring in (item.points, *item.holes)]
        if sum(map(len, rings)) > MOST_VERTICES:
            raise ValueError(f"at most {MOST_VERTICES} vertices are drawn in a plan")
        return self
