"""Words that both halves of dispatch share; records are those of ``console.sdk.records``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from console.sdk.records import Candidate, EventClass, LonLat, Route

HEADING_SECONDS = 30.0
"""Up to this age a fix tells where somebody is heading,"""
MOVING_METRES_PER_SECOND = 2.0
"""if they are quicker than this; else a heading is noise."""


class WhyNot(StrEnum):
    """Why somebody cannot be sent (``Candidate.why_not``)."""

    OFF_DUTY = "off_duty"
    NO_POSITION = "no_position"
    BAD_POSITION = "bad_position"
    """The last fix is flagged (impossible jump, 0,0, wrong clock)."""
    SILENT = "silent"
    LACKS_SKILL = "lacks_skill"
    """A skill or piece of equipment that the rules demand is missing."""
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
    SKILL = "skill"
    """What is missing of the skills and equipment demanded or wished, separated by commas; or empty."""
    LOAD = "load"
    """Orders that they had today, or empty."""
    BATTERY = "battery"
    """Charge of the device in percent, or empty when unknown."""
    POSITION_AGE = "position_age"
    """Whole seconds since the last fix, or empty without one."""


class Nearness(StrEnum):
    """How the staff member's own area lies to the place."""

    OWN = "own"
    NEIGHBOUR = "neighbour"
    """Their grid touches the grid of the place (互助守望)."""
    COMMUNITY = "community"
    STREET = "street"
    OTHER = "other"


