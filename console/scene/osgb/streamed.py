"""A delivery streamed as it is: the same kind of tree as a tileset's, whose tiles are looks of OSGB files.

A file that refines a look is a tile of its own until it is read, like a tileset within a tileset; what it
shows then stands below it. Errors are those that the converter writes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from console.scene.osgb.errors import MOST
from console.scene.osgb.files import File, Files, Shown
from console.scene.osgb.models import Points
from console.scene.osgb.pyramid import open_delivery
from console.scene.osgb.rows import Row, fragment_of, joined
from console.scene.osgb.site import root_files, site_of, tops
from console.scene.refusal import SceneRefused, refused
from console.scene.tiles import Content, FolderSource, Fragment, Part, Source, TileTree
from console.scene.tiles.source import missing

MAX_CHAIN = 64
"""Files below files."""


class DeliverySource:
    """The files of a delivery. May be read from several threads."""

    start = ""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._folder = FolderSource(files.site.folder)

    @property
    def absent(self) -> int:
        """Files that were named and are not there, among what was read yet: their parents stay."""
        return len(self._files.absent)

    def resolve(self, base: str, uri: str) -> str:
        key = self._files.site.key_of(uri, base)
        if key is None:
            raise missing(uri)
        return key

    def read(self, key: str) -> bytes:
        return self._folder.read(key)


def open_pyramids(path: Path) -> tuple[TileTree, DeliverySource]:
    """The tree of the delivery *path* (its folder, its ``Data`` folder, or one .osgb file).

    Reads the coarsest file of each of its tiles, some five milliseconds each. The world is Earth-centred
    metres (EPSG:4978), or the model's own axes if it has no place on Earth. Raises SceneRefused.
    """
    delivery = open_delivery(path)
    files = Files(site_of(delivery))
    source = DeliverySource(files)
    roots = list(root_files(delivery, files.site))
    opened, broken = _opened(roots, files, source)
    highest = tops({key: file.names for key, file in opened.items()}, roots)
    rows = list(_first_rows([key for key in highest if key not in broken], files, source))
    if not rows:
        raise next(iter(broken.values()), refused("模型中没有可显示的内容", "the model shows nothing"))
    around = joined(rows)
    lost = [Row(around.box, around.error, FileRef(key, files, (), math.inf, around.box), external=True)
            for key in highest if key in broken]  # fmt: skip
    root = joined([*rows, *lost]) if lost else around
    return TileTree(fragment_of(root, files.site), root.error), source


@dataclass(frozen=True, slots=True, eq=False)
class LookRef:
    """What a tile shows."""

    uri: str
    """Key of its file."""
    number: int
    files: Files
    refusals: tuple[str, ...] = ()
    """Why it is shown in place of something finer, in English."""

    def read(self, source: Source) -> Content:
        """See OwnRef."""
        shown = self.files.get(source, self.uri).all
        standing = shown[self.number].standing if self.number < len(shown) else None
        if standing is None:
            raise refused("文件在读取期间被更改", "the file has been changed meanwhile")
        return Content((Part(standing.model, np.identity(4)[None]),), self.refusals)


@dataclass(frozen=True, slots=True, eq=False)
class FileRef:
    """A file that refines a look."""

    uri: str
    """Its key."""
    files: Files
    chain: tuple[str, ...]
    """Keys of the files above it."""
    limit: float
    """Error of what it refines."""
    box: Points
    """(2, 3) of what it refines."""
    instead: LookRef | None = None
    """What it refines, if nothing else does: shown on where the file is broken."""

    def read(self, source: Source) -> Fragment:
        """See OwnRef."""
        try:
            file = self.files.get(source, self.uri)
        except SceneRefused as error:
            if self.instead is None:
                raise
            why = f"{self.uri.rpartition('/')[2]}: {error.message.en}"
            kept = Row(self.box, 0.0, replace(self.instead, refusals=(why,)))
            return fragment_of(kept, self.files.site)
        below = _Below(self.uri, self.files, self.chain)
        rows = [below.row(shown, self.limit, self.box) for shown in file.first]
        if not rows:
            raise refused("文件中没有可显示的内容", "the file shows nothing")
        root = rows[0] if len(rows) == 1 else joined(rows, self.limit)
        return fragment_of(root, self.files.site)


class _Below:
    """Makes rows of what one file shows."""

    def __init__(self, key: str, files: Files, chain: tuple[str, ...]) -> None:
        self._key, self._files = key, files
        self._chain = (*chain, key)

    def row(self, shown: Shown, limit: float, outer: Points) -> Row:
        """The tile of *shown* with those below it; its error is at most *limit*, its parent's."""
        box = outer if shown.box is None else shown.box
        if shown.standing is not None:
            limit = min(limit, shown.look.error)
        ref = None
        if shown.standing is not None:
            ref = LookRef(self._key, shown.number, self._files)
        children = [self.row(finer, limit, box) for finer in shown.finer]
        if len(self._chain) < MAX_CHAIN:
            names = [name for name in shown.look.files if name not in self._chain]
            instead = ref if len(names) == 1 else None
            children.extend(self._file(name, limit, box, instead) for name in names)
        if ref is None:
            return joined(children, limit) if children else Row(box, 0.0)
        return Row(box, limit if children else 0.0, ref, children=children)

    def _file(self, key: str, limit: float, box: Points, instead: LookRef | None) -> Row:
        ref = FileRef(key, self._files, self._chain, limit, box, instead)
        return Row(box, min(limit, MOST), ref, external=True)


def _opened(
    keys: Sequence[str], files: Files, source: Source
) -> tuple[dict[str, File], dict[str, SceneRefused]]:
    """Those of *keys* that can be read, and why the others can't."""
    opened: dict[str, File] = {}
    broken: dict[str, SceneRefused] = {}
    for key in keys:
        try:
            opened[key] = files.get(source, key)
        except SceneRefused as error:
            broken[key] = error
    return opened, broken


def _first_rows(keys: Sequence[str], files: Files, source: Source) -> Iterator[Row]:
    """The tiles of *keys*. Where a file but names others and no place, theirs; each file once."""
    waiting: list[tuple[str, tuple[str, ...]]] = [(key, ()) for key in reversed(keys)]
    seen: set[str] = set()
    while waiting:
        key, chain = waiting.pop()
        if key in seen or len(chain) >= MAX_CHAIN:
            continue
        seen.add(key)
        opened, _ = _opened([key], files, source)
        below = _Below(key, files, chain)
        for shown in opened[key].first if opened else ():
            if shown.box is not None:
                yield below.row(shown, math.inf, shown.box)
            else:
                waiting.extend((name, (*chain, key)) for name in shown.look.files)
