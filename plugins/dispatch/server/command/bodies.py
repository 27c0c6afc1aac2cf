"""What the endpoints of command take; all lengths and numbers are limited."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from console.sdk.records import EventClass, Then, Urgency
from plugins.dispatch.server.bodies import MAX_ATTACHMENTS, Hash, Id, Moment, Point, Text

MAX_GROUP = 1000
MAX_AREA_POINTS = 500
AreaCode = Annotated[str, StringConstraints(pattern=r"^\d{2,15}$")]
Seconds = Annotated[float, Field(ge=1, le=86_400, allow_inf_nan=False)]


class Selection(BaseModel):
    """Who is meant: all conditions given must hold."""

    area: AreaCode | None = None
    role: Text | None = Field(default=None, max_length=32)
    polygon: list[Point] | None = Field(default=None, min_length=3, max_length=MAX_AREA_POINTS)
    staff: list[Id] | None = Field(default=None, min_length=1, max_length=MAX_GROUP)

    @model_validator(mode="after")
    def _any(self) -> Selection:
        if self.area is None and not self.role and self.polygon is None and self.staff is None:
            raise ValueError("say who is meant: area, role, polygon or staff")
        return self


class GroupBody(BaseModel):
    """One text to many, for an event or as a call."""

    id: Id
    select: Selection
    text: Text = Field(default="", max_length=500)
    event: Id | None = None
    attachments: list[Hash] = Field(default=[], max_length=MAX_ATTACHMENTS)

    @model_validator(mode="after")
    def _says_something(self) -> GroupBody:
        if not self.event and not self.text.strip():
            raise ValueError("a call needs a text")
        return self


class GroupStepBody(BaseModel):
    """What may be done with a group."""

    action: Literal["cancel"]


class TemplateBody(BaseModel):
    """A ready text in both languages."""

    kind: EventClass | Literal[""] = ""
    zh: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    en: Annotated[Text, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class EscalationBody(BaseModel):
    """How unanswered orders are pursued."""

    kind: EventClass | Literal[""] = ""
    urgency: Urgency | Literal[""] = ""
    remind_after: Seconds
    escalate_after: Seconds
    then: Then = Then.PROPOSE

    @model_validator(mode="after")
    def _in_order(self) -> EscalationBody:
        if self.escalate_after <= self.remind_after:
            raise ValueError("escalate_after must be later than remind_after")
        return self


class UploadBody(BaseModel):
    """A file as base64."""

    name: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    data: str = Field(min_length=1, max_length=7_000_000)


class HelpBody(BaseModel):
    """What a street asks the district for."""

    id: Id
    area: AreaCode
    what: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    count: int = Field(ge=1, le=100)
    needed_by: Moment
    until: Moment


class GrantBody(BaseModel):
    """Who is lent."""

    staff: list[Id] = Field(min_length=1, max_length=100)
    note: Text = Field(default="", max_length=300)


class AnswerBody(BaseModel):
    """No to a request, by either side."""

    action: Literal["decline", "withdraw"]
    note: Text = Field(default="", max_length=300)
