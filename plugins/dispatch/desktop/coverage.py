"""The panel 覆盖分析 and its layer: which roads nobody reaches in time, and where one more would help."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QProgressBar, QSpinBox

from console.sdk import PointStyle, Shape, ShapeStyle, Sprite, SpriteShape, Text
from console.sdk.records import Means
from console.sdk.ui import Column, EmptyState, Page, RecordTable, button, row
from plugins.dispatch.desktop.survey import Survey, Surveyor, own_areas
from plugins.dispatch.desktop.words import MEANS, Tr, span_text
from plugins.dispatch.model import Site

PANEL = "onemap.dispatch.coverage"
RIGHT = "orders.write"
_MARK = ShapeStyle(stroke="map.selection", width=3.0, casing="map.symbol_outline")
_SPRITES = (
    Sprite(
        shape=SpriteShape.CIRCLE, fill="success", size=7, title=Text(zh_CN="可按时到达", en="Reached in time")
    ),
    Sprite(
        shape=SpriteShape.DIAMOND,
        fill="warning",
        size=10,
        title=Text(zh_CN="两倍时间内到达", en="Within twice the time"),
    ),
    Sprite(
        shape=SpriteShape.SQUARE, fill="error", size=11, title=Text(zh_CN="无人可及", en="Nobody in time")
    ),
)


class CoverageLayer:
    """Places along the roads by how soon somebody is there, and rings where one more would help."""

    def __init__(self, surveyor: Surveyor) -> None:
        self._surveyor = surveyor
        ctx = surveyor.desk.ctx
        self._points = ctx.map.add_points(PANEL, PointStyle(sprites=_SPRITES))
        self._sites = ctx.map.add_shapes("onemap.dispatch.coverage_sites", listed=False)
        self._points.on_hover(self._tooltip)
        surveyor.changed.connect(self.draw)

    def draw(self) -> None:
        """Show the survey as far as it has come."""
        survey = self._surveyor.survey
        lonlat = np.array(survey.points, float).reshape(-1, 2)
        seconds = np.array([np.inf if each is None else each for each in survey.seconds], float)
        limit = survey.minutes * 60
        sprite = np.where(seconds <= limit, 0, np.where(seconds <= 2 * limit, 1, 2))
        self._points.set_points(lonlat[:, 0], lonlat[:, 1], sprite=sprite)
        self._sites.clear()
        for at, site in enumerate(survey.sites, 1):
            ring = Shape(kind="circle", points=(site.where,), radius=survey.metres * 1.5, style=_MARK)
            text = Shape(kind="text", points=(site.where,), text=f"+{at}", style=_MARK)
            self._sites.put(str(at), ring, text)

    def _tooltip(self, at: int) -> str:
        seconds, tr = self._surveyor.survey.seconds[at], self._surveyor.desk.ctx.tr
        if seconds is None:
            return tr("Nobody comes here")
        return tr("First there in {span}", span=span_text(seconds, tr))


class CoveragePanel(Page):
    """What is asked, how far it has come, the shares, and the places for one more."""

    def __init__(self, surveyor: Surveyor) -> None:
        super().__init__()
        self._surveyor = surveyor
        ctx = surveyor.desk.ctx
        tr = ctx.tr
        self._areas = QComboBox()
        self._areas.setAccessibleName(tr("Area"))
        self._minutes = QSpinBox(minimum=1, maximum=60, value=5, suffix=tr(" min"))
        self._minutes.setAccessibleName(tr("Reached within"))
        self._means = QComboBox()
        self._means.setAccessibleName(tr("One more goes"))
        for means, title in MEANS.items():
            self._means.addItem(tr(title), means)
        self._means.setCurrentIndex(self._means.findData(Means.BICYCLE))
        self._busy = QCheckBox(tr("Count those, too, who have a job"))
        self._go = button(tr("Survey"), self._toggle, "search", primary=True)
        self._bar, self._said = QProgressBar(maximum=100, textVisible=False), QLabel(wordWrap=True)
        empty = EmptyState(tr("Where would one more help?"), tr("Survey an area to see."), icon="pin")
        self._table = RecordTable(_columns(surveyor), key=_key, empty=empty, name=PANEL)
        self._table.on_activate(lambda _: self._go_to())
        self._table.on_select(lambda _: self._go_to())
        self._lay_out()
        surveyor.changed.connect(self._show)
        surveyor.desk.connection_changed.connect(self._fill)
        self._fill()
        self._show()

    def _lay_out(self) -> None:
        tr = self._surveyor.desk.ctx.tr
        self.add(row(self._areas, self._minutes))
        self.add(row(QLabel(tr("One more goes")), self._means, None))
        self.add(self._busy)
        self.add(row(button(tr("Take away"), self._surveyor.clear, "close"), None, self._go))
        self.add(self._bar)
        self.add(self._said)
        self.add(self._table, 1)
        self.setFocusProxy(self._go)

    def _fill(self) -> None:
        """The user's areas; finer ones are in the directory, if there is one."""
        desk, chosen = self._surveyor.desk, self._areas.currentData()
        self._areas.clear()
        for code, name in own_areas(desk.ctx):
            self._areas.addItem(name, code)
        self._areas.setCurrentIndex(max(self._areas.findData(chosen), 0))
        self._go.setEnabled(desk.ctx.backend.allowed(RIGHT) and self._areas.count() > 0)

    def _toggle(self) -> None:
        if self._surveyor.survey.running:
            self._surveyor.stop()
        else:
            area, means = self._areas.currentData(), Means(self._means.currentData())
            self._surveyor.start(area, self._minutes.value(), self._busy.isChecked(), means)

    def _go_to(self) -> None:
        site: Site | None = self._table.selected
        if site is not None:
            self._surveyor.desk.ctx.map.center_on(*site.where)

    def _show(self) -> None:
        survey, tr = self._surveyor.survey, self._surveyor.desk.ctx.tr
        self._go.setText(tr("Stop") if survey.running else tr("Survey"))
        self._bar.setVisible(survey.running)
        self._bar.setValue(round(survey.done * 100))
        self._said.setText(said_text(survey, tr))
        self._said.setVisible(bool(self._said.text()))
        self._table.set_rows(list(survey.sites))


def said_text(survey: Survey, tr: Tr) -> str:
    """Shares of the places in words, or what went wrong."""
    if survey.problem or not survey.points:
        return survey.problem
    late = len(survey.unreached)
    return tr(
        "{share} % of the roads are not reached within {n} min ({late} of {all} places, one each {metres} m)",
        share=f"{late / len(survey.points) * 100:.0f}",
        n=survey.minutes,
        late=late,
        all=len(survey.points),
        metres=f"{survey.metres:.0f}",
    )


def _key(site: Site) -> str:
    return f"{site.where[0]:.6f},{site.where[1]:.6f}"


def _columns(surveyor: Surveyor) -> list[Column]:
    tr = surveyor.desk.ctx.tr

    def rank(site: Site) -> str:
        return f"+{surveyor.survey.sites.index(site) + 1}"

    def gain(site: Site) -> str:
        survey = surveyor.survey
        share = f"{site.places / max(len(survey.points), 1) * 100:.0f}"
        return tr("{n} places more ({share} %)", n=site.places, share=share)

    return [Column(tr("One more here"), rank, 90), Column(tr("reaches"), gain, least=120)]
