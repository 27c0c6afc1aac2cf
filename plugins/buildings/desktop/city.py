"""The buildings and addresses of the map as it is, read off the GUI thread when they are first asked for."""

from __future__ import annotations

from dataclasses import dataclass

from console.sdk import Context, LayerFiles
from console.sdk.scene_features import SceneFeature
from plugins.buildings.desktop.addresses import Addresses
from plugins.buildings.desktop.building import Building, describe
from plugins.buildings.desktop.footprints import Footprints
from plugins.buildings.desktop.modelled import of_feature

BUILDING, ADDRESS = "building", "address"


@dataclass(frozen=True, slots=True)
class Indexes:
    """Made together, of the same state of the map."""

    versions: tuple[str, ...]
    footprints: Footprints
    addresses: Addresses


class City:
    """Its layers lie on this computer: it knows them while the backend is away, too."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._indexes: Indexes | None = None

    async def indexes(self) -> Indexes | None:
        """Those of the map's present layers; None when it has no buildings, or they cannot be read."""
        buildings, addresses = self._files(BUILDING), self._files(ADDRESS)
        versions = tuple(file.version for file in (*buildings, *addresses))
        if not buildings:
            return None
        if self._indexes is None or self._indexes.versions != versions:
            try:
                self._indexes = await self._ctx.tasks.run(_read, versions, buildings, addresses)
            except (OSError, ValueError) as error:
                self._ctx.log.warning("the buildings cannot be read: %s", error)
                return None
        return self._indexes

    async def describe(self, indexes: Indexes, key: int) -> Building:
        """See ``building.describe``."""
        return await self._ctx.tasks.run(describe, indexes.footprints, indexes.addresses, key)

    async def describe_feature(
        self, indexes: Indexes | None, feature: SceneFeature, lon: float, lat: float
    ) -> Building:
        """See ``modelled.of_feature``."""
        addresses = None if indexes is None else indexes.addresses
        return await self._ctx.tasks.run(of_feature, feature, lon, lat, addresses)

    def _files(self, kind: str) -> list[LayerFiles]:
        layers = self._ctx.map.layers
        found = [layers.files(entry.id) for entry in layers.entries() if entry.kind == kind]
        return [files for files in found if files is not None]


def _read(versions: tuple[str, ...], buildings: list[LayerFiles], addresses: list[LayerFiles]) -> Indexes:
    return Indexes(versions, Footprints(_paths(buildings)), Addresses(_paths(addresses)))


def _paths(files: list[LayerFiles]) -> list[str]:
    return [path for file in files for path in file.packages]
