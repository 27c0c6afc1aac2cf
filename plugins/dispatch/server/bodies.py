"""What the endpoints of dispatch take; all lengths and numbers are limited."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from console.sdk.records import ClosureShape, Means
from plugins.dispatch.model import Apart, DeviceAction

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""PostgreSQL keeps no NUL in texts."""
Moment = Annotated[float, Field(ge=0, le=4_102_444_800, allow_inf_nan=False)]
"""Seconds since 1970, before 2100: what every console can show as a date."""
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Point = tuple[Longitude, Latitude]

MAX_CLOSURE_POINTS = 500
MAX_CANDIDATES = 100
MAX_ATTACHMENTS = 5
FEWEST_POINTS = {ClosureShape.POINT: 1, ClosureShape.LINE: 2, ClosureShape.POLYGON: 3}


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

    name: Text = Field(min_length=1, max_length=64)


Area = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,15}$")]


class SurveyBody(BaseModel):
    """One part of a survey of coverage."""

    area: Area
    part: int = Field(default=0, ge=0, le=1000)
    busy: bool = False
    """Count those, too, who have a job."""


class SitesBody(BaseModel):
    """Places (rows of the whole survey) that nobody reaches in time, and by what one more would go."""

    area: Area
    unreached: list[Annotated[int, Field(ge=0, le=100_000)]] = Field(max_length=5000)
    minutes: float = Field(ge=1, le=120, allow_inf_nan=False)
    means: Means = Means.BICYCLE


Word = Annotated[Text, Field(max_length=32)]
MAX_TEAM = 30


class Seat(BaseModel):
    """So many of a skill or role; neither: anybody."""

    skill: Word = ""
    role: Word = ""
    count: int = Field(default=1, ge=1, le=MAX_TEAM)


class TeamBody(BaseModel):
    """A team for one event."""

    event: Id
    seats: list[Seat] = Field(min_length=1, max_length=10)
    apart: Apart = Apart.NOTHING


class Need(BaseModel):
    """How many one event needs."""

    event: Id
    count: int = Field(default=1, ge=1, le=10)


class SeveralBody(BaseModel):
    """Several events to be served together."""

    events: list[Need] = Field(min_length=1, max_length=MAX_TEAM)


class ReleaseBody(BaseModel):
    """The bigger event that somebody could be freed for."""

    event: Id
    limit: int = Field(default=5, ge=1, le=20)


Seconds = Annotated[float, Field(ge=0, le=7200, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]
Skills = Annotated[list[Annotated[Text, Field(min_length=1, max_length=32)]], Field(max_length=12)]


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

    area: Area
    version: int = Field(ge=0)
    rules: RulesValues


class OrderBody(BaseModel):
    """An order as the sender gives it."""

    event: Id
    staff: Id
    text: Text = Field(default="", max_length=500)
    id: Id | None = None
    anyway: bool = False
    given_at: float | None = Field(default=None, allow_inf_nan=False)
    """When the sender gave it, s since 1970; believed only with an Idempotency-Key."""
    attachments: list[Hash] = Field(default=[], max_length=MAX_ATTACHMENTS)


class AttachBody(BaseModel):
    """Files that a sent order shall have as well, uploaded before."""

    attachments: list[Hash] = Field(min_length=1, max_length=MAX_ATTACHMENTS)


class OrderStepBody(BaseModel):
    """What the console may do with an order."""

    action: Literal["cancel"]
    note: Text = Field(default="", max_length=500)


class DeviceStepBody(BaseModel):
    """What a device says about its order."""

    action: DeviceAction
    note: Text = Field(default="", max_length=2000)


class RouteBody(BaseModel):
    """From where to where."""

    start: Point
    goal: Point
    means: Means = Means.FOOT
    heading: float | None = Field(default=None, ge=0, le=360, allow_inf_nan=False)
    """Degrees from north in which the start moves; None: it stands."""


class ShapeBody(BaseModel):
    """Another shape for a closure of the same kind, made from which version of it."""

    points: list[Point] = Field(min_length=1, max_length=MAX_CLOSURE_POINTS)
    version: int = Field(ge=0)


class ClosureBody(BaseModel):
    """A closure as it is drawn."""

    shape: ClosureShape
    points: list[Point] = Field(min_length=1, max_length=MAX_CLOSURE_POINTS)
    reason: Text = Field(default="", max_length=200)
    means: list[Means] = Field(default=list(Means), min_length=1, max_length=len(Means))
    since: Moment | None = None
    """When it begins, s since 1970; None: now."""
    until: Moment | None = None
    id: Id | None = None

    @model_validator(mode="after")
    def _enough_points(self) -> ClosureBody:
        if len(self.points) < FEWEST_POINTS[self.shape]:
            raise ValueError(f"a {self.shape} needs {FEWEST_POINTS[self.shape]} points or more")
        return self
