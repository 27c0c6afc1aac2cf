"""What endpoints of server halves share: JSON answers, writes that happen once, the usual refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Protocol, TypeVar

import msgspec
from fastapi import Header, Response

from console.sdk.server.context import Caller, Device, ServerContext, Session
from console.sdk.server.errors import ApiError

IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=64)]


def json_answer(value: Any, *, headers: dict[str, str] | None = None) -> Response:
    """Records or plain values as JSON; thousands of records in milliseconds."""
    return Response(msgspec.json.encode(value), media_type="application/json", headers=headers)


def write_once(
    server: ServerContext, caller: Caller | Device, key: str | None, work: Callable[[Session], Any]
) -> Response:
    """Do *work* in one writing transaction, unless *key* was seen before: then give the stored answer.

    *work* returns the answer, which must not be None.
    """
    with server.session(write=True) as session:
        answer = server.once(session, caller, key)
        if answer is None:
            answer = work(session)
            server.remember(session, caller, key, answer)
    return json_answer(answer)


Row = TypeVar("Row", bound="Versioned")
Record = TypeVar("Record")


class Versioned(Protocol):
    """A row of a record of the live feed."""

    version: Any


def announce(
    server: ServerContext, session: Session, record_type: str, row: Row, to_record: Callable[[Row], Record]
) -> Record:
    """Give the new or changed *row* its version and put its record on the feed, in this transaction."""
    row.version = server.feed.next_version(session)
    session.flush()
    record = to_record(row)
    server.feed.put(session, record_type, record)
    return record


LONGEST_AWAY = 7 * 86_400.0
"""Seconds that a console may have been cut off and still be believed when something was done."""
CLOCK_SLACK = 120.0
"""Seconds that its clock may be ahead."""


def given_at(told: float | None, key: str | None, now: float) -> float:
    """When something was done: as the console *told*, if that can be; else *now*, its arrival.

    A console is believed only in writes with an Idempotency-Key: those may have waited. s since 1970.
    """
    if told is None or not key or not now - LONGEST_AWAY <= told <= now + CLOCK_SLACK:
        return now
    return min(told, now)


def not_found() -> ApiError:
    """The record does not exist, or not for this caller: the two are not told apart."""
    return ApiError(404, "not_found", "There is no such record in your areas", "您的辖区内没有这条记录")


def conflict(code: str, message: str, message_zh: str, **present: Any) -> ApiError:
    """409 with the present state in ``fields``."""
    return ApiError(409, code, message, message_zh, fields=present)


DISTRICT_DIGITS = 6
"""Digits of a district's code."""


def sees_whole_district(caller: Caller) -> bool:
    """Whether one of the caller's areas is a district, or more."""
    return any(len(area) <= DISTRICT_DIGITS for area in caller.areas)


def for_whole_district(caller: Caller) -> None:
    """What holds for all streets is changed by who sees them all. Raises ApiError 403 for others."""
    if not sees_whole_district(caller):
        raise ApiError(
            403,
            "whole_district",
            "This holds for the whole district: ask the district centre",
            "此项适用于全区，须由区中心修改",
        )
