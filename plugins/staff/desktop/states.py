"""What state a member of the staff is in, as the map, the table and the counts tell it."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from console.sdk import Sprite, SpriteShape, Text

SILENT_AFTER = 120.0
"""Seconds without a fix after which somebody on duty counts as silent."""

STALE_AFTER = 45.0
"""Seconds after which a place is out of date, whoever fell silent: the device, the line or this console."""


class State(IntEnum):
    """One state a person, the loudest wins: the values rise with how much it matters."""

    OFF_DUTY = 0
    ON_DUTY = 1
    ON_JOB = 2
    SILENT = 3
    SOS = 4


TITLES = {
    State.OFF_DUTY: "Off duty",
    State.ON_DUTY: "On duty",
    State.ON_JOB: "On a job",
    State.SILENT: "Silent",
    State.SOS: "SOS",
}
COLORS = {
    State.OFF_DUTY: "staff.off_duty",
    State.ON_DUTY: "staff.on_duty",
    State.ON_JOB: "staff.on_job",
    State.SILENT: "staff.silent",
    State.SOS: "staff.sos",
}

SPRITES = (
    Sprite(shape=SpriteShape.CIRCLE, fill="staff.on_duty", size=14, title=Text("在岗", "On duty")),
    Sprite(shape=SpriteShape.DIAMOND, fill="staff.on_job", size=17, title=Text("执行任务", "On a job")),
    Sprite(shape=SpriteShape.RING, fill="staff.silent", size=14, title=Text("失联", "Silent")),
    Sprite(shape=SpriteShape.CROSS, fill="staff.sos", size=20, title=Text("求助", "SOS")),
    Sprite(
        shape=SpriteShape.SQUARE,
        fill="staff.silent",
        size=15,
        glyph="?",
        title=Text("位置存疑", "Place in doubt"),
    ),
    Sprite(shape=SpriteShape.CIRCLE, fill="staff.off_duty", size=9, title=Text("离岗", "Off duty")),
    Sprite(
        shape=SpriteShape.CIRCLE, fill="staff.silent", size=14, title=Text("位置过时", "Place out of date")
    ),
)
"""Symbols as the legend lists them."""
SPRITE_OF = np.array([5, 0, 1, 2, 3], np.uint8)
"""Index of the symbol of each state."""
STALE_SPRITE = 6
"""Index of the symbol for somebody on duty whose place is out of date."""
DOUBTFUL_SPRITE = 4
"""Index of the symbol for a last good place whose later fixes cannot be true."""
