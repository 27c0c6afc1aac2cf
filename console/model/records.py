"""The records that backend and console exchange: frozen, typed, plain.

Every record bears an ``area`` (trimmed area code), by which it is cut for each
reader, and a ``version`` that grows with each change, so that a late copy never
overwrites a fresher one. Times are seconds since 1970 (UTC); coordinates are
WGS84 degrees, longitude first. Personal fields travel masked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from console.model.alarms import Alarm
from console.model.command import (
    Attachment,
    Escalation,
    EscalationRule,
    FieldText,
    HelpRequest,
    Loan,
    OrderGroup,
    OrderTemplate,
)
from console.model.coordinates import LonLat
from console.model.grid_plans import GridPlan
from console.model.plans import Plan
from console.model.steering import Steering


class Role(StrEnum):
    """What an account may do, see ``console.server.rights``."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    DISPATCHER = "dispatcher"
    ADMINISTRATOR = "administrator"


class Duty(StrEnum):
    """Duty of a staff member."""

    ON = "on"
    OFF = "off"


class EventState(StrEnum):
    """States of an event's closed loop, in order; RETURNED goes back to ACCEPTED."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    FED_BACK = "fed_back"
    CLOSED = "closed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class OrderState(StrEnum):
    """States of an order; REFUSED, DONE and CANCELLED end it."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    DONE = "done"
    CANCELLED = "cancelled"


OPEN_ORDER_STATES = frozenset(
    {
        OrderState.SENT,
        OrderState.DELIVERED,
        OrderState.READ,
        OrderState.ACCEPTED,
        OrderState.UNDER_WAY,
        OrderState.ARRIVED,
    }
)
OPEN_EVENT_STATES = frozenset(set(EventState) - {EventState.CLOSED, EventState.CANCELLED})


class EventClass(StrEnum):
    """Classes (类别) of events of grid governance."""

    FIRE = "fire"
    MEDICAL = "medical"
    TRAFFIC = "traffic"
    SECURITY = "security"
    FACILITY = "facility"
    SANITATION = "sanitation"
    FLOOD = "flood"
    DISPUTE = "dispute"
    OTHER = "other"


class Urgency(StrEnum):
    """Level (级别) of an event."""

    GENERAL = "general"
    URGENT = "urgent"
    CRITICAL = "critical"


class Means(StrEnum):
    """How somebody moves."""

    FOOT = "foot"
    BICYCLE = "bicycle"
    """With or without a motor that helps."""
    CAR = "car"
    MOTORCYCLE = "motorcycle"
    EMERGENCY = "emergency"
    """A vehicle with blue light."""


class FoundBy(StrEnum):
    """What a travel time or way was worked out by."""

    EMBEDDED = "embedded"
    """The backend's own graph of the imported roads."""
    VALHALLA = "valhalla"
    STRAIGHT = "straight"
    """No router answered: an estimate from the straight line, to be marked loudly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """The signed-in user as the backend describes them."""

    id: str
    username: str
    name: str
    role: Role
    areas: tuple[str, ...]
    """Trimmed area codes that the user may see, each with all below it."""
    rights: tuple[str, ...] = ()
    """Actions allowed, e.g. ``events.write``; see ``console.server.rights``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A member of the field staff on duty lists. ``handle`` names them in position columns."""

    id: str
    handle: int
    name: str
    area: str
    role: str = "grid_worker"
    duty: Duty = Duty.OFF
    means: Means = Means.FOOT
    job: str = ""
    """Id of the open order, or empty."""
    sos: bool = False
    skills: tuple[str, ...] = ()
    phone: str = ""
    """Masked: ``138****0000``; the whole number only through ``unmask`` with a reason."""
    version: int = 0
    home: str = ""
    """While lent: the area where they belong; ``area`` is then that of who commands them."""
    lent_until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened and must be handled until it is closed."""

    id: str
    number: str
    title: str
    area: str
    where: LonLat
    kind: EventClass = EventClass.OTHER
    urgency: Urgency = Urgency.GENERAL
    state: EventState = EventState.REPORTED
    address: str = ""
    detail: str = ""
    reporter: str = ""
    """Masked name of who reported."""
    reporter_phone: str = ""
    """Masked phone of who reported."""
    reported_at: float = 0.0
    closed_at: float | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One step of an event or order: who did what, when."""

    at: float
    actor: str
    action: str
    note: str = ""
    state: str = ""
    received_at: float | None = None
    """When it reached the backend, if it was done while cut off and delivered later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way along the roads. ``path`` begins at the start and ends at the goal."""

    path: tuple[LonLat, ...]
    metres: float
    seconds: float
    means: Means = Means.FOOT
    roads: tuple[str, ...] = ()
    """Names of the roads in order, without repeats."""
    by: FoundBy = FoundBy.EMBEDDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An instruction (指令) to one staff member, mostly for one event."""

    id: str
    event: str
    """Id of the event; empty for a call (群呼), which has no place to go to."""
    staff: str
    area: str
    state: OrderState = OrderState.SENT
    text: str = ""
    reason: str = ""
    """Why it was refused, or the report when done."""
    route: Route | None = None
    eta: float | None = None
    """Expected arrival, seconds since 1970."""
    sent_at: float = 0.0
    version: int = 0
    group: str = ""
    """Id of the group of orders that it was sent with, or empty."""
    escalation: Escalation = Escalation.NONE
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One part of a ranking: what was looked at, what it says, what it adds (seconds)."""

    what: str
    """``eta``, ``duty``, ``job``, ``grid``, ``means``, ``skill``, ``load``, ``battery``, ``position_age``."""
    value: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A staff member ranked for an event; ``score`` is the sum of the reasons, in seconds."""

    staff: str
    name: str
    score: float
    eta_seconds: float | None
    """Road travel time; None when no road leads there."""
    metres: float | None
    straight_metres: float
    able: bool
    why_not: str = ""
    reasons: tuple[Reason, ...] = ()
    by: FoundBy = FoundBy.EMBEDDED
    """How ``eta_seconds`` was found."""


