"""One camera's live picture with its ticket. Implements ``console.sdk.cameras.CameraView``."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.sdk import Undo
from console.sdk.errors import BackendAway, BackendError, OneMapError
from console.sdk.media import Look, Tile
from console.sdk.ui import button
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.live.keep_bar import TileKeeping
from plugins.cameras.desktop.live.keeper import SECONDS, Keeper, Subject
from plugins.cameras.desktop.live.looks import LookBook, LookMenu
from plugins.cameras.desktop.live.marks import Marks
from plugins.cameras.desktop.live.tickets import Held, Tickets
from plugins.cameras.desktop.steering.holds import Holds
from plugins.cameras.desktop.steering.tile import TileSteering

REST = 10.0
"""Seconds after which a ticket is given back for a picture that nobody sees."""
AGAIN = 5.0
"""Seconds after which a ticket is asked for again that could not be had for no fault of the user's."""
LASTING = ("reason_needed", "owner_keeps", "no_picture", "other_key", "forbidden", "not_found")
"""What another try does not change."""


class LiveView:
    """Asks for its ticket when it is first seen, and again when it was lost."""

    def __init__(self, desk: Desk, tickets: Tickets, holds: Holds, looks: LookBook) -> None:
        self._desk, self._tickets, self._looks = desk, tickets, looks
        self.tile: Tile = desk.ctx.media.tile()
        self.widget = _Frame(self, self.tile)
        self._steering = TileSteering(desk, holds, self.widget, self.tile)
        self._keeper = Keeper(desk.ctx)
        self.keeping = TileKeeping(desk.ctx, self._keeper, self.widget, self.tile, self._subject)
        self._menu = LookMenu(desk, looks, self.widget, self.tile.widget, lambda: self.camera)
        self._marks = Marks(desk.ctx, self.tile)
        self.camera: str | None = None
        self.reason = ""
        self._held: Held | None = None
        self._asking = False
        self._stop_asking: Undo = lambda: None
        self._later: Undo = lambda: None
        self._stuck = False
        """Whether only the user can help."""
        self._removed = False
        self.widget.destroyed.connect(self._gone)
        self._undo_looks = looks.on_change(self._on_look)
        self._undo_connection = desk.ctx.backend.on_connection(self._on_connection)

    def show(self, camera: str | None, reason: str = "") -> None:
        """See ``CameraView``."""
        if (camera, reason) == (self.camera, self.reason):
            return
        self._let_go()
        self.camera, self.reason, self._stuck = camera, reason, False
        self._steering.show(camera)
        self._on_look(camera)
        self.widget.ask_reason(None)
        self._say("")
        if self.widget.isVisible():
            self.seen()

    def remove(self) -> None:
        """See ``CameraView``."""
        if not self._removed:
            self.tile.show(None)
            self.tile.remove()
            self.widget.hide()
            self.widget.deleteLater()
            self._gone()

    def _gone(self) -> None:
        """The widget is deleted, or about to be."""
        if not self._removed:
            self._removed = True
            self._steering.end()
            self.keeping.end()
            self._marks.end()
            self._undo_looks()
            self._undo_connection()
            self._give_back()

    @property
    def look(self) -> Look:
        """How its picture is turned."""
        return self._looks.of(self.camera) if self.camera else Look()

    def _on_look(self, camera: str | None) -> None:
        if camera == self.camera:
            self.tile.look(self.look)
            self._steering.look(self.look)

    def retry(self) -> None:
        """R, or the user's act: at once."""
        self._stuck = False
        if self._held is None:
            self.seen()
        else:
            self.tile.retry()

    @property
    def title(self) -> str:
        """Name of the camera."""
        record = self._desk.record(self.camera)
        return record.name if record else self.camera or ""

    def _subject(self) -> Subject | None:
        """Whose picture may be kept now: one under a ticket."""
        if self.camera is None or self._held is None:
            return None
        return Subject(self.camera, self.title, self.reason)

    def seen(self) -> None:
        """The picture is on the screen: have a ticket for it."""
        self._later()
        if self.camera is None or self._held or self._asking or self._stuck or self._removed:
            return
        self._say(self._desk.ctx.tr("Asking for the picture …"))
        self._asking = True
        self._stop_asking = self._desk.ctx.tasks.start(self._ask(self.camera, self.reason))

    def unseen(self) -> None:
        """It is hidden."""
        self._later()
        if not self._removed:
            self._later = self._desk.ctx.tasks.later(REST, self._let_go)

    async def _ask(self, camera: str, reason: str) -> None:
        height = round(self.widget.height() * self.widget.devicePixelRatioF())
        try:
            held = await self._tickets.take(camera, self.title, height, reason, self._on_over)
        except OneMapError as error:
            self._asking = False
            self._refused(error)
            return
        self._asking, self._held = False, held
        self.tile.keep(SECONDS if self._keeper.allowed else 0.0)
        self.tile.show(held.source)

    def _refused(self, error: OneMapError) -> None:
        tr, code = self._desk.ctx.tr, getattr(error, "code", "")
        self._stuck = isinstance(error, BackendError) and (code in LASTING or error.status in (403, 404))
        if code == "reason_needed":
            self._say(tr("The owner of this camera wants to know why one looks"))
            self.widget.ask_reason(self._give_reason)
            return
        if isinstance(error, BackendAway):
            self._say(tr("The backend cannot be reached"), tr("The picture comes when it is back"))
        else:
            self._say(str(error))
        if not self._stuck:
            self._later()
            self._later = self._desk.ctx.tasks.later(AGAIN, self._if_seen)

    def _give_reason(self, reason: str) -> None:
        camera, self.camera = self.camera, None
        self.show(camera, reason)
        self.tile.widget.setFocus()

    def _on_over(self, why: str) -> None:
        """The ticket is over: rights may have changed, or the backend was away."""
        self._held = None
        if self._removed:
            return
        self.tile.show(None)
        tr = self._desk.ctx.tr
        if why == "away":
            self._say(tr("The backend cannot be reached"), tr("The picture comes when it is back"))
        else:
            self._say("")
        self._if_seen()

    def _if_seen(self) -> None:
        if self.widget.isVisible():
            self.seen()

    def _on_connection(self, connected: bool) -> None:
        if connected:
            self._if_seen()

    def _say(self, text: str, hint: str = "") -> None:
        self.tile.say(self.title, text, hint)

    def _let_go(self) -> None:
        """Look no longer."""
        self.tile.show(None)
        self._give_back()

    def _give_back(self) -> None:
        """Tell the backend that nobody looks."""
        self._later()
        self._stop_asking()  # a ticket that is just being given ends by itself
        self._asking = False
        if self._held is not None:
            self._tickets.give_back(self._held)
            self._held = None


