"""Notifications as data: what was said, newest first. Views show toasts and the history."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from console.plugin_host.listeners import Listeners
from console.sdk.context import Handler, Severity
from console.sdk.map import Undo

KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notification."""

    id: int
    text: str
    severity: Severity
    detail: str = ""
    action: tuple[str, Handler] | None = None
    key: str = ""
    at: float = 0.0
    """Seconds since 1970."""
    seen: bool = False
    """The user has opened the history since."""


class NotifyService:
    """The facet ``notify``. Nothing here blocks or takes the focus."""

    def __init__(self, run: Callable[[Handler], object] | None = None) -> None:
        """*run* calls an action's handler (plain or async)."""
        self._run = run or (lambda handler: handler())
        self._ids = itertools.count(1)
        self._notices: deque[Notice] = deque(maxlen=KEPT)
        self._posted: Listeners[[Notice]] = Listeners()
        self._changed: Listeners[[]] = Listeners()

    @property
    def unread(self) -> int:
        """How many of the history the user has not seen."""
        return sum(not notice.seen for notice in self._notices)

    def __call__(
        self,
        text: str,
        severity: Severity = Severity.INFO,
        *,
        detail: str = "",
        action: tuple[str, Handler] | None = None,
        key: str = "",
    ) -> None:
        """Show *text*; the same *key* replaces what was said before."""
        notice = Notice(
            id=next(self._ids),
            text=text,
            severity=Severity(severity),
            detail=detail,
            action=action,
            key=key,
            at=time.time(),
        )
        if key:
            self._drop(lambda old: old.key == key)
        self._notices.appendleft(notice)
        self._posted.fire(notice)
        self._changed.fire()

    def history(self) -> list[Notice]:
        """Newest first, the last 200."""
        return list(self._notices)

    def act(self, notice: Notice) -> None:
        """Run the action of a notification."""
        if notice.action:
            self._run(notice.action[1])

    def withdraw(self, key: str) -> None:
        """Take back what is no longer true."""
        self._drop(lambda old: old.key == key)
        self._changed.fire()

    def clear(self) -> None:
        """Forget all."""
        self._notices.clear()
        self._changed.fire()

    def mark_read(self) -> None:
        """The user has looked."""
        self._notices = deque((replace(notice, seen=True) for notice in self._notices), maxlen=KEPT)
        self._changed.fire()

    def on_post(self, handler: Callable[[Notice], None]) -> Undo:
        """*handler* gets each new notification."""
        return self._posted.add(handler)

    def on_change(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when the history or the number of unread ones changed."""
        return self._changed.add(handler)

    def _drop(self, unwanted: Callable[[Notice], bool]) -> None:
        self._notices = deque((old for old in self._notices if not unwanted(old)), maxlen=KEPT)
