"""What the endpoints of polling take; all lengths and numbers are limited."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from plugins.polling.model import MOST_CAMERAS, TITLE_LIMIT, WORDS_LIMIT, Finding, Kind

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
CameraId = Annotated[str, StringConstraints(pattern=r"^[^/\x00]{1,64}$")]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", strip_whitespace=True)]
"""PostgreSQL keeps no NUL in texts."""
Title = Annotated[Text, StringConstraints(min_length=1, max_length=TITLE_LIMIT)]
Time = Annotated[float, Field(ge=0, le=1e11, allow_inf_nan=False)]
"""Seconds since 1970."""


class GroupBody(BaseModel):
    """A group as it is saved, made from which edition of it; 0: it is new."""

    model_config = ConfigDict(extra="forbid")
    edition: int = Field(ge=0)
    title: Title
    kind: Kind
    rule: Text = Field(default="", max_length=WORDS_LIMIT)
    cameras: list[CameraId] = Field(default=[], max_length=MOST_CAMERAS)
    area: Annotated[str, StringConstraints(pattern=r"^([0-9]{2,15})?$")] = ""

    @model_validator(mode="after")
    def _says_which(self) -> GroupBody:
        if not (self.cameras if self.kind is Kind.HAND else self.rule):
            raise ValueError("a group holds cameras, or the rule that finds them")
        return self


class EntryBody(BaseModel):
    """What was found at a camera."""

    model_config = ConfigDict(extra="forbid")
    camera: CameraId
    name: Text = Field(max_length=200)
    finding: Finding
    words: Text = Field(default="", max_length=WORDS_LIMIT)
    at: Time
    event: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{0,64}$")] = ""


class RoundBody(BaseModel):
    """An inspection that is over."""

    model_config = ConfigDict(extra="forbid")
    title: Title
    began: Time
    ended: Time
    entries: list[EntryBody] = Field(min_length=1, max_length=MOST_CAMERAS)

    @model_validator(mode="after")
    def _in_order(self) -> RoundBody:
        if self.ended < self.began:
            raise ValueError("a round ends after it began")
        if len({entry.camera for entry in self.entries}) < len(self.entries):
            raise ValueError("each camera is found once in a round")
        return self