class _Frame(QWidget):
    """The tile, and over its lower edge where one says why one looks."""

    def __init__(self, view: LiveView, tile: Tile) -> None:
        super().__init__()
        self._view = view
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(tile.widget)
        self.setFocusProxy(tile.widget)
        self.setMinimumSize(96, 72)
        self._bar: QWidget | None = None

    def ask_reason(self, on_reason: Callable[[str], None] | None) -> None:
        """Show where a reason is written, or take it away."""
        if self._bar is not None:
            self._bar.hide()
            self._bar.deleteLater()
            self._bar = None
        if on_reason is None:
            return
        self._bar = _ReasonBar(self, self._view, on_reason)
        self._place_bar()
        self._bar.show()

    def _place_bar(self) -> None:
        if self._bar is not None:
            height = self._bar.sizeHint().height()
            self._bar.setGeometry(4, self.height() - height - 4, self.width() - 8, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_bar()

    def showEvent(self, event: QShowEvent) -> None:
        self._view.seen()

    def hideEvent(self, event: QHideEvent) -> None:
        self._view.unseen()


class _ReasonBar(QWidget):
    """Enter, or the button."""

    def __init__(self, parent: QWidget, view: LiveView, on_reason: Callable[[str], None]) -> None:
        super().__init__(parent)
        tr = view._desk.ctx.tr
        self._field = QLineEdit(maxLength=500)
        self._field.setPlaceholderText(tr("Why do you look? It is recorded."))
        self._field.setAccessibleName(self._field.placeholderText())
        self._on_reason = on_reason
        self._go = button(tr("Look"), self._give, primary=True)
        self._go.setEnabled(False)
        self._field.textChanged.connect(lambda text: self._go.setEnabled(bool(text.strip())))
        self._field.returnPressed.connect(self._give)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self._field, 1)
        layout.addWidget(self._go)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusProxy(self._field)

    def _give(self) -> None:
        if reason := self._field.text().strip():
            self._on_reason(reason)
