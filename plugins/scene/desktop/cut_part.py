"""The part of the panel that cuts: what with, and the fields of what cuts now."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from console.sdk import Context
from console.sdk.scene_shape import CutBox, CutPlane
from console.sdk.ui import Section, button
from console.sdk.ui.choices import Number
from plugins.scene.desktop.shape_desk import ShapeDesk
from plugins.scene.desktop.shape_picks import ShapePicks
from plugins.scene.desktop.shaping import bottom

TICKS = 10
"""Of the slider, a metre."""
SMALLEST, BIGGEST, LOWEST = 0.5, 9_999.0, -9_999.0
"""Metres."""
FIELD = 118
"""Pixels of the narrowest field."""


class CutPart(QWidget):
    """Follows the desk; what is entered is seen at once."""

    def __init__(self, ctx: Context, desk: ShapeDesk, picks: ShapePicks) -> None:
        super().__init__()
        self._desk, tr = desk, ctx.tr
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Section(tr("Cut")))
        ways = QGridLayout()
        ways.setSpacing(8)
        for at, (title, act, icon, hint) in enumerate(
            (
                (tr("Box at a place"), picks.box, "cube", tr("Click its middle; sizes are set below")),
                (tr("Drawn box"), picks.drawn_box, "edit", tr("Draw the footprint of what it shall hold")),
                (tr("Upright plane"), picks.upright, "columns", tr("Click two places that it goes through")),
                (
                    tr("Level plane"),
                    picks.level,
                    "layers",
                    tr("Everything above a place goes, as for a floor"),
                ),
            )
        ):
            ways.addWidget(button(title, act, icon, tooltip=hint), at // 2, at % 2)
        layout.addLayout(ways)
        self._box, self._plane = _BoxForm(ctx, desk), _PlaneForm(ctx, desk)
        nothing = QLabel(tr("Nothing is cut. No file is changed by a cut."), wordWrap=True)
        nothing.setObjectName("muted")
        self._forms = (nothing, self._box, self._plane)
        for form in self._forms:
            layout.addWidget(form)
        self._off = button(tr("Take the cut away"), desk.uncut, "close", tooltip="Esc")
        layout.addWidget(self._off)

    def refresh(self) -> None:
        """As it is."""
        cut = self._desk.shape.cut
        kind = 0 if cut is None else 1 if isinstance(cut, CutBox) else 2
        for at, form in enumerate(self._forms):
            form.setVisible(at == kind)
        if isinstance(cut, CutBox):
            self._box.show_box(cut)
        elif isinstance(cut, CutPlane):
            self._plane.show_plane()
        self._off.setVisible(cut is not None)


class _BoxForm(QWidget):
    def __init__(self, ctx: Context, desk: ShapeDesk) -> None:
        super().__init__()
        tr = ctx.tr
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        self._fields: dict[str, Number] = {}
        for at, (name, title) in enumerate(
            (
                ("width", tr("Width")),
                ("depth", tr("Depth")),
                ("height", tr("Height")),
                ("bottom", tr("Base")),
                ("heading", tr("Heading")),
            )
        ):
            least, most, step = (0.0, 359.9, 5.0) if name == "heading" else (SMALLEST, BIGGEST, 1.0)
            field = Number(
                title,
                lambda value, name=name: desk.set_box(**{name: value}),
                least=LOWEST if name == "bottom" else least,
                most=most,
                step=step,
                suffix="°" if name == "heading" else " m",
            )
            narrow(field, title)
            field.setWrapping(name == "heading")
            self._fields[name] = field
            grid.addWidget(field, at // 2, at % 2)
            grid.setColumnStretch(at % 2, 1)
        self._fields["bottom"].setToolTip(tr("Height of its bottom above the ellipsoid"))
        self._hole = QCheckBox(tr("Hole"))
        self._hole.setToolTip(tr("Cuts a hole: what is outside stays"))
        self._hole.clicked.connect(lambda hole: desk.set_box(hole=hole))
        grid.addWidget(self._hole, 2, 1)

    def show_box(self, box: CutBox) -> None:
        for name, field in self._fields.items():
            value = bottom(box) if name == "bottom" else getattr(box, name)
            field.show_value(value % 360 if name == "heading" else value)
        self._hole.setChecked(box.hole)


class _PlaneForm(QWidget):
    def __init__(self, ctx: Context, desk: ShapeDesk) -> None:
        super().__init__()
        self._desk, tr = desk, ctx.tr
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        title = tr("Push")
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(title)
        self._slider.setToolTip(tr("Push the plane"))
        self._slider.setSingleStep(TICKS // 2)
        self._slider.setPageStep(TICKS * 3)
        self._slider.valueChanged.connect(lambda ticks: desk.push_to(ticks / TICKS))
        self._field = Number(title, desk.push_to, least=LOWEST, most=BIGGEST, suffix=" m")
        narrow(self._field, title)
        turn = button(tr("Turn round"), desk.turn, "refresh", tooltip=tr("Remove the other side"))
        layout.addWidget(self._slider)
        both = QGridLayout()
        both.setSpacing(8)
        for at, part in enumerate((self._field, turn)):
            both.addWidget(part, 0, at)
            both.setColumnStretch(at, 1)
        layout.addLayout(both)

    def show_plane(self) -> None:
        most = round(self._desk.reach * TICKS)
        with QSignalBlocker(self._slider):
            self._slider.setRange(-most, most)
            self._slider.setValue(round(self._desk.push * TICKS))
        self._field.show_value(self._desk.push)


def narrow(field: Number, title: str) -> None:
    """Its title stands inside, so that two fit side by side; what is typed counts when it is whole."""
    field.setPrefix(f"{title} ")
    field.setMinimumWidth(FIELD)
    field.setKeyboardTracking(False)
