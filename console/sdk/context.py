"""The context that ``activate(ctx)`` gets: services come through it, there is no global.

Everything bound through a context is undone in reverse when the plugin is
switched off. Handlers may be plain functions or ``async def``; awaiting a call
of the SDK suspends the handler and resumes it on the GUI thread.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, Self, TypeVar

from console.model.records import User
from console.sdk.live import Live
from console.sdk.map import MapFacet, Undo
from console.sdk.media import Media
from console.sdk.qgis import Qgis
from console.sdk.scene import Scene

T = TypeVar("T")
Handler = Callable[..., Any]
"""A plain function or coroutine function."""


class Severity(StrEnum):
    """How loud a notification is. None of them blocks."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


class Commands(Protocol):
    """``ctx.commands``: behaviour of the commands that the manifest declares."""

    def bind(self, command_id: str, handler: Handler) -> Undo: ...
    def run(self, command_id: str, *args: Any) -> None:
        """Run any command of any plugin, as its menu entry would."""
        ...

    def set_enabled(self, command_id: str, enabled: bool) -> None: ...


class Panels(Protocol):
    """``ctx.panels``: widgets for the panels that the manifest declares."""

    def bind(self, panel_id: str, factory: Callable[[], Any]) -> Undo:
        """*factory* makes the QWidget at first show, and anew when the language changes."""
        ...

    def show(self, panel_id: str) -> None:
        """Open and focus the panel."""
        ...

    def set_badge(self, panel_id: str, text: str) -> None:
        """A short text on the tab, such as a count; empty takes it away."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Intent in the outbox that the backend has not confirmed; *error* is set when it refused it."""

    id: str
    title: str
    method: str
    path: str
    body: Any
    since: float
    """When it was given, s since 1970 of the local clock."""
    error: str = ""
    under_way: bool = False
    """It was sent and may have been done, though no answer has come: too late to withdraw it."""


class Backend(Protocol):
    """``ctx.backend``; permission ``backend``. Paths are relative to ``/api/v1``.

    Reading calls raise BackendAway when cut off. ``submit`` is for intent that
    must not be lost: it is kept in the outbox over breaks and restarts and
    delivered once, in order.
    """

    def get(self, path: str, **query: Any) -> Awaitable[Any]: ...
    def post(self, path: str, body: Any = None) -> Awaitable[Any]: ...
    def put(self, path: str, body: Any = None, *, key: str = "") -> Awaitable[Any]:
        """Replace now, or not at all; sent again with the same *key* (at most 64 letters) it is done once."""
        ...

    def delete(self, path: str) -> Awaitable[Any]: ...

    def submit(self, title: str, method: str, path: str, body: Any = None) -> Awaitable[Any]:
        """Send now, or keep and send when the backend is back; *title* is shown while it waits.

        Resolves with the backend's answer, however late; raises BackendError if
        the backend refuses it, NotAccepted at once if it cannot be kept (disk full).
        """
        ...

    def waiting(self) -> Sequence[Waiting]:
        """What the outbox still holds, in order of delivery, refused entries included."""
        ...

    def on_waiting(self, handler: Callable[[], None]) -> Undo: ...

    def dismiss(self, waiting_id: str) -> None:
        """Forget a refused entry."""
        ...

    def withdraw(self, waiting_id: str) -> Awaitable[Undo | None]:
        """Take back what was not sent yet; resolves with what puts it back in place, or None: too late."""
        ...

    def on_correct(self, path: str, handler: Callable[[Waiting], Any]) -> Undo:
        """*handler* takes a refused entry with this very path back into the form that it came from."""
        ...

    @property
    def connected(self) -> bool: ...
    def on_connection(self, handler: Callable[[bool], None]) -> Undo: ...

    @property
    def user(self) -> User | None:
        """Who is signed in, or whose sign-in has just ended; None: nobody."""
        ...

    def on_user(self, handler: Callable[[User | None], None]) -> Undo:
        """*handler* is called when ``user`` has changed; for another user plugins are activated anew."""
        ...

    def allowed(self, action: str) -> bool:
        """Whether the user's role has the right, e.g. ``events.write``."""
        ...


