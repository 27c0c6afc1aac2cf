"""What dispatch needs of other server halves: the services ``staff`` and ``events``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from console.sdk.records import Event, Means, Staff
from console.sdk.server import Session


class StaffService(Protocol):
    """Service ``staff``."""

    def roster(self, session: Session, areas: Sequence[str]) -> list[Staff]: ...
    def get(self, session: Session, staff_id: str, areas: Sequence[str]) -> Staff: ...
    def name_of(self, session: Session, staff_id: str) -> str: ...
    def handles(self, session: Session, staff_ids: Sequence[str]) -> dict[str, tuple[int, Means]]: ...
    def set_job(self, session: Session, staff_id: str, job: str) -> None: ...


class EventService(Protocol):
    """Service ``events``."""

    def get(self, session: Session, event_id: str, areas: Sequence[str]) -> Event: ...
    def by_ids(self, session: Session, event_ids: Sequence[str]) -> dict[str, Event]: ...
    def follow(self, session: Session, event_id: str, course: str, actor: str, note: str) -> None: ...
