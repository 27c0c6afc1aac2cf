"""What the endpoints of dispatch take; all lengths and numbers are limited."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from console.sdk.records import ClosureShape, Means
from plugins.dispatch.model import DeviceAction

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Point = tuple[Longitude, Latitude]

MAX_CLOSURE_POINTS = 500
MAX_CANDIDATES = 100
MAX_ATTACHMENTS = 5
_FEWEST_POINTS = {ClosureShape.POINT: 1, ClosureShape.LINE: 2, ClosureShape.POLYGON: 3}


class RankBody(BaseModel):
    """For which event, or for which place, somebody is sought."""

    event: Id | None = None
    where: Point | None = None
    limit: int = Field(default=20, ge=1, le=MAX_CANDIDATES)

    @model_validator(mode="after")
    def _one_of_both(self) -> RankBody:
        if (self.event is None) == (self.where is None):
            raise ValueError("give either event or where")
        return self


class WhyBody(RankBody):
    """Whose place in the ranking is asked for: part of a name, or an id."""

    name: str = Field(min_length=1, max_length=64)


Seconds = Annotated[float, Field(ge=0, le=7200, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]
Skills = Annotated[list[Annotated[str, Field(min_length=1, max_length=32)]], Field(max_length=12)]


class RulesValues(BaseModel):
    """``Rules`` as they are given, each number within what makes sense."""

    model_config = ConfigDict(extra="forbid")
    road: Share
    job: Seconds
    neighbour: Seconds
    community: Seconds
    street: Seconds
    other: Seconds
    lacks: Seconds
    load: Seconds
    battery: Seconds
    age: Share
    must: Skills
    wish: Skills


class RulesBody(BaseModel):
    """Another version of the rules of one class: for which area, made from which version."""

    area: Annotated[str, StringConstraints(pattern=r"^[0-9]{2,15}$")]
    version: int = Field(ge=0)
    rules: RulesValues


class OrderBody(BaseModel):
    """An order as the sender gives it."""

    event: Id
    staff: Id
    text: str = Field(default="", max_length=500)
    id: Id | None = None
    anyway: bool = False
    attachments: list[Hash] = Field(default=[], max_length=MAX_ATTACHMENTS)


class OrderStepBody(BaseModel):
    """What the console may do with an order."""

    action: Literal["cancel"]
    note: str = Field(default="", max_length=500)


class DeviceStepBody(BaseModel):
    """What a device says about its order."""

    action: DeviceAction
    note: str = Field(default="", max_length=2000)


class RouteBody(BaseModel):
    """From where to where."""

    start: Point
    goal: Point
    means: Means = Means.FOOT


class ClosureBody(BaseModel):
    """A closure as it is drawn."""

    shape: ClosureShape
    points: list[Point] = Field(min_length=1, max_length=MAX_CLOSURE_POINTS)
    reason: str = Field(default="", max_length=200)
    means: list[Means] = Field(default=list(Means), min_length=1, max_length=len(Means))
    until: float | None = Field(default=None, allow_inf_nan=False)
    id: Id | None = None

    @model_validator(mode="after")
    def _enough_points(self) -> ClosureBody:
        if len(self.points) < _FEWEST_POINTS[self.shape]:
            raise ValueError(f"a {self.shape} needs {_FEWEST_POINTS[self.shape]} points or more")
        return self
