"""What a tile worker knows: its layers, its style, its folder of rendered tiles."""

from __future__ import annotations

import hashlib
import mmap
import os
import shutil
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from PySide6.QtGui import QImage, QPainter

from console.map.arena import SLOT_BYTES, TILE, Arena
from console.map.messages import Configure, LabelBlock, LayerRef
from console.map.render.geometry import LayerGeometry
from console.map.render.label_painter import pack_labels
from console.map.render.labels import LabelEngine
from console.map.render.painter import BaseLayer, paint_base
from console.map.render.sheet import Sheet
from console.map.render.style import Style, load_style
from console.model.layers import PackageError, decode_package

OnFault = Callable[[str, str], None]
Key = tuple[int, int, int]
"""Level (half zooms), column, row of a tile."""
KEPT_LOOKS = 4
"""Styles, resolutions and layer versions whose tiles stay on disk."""
RENDERING = 1
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

    def __init__(self, on_fault: OnFault) -> None:
        self._on_fault = on_fault
        self._geometry: dict[tuple[str, str], LayerGeometry | None] = {}
        self.setup: Configure | None = None
        self.arena: Arena | None = None
        self.style: Style | None = None
        self._folder: Path | None = None
        self._layers: list[BaseLayer] | None = None
        self._labels: LabelEngine | None = None

    def configure(self, setup: Configure) -> None:
        """Take over layers and style; raises StyleError."""
        if self.arena is None or self.arena.path != setup.arena:
            self.arena = Arena(setup.slots, setup.arena)
        self.style = load_style(setup.style)
        self.setup = setup
        self._layers = None
        self._labels = None
        self._folder = Path(setup.cache) / fingerprint(setup, self.style) if setup.cache else None
        if self._folder is not None:
            keep_folder(self._folder)

    @property
    def layers(self) -> list[BaseLayer]:
        """Visible layers, read on first use; broken ones are reported and left out."""
        if self._layers is None:
            assert self.setup is not None
            found = [(ref, self._load(ref)) for ref in self.setup.layers]
            self._layers = [
                BaseLayer(ref.id, str(geometry.package.kind), geometry, ref.opacity)
                for ref, geometry in found
                if geometry is not None and ref.visible
            ]
        return self._layers

    def _load(self, ref: LayerRef) -> LayerGeometry | None:
        key = (ref.path, ref.version)
        if key not in self._geometry:
            try:
                self._geometry[key] = load_layer(ref.path)
            except (OSError, PackageError) as error:
                self._geometry[key] = None
                self._on_fault(ref.id, str(error))
        return self._geometry[key]

    def tile(self, slot: int, key: Key) -> None:
        """Fill a slot with a tile, from disk or by painting."""
        assert self.arena is not None
        assert self.setup is not None
        assert self.style is not None
        if self._read(slot, key):
            return
        image = self.arena.image(slot)
        painter = QPainter(image)
        paint_base(painter, tile_sheet(key, self.setup.dpr), self.layers, self.style)
        painter.end()
        self._write(slot, key)

    @property
    def labels(self) -> LabelEngine:
        """Remembers what it has placed until the next ``configure``."""
        if self._labels is None:
            assert self.setup is not None
            assert self.style is not None
            self._labels = LabelEngine(self.layers, self.style, self.setup.dpr)
        return self._labels

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
        if file is None or self.arena is None:
            return False
        try:
            pixels = zlib.decompress(file.read_bytes(), bufsize=SLOT_BYTES)
        except (OSError, zlib.error):
            return False
        if len(pixels) != SLOT_BYTES:
            return False
        self.arena.bytes_of(slot)[:] = pixels
        return True

    def _write(self, slot: int, key: Key) -> None:
        """Keep the tile for the next start; a full disk costs nothing but that."""
        file = self._file(key)
        if file is None or self.arena is None:
            return
        fresh = file.with_suffix(f".{os.getpid()}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(zlib.compress(self.arena.bytes_of(slot), 1))
            fresh.replace(file)
        except OSError:
            fresh.unlink(missing_ok=True)

    def picture(self, sheet: Sheet) -> QImage:
        """A whole sheet as a picture of its own."""
        assert self.style is not None
        image = QImage(sheet.width, sheet.height, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        paint_base(painter, sheet, self.layers, self.style)
        painter.end()
        return image


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
    """Names what tiles look like: layers by version, style, resolution, painter."""
    layers = [(r.id, r.version, r.visible, r.opacity) for r in setup.layers]
    parts = msgspec.json.encode([RENDERING, layers, style, setup.dpr])
    return hashlib.sha256(parts).hexdigest()[:24]
