"""Orders to many at once: who is meant, one group record, one order a person."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence

import shapely
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from console.sdk import PositionFlag
from console.sdk.records import (
    OPEN_EVENT_STATES,
    OPEN_ORDER_STATES,
    Duty,
    Event,
    OrderGroup,
    OrderState,
    Staff,
)
from console.sdk.server import ApiError, Caller, ServerContext, announce, conflict, not_found
from plugins.dispatch.server.command.attachments import attached
from plugins.dispatch.server.command.bodies import MAX_GROUP, GroupBody, Selection
from plugins.dispatch.server.command.tables import GroupRow
from plugins.dispatch.server.orders import KEPT_AFTER_END, OrderBook
from plugins.dispatch.server.ports import EventService, StaffService
from plugins.dispatch.server.states import CANCEL
from plugins.dispatch.server.tables import OrderRow

FRESH_SECONDS = 900.0
"""Who was seen in a drawn area longer ago is not meant."""
_WRONG = int(PositionFlag.JUMP | PositionFlag.NULL_ISLAND)


class Groups:
    """Sends to many in one transaction: either everybody's order is stored, or nobody's."""

    def __init__(self, server: ServerContext, orders: OrderBook) -> None:
        self._server, self._orders = server, orders

    def members(self, session: Session, wanted: Selection, caller: Caller) -> list[Staff]:
        """Those on duty whom *wanted* means, by id. Raises ApiError 403 for an area of others."""
        if wanted.area is not None and not caller.may_see(wanted.area):
            raise not_commanded()
        staff = self._staff.roster(session, [wanted.area] if wanted.area else caller.areas)
        meant = [s for s in staff if s.duty is Duty.ON and (not wanted.role or s.role == wanted.role)]
        if wanted.staff is not None:
            named = set(wanted.staff)
            if named - {each.id for each in staff}:
                raise not_commanded()
            meant = [each for each in meant if each.id in named]
        if wanted.polygon is not None:
            inside = self._inside(shapely.Polygon(wanted.polygon), caller)
            meant = [each for each in meant if each.handle in inside]
        return meant

    def _inside(self, polygon: shapely.Polygon, caller: Caller) -> set[int]:
        """Handles of those seen in *polygon* lately."""
        last = self._server.positions.latest(caller.areas)
        fresh = ((last.flags & _WRONG) == 0) & (last.time > time.time() - FRESH_SECONDS)
        within = shapely.contains_xy(shapely.make_valid(polygon), last.lon, last.lat)
        return set(last.handle[fresh & within].tolist())

    def send(self, session: Session, body: GroupBody, caller: Caller) -> OrderGroup:
        """Store group and orders; the same id a second time changes nothing. Raises ApiError."""
        known = session.get(GroupRow, body.id)
        if known is not None:
            if not caller.may_see(known.area):
                raise conflict("id_taken", "This id belongs to another group", "该编号已被占用")
            return to_record(known)
        event = self._event(session, body.event, caller)
        members = [m for m in self.members(session, body.select, caller) if not (event and m.job)]
        check_size(len(members))
        files, now = attached(session, body.attachments, caller), time.time()
        for member in members:
            row = OrderRow(
                id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{body.id}/{member.id}")),
                event=event.id if event else "",
                staff=member.id,
                area=event.area if event else member.area,
                state=OrderState.SENT,
                text=body.text,
                reason="",
                route=None,  # found when they accept: a hundred searches would hold up the order
                eta=None,
                sent_at=now,
                ended_at=None,
                ranking={},
                group=body.id,
                attachments=files,
            )
            self._orders.send(session, row, caller.name)
        return self._keep(session, body, caller, [m.area for m in members], now)

    def _event(self, session: Session, event_id: str | None, caller: Caller) -> Event | None:
        if not event_id:
            return None
        event = self._events.get(session, event_id, caller.areas)
        if event.state not in OPEN_EVENT_STATES:
            raise conflict("event_ended", "The event is closed already", "事件已结束", state=event.state)
        return event

    def _keep(
        self, session: Session, body: GroupBody, caller: Caller, areas: Sequence[str], now: float
    ) -> OrderGroup:
        row = GroupRow(
            id=body.id,
            area=_area_of_all(areas, caller),
            text=body.text,
            event=body.event or "",
            by=caller.name,
            sent_at=now,
            size=len(areas),
        )
        session.add(row)
        self._server.audit(session, caller, "orders.group", f"group/{row.id}", reason=row.text, area=row.area)
        return self._announce(session, row)

    def cancel(self, session: Session, group_id: str, caller: Caller) -> OrderGroup:
        """Take back all orders of a group that are open. Raises ApiError 404."""
        row = session.scalar(
            select(GroupRow).where(
                GroupRow.id == group_id, self._server.in_areas(GroupRow.area, caller.areas)
            )
        )
        if row is None:
            raise not_found()
        still = select(OrderRow).where(OrderRow.group == group_id, OrderRow.state.in_(OPEN_ORDER_STATES))
        for order in session.scalars(still).all():
            self._orders.move(session, order, CANCEL, caller.name, "")
        self._server.audit(session, caller, "orders.cancel_group", f"group/{group_id}", area=row.area)
        return self._announce(session, row)

    def current(self, session: Session, areas: Sequence[str]) -> list[OrderGroup]:
        """Groups of the last day, and those of which an order is open."""
        open_groups = select(OrderRow.group).where(
            OrderRow.state.in_(OPEN_ORDER_STATES), OrderRow.group != ""
        )
        lately = or_(GroupRow.sent_at >= time.time() - KEPT_AFTER_END, GroupRow.id.in_(open_groups))
        rows = session.scalars(select(GroupRow).where(self._server.in_areas(GroupRow.area, areas), lately))
        return [to_record(row) for row in rows]

    def _announce(self, session: Session, row: GroupRow) -> OrderGroup:
        return announce(self._server, session, "order_group", row, to_record)

    @property
    def _staff(self) -> StaffService:
        return self._server.service("staff")

    @property
    def _events(self) -> EventService:
        return self._server.service("events")


def to_record(row: GroupRow) -> OrderGroup:
    """The row as it travels."""
    return OrderGroup(
        id=row.id,
        area=row.area,
        text=row.text,
        event=row.event,
        by=row.by,
        sent_at=row.sent_at,
        size=row.size,
        version=row.version,
    )


def check_size(count: int) -> None:
    """Raises ApiError 409 when nobody is meant, 422 when too many are."""
    if count == 0:
        raise conflict("nobody_meant", "Nobody on duty is meant by this", "范围内没有可通知的值班人员")
    if count > MAX_GROUP:
        raise ApiError(
            422, "too_many", f"A group may have {MAX_GROUP} people", f"一次最多通知 {MAX_GROUP} 人"
        )


def not_commanded() -> ApiError:
    """403: the staff belong to another station; whether they exist is not told."""
    return ApiError(403, "not_commanded", "You do not command these staff", "该人员不归您指挥")


def _area_of_all(areas: Sequence[str], caller: Caller) -> str:
    """The longest code that all *areas* begin with, of the caller's areas at least."""
    common = areas[0]
    while not all(area.startswith(common) for area in areas):
        common = common[:-3] if len(common) > 6 else common[:-2]
    return common if caller.may_see(common) else next(a for a in caller.areas if areas[0].startswith(a))
