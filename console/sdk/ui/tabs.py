"""Parts of a panel of which one is seen at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from console.sdk.ui.widgets import Chips


class Tabs(QStackedWidget):
    """The parts; ``chips`` turns from one to another and is laid out wherever the panel wants it.

    A part is made when it is first turned to, so that a panel opens quickly however much it holds:
    a part must show by itself what was before it was there.
    """

    def __init__(self, parts: Sequence[tuple[str, Callable[[], QWidget]]]) -> None:
        """*parts* are (title, what makes it); the first is seen."""
        super().__init__()
        self._factories = [factory for _, factory in parts]
        self._made: dict[int, QWidget] = {}
        titles = [(str(at), title) for at, (title, _) in enumerate(parts)]
        self.chips = Chips(titles, lambda key: self._show(int(key)))
        self._show(0)

    def turn(self, at: int) -> None:
        """Show the part at place *at*, as a click on its chip would."""
        self.chips.select(str(at))
        self._show(at)

    def set_title(self, at: int, title: str) -> None:
        """Another title for a part, such as one with a count."""
        self.chips.set_title(str(at), title)

    def _show(self, at: int) -> None:
        if at not in self._made:
            self._made[at] = self._factories[at]()
            self.addWidget(self._made[at])
        self.setCurrentWidget(self._made[at])
