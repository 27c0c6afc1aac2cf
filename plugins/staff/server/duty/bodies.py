"""What requests about duty may carry."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from console.sdk.records import Duty
from plugins.staff.server.duty.plan import WEEKDAYS

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=500)]
StaffId = Annotated[str, Field(min_length=1, max_length=64)]
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(value: str) -> str:
    """A date or a day of the standard week. Raises ValueError."""
    if value not in WEEKDAYS:
        if not _ISO.fullmatch(value):
            raise ValueError("a day is YYYY-MM-DD or mon … sun")
        date.fromisoformat(value)
    return value


def _monday(value: str) -> str:
    if value != "standard" and (value in WEEKDAYS or date.fromisoformat(_day(value)).weekday() != 0):
        raise ValueError("a week begins on a Monday")
    return value


Day = Annotated[str, AfterValidator(_day)]
Week = Annotated[str, AfterValidator(_monday)]
"""The date of its Monday, or ``standard``."""


ShiftName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]


class ShiftBody(BaseModel):
    """A shift: minutes after local midnight; one that ends before it starts ends the next day."""

    name_zh: ShiftName
    name_en: ShiftName
    starts: int = Field(ge=0, lt=24 * 60)
    ends: int = Field(ge=0, le=24 * 60)

    @model_validator(mode="after")
    def _lasts(self) -> ShiftBody:
        if self.starts == self.ends:
            raise ValueError("a shift lasts; the whole day is 0 to 1440")
        return self


class CellBody(BaseModel):
    """A cell to set; shift None takes it out, so that the standard week holds again."""

    staff: StaffId
    day: Day
    shift: Annotated[str, Field(max_length=16)] | None
    lead: bool = False
    substitute: str = Field(default="", max_length=64)

    @model_validator(mode="after")
    def _substitute_has_a_shift(self) -> CellBody:
        if self.substitute and (not self.shift or self.day in WEEKDAYS or self.substitute == self.staff):
            raise ValueError("a substitute takes the shift of somebody else on a date")
        return self


class CellsBody(BaseModel):
    """Cells to set together, or not at all."""

    cells: list[CellBody] = Field(min_length=1, max_length=20_000)

    @model_validator(mode="after")
    def _each_once(self) -> CellsBody:
        if len({(cell.staff, cell.day) for cell in self.cells}) < len(self.cells):
            raise ValueError("a cell is named twice")
        return self


class CopyBody(BaseModel):
    """A week to copy onto another, for one area."""

    source: Week
    target: Week
    area: str = Field(default="", max_length=15)


class DutyBody(BaseModel):
    """A leader's word against the rota; without *until* it holds until the rota next says otherwise."""

    duty: Duty
    reason: Reason
    until: float | None = Field(default=None, gt=0, lt=4e9)


class LeaveBody(BaseModel):
    """Leave between two times, s since 1970."""

    staff: StaffId
    since: float = Field(gt=0, lt=4e9)
    until: float = Field(gt=0, lt=4e9)
    kind: Literal["annual", "sick", "training", "other"] = "other"
    note: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _in_order(self) -> LeaveBody:
        if self.until <= self.since:
            raise ValueError("leave ends after it begins")
        return self


class HandoverBody(BaseModel):
    """What the next shift of an area must know."""

    area: str = Field(min_length=6, max_length=15)
    shift: str = Field(default="", max_length=16)
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
