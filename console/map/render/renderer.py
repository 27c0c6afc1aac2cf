"""What a tile worker knows: its layers, its style, its folder of rendered tiles."""

from __future__ import annotations

import hashlib
import mmap
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from PySide6.QtGui import QImage, QPainter

from console.map.engine.arena import TILE, Arena
from console.map.engine.data_refs import AnyRef, SourceTile
from console.map.engine.messages import Configure, LabelBlock, LayerRef
from console.map.render.data.layer import DataLayer, open_data
from console.map.render.geometry import LayerGeometry
from console.map.render.label_painter import pack_labels
from console.map.render.labels import LabelEngine
from console.map.render.painter import BaseLayer, paint_ground, paint_over
from console.map.render.sheet import Sheet
from console.map.render.style import Style, StyleError, load_style
from console.map.render.tile_files import read_tile, write_tile
from console.model.layers import PackageError, decode_package

OnFault = Callable[[str, str], None]
WriteTile = Callable[[Path, bytes], None]
Key = tuple[int, int, int]
"""Level (half zooms), column, row of a tile."""
Packages = dict[tuple[str, str], LayerGeometry]
"""By path and version."""
KEPT_LOOKS = 8
"""Styles, resolutions and layer versions whose tiles stay on disk."""
RENDERING = 2
"""Goes up when the painter changes what it paints, so that old tiles on disk are not used."""


def tile_sheet(key: Key, dpr: float) -> Sheet:
    """The piece of the world that a tile shows."""
    level, column, row = key
    scale = 256.0 * 2.0 ** (level / 2) * dpr
    return Sheet(column * TILE / scale, row * TILE / scale, scale, TILE, TILE, level / 2, dpr)


def load_layer(path: str) -> LayerGeometry:
    """Memory-map a package; raises OSError or PackageError."""
    with Path(path).open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise PackageError("the file is empty")
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return LayerGeometry(decode_package(data))