class Settings(Protocol):
    """``ctx.settings``: values of the settings that the manifest's schema declares."""

    def get(self, key: str) -> Any: ...
    def set(self, key: str, value: Any) -> None: ...
    def on_change(self, key: str, handler: Callable[[Any], None]) -> Undo: ...


class Notify(Protocol):
    """``ctx.notify``: the notification centre."""

    def __call__(
        self,
        text: str,
        severity: Severity = Severity.INFO,
        *,
        detail: str = "",
        action: tuple[str, Handler] | None = None,
        key: str = "",
    ) -> None:
        """Show *text*; *action* is a button (title, handler); same *key* replaces."""
        ...


class Progress(Protocol):
    """Progress of a task, shown in the status bar inside its ``with`` block. Usable on any thread."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *error: Any) -> None: ...

    def report(self, done: float, text: str = "") -> None:
        """*done* is 0..1. Raises CancelledError inside the task when the user cancelled."""
        ...


class Tasks(Protocol):
    """``ctx.tasks``: work off the GUI thread, and time."""

    def start(self, coroutine: Any) -> Undo:
        """Drive an ``async def`` on the GUI thread; the undo cancels it."""
        ...

    def run(self, function: Callable[..., T], *args: Any) -> Awaitable[T]:
        """Run a plain function in the worker pool (no Qt, no live data inside)."""
        ...

    def every(self, seconds: float, handler: Handler) -> Undo: ...
    def later(self, seconds: float, handler: Handler) -> Undo: ...

    def sleep(self, seconds: float) -> Awaitable[None]: ...

    def progress(self, title: str) -> Progress:
        """Show a task in the status bar: ``with ctx.tasks.progress(title) as p: p.report(0.5)``."""
        ...


class Services(Protocol):
    """``ctx.services``: what plugins offer one another, by name."""

    def provide(self, name: str, service: Any) -> Undo: ...
    def get(self, name: str) -> Any:
        """The service; activates its plugin. Raises MissingService."""
        ...


class Selection(Protocol):
    """``ctx.selection``: the one thing selected in all views, as ``type`` and ``id``."""

    @property
    def current(self) -> tuple[str, str] | None: ...
    def select(self, record_type: str, record_id: str) -> None: ...
    def clear(self) -> None: ...
    def on_change(self, handler: Callable[[tuple[str, str] | None], None]) -> Undo: ...


class Context(Protocol):
    """All that a plugin has. A facet without its permission raises MissingPermission."""

    plugin_id: str
    log: logging.Logger
    commands: Commands
    panels: Panels
    settings: Settings
    notify: Notify
    tasks: Tasks
    services: Services
    selection: Selection

    @property
    def map(self) -> MapFacet: ...
    @property
    def qgis(self) -> Qgis: ...
    @property
    def scene(self) -> Scene: ...
    @property
    def media(self) -> Media: ...
    @property
    def live(self) -> Live: ...
    @property
    def backend(self) -> Backend: ...

    @property
    def language(self) -> str:
        """``zh_CN`` or ``en``."""
        ...

    def tr(self, text: str, /, **values: Any) -> str:
        """*text* (English) in the user's language, from ``texts/zh_CN.toml`` of the plugin,
        with ``{name}`` filled from *values*."""
        ...

    def color(self, token: str) -> str:
        """``#rrggbb`` of a theme token, e.g. ``staff.on_duty``."""
        ...

    def on_theme(self, handler: Callable[[], None]) -> Undo: ...
    def on_language(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when the language changed; panels are made anew without it."""
        ...

    def undo(self, undo: Undo) -> Undo:
        """Register something of your own to be undone when the plugin is switched off."""
        ...

    def status(self, item_id: str, text: str, tooltip: str = "") -> None:
        """Text of a status item that the manifest declares."""
        ...

    def data_dir(self) -> str:
        """A folder of the plugin's own for files."""
        ...


Activate = Callable[[Context], None]
Values = Mapping[str, Any]
