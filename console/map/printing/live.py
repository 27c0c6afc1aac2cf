"""What the window gives to print of its live layers, and the legend's lines of all layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPainter, QPicture

from console.map.engine.arena import SLOT_BYTES, Arena
from console.map.layers.base_layers import classes_of
from console.map.layers.layer_tree import Slot
from console.map.live.picture_layer import PictureLayer
from console.map.live.points import PointsLayer
from console.map.live.screen import inside
from console.map.live.shapes import ShapesLayer
from console.map.printing.layout import Ground
from console.map.printing.messages import Drawing, LegendLayer, LegendLine, Marks, Photo
from console.map.render.style import Style
from console.map.viewport import Viewport
from console.sdk.map import LegendItem
from console.sdk.ui.words import said

Colors = Mapping[str, str]


def live_slots(slots: Sequence[Slot], ground: Ground) -> list[Slot]:
    """Live layers that are seen on the sheet, from the ground up."""
    zoom = ground.sheet.zoom
    return [s for s in reversed(slots) if s.layer is not None and s.layer.shown_at(zoom) and _seen(s, ground)]


def _seen(slot: Slot, ground: Ground) -> bool:
    match slot.layer:
        case PointsLayer():
            columns, places, _ = slot.layer.snapshot()
            return len(inside(ground.viewport, places[columns.drawn])) > 0
        case ShapesLayer():
            return bool(slot.layer.shapes_in(ground.world))
        case PictureLayer():
            return slot.layer.picture is not None
        case _:
            return False


def marks_of(layer: PointsLayer, ground: Ground) -> Marks:
    """The points in the frame and at its edge."""
    columns, places, texts = layer.snapshot()
    zoom, style = ground.sheet.zoom, layer.style
    rows = columns.drawn[inside(ground.viewport, places[columns.drawn])]
    labelled = style.labels_from is not None and zoom >= style.labels_from and bool(texts)
    heading, faint = columns.heading, columns.opacity
    return Marks(
        id=layer.layer_id,
        opacity=layer.opacity,
        sprites=list(style.sprites),
        xy=np.ascontiguousarray(places[rows], np.float64).tobytes(),
        sprite=columns.sprite[rows].astype(np.int32).tobytes(),
        heading=b"" if heading is None else heading[rows].astype(np.float32).tobytes(),
        faint=b"" if faint is None else faint[rows].astype(np.float32).tobytes(),
        labels=[texts[row] for row in rows.tolist()] if labelled else [],
        gather=layer.gathers(zoom),
    )


def drawing_of(twin: ShapesLayer, opacity: float, viewport: Viewport, colors: Colors) -> Drawing:
    """Shapes as the commands that paint them; may run on any thread."""
    twin.part(viewport.world)
    shapes = _commands(viewport.dpr, lambda painter: twin.draw(painter, viewport, colors.__getitem__))
    notes = _commands(viewport.dpr, lambda painter: twin.draw_notes(painter, viewport, colors.__getitem__))
    dpr = viewport.dpr
    plates = [
        (plate.left() * dpr, plate.top() * dpr, plate.right() * dpr, plate.bottom() * dpr)
        for plate in twin.note_plates(viewport)
    ]
    return Drawing(id=twin.layer_id, opacity=opacity, picture=shapes, notes=notes, plates=plates)


def _commands(dpr: float, paint: Callable[[QPainter], None]) -> bytes:
    """What *paint* does in logical pixels, in device pixels."""
    picture = QPicture()
    painter = QPainter(picture)
    painter.scale(dpr, dpr)
    paint(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer)
    return bytes(buffer.data().data())


def photo_of(layer: PictureLayer) -> tuple[Photo, Arena]:
    """The picture in shared memory, which the caller closes."""
    assert layer.picture is not None
    image, viewport = layer.picture
    size = image.width() * image.height() * 4
    arena = Arena(-(-size // SLOT_BYTES))
    arena.all_bytes[:size] = image.constBits()[:size]
    photo = Photo(
        id=layer.layer_id,
        opacity=layer.opacity,
        arena=arena.path,
        width=image.width(),
        height=image.height(),
        world=viewport.world,
    )
    return photo, arena


def legend_layers(
    slots: Sequence[Slot], live: Sequence[Slot], style: Style, ground: Ground
) -> list[LegendLayer]:
    """Visible layers, topmost first; what of them lies on the sheet is for the printing process to find."""
    there = {slot.id for slot in live}
    found: list[LegendLayer] = []
    for slot in slots:
        if not slot.visible or (slot.layer is not None and slot.id not in there):
            continue
        lines = _lines(slot, style, ground) if slot.listed else []
        found.append(
            LegendLayer(
                id=slot.id,
                title=said(slot.title),
                lines=lines,
                attribution=slot.attribution,
                bounds=slot.bounds,
                base=slot.base is not None,
                live=slot.layer is not None,
            )
        )
    return found


def _lines(slot: Slot, style: Style, ground: Ground) -> list[LegendLine]:
    if slot.base is not None:
        return [_line(item, name) for name, item in classes_of(slot.kind, style)]
    if isinstance(slot.layer, ShapesLayer):
        shapes = [shape for shape in slot.layer.shapes_in(ground.world) if shape.text is None]
        return [LegendLine(title="", style=replace(shape.style, casing="")) for shape in shapes[:1]]
    return [_line(item) for item in (slot.user_legend if slot.user_style else slot.legend)]


def _line(item: LegendItem, kind: str = "") -> LegendLine:
    return LegendLine(title=said(item.title), sprite=item.sprite, style=item.style, kind=kind)
