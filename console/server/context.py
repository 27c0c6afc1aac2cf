"""The ServerContext that ``register(server)`` of a server half gets.

What a half contributes is only noted while ``register`` runs and bound when it
has ended well, so that nothing of a half that fails is left behind.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import msgspec
from fastapi import APIRouter
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute, Session

from console.model.positions import Positions
from console.model.records import Role
from console.model.shifts import Floats
from console.sdk.server import Caller, Device, Listener
from console.sdk.server.areas import AreaFollower
from console.sdk.server.context import PositionRule, ProtocolParser
from console.server.access import Access
from console.server.areas import in_areas, known_areas
from console.server.audit import write_audit
from console.server.changes import LoggedChange, drop_record, next_number, put_record
from console.server.core import Core
from console.server.datums.known import must_know
from console.server.idempotency import remember_answer, stored_answer
from console.server.sealing import Vault

Contribution = Callable[[], None]


class PluginAuth:
    """``server.auth``."""

    def __init__(self, core: Core, access: Access, contributions: list[Contribution]) -> None:
        self._core, self._contributions = core, contributions
        self.require = access.require
        self.device = access.device

    def declare(self, action: str, *roles: Role) -> None:
        """Name an action and the roles that have it."""
        self._contributions.append(lambda: self._core.rights.declare(action, roles))


class PluginFeed:
    """``server.feed``."""

    def __init__(self, core: Core, contributions: list[Contribution]) -> None:
        self._core, self._contributions = core, contributions

    def provide(
        self, record_type: str, snapshot: Callable[[Session, Caller], Iterable[Any]], *, action: str
    ) -> None:
        """Rows that a new console gets; *action* is the right needed to see the type at all."""
        self._contributions.append(lambda: self._core.sources.provide(record_type, snapshot, action))

    def put(self, session: Session, record_type: str, record: Any) -> None:
        """Announce the new state of *record* in the transaction that changes it."""
        put_record(session, record_type, record)

    def drop(self, session: Session, record_type: str, record_id: str, area: str) -> None:
        """Announce that a record is gone."""
        drop_record(session, record_type, record_id, area)

    def on_put(self, record_type: str, handler: Callable[[dict[str, Any]], None]) -> None:
        """*handler* gets each record of the type as it was put, by whichever process."""

        def listen(change: LoggedChange) -> None:
            if change.type == record_type and change.body is not None:
                handler(msgspec.msgpack.decode(change.body))

        self._contributions.append(lambda: self._core.hub.on_change(listen))

    def next_version(self, session: Session) -> int:
        """A number greater than any before."""
        return next_number(session, "version")


class PluginLayers:
    """``server.layers``."""

    def __init__(self, core: Core, contributions: list[Contribution]) -> None:
        self._core, self._contributions = core, contributions
        self.load = core.layers.load
        self.version = core.layers.version
        self.area_at = core.layers.area_at
        self.areas_at = core.layers.areas_at
        self.beside = core.layers.beside

    def on_change(self, handler: Callable[[str], None]) -> None:
        """*handler* gets the kind of a layer that was imported anew, on a background thread."""
        self._contributions.append(lambda: self._core.layers.on_change(handler))


class PluginAreas:
    """``server.areas``."""

    def __init__(self, core: Core, contributions: list[Contribution]) -> None:
        self._edits, self._contributions = core.area_edits, contributions
        self.shapes = core.area_edits.shapes
        self.effects = core.area_edits.effects
        self.replace = core.area_edits.replace

    def follow(self, follower: AreaFollower) -> None:
        """*follower* is called in the transaction that changes areas."""
        self._contributions.append(lambda: self._edits.follow(follower))


class PluginPositions:
    """``server.positions``."""

    def __init__(self, core: Core, contributions: list[Contribution]) -> None:
        self._core, self._contributions = core, contributions

    def latest(self, areas: Sequence[str] | None = None) -> Positions:
        """Last positions, of devices of *areas* when given."""
        board = self._core.board
        rows = board.rows()
        return board.columns(rows if areas is None else board.within(rows, areas))

    def history(self, handle: int, since: float, until: float) -> Positions:
        """Fixes of one device in time order, seconds since 1970; those not yet written are missing."""
        return self._core.tables.history(handle, since, until)

    def on_batch(self, handler: Callable[[Positions], None]) -> None:
        """*handler* gets each tick's new last positions, on a background thread."""
        self._contributions.append(lambda: self._core.intake.on_batch(handler))

    def on_text(self, handler: Callable[[Device, str], None]) -> None:
        """*handler* gets what the person who carries a device wrote."""
        self._contributions.append(lambda: self._core.listeners.on_text(handler))

    def admit(self, rule: PositionRule) -> None:
        """Keep only fixes that *rule*, too, lets in."""
        self._contributions.append(lambda: self._core.intake.admit(rule))

    def move_devices(self, session: Session, subject: str, area: str) -> None:
        """Let the devices that *subject* carries belong to *area* from their next fix on."""
        self._core.devices.move(session, subject, area)

    def add_device(self, session: Session, device_id: str, subject: str, area: str) -> tuple[int, str]:
        """Register a device; returns (handle, secret)."""
        return self._core.devices.add(session, device_id, subject, area)

    def carriers(self, session: Session, device_ids: Sequence[str]) -> dict[str, str]:
        """Who carries those of *device_ids* that are registered."""
        return self._core.devices.carriers(session, device_ids)


