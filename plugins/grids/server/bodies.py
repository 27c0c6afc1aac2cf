"""What the endpoints of grids take."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from console.sdk.records import GridPlan
from plugins.grids.cover.draft import Draft

PlanId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{8,64}$")]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""PostgreSQL keeps no NUL in texts."""
Title = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Reason = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=4, max_length=500)]
Version = Annotated[int, Field(ge=0)]


class PlanBody(BaseModel):
    """A draft as its author sends it; ``version`` is that of the state it was made on, 0 for a new one."""

    title: Title
    note: Text = Field(default="", max_length=500)
    version: Version = 0
    draft: Draft


class EndBody(BaseModel):
    """Which state of a plan is put in force, and why."""

    version: Version
    reason: Reason


class PlanDetail(BaseModel):
    """A plan with its draft."""

    plan: GridPlan
    draft: Draft