class ClosureShape(StrEnum):
    """How a closure was drawn."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A stretch of road that nobody of ``means`` may pass (封路)."""

    id: str
    area: str
    shape: ClosureShape
    points: tuple[LonLat, ...]
    reason: str = ""
    means: tuple[Means, ...] = tuple(Means)
    """Whom it stops; an emergency vehicle passes when it is not among them."""
    by: str = ""
    since: float = 0.0
    """When it begins to hold; later than now: planned."""
    until: float | None = None
    version: int = 0
    ended_at: float | None = None
    """Set in the history alone."""
    ended_by: str = ""
    """Who opened the road again; empty when its time was over."""


class CameraKind(StrEnum):
    """What a camera is built as."""

    BULLET = "bullet"
    """Fixed (枪机)."""
    DOME = "dome"
    """Under a dome, seen from all sides (半球)."""
    PTZ = "ptz"
    """Turned and zoomed from afar (球机)."""
    HIGH = "high"
    """A high-altitude camera (高空鹰眼)."""
    PANORAMA = "panorama"
    DRONE = "drone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A camera on the map; ``high`` marks a high-altitude camera (高空鹰眼). None: its list does not say."""

    id: str
    name: str
    area: str
    where: LonLat
    high: bool = False
    heading: float | None = None
    """Degrees clockwise from north; None for a dome."""
    owner: str = ""
    """The unit that it belongs to, as the unit is called."""
    online: bool = True
    version: int = 0
    kind: CameraKind = CameraKind.BULLET
    tilt: float | None = None
    """Degrees: 0 straight down, 90 to the horizon."""
    mast: float | None = None
    """Metres above the ground, of a high-altitude one above the roof that it stands on."""
    across: float | None = None
    """Degrees of the picture's width."""
    reach: float | None = None
    """Metres within which a person can be made out."""
    live: bool = False
    """Whether the backend has a live picture of it."""
    steerable: bool = False
    """Whether the backend can turn it."""
    recorded: bool = False
    """Whether the backend can play back what it saw."""
    blind: str = ""
    """Why its picture shows nothing although its stream answers: ``black``, ``covered`` or ``frozen``. Such a
    camera is not online."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A centre (中心) of district, street or community, or another station."""

    id: str
    name: str
    area: str
    where: LonLat
    kind: str = "community_centre"
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerInfo:
    """One imported map layer. ``version`` names its content: same version, same bytes."""

    id: str
    title_zh: str
    title_en: str
    kind: str
    """See ``console.model.layers.LayerKind``."""
    count: int
    bounds: tuple[float, float, float, float]
    datum: str
    """Datum that the source was in; the layer itself is WGS84."""
    datum_known: str
    """``declared``, ``detected`` or ``guessed``."""
    version: str
    attribution: str = ""
    bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One answer of the search box."""

    title: str
    kind: str
    """``road``, ``poi``, ``address``, ``area``, ``staff``, ``camera`` or ``event``."""
    where: LonLat
    detail: str = ""
    bounds: tuple[float, float, float, float] | None = None
    ref: str = ""
    """``type/id`` of the record, if it is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Answer of sign-in and refresh. Lives in memory or the keyring only."""

    access_token: str
    refresh_token: str
    expires_at: float
    user: User = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did; ``rejected`` maps a reason to how many features had it."""

    layers: tuple[LayerInfo, ...] = ()
    read: int = 0
    kept: int = 0
    rejected: dict[str, int] = field(default_factory=dict[str, int])
    examples: tuple[str, ...] = ()
    """A few rejected features in the user's words."""


RECORD_TYPES: dict[str, type] = {
    "staff": Staff,
    "event": Event,
    "order": Order,
    "order_group": OrderGroup,
    "order_template": OrderTemplate,
    "order_rule": EscalationRule,
    "help_request": HelpRequest,
    "loan": Loan,
    "field_text": FieldText,
    "closure": Closure,
    "plan": Plan,
    "alarm": Alarm,
    "camera": Camera,
    "station": Station,
    "layer": LayerInfo,
    "grid_plan": GridPlan,
    "steering": Steering,
}
"""Names of record types on the live feed."""
