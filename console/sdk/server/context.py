"""What a server half is given. The backend implements it; plugins only see these names."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute, Session

from console.model.layers import LayerPackage
from console.model.positions import Positions, PositionSource
from console.model.records import LonLat, Role

if TYPE_CHECKING:
    from console.sdk.server.areas import AreasFacet
    from console.sdk.server.listening import Listener


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: identity, role, areas (trimmed prefixes), rights."""

    user_id: str
    username: str
    name: str
    role: Role
    areas: tuple[str, ...]
    rights: frozenset[str]

    def may_see(self, area: str) -> bool:
        """Whether a record of *area* lies in the caller's areas."""
        return bool(self.areas) and area.startswith(self.areas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device that has shown its own secret; it speaks for ``subject`` (a staff id)."""

    id: str
    subject: str
    handle: int
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionFix:
    """One fix as a protocol understood it; SI units, WGS84, None where unknown."""

    lon: float
    lat: float
    time: float | None = None
    speed: float | None = None
    heading: float | None = None
    accuracy: float | None = None
    altitude: float | None = None
    battery: float | None = None
    sos: bool = False
    mock: bool = False
    """Not measured: made up by an app, or set by hand."""
    floor: float | None = None
    """Storey, 0 at ground level."""
    source: PositionSource = PositionSource.UNKNOWN
    vouched: bool = True
    """False when it came by a way on which a sender can be forged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolAnswer:
    """What a position protocol made of one HTTP request."""

    device_id: str
    fixes: Sequence[PositionFix]
    reply: bytes = b""
    content_type: str = "text/plain"


ProtocolParser = Callable[[Mapping[str, str], Mapping[str, str], bytes], ProtocolAnswer]
"""(query, lower-case headers, body) to an answer; raises ValueError with a plain reason."""


PositionRule = Callable[[Device, float, bool], bool]
"""(device, time of the fix, whether it calls SOS) to whether the fix may be kept."""


class Auth(Protocol):
    """FastAPI dependencies: use as ``caller: Caller = Depends(server.auth.require("events.write"))``."""

    def require(self, action: str) -> Callable[..., Caller]:
        """401 without a valid token, 403 without the right."""
        ...

    def device(self) -> Callable[..., Device]:
        """A device by its own secret (HTTP Basic: device id and secret)."""
        ...

    def declare(self, action: str, *roles: Role) -> None:
        """Name an action and the roles that have it."""
        ...


class Feed(Protocol):
    """The live feed of records. Call inside the transaction that changes them."""

    def provide(
        self, record_type: str, snapshot: Callable[[Session, Caller], Iterable[Any]], *, action: str
    ) -> None:
        """Rows that a new console gets (already cut by area and masked); *action* is the right needed."""
        ...

    def put(self, session: Session, record_type: str, record: Any) -> None:
        """Announce the new state of *record* (a frozen record with id, area, version)."""
        ...

    def drop(self, session: Session, record_type: str, record_id: str, area: str) -> None: ...

    def on_put(self, record_type: str, handler: Callable[[dict[str, Any]], None]) -> None:
        """*handler* gets each record of the type as it was put, by whichever process of the
        backend, after its transaction (fields by name, from a background thread)."""
        ...

    def next_version(self, session: Session) -> int:
        """A number greater than any before, for ``record.version``."""
        ...


class LayersFacet(Protocol):
    """Imported map layers."""

    def load(self, kind: str) -> LayerPackage | None:
        """The present package of the first layer of *kind* (e.g. ``road``)."""
        ...

    def version(self, kind: str) -> str: ...

    def area_at(self, where: LonLat) -> str | None:
        """Code of the smallest area (grid) that holds the place."""
        ...

    def areas_at(self, places: npt.NDArray[np.float64]) -> list[str]:
        """The same for (n, 2) places at once; empty outside of all areas."""
        ...

    def beside(self, code: str) -> frozenset[str]:
        """Codes of the areas of the same level that touch area *code*."""
        ...

    def on_change(self, handler: Callable[[str], None]) -> None:
        """*handler* gets the kind of a layer that was imported anew (from a background thread)."""
        ...


class PositionsFacet(Protocol):
    """Last positions and history of devices."""

    def latest(self, areas: Sequence[str] | None = None) -> Positions: ...

    def history(self, handle: int, since: float, until: float) -> Positions: ...

    def on_batch(self, handler: Callable[[Positions], None]) -> None:
        """*handler* gets each tick's accepted fixes (from a background thread).

        Who calls SOS without ever having had a credible place is there, too: NaN, flagged as no fix.
        """
        ...

    def on_text(self, handler: Callable[[Device, str], None]) -> None:
        """*handler* gets what the person who carries a device wrote (from a background thread)."""
        ...

    def admit(self, rule: PositionRule) -> None:
        """Let in only fixes for which *rule*, too, says True; of others nothing is kept.

        The rule is asked for each fix before anything else sees it, so it must be quick.
        """
        ...

    def move_devices(self, session: Session, subject: str, area: str) -> None:
        """Let the devices that *subject* carries belong to *area* from their next fix on."""
        ...

    def add_device(self, session: Session, device_id: str, subject: str, area: str) -> tuple[int, str]:
        """Register a device; returns (handle, secret). The secret is shown once, only its hash is kept."""
        ...

    def carriers(self, session: Session, device_ids: Sequence[str]) -> dict[str, str]:
        """Who carries those of *device_ids* that are registered."""
        ...


class Vault(Protocol):
    """Secrets that must be read again, encrypted at rest with a key of the deployment's."""

    def seal(self, text: str) -> bytes: ...

    def unseal(self, sealed: bytes) -> str:
        """What was sealed. Raises ``console.sdk.server.OtherKey``."""
        ...


class Networks(Protocol):
    """Hosts that the backend may talk to on behalf of users; the deployment says which."""

    def permits(self, host: str) -> bool:
        """Ask this before each connection to an address that a user gave. Not inside a transaction: a name
        is looked up, which may take seconds."""
        ...

    def bars(self, host: str) -> bool:
        """Whether *host* is an address that is not permitted; at once, for input."""
        ...


class ServerContext(Protocol):
    """Given to ``register(server)``."""

    plugin_id: str
    log: logging.Logger
    auth: Auth
    feed: Feed
    layers: LayersFacet
    areas: AreasFacet
    positions: PositionsFacet
    vault: Vault
    networks: Networks

    def data_dir(self) -> Path:
        """The plugin's own folder for files, below the server's data folder; made at first use.

        Several processes of one backend must share it.
        """
        ...

    def routes(self, router: Any, prefix: str = "") -> None:
        """Mount a FastAPI APIRouter under *prefix*, one that the manifest names; empty: its first."""
        ...

    def session(self, *, write: bool | None = None) -> AbstractContextManager[Session]:
        """A database transaction: commits at the end, rolls back on an error.

        Writing transactions run one after another, so keep them short: no route
        search, no network inside. *write* None means: reading in a GET request,
        writing elsewhere. A write in a reading transaction raises RuntimeError.
        """
        ...

    def in_areas(self, column: InstrumentedAttribute[str], areas: Sequence[str]) -> ColumnElement[bool]:
        """SQL condition: *column* lies in one of *areas*. Every query uses it."""
        ...

    def to_wgs84(
        self, session: Session, datum: str, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Coordinates in *datum* (a name of ``docs/datums.md``, ``local:…`` too) as degrees of longitude
        and latitude; what cannot be converted is infinite. Raises ApiError 422 for an unknown datum."""
        ...

    def known_areas(self, session: Session, codes: Iterable[str]) -> dict[str, str]:
        """Those of *codes* that are areas here, as they are written in records (trimmed of padding)."""
        ...

    def audit(
        self,
        session: Session,
        caller: Caller | Device | None,
        action: str,
        subject: str,
        *,
        reason: str = "",
        area: str = "",
    ) -> None:
        """Write a line of the audit table in the same transaction; *caller* None: the server's own."""
        ...

    def once(self, session: Session, caller: Caller | Device, key: str | None) -> Any | None:
        """The stored answer of an earlier request with this Idempotency-Key, or None."""
        ...

    def remember(self, session: Session, caller: Caller | Device, key: str | None, answer: Any) -> None: ...

    def protocol(self, name: str, parser: ProtocolParser) -> None:
        """Contribute a position protocol: mounted at ``/ingest/<name>`` (GET and POST)."""
        ...

    def listener(self, name: str, listener: Listener) -> None:
        """Contribute a way in for devices other than HTTP; it runs while the server does."""
        ...

    def provide(self, name: str, service: Any) -> None: ...
    def service(self, name: str) -> Any:
        """A service of another server half; call at request time, not in register."""
        ...

    def search(self, finder: Callable[[Session, Caller, str, int], Iterable[Any]]) -> None:
        """Contribute answers (records.Place) to the search box: (session, caller, text, limit)."""
        ...

    def on_start(self, function: Callable[[], None]) -> None: ...
    def on_closing(self, function: Callable[[], None]) -> None:
        """*function* runs on the event loop when the server was asked to stop, so that requests
        that wait for news answer now instead of being cut off."""
        ...

    def on_stop(self, function: Callable[[], None]) -> None: ...