class PluginServer:
    """Implements sdk.server.ServerContext for one plugin."""

    def __init__(self, core: Core, access: Access, plugin_id: str) -> None:
        self.plugin_id = plugin_id
        self.log = logging.getLogger(f"onemap.plugin.{plugin_id}")
        self._contributions: list[Contribution] = []
        self.auth = PluginAuth(core, access, self._contributions)
        self.feed = PluginFeed(core, self._contributions)
        self.layers = PluginLayers(core, self._contributions)
        self.areas = PluginAreas(core, self._contributions)
        self.positions = PluginPositions(core, self._contributions)
        self.vault = Vault(core.settings.data_dir, core.settings.seal_key, plugin_id)
        self.networks = core.networks
        self.routers: list[tuple[str, APIRouter]] = []
        self._core = core

    def bind(self) -> None:
        """Bind what ``register`` noted. Raises ValueError when a name is taken."""
        for contribution in self._contributions:
            contribution()

    def data_dir(self) -> Path:
        """The plugin's own folder for files."""
        folder = self._core.settings.data_dir / "plugins" / self.plugin_id
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def routes(self, router: APIRouter, prefix: str = "") -> None:
        """Mount *router* under *prefix* of the manifest, once ``register`` has ended well."""
        self.routers.append((prefix, router))

    def session(self, *, write: bool | None = None) -> AbstractContextManager[Session]:
        """A transaction; *write* None: reading in a GET request, writing elsewhere."""
        return self._core.database.session(write=write)

    def in_areas(self, column: InstrumentedAttribute[str], areas: Sequence[str]) -> ColumnElement[bool]:
        """SQL condition that cuts a query by area."""
        return in_areas(column, areas)

    def to_wgs84(self, session: Session, datum: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Coordinates of *datum*, local ones included, as degrees. Raises ApiError 422."""
        return must_know(session, datum).to_wgs84(x, y)

    def known_areas(self, session: Session, codes: Iterable[str]) -> dict[str, str]:
        """Those of *codes* that are areas here, as written in records."""
        return known_areas(session, codes)

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
        """Write a line of the audit table; *caller* None: the server's own command."""
        write_audit(session, caller, action, subject, reason=reason, area=area)

    def once(self, session: Session, caller: Caller | Device, key: str | None) -> Any | None:
        """The stored answer of an earlier request with this key."""
        return stored_answer(session, caller, key)

    def remember(self, session: Session, caller: Caller | Device, key: str | None, answer: Any) -> None:
        """Store the answer for ``once``."""
        remember_answer(session, caller, key, answer)

    def protocol(self, name: str, parser: ProtocolParser) -> None:
        """Contribute a position protocol."""
        self._contributions.append(lambda: self._core.protocols.add(name, parser))

    def listener(self, name: str, listener: Listener) -> None:
        """Contribute a way in for devices other than HTTP."""
        self._contributions.append(lambda: self._core.listeners.add(name, listener))

    def provide(self, name: str, service: Any) -> None:
        """Offer a service to other server halves."""
        self._contributions.append(lambda: self._core.services.provide(name, service))

    def service(self, name: str) -> Any:
        """A service of another server half. Raises MissingService."""
        return self._core.services.get(name)

    def search(self, finder: Callable[[Session, Caller, str, int], Iterable[Any]]) -> None:
        """Contribute answers to the search box."""
        self._contributions.append(lambda: self._core.search.add(finder))

    def on_start(self, function: Callable[[], None]) -> None:
        """Run *function* when the server starts."""
        self._contributions.append(lambda: self._core.services.on_start(function))

    def on_closing(self, function: Callable[[], None]) -> None:
        """Run *function* when the server was asked to stop."""
        self._contributions.append(lambda: self._core.services.on_closing(function))

    def on_stop(self, function: Callable[[], None]) -> None:
        """Run *function* when the server stops."""
        self._contributions.append(lambda: self._core.services.on_stop(function))
