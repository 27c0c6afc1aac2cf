"""The panel 看得见此处的摄像头: those that see the place with their reasons; then near ones that do not."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from console.sdk.records import Camera
from console.sdk.sight_words import reasons_text
from console.sdk.ui import Column, EmptyState, Page, RecordTable, Toolbar, button, row
from plugins.cameras.desktop.desk import Desk
from plugins.cameras.desktop.near import NearPlace
from plugins.cameras.desktop.selecting.selector import Selector
from plugins.cameras.desktop.sight import Look, Near
from plugins.cameras.desktop.words import LOOK_COLORS, LOOKS, metres_text, state_text


class NearPanel(Page):
    """Choosing a row shows the camera's sector and its line to the place; Enter goes there."""

    def __init__(self, desk: Desk, near: NearPlace, selector: Selector) -> None:
        super().__init__()
        self._desk, self._near, self._selector = desk, near, selector
        tr = desk.ctx.tr
        self._count, self._note, self._why = (QLabel(wordWrap=True) for _ in range(3))
        self._count.setObjectName("title")
        self._note.setObjectName("muted")
        tools = Toolbar()
        self._pictures = tools.add("video", tr("Live pictures of those that see it"), self._open_pictures)
        tools.add("close", tr("Clear"), near.clear)
        pick = lambda: desk.ctx.commands.run("onemap.cameras.near_pick")  # noqa: E731
        self._table = self._make_table()
        self.add(row(button(tr("Pick a place"), pick, "locate", primary=True), None, tools))
        self.add(self._count)
        self.add(self._note)
        self.add(self._table, 1)
        self.add(self._why)
        self.setFocusProxy(self._table)
        near.changed.connect(self._show)
        self._show()

    def _make_table(self) -> RecordTable:
        tr = self._desk.ctx.tr
        hint = tr("Pick a place, or use “Cameras that see this” in the map's context menu.")
        table = RecordTable(
            [
                Column(
                    tr("Name"),
                    self._name,
                    least=130,
                    color=lambda near: "" if near.camera.online else "warning",
                ),
                Column(
                    tr("Distance"),
                    lambda near: metres_text(near.metres, tr),
                    width=68,
                    align="right",
                    sort=lambda near: near.metres,
                ),
                Column(
                    tr("px/m"),
                    _pixels_text,
                    width=76,
                    align="right",
                    sort=lambda near: -_score(near),
                ),
                Column(
                    tr("Sight"),
                    lambda near: tr(LOOKS[near.look]),
                    width=84,
                    color=lambda near: LOOK_COLORS[near.look],
                ),
            ],
            key=lambda near: near.camera.id,
            empty=EmptyState(tr("No place asked about"), hint, icon="camera"),
            name="onemap.cameras.near.table",
        )
        table.on_select(self._choose)
        table.on_activate(self._desk.jump)
        return table

    def _name(self, near: Near) -> str:
        """Also that it is offline: there is no room for a column of its own beside the map."""
        name = near.camera.name
        return name if near.camera.online else f"{state_text(near.camera, self._desk.ctx.tr)} · {name}"

    def _seeing(self) -> list[Camera]:
        return [each.camera for each in self._near.found if each.sighting]

    def _open_pictures(self) -> None:
        self._selector.offer(self._seeing())

    def _choose(self, key: str | None) -> None:
        self._near.show(key)
        self._show_why()

    def _show(self) -> None:
        where, tr, found = self._near.where, self._desk.ctx.tr, self._near.found
        self._table.set_rows(found)
        seeing = sum(near.sighting is not None for near in found)
        self._pictures.setEnabled(any(camera.live for camera in self._seeing()))
        self._count.setText(tr("Cameras that see this: {n}", n=seeing))
        self._count.setToolTip("" if where is None else f"{where[0]:.6f}, {where[1]:.6f}")
        self._note.setText(self._note_text())
        for label in (self._count, self._note):
            label.setVisible(where is not None)
        self._show_why()

    def _note_text(self) -> str:
        """Whether walls are known."""
        tr, near = self._desk.ctx.tr, self._near
        if near.walls:
            return tr("What stands between was looked at in the 3D model.")
        flat = tr("By direction and range alone: what stands between is not known here.")
        return f"{flat}\n{near.fault}" if near.fault else flat

    def _show_why(self) -> None:
        """The reasons of the chosen camera."""
        tr, key = self._desk.ctx.tr, self._table.selected_key
        near = next((each for each in self._near.found if each.camera.id == key), None)
        parts: list[str] = []
        if near is not None:
            parts = (
                [reasons_text(near.sighting.reasons, self._desk.ctx.language)]
                if near.sighting
                else [tr(LOOKS[near.look])]
            )
            if not near.walls and near.look is not Look.TOO_FAR:
                parts.append(tr("walls not known"))
        self._why.setText(" · ".join(parts))
        self._why.setVisible(bool(parts))


def _score(near: Near) -> float:
    return near.sighting.score if near.sighting is not None else -1.0


def _pixels_text(near: Near) -> str:
    return f"{near.sighting.pixels_per_metre:,.0f}" if near.sighting is not None else "–"
