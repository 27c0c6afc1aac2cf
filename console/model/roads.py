"""What the numbers of a road layer mean: access, turn rules, use and surface."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Access(IntFlag):
    """Who may use a road (column ``access``), and what else holds of roads and nodes."""

    FOOT = 1
    BICYCLE = 2
    CAR = 4
    MOTORCYCLE = 8
    EMERGENCY = 16
    CONTRAFLOW = 32
    """Bicycles may go against the one-way street."""
    PRIVATE = 64
    """Only for who lives, shops or serves there: no way through for motor vehicles."""
    SIGNALS = 256
    """Of a node: traffic lights."""
    MOTOR = CAR | MOTORCYCLE | EMERGENCY
    VEHICLES = BICYCLE | MOTOR
    ALL = FOOT | VEHICLES


class TurnRule(IntFlag):
    """What a turn restriction says, beside the ``Access`` bits of those whom it binds."""

    ONLY = 256
    """This turn is the only one allowed; without the flag it is the one forbidden."""
    U_TURN = 512


class RoadUse(IntEnum):
    """Column ``use``: what a road is for where that slows one down."""

    THROUGH = 0
    ROUNDABOUT = 1
    ALLEY = 2
    DRIVEWAY = 3
    PARKING_AISLE = 4
    DRIVE_THROUGH = 5


class Surface(IntEnum):
    """Column ``surface``, from good to bad."""

    SMOOTH = 0
    PAVED = 1
    ROUGH = 2
    COMPACTED = 3
    DIRT = 4
    GRAVEL = 5
    PATH = 6
