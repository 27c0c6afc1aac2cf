"""A district's fine level made of all that stands in it, or taken from the file if that is still right."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely

from console.scene.frame import Frame
from console.scene.ground.buildings import raise_city
from console.scene.ground.footprints import Footprints
from console.scene.ground.heights import Flat, Heights
from console.scene.opening import open_source
from console.scene.refusal import SceneRefused, refused
from console.scene.sight.gather import DETAIL, GatheringCancelled, Progress, frame_of, gather_tileset
from console.scene.sight.ground import Box, add_city, add_ground
from console.scene.sight.mesh import VERSION, FineMesh, MeshBuilder, Room, TooFine, open_mesh

COARSER = 5
"""How often the detail is halved until there is room: from half a metre to 16, which hides nothing right."""
GROUND_STEP, FLAT_STEP = 8.0, 64.0
"""Metres between the corners of the ground; of ground that has no shape."""
_AROUND = 0.003
"""Degrees of ground laid around what stands on it."""
_COVER = 16.0
"""Metres of the squares in which models are taken to stand."""


@dataclass(frozen=True, slots=True)
class World:
    """What a mesh is made of."""

    models: tuple[str, ...] = ()
    """Tilesets and deliveries of OSGB as ``open_source`` takes them."""
    buildings: Footprints | None = None
    """Where no model stands."""
    ground: Heights | None = None
    """None: models alone; buildings stand at 0 m."""
    ground_mark: str = ""
    """Which ground, for telling whether the mesh is still right."""
    detail: float = DETAIL
    """Metres of geometric error."""
    room: Room = field(default_factory=Room)


@dataclass(slots=True)
class BuildReport:
    """What was found."""

    kept: bool = False
    """The file was still right."""
    tiles: int = 0
    detail: float = 0.0
    """Metres: coarser than asked for when there was no room for so many triangles."""
    covered: int = 0
    """Buildings left out since a model shows them."""
    unread: list[str] = field(default_factory=list)
    """In English."""


def mesh_of(
    path: Path, world: World, progress: Progress, cancelled: Callable[[], bool]
) -> tuple[FineMesh, BuildReport]:
    """The mesh in *path* if it was made of *world* as it is now, else a new one, written there.

    Raises SceneRefused (nothing to look at, a model without a place, no room), GatheringCancelled, OSError.
    """
    mark = mark_of(world)
    try:
        mesh = open_mesh(path)
        if mesh.source == mark:
            return mesh, BuildReport(kept=True)
    except SceneRefused:
        pass  # not there, damaged or of another version: made anew
    for halvings in range(COARSER + 1):
        try:
            builder, report = _built(world, world.detail * 2**halvings, progress, cancelled)
            return builder.build(mark).save(path), report
        except TooFine:
            continue
    raise refused(
        "三角形数量超出上限,请缩小范围或提高上限", "too many triangles: take less, or allow for more"
    )


def mark_of(world: World) -> str:
    """The same for the same files, buildings and ground."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{VERSION} {world.detail} {world.room} {world.ground_mark}".encode())
    for model in world.models:
        digest.update(model.encode())
        for line in _stamps(Path(model)):
            digest.update(line.encode())
    if world.buildings is not None:
        digest.update(b"".join(shapely.to_wkb(world.buildings.shapes).tolist()))
        digest.update(world.buildings.heights.tobytes())
    return digest.hexdigest()


def _stamps(path: Path) -> Iterator[str]:
    """Names, bytes and times of a model's files; nothing for one on a server, which is taken to stay."""
    main = path.parent if path.suffix.lower() in (".json", ".osgb") else path
    files = sorted(main.rglob("*")) if main.is_dir() else [main]
    for file in files:
        if file.is_file():
            state = file.stat()
            yield f"{file.relative_to(main)} {state.st_size} {state.st_mtime_ns}\n"


def _built(
    world: World, detail: float, progress: Progress, cancelled: Callable[[], bool]
) -> tuple[MeshBuilder, BuildReport]:
    builder = MeshBuilder(_frame(world), world.room)
    report = BuildReport(detail=detail)
    for number, model in enumerate(world.models):

        def share(done: float, text: str, number: int = number) -> None:
            progress((number + done) / len(world.models), text)

        found = gather_tileset(open_source(model), builder, detail, share, cancelled)
        report.tiles += found.tiles
        report.unread += found.unread
    box = _bounds(world, builder)
    ground = world.ground or Flat(0.0)
    if world.buildings is not None:
        city = raise_city(world.buildings, ground, cover_of(builder) if world.models else None)
        report.covered = city.covered
        add_city(builder, city)
    if cancelled():
        raise GatheringCancelled
    if world.ground is not None or world.buildings is not None:
        add_ground(builder, ground, box, FLAT_STEP if isinstance(ground, Flat) else GROUND_STEP)
    if not builder.triangles:
        raise refused(
            "没有可用于通视分析的模型、建筑或地形", "there is no model, building or ground to look at"
        )
    return builder, report


def _frame(world: World) -> Frame:
    if world.models:
        return frame_of(open_source(world.models[0])[0])
    if world.buildings is None or not len(world.buildings):
        raise refused("没有模型也没有建筑", "there is neither a model nor a building")
    west, south, east, north = shapely.total_bounds(world.buildings.shapes)
    return Frame(round((west + east) / 2, 4), round((south + north) / 2, 4))


def _bounds(world: World, builder: MeshBuilder) -> Box:
    """Around all models and buildings, in degrees."""
    corners = np.empty((0, 2))
    low, high = builder.bounds()
    if builder.triangles:
        corners = builder.frame.geographic([[low[0], low[1], 0], [high[0], high[1], 0]])[:, :2]
    if world.buildings is not None and len(world.buildings):
        west, south, east, north = shapely.total_bounds(world.buildings.shapes)
        corners = np.concatenate([corners, [[west, south], [east, north]]])
    if not len(corners):
        return (0.0, 0.0, 0.0, 0.0)
    west, south = (corners.min(axis=0) - _AROUND).tolist()
    east, north = (corners.max(axis=0) + _AROUND).tolist()
    return (west, south, east, north)


def cover_of(builder: MeshBuilder) -> shapely.Geometry:
    """Where what was added stands, in squares, WGS84 degrees."""
    places = [np.floor(soup.points[:, :2] / _COVER) for soup in builder.soups()]
    squares = np.unique(np.concatenate([np.empty((0, 2)), *places]), axis=0) * _COVER
    union = shapely.union_all(shapely.box(*squares.T, *(squares + _COVER).T))

    def geographic(flat: np.ndarray) -> np.ndarray:
        return builder.frame.geographic(np.column_stack([flat, np.zeros(len(flat))]))[:, :2]

    return shapely.transform(union, geographic)
