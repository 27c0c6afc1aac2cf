"""Words that both halves of dispatch share; records are those of ``console.sdk.records``."""

from __future__ import annotations

from enum import StrEnum


class WhyNot(StrEnum):
    """Why somebody cannot be sent (``Candidate.why_not``)."""

    OFF_DUTY = "off_duty"
    NO_POSITION = "no_position"
    BAD_POSITION = "bad_position"
    """The last fix is flagged (impossible jump, 0,0, wrong clock)."""
    SILENT = "silent"
    NO_ROAD = "no_road"


class Looked(StrEnum):
    """What a ``Reason`` looked at, and what its ``value`` holds."""

    ETA = "eta"
    """Whole seconds by road, or empty when no road leads there."""
    DUTY = "duty"
    """``on`` or ``off``."""
    JOB = "job"
    """Id of the open order, or empty."""
    GRID = "grid"
    """A ``Nearness``."""
    MEANS = "means"
    """``foot``, ``bicycle`` or ``car``; its effect is in the ETA already."""
    POSITION_AGE = "position_age"
    """Whole seconds since the last fix, or empty without one."""


class Nearness(StrEnum):
    """How the staff member's own area lies to the place."""

    OWN = "own"
    COMMUNITY = "community"
    STREET = "street"
    OTHER = "other"


class DeviceAction(StrEnum):
    """What a device may say about an order."""

    DELIVERED = "delivered"
    ACCEPT = "accept"
    REFUSE = "refuse"
    START = "start"
    ARRIVE = "arrive"
    DONE = "done"
