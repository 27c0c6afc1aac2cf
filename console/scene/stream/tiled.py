"""What can be streamed: a tree of tiles, and how one of them is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from console.scene.stream.drawable import Drawable
from console.scene.stream.loader import Gate
from console.scene.stream.prepare import prepare
from console.scene.tiles import Content, Fragment, Source, TileTree, load


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a tile: something to show, more tiles, or both."""

    drawable: Drawable | None = None
    fragments: tuple[Fragment, ...] = ()


class Tiled(Protocol):
    """A tileset, or whatever else is cut into levels of tiles: the ground, buildings."""

    tree: TileTree
    """In Earth-centred metres, or in axes of its own for a model without a place."""

    def job(self, tile: int, gate: Gate) -> Callable[[], Loaded]:
        """Called on the owner's thread; what it gives is run in another, and may raise SceneRefused.

        *gate*: let others in while waiting for a file.
        """
        ...


class _Patient:
    """A source whose reader lets others decode while it waits."""

    def __init__(self, source: Source, gate: Gate) -> None:
        self._source, self._gate = source, gate
        self.start = source.start

    def resolve(self, base: str, uri: str) -> str:
        return self._source.resolve(base, uri)

    def read(self, key: str) -> bytes:
        return self._gate.aside(lambda: self._source.read(key))


class Tileset:
    """3D Tiles from wherever: implements Tiled."""

    def __init__(self, tree: TileTree, source: Source) -> None:
        self.tree = tree
        self._source = source

    def job(self, tile: int, gate: Gate) -> Callable[[], Loaded]:
        """See Tiled."""
        refs, frame = self.tree.requests(tile), self.tree.transform(tile)
        source = _Patient(self._source, gate)

        def read() -> Loaded:
            found = [load(source, ref) for ref in refs]
            drawn = [prepare(each, frame) for each in found if isinstance(each, Content)]
            fragments = tuple(each for each in found if isinstance(each, Fragment))
            if not drawn:
                return Loaded(None, fragments)
            batches = tuple(batch for each in drawn for batch in each.batches)
            unread = tuple(line for each in drawn for line in each.unread)
            return Loaded(Drawable(batches, unread), fragments)

        return read
