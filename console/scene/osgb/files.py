"""Files of a delivery as they are streamed: looks with their models and boxes; the latest are kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from console.scene.osgb.looks import Look, looks_of
from console.scene.osgb.models import FAR, Beside, Points, Standing, model_of
from console.scene.osgb.read import read_osgb
from console.scene.osgb.site import Site
from console.scene.refusal import SceneRefused
from console.scene.tiles.source import Source

KEPT = 64 << 20
"""Bytes of files whose looks are kept, so that what a tile shows need not be read again at once."""
_DEVIATION = 0.25
"""Of a look's error: how far what refines it may stand out of it. A quarter of that has been seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A look that has been placed."""

    number: int
    """In its file."""
    look: Look
    """Without meshes."""
    standing: Standing | None
    """None: it shows nothing itself."""
    finer: tuple[Shown, ...]
    box: Points | None
    """(2, 3): around it and, by all that is known, what refines it; in the site's frame. None: not known."""


@dataclass(frozen=True, slots=True, eq=False)
class File:
    """What one file shows."""

    first: tuple[Shown, ...]
    all: tuple[Shown, ...]
    """By number."""
    size: int
    """Bytes of the file."""

    @property
    def names(self) -> set[str]:
        """All files that refine it."""
        return {name for shown in self.all for name in shown.look.files}


class Files:
    """Reads files and keeps the latest; for several threads."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.absent: set[tuple[str, str]] = set()
        """File and name of what is named and not there."""
        self._kept: OrderedDict[str, File] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, source: Source, key: str) -> File:
        """The file *key*. Raises SceneRefused."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        file = self._read(source, key)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = file
                self._size += file.size
            while self._size > KEPT and len(self._kept) > 1:
                self._size -= self._kept.popitem(last=False)[1].size
        return file

    def _read(self, source: Source, key: str) -> File:
        data = source.read(key)
        tile = read_osgb(data)

        def find(name: str) -> str | None:
            found = self.site.key_of(name, key)
            if found is None:
                self.absent.add((key, name))
            return found

        def beside(name: str) -> bytes | None:
            try:
                return source.read(source.resolve(key, name))
            except SceneRefused:
                return None

        shown: list[Shown] = []
        first = tuple(self._shown(look, beside, shown) for look in looks_of(tile, find))
        return File(first, tuple(shown), len(data))

    def _shown(self, look: Look, beside: Beside, shown: list[Shown]) -> Shown:
        finer = tuple(self._shown(each, beside, shown) for each in look.finer)
        standing = model_of(look.meshes, self.site, beside)
        outline = replace(look, meshes=(), finer=())
        box = union([self._around(outline, standing, refined=bool(finer)), *(each.box for each in finer)])
        shown.append(Shown(len(shown), outline, standing, finer, box))
        return shown[-1]

    def _around(self, look: Look, standing: Standing | None, *, refined: bool) -> Points | None:
        """(2, 3): around what *look* shows and what may come in its place."""
        own = None if standing is None else standing.box
        if not (look.files or refined):
            return own
        sphere = self._sphere(look)
        if own is None:
            return sphere
        margin = _DEVIATION * look.error
        wide = own + np.array([[-margin], [margin]])
        if sphere is not None:
            wide = np.array([np.maximum(wide[0], sphere[0]), np.minimum(wide[1], sphere[1])])
        return np.array([np.minimum(own[0], wide[0]), np.maximum(own[1], wide[1])])

    def _sphere(self, look: Look) -> Points | None:
        """(2, 3): around the sphere that *look* gives; None: it gives none that makes sense."""
        if not 0 < look.radius < FAR:
            return None
        try:
            center = self.site.placed(np.array([look.center]))
        except SceneRefused:
            return None
        return center + np.array([[-look.radius], [look.radius]]) if np.abs(center).max() < FAR else None


def union(boxes: Iterable[Points | None]) -> Points | None:
    """(2, 3): around all of *boxes* that are known; None: none is."""
    known = np.array([box for box in boxes if box is not None])
    return np.array([known[:, 0].min(axis=0), known[:, 1].max(axis=0)]) if len(known) else None