class DeviceAction(StrEnum):
    """What a device may say about an order."""

    DELIVERED = "delivered"
    READ = "read"
    ACCEPT = "accept"
    REFUSE = "refuse"
    START = "start"
    ARRIVE = "arrive"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What counts in the choice for one class of events. All but ``road`` and ``age`` are seconds added.

    ``must`` forbids, ``wish`` costs ``lacks`` a missing one. Both name skills or equipment.
    """

    road: float = 1.0
    """Share of the travel time."""
    job: float = 900.0
    neighbour: float = 15.0
    community: float = 30.0
    street: float = 60.0
    other: float = 120.0
    lacks: float = 240.0
    load: float = 60.0
    """For each order that they had today."""
    battery: float = 120.0
    """For an empty battery; nothing from a fifth upwards."""
    age: float = 0.5
    """Seconds for each second that the position is older than a minute."""
    must: tuple[str, ...] = ()
    wish: tuple[str, ...] = ()


USUAL_WISHES: dict[EventClass, tuple[str, ...]] = {
    EventClass.FIRE: ("消防",),
    EventClass.MEDICAL: ("急救",),
    EventClass.TRAFFIC: ("交通疏导",),
    EventClass.FACILITY: ("电工",),
    EventClass.FLOOD: ("防汛",),
    EventClass.DISPUTE: ("调解",),
}
"""Skills are data of the deployment and bear its names; these are what staff lists mostly say."""


def usual_rules(kind: EventClass) -> Rules:
    """The rules of a class while nobody has set others."""
    return Rules(wish=USUAL_WISHES.get(kind, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRules:
    """Rules as they are in force for one class somewhere, and where they come from."""

    kind: EventClass
    rules: Rules
    area: str = ""
    """Area that set them; empty for the usual rules."""
    version: int = 0
    """Of that area's rules; 0 for the usual ones."""
    by: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where somebody stands in the whole list."""

    candidate: Candidate
    place: int
    """1 is the best."""


class Apart(StrEnum):
    """What no two members of a team may have in common."""

    NOTHING = "nothing"
    UNIT = "unit"
    """Their community."""
    ROLE = "role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of a team, or of several sent together."""

    event: str
    seat: str = ""
    """Skill or role that they were sought for; empty for anybody."""
    candidate: Candidate | None = None
    """None: nobody fills this place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Several people for one or several events."""

    members: tuple[Member, ...]
    seconds: float = 0.0
    """Sum of the travel times, by road."""
    in_turn_seconds: float | None = None
    """The same if each event took its best in turn; None when fewer would be filled so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A proposal to free somebody from a lesser event for a bigger one. Only a human carries it out."""

    order: str
    """Id of the order that would be taken back."""
    event: str
    """The lesser event."""
    freed: Candidate
    """As they stand for the bigger event, their present job not counted."""
    sooner_seconds: float
    """How much sooner the bigger event is reached; 0 with ``only``."""
    only: bool = False
    """Nobody else can reach the bigger event at all."""
    instead: Candidate | None = None
    """Who would go to the lesser event then; None: nobody is free for it."""
    later_seconds: float | None = None
    """How much later the lesser event is reached; None when nobody is free for it."""
    arrived: bool = False
    """They are at the lesser event already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyPart:
    """Some of the places of a survey of coverage."""

    parts: int
    """How many parts the whole survey has."""
    metres: float
    """How far apart the places are, about."""
    points: tuple[LonLat, ...]
    seconds: tuple[float | None, ...]
    """Until the first is there, by road; None where nobody comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where one more would help."""

    where: LonLat
    places: int
    """How many places they would reach in time that nobody reaches now."""


class Turn(StrEnum):
    """What is done at a step of a way."""

    DEPART = "depart"
    CONTINUE = "continue"
    SLIGHT_LEFT = "slight_left"
    LEFT = "left"
    SHARP_LEFT = "sharp_left"
    SLIGHT_RIGHT = "slight_right"
    RIGHT = "right"
    SHARP_RIGHT = "sharp_right"
    KEEP_LEFT = "keep_left"
    KEEP_RIGHT = "keep_right"
    U_TURN = "u_turn"
    ROUNDABOUT = "roundabout"
    ARRIVE = "arrive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One instruction of a way: what is done at a place, and how far it goes on from there."""

    turn: Turn
    where: LonLat
    metres: float
    """Until the next step; 0 on arrival."""
    angle: float
    """Degrees by which the way bends here, right positive; on arrival 0."""
    bearing: float
    """Degrees from north in which it goes on."""
    road: str = ""
    """Name of the road from here on; empty where it has none."""
    exit: int = 0
    """Which exit of the roundabout, from 1; else 0."""
    landmark: str = ""
    """A named place right at the turn."""
    side: str = ""
    """On arrival: ``left`` or ``right`` of the road; empty when on it."""
    zh: str = ""
    en: str = ""
    ahead_zh: str = ""
    """What is said shortly before: 前方200米右转进入中山北路. Empty for the departure."""
    ahead_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """A place in words: 中山北路东侧，靠近鼓楼路口，约120号."""

    road: str
    metres: float
    """To the middle of the road."""
    side: str
    """``left`` or ``right`` in the direction in which the road was drawn (that of a one-way
    street); empty on the road itself."""
    compass: str
    """``north``, ``east``, ``south``, ``west``; empty on the road itself."""
    crossing: str
    """Name of the nearest crossing road; empty where none is near."""
    crossing_metres: float | None
    """Along the road."""
    number: str
    """Nearest house number of this road; empty without addresses."""
    zh: str
    en: str


InWords = Callable[[LonLat], Awaitable[str]]
"""The service ``whereabouts`` of the desktop: a place in the user's language, empty when nobody can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """A way and how it is told."""

    route: Route
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Ground that is reached in a time: polygons, each an outer ring and its holes."""

    minutes: float
    starts: int
    """From how many places, of those that were asked for."""
    polygons: tuple[tuple[tuple[LonLat, ...], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """The quickest order of stops; with a way back, that is not listed in ``order``."""

    order: tuple[int, ...]
    seconds: float
    legs: tuple[float, ...]
    """Seconds from each stop to the next (and back to the first)."""
    exact: bool
    """No other order is quicker; else it is a good one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedRun:
    """An unbroken part of a track, brought to the roads."""

    rows: tuple[int, ...]
    """Fixes that it is made of."""
    path: tuple[LonLat, ...]
    metres: float
    roads: tuple[str, ...]
    """Names in order, without repeats one after another."""
    pieces: tuple[tuple[int, float, float], ...]
    """Rows of the road layer, from fraction, to fraction."""
