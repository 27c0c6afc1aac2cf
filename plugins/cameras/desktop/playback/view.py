"""One camera's recording with its ticket: the picture of the deck's clock, or why there is none."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console.sdk import Undo
from console.sdk.errors import BackendAway, OneMapError
from console.sdk.media import Player, State
from plugins.cameras.desktop.playback.deck import Deck
from plugins.cameras.desktop.playback.tickets import HeldReplay
from plugins.cameras.desktop.playback.times import clock_text

LENGTH = 3600.0
"""Seconds that are asked for at once."""
PATIENCE = 5.0
"""Seconds that a recorder has until the clock's picture is at hand; then it is asked for anew."""
LONGEST = 60.0
"""Seconds between tries that failed, at most."""
GROWS = 60.0
"""Seconds that are asked for of what is just being recorded."""
LASTING = ("owner_keeps", "no_recorder", "other_key", "forbidden", "not_found")
"""What another try does not change."""


class ReplayView:
    """Asks for another stretch when the clock leaves what is at hand."""

    def __init__(self, deck: Deck, camera: str) -> None:
        self._deck, self.camera = deck, camera
        self.player: Player = deck.desk.ctx.media.player()
        self.widget = _Frame(self)
        self._held: HeldReplay | None = None
        self._stop_asking: Undo = lambda: None
        self._asking, self._asked_at, self._speed = False, 0.0, 1.0
        self._since, self._tries = 0.0, 0
        self._stuck = self._removed = self._resting = False
        deck.clock.changed.connect(self._on_clock)
        deck.listed.connect(self.look)
        self._on_clock()

    @property
    def title(self) -> str:
        """Name of the camera."""
        record = self._deck.desk.record(self.camera)
        return record.name if record else self.camera

    def remove(self) -> None:
        """Give the ticket back and delete the widget."""
        if self._removed:
            return
        self._removed = True
        self._deck.clock.changed.disconnect(self._on_clock)
        self._deck.listed.disconnect(self.look)
        self._let_go()
        self.player.remove()
        self.widget.hide()
        self.widget.deleteLater()

    def retry(self) -> None:
        """At once, whatever was refused."""
        self._stuck, self._asked_at, self._tries = False, 0.0, 0
        self._let_go()
        self._deck.forget(self.camera)
        self.look()

    def rest(self, resting: bool) -> None:
        """Nobody sees it: the ticket is given back. Or somebody does again."""
        self._resting = resting
        if resting:
            self._let_go()
            self._asked_at, self._tries = 0.0, 0
        else:
            self.look()

    def _on_clock(self) -> None:
        clock = self._deck.clock
        self.player.pace(clock.pace)
        if clock.playing and max(clock.speed, 1.0) > self._speed:
            self._let_go()  # the recorder sends no faster than it was asked to
        self.look(moved=True)

    def look(self, *, moved: bool = False) -> None:
        """Is the clock's picture at hand? Called some times a second. *moved*: the clock was set."""
        if self.player.told.state is State.UNSUPPORTED:
            self._stuck = True  # a sign-in that was refused is not said again and again
        if self._removed or self._stuck or self._asking or self._resting:
            return
        now = self._deck.clock.now
        stretches = self._deck.stretches.get(self.camera)
        stretch = None if stretches is None else next((s for s in stretches if s[0] <= now < s[1]), None)
        if stretches is not None and stretch is None:
            self._say_gap(now)
        elif not self._at_hand(now, moved=moved):
            end = min(stretch[1] if stretch else now + LENGTH, now + LENGTH)
            least = GROWS if stretch and self._deck.goes_on(self.camera, stretch) else 1.0
            self._ask(now, max(end, now + least))

    def _at_hand(self, now: float, *, moved: bool) -> bool:
        if self._held is None:
            return time.monotonic() - self._asked_at < (0.0 if moved else self._patience)
        told = self.player.told
        if told.held_to and told.held_from - 0.01 <= now <= told.held_to + (0.0 if told.over else 1.0):
            self._tries = 0
            return True
        if moved and (told.held_to or not 0 <= now - self._since <= PATIENCE):
            return False  # somewhere else
        return time.monotonic() - self._asked_at < self._patience

    @property
    def _patience(self) -> float:
        """Longer with each try in a row that gave nothing."""
        return min(PATIENCE * 2 ** max(self._tries - 1, 0), LONGEST)

    def _ask(self, since: float, until: float) -> None:
        self._asking, self._asked_at, self._since = True, time.monotonic(), since
        self._tries += 1
        clock = self._deck.clock
        self._speed = max(clock.speed, 1.0) if clock.playing else 1.0
        wish: dict[str, object] = {"since": since, "until": until, "speed": self._speed}
        if reason := self._deck.reasons.get(self.camera):
            wish["reason"] = reason
        if self._held is None and self.player.source is None:
            self._say(self._deck.desk.ctx.tr("Asking for the recording …"))
        self._stop_asking = self._deck.desk.ctx.tasks.start(self._take(wish))

    async def _take(self, wish: dict[str, object]) -> None:
        try:
            held = await self._deck.tickets.take("replay", self.camera, self.title, wish, self._on_over)
        except OneMapError as error:
            self._asking = False
            self._refused(error)
            return
        self._asking = False
        before, self._held = self._held, held
        if before is not None:
            self._deck.tickets.give_back(before)
        self.player.show(held.source)

    def _refused(self, error: OneMapError) -> None:
        self._let_go()
        tr, code = self._deck.desk.ctx.tr, getattr(error, "code", "")
        if code == "reason_needed":
            self._stuck = True
            self._say(tr("The owner of this camera wants to know why one looks"))
            self.widget.ask_reason(tr("Why do you look? It is recorded."))
            return
        self._stuck = code in LASTING
        if isinstance(error, BackendAway):
            self._say(tr("The backend cannot be reached"), tr("The picture comes when it is back"))
        else:
            self._say(str(error), "" if self._stuck else tr("Tried again soon, R: now"))

    def give_reason(self, reason: str) -> None:
        """It was asked for."""
        self._deck.reasons[self.camera] = reason
        self.retry()
        self.player.widget.setFocus()

    def _on_over(self, why: str) -> None:
        self._held = None
        if not self._removed:
            self.player.show(None)
            self._asked_at = 0.0 if why == "user" else time.monotonic()
            self._say(self._deck.desk.ctx.tr("The right to look has ended") if why == "over" else "")

    def _say_gap(self, now: float) -> None:
        """Nothing is recorded there: what comes next."""
        self._let_go()
        tr = self._deck.desk.ctx.tr
        later = [begin for begin, _ in self._deck.stretches[self.camera] if begin > now]
        earlier = [end for _, end in self._deck.stretches[self.camera] if end <= now]
        hint = ""
        if later:
            hint = tr("The next begins at {time}", time=clock_text(min(later)))
        elif earlier:
            hint = tr("The last ends at {time}", time=clock_text(max(earlier)))
        self._say(tr("Nothing is recorded at this time"), hint)

    def _say(self, text: str, hint: str = "") -> None:
        self.player.say(self.title, text, hint)

    def _let_go(self) -> None:
        self._stop_asking()
        self._asking = False
        self.player.show(None)
        if self._held is not None:
            self._deck.tickets.give_back(self._held)
            self._held = None


class _Frame(QWidget):
    """The player, and under it where one says why one looks."""

    def __init__(self, view: ReplayView) -> None:
        super().__init__()
        self._view = view
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(view.player.widget, 1)
        self.setFocusProxy(view.player.widget)
        self.setMinimumSize(96, 72)
        self._field = QLineEdit(maxLength=500)
        self._field.returnPressed.connect(self._give)
        self._field.hide()
        layout.addWidget(self._field)

    def ask_reason(self, prompt: str) -> None:
        """Show where a reason is written."""
        self._field.setPlaceholderText(prompt)
        self._field.setAccessibleName(prompt)
        self._field.show()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give(self) -> None:
        if reason := self._field.text().strip():
            self._field.hide()
            self._view.give_reason(reason)