class Renderer:
    """Renders tiles into the arena; layers are read when the first tile is not on disk."""

    def __init__(self, on_fault: OnFault, packages: Packages, write: WriteTile = write_tile) -> None:
        """*packages* that have been read: those of all views of the map. *write* keeps a drawn tile."""
        self._on_fault, self._write_tile = on_fault, write
        self._geometry = packages
        self._opened: dict[AnyRef, DataLayer | None] = {}
        self._faulty: set[tuple[str, str]] = set()
        self.setup: Configure | None = None
        self.arena: Arena | None = None
        self.style: Style | None = None
        self._folder: Path | None = None
        self._layers: list[BaseLayer] | None = None
        self._over: list[BaseLayer] | None = None
        self._data: list[DataLayer] | None = None
        self._labels: LabelEngine | None = None

    def configure(self, setup: Configure) -> None:
        """Take over layers and style; raises StyleError."""
        if self.arena is None or self.arena.path != setup.arena:
            self.arena = Arena(setup.slots, setup.arena)
        self.style = load_style(setup.style)
        self.setup = setup
        self._layers = self._over = self._data = self._labels = None
        wanted = {_look(ref) for ref in setup.data}
        self._opened = {look: layer for look, layer in self._opened.items() if look in wanted}
        self._folder = Path(setup.cache) / fingerprint(setup, self.style) if setup.cache else None
        if self._folder is not None:
            keep_folder(self._folder)

    @property
    def layers(self) -> list[BaseLayer]:
        """Visible layers, read on first use; broken ones are reported and left out."""
        if self._layers is None:
            assert self.setup is not None
            self._layers = self._shown(self.setup.layers)
        return self._layers

    @property
    def over(self) -> list[BaseLayer]:
        """Those above the roads. They change more often than all the rest, and tiles on disk are without
        them; of such a tile nothing else is read."""
        if self._over is None:
            assert self.setup is not None and self.style is not None
            kinds = self.style.of_over | {""}
            self._over = self._shown([ref for ref in self.setup.layers if ref.kind in kinds])
        return self._over

    def _shown(self, refs: Sequence[LayerRef]) -> list[BaseLayer]:
        found = [(ref, self._base(ref)) for ref in refs]
        return [
            BaseLayer(ref.id, str(geometry.package.kind), geometry, ref.opacity)
            for ref, geometry in found
            if geometry is not None and ref.visible
        ]

    def _base(self, ref: LayerRef) -> LayerGeometry | None:
        """None for a broken one, which is reported once."""
        key = (ref.path, ref.version)
        if key in self._faulty:
            return None
        try:
            return self._load(*key)
        except (OSError, PackageError) as error:
            self._faulty.add(key)
            self._on_fault(ref.id, str(error))
            return None

    def _load(self, path: str, version: str) -> LayerGeometry:
        """Read once; raises OSError or PackageError."""
        key = (path, version)
        if key not in self._geometry:
            self._geometry[key] = load_layer(path)
        return self._geometry[key]

    @property
    def data(self) -> list[DataLayer]:
        """Visible data layers from the ground up; broken ones are reported and left out."""
        if self._data is None:
            assert self.setup is not None
            found = [self._open(ref) for ref in self.setup.data if ref.visible]
            self._data = [layer for layer in found if layer is not None]
        return self._data

    def _open(self, ref: AnyRef) -> DataLayer | None:
        """None for a broken one, which is reported once."""
        look = _look(ref)
        if look not in self._opened:
            try:
                self._opened[look] = open_data(ref, lambda path: self._load(path, ref.version))
            except (OSError, PackageError, StyleError) as error:
                self._opened[look] = None
                self._on_fault(ref.id, str(error))
        layer = self._opened[look]
        if layer is not None:
            layer.opacity = ref.opacity
        return layer

    def tile(self, slot: int, key: Key) -> list[SourceTile]:
        """Fill a slot with a tile: the ground from disk or by painting, then what lies above.

        Gives what is lacking for it to be whole.
        """
        assert self.arena is not None
        assert self.setup is not None
        assert self.style is not None
        sheet, fresh = tile_sheet(key, self.setup.dpr), not self._read(slot, key)
        image = self.arena.image(slot)  # a painter does not keep what it paints on
        painter = QPainter(image)
        try:
            if fresh:
                paint_ground(painter, sheet, self.layers, self.style)
                if not self._faulty:  # or what is mended would be missing for ever
                    self._write(slot, key)
            paint_over(painter, sheet, self.over, self.style)
            return self._paint_data(painter, sheet)
        finally:
            painter.end()  # or Qt aborts when the image goes before it

    @property
    def labels(self) -> LabelEngine:
        """Remembers what it has placed until the next ``configure``."""
        if self._labels is None:
            assert self.setup is not None
            self._labels = self.label_engine(self.setup.dpr)
        return self._labels

    def label_engine(self, dpr: float) -> LabelEngine:
        """Texts of the data layers, the topmost first, then those of the base."""
        assert self.style is not None
        data = [texts for layer in reversed(self.data) for texts in layer.labels()]
        return LabelEngine(self.layers, self.style, dpr, data)

    @property
    def identified(self) -> list[BaseLayer]:
        """All that can lie at a place."""
        return [*self.layers, *(part for layer in self.data for part in layer.identified())]

    def label_blocks(self, level: int, blocks: Sequence[tuple[int, int, int]]) -> list[LabelBlock]:
        """Place and draw labels: a slot, column and row each."""
        assert self.arena is not None
        assert self.setup is not None
        dpr = self.setup.dpr
        scale = 256.0 * 2.0 ** (level / 2) * dpr
        drawn: list[LabelBlock] = []
        placed = self.labels.place(level, [(column, row) for _, column, row in blocks])
        for (slot, column, row), labels in zip(blocks, placed, strict=True):
            image = self.arena.image(slot, QImage.Format.Format_ARGB32_Premultiplied)
            rows, height = pack_labels(image, labels, scale, dpr)
            drawn.append(LabelBlock(slot, column, row, height, rows))
        return drawn

    def _file(self, key: Key) -> Path | None:
        return self._folder / f"{key[0]}_{key[1]}_{key[2]}.z" if self._folder else None

    def _read(self, slot: int, key: Key) -> bool:
        file = self._file(key)
        pixels = read_tile(file) if file else None
        if pixels is None or self.arena is None:
            return False
        self.arena.bytes_of(slot)[:] = pixels
        return True

    def _write(self, slot: int, key: Key) -> None:
        """Keep the tile for the next start."""
        file = self._file(key)
        if file is not None and self.arena is not None:
            self._write_tile(file, bytes(self.arena.bytes_of(slot)))

    def _paint_data(self, painter: QPainter, sheet: Sheet) -> list[SourceTile]:
        """A layer that cannot be drawn is reported, and left out from then on."""
        lacks: list[SourceTile] = []
        for layer in tuple(self.data):
            painter.save()
            painter.setOpacity(layer.opacity)
            try:
                lacks += layer.paint(painter, sheet)
            except (OSError, ValueError, TypeError, ArithmeticError, LookupError) as error:
                self.data.remove(layer)
                self._on_fault(layer.id, str(error))
            painter.restore()
        return lacks


def _look(ref: AnyRef) -> AnyRef:
    """The layer whatever its opacity."""
    return msgspec.structs.replace(ref, visible=True, opacity=1.0)


def keep_folder(folder: Path) -> None:
    """Mark the folder as used now, and delete those beside it that were used longest ago."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        looks = sorted(folder.parent.iterdir(), key=lambda look: look.stat().st_mtime)
    except OSError:  # full, read-only, or another worker was faster: there is a cache, or there is none
        return
    for look in looks[:-KEPT_LOOKS]:
        shutil.rmtree(look, ignore_errors=True)


def fingerprint(setup: Configure, style: Style) -> str:
    """Names what tiles on disk look like: layers of the ground by version, style, resolution, painter."""
    kinds = style.of_ground | {""}
    layers = [(r.id, r.version, r.visible, r.opacity) for r in setup.layers if r.kind in kinds]
    parts = msgspec.json.encode([RENDERING, layers, style, setup.dpr])
    return hashlib.sha256(parts).hexdigest()[:24]
