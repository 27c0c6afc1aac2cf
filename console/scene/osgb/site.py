"""Where a delivery stands: its placement, and the one upright frame that all of it is brought into."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from console.scene.osgb.metadata import Metadata, Placement
from console.scene.osgb.pyramid import Delivery, resolve
from console.scene.osgb.read import read_osgb_file
from console.scene.refusal import SceneRefused
from console.scene.transforms import Matrix


@dataclass(frozen=True, slots=True)
class Site:
    """A delivery's folder and its place."""

    folder: Path
    """Resolved; nothing outside of it is read."""
    metadata: Metadata
    placement: Placement
    frame: Matrix
    """(4, 4): east, north, up at the model, to Earth-centred metres; of a model not on Earth: identity."""

    def placed(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 3) of the model to metres in the frame: each by the projection itself, not by one matrix.

        Raises SceneRefused off the map.
        """
        return self.placement.to_frame(points, self.frame)

    def key_of(self, name: str, file: str) -> str | None:
        """The file below the folder that *name*, written in *file*, means; None: absent, or outside."""
        path = resolve(name, self.folder / file, self.folder)
        return None if path is None else path.relative_to(self.folder).as_posix()


def site_of(delivery: Delivery, metadata: Metadata | None = None) -> Site:
    """*metadata*: instead of the delivery's own. Raises SceneRefused for an unknown reference system."""
    metadata = metadata or delivery.metadata
    placement = Placement(metadata)
    return Site(delivery.folder.resolve(), metadata, placement, placement.frame(_anchor(delivery)))


def root_files(delivery: Delivery, site: Site) -> Iterator[str]:
    """The coarsest files below the site's folder; a link that leads out of it is left out."""
    for root in delivery.roots:
        path = resolve(root.name, root, site.folder)
        if path is not None:
            yield path.relative_to(site.folder).as_posix()


def tops(below: Mapping[str, Collection[str]], roots: Sequence[str]) -> list[str]:
    """Those of *roots* above which no other stands: an overview may name the rest. A ring keeps its first.

    *below*: the files that each file names.
    """
    inner = {name for file, names in below.items() for name in names if name != file}
    found: set[str] = set()
    reached: set[str] = set()
    for root in sorted(roots, key=lambda root: root in inner):  # keeps the order otherwise
        if root in reached:
            continue
        found.add(root)
        waiting = [root]
        while waiting:
            file = waiting.pop()
            if file not in reached:
                reached.add(file)
                waiting.extend(below.get(file, ()))
    return [root for root in roots if root in found]


def _anchor(delivery: Delivery) -> NDArray[np.float64]:
    """(3,): a point of the model where its frame shall stand upright."""
    for root in delivery.roots:
        try:
            meshes = read_osgb_file(root).meshes()
        except SceneRefused:
            continue
        for mesh in meshes:
            if len(mesh.indices):
                return mesh.placed()[mesh.indices[0, 0]].round()
    return np.zeros(3)
