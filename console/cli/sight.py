"""``onemap data sight``: what each camera sees of models, buildings and ground, worked out off-line."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from console.cli.sight_lists import read_buildings, read_cameras, read_obstacles
from console.cli.terminal import ProgressLine
from console.model.coordinates import Datum
from console.scene.ground.heights import Flat, Heights
from console.scene.ground.opening import open_heights
from console.scene.refusal import SceneRefused
from console.scene.sight import MESH, SEEN
from console.scene.sight.build import BuildReport, World, mesh_of
from console.scene.sight.gather import DETAIL, GatheringCancelled
from console.scene.sight.ground import with_obstacle
from console.scene.sight.mesh import FineMesh
from console.scene.sight.precompute import PrecomputeReport, PrecomputingCancelled, precompute
from console.scene.sight.seen import LEAST_CELL, Settings

SHOWN = 10
"""Files listed that can't be read."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``onemap data sight TARGET --cameras LIST --model …``."""
    parser.add_argument("target", type=Path, help="folder for the mesh and for what the cameras see")
    parser.add_argument("--cameras", type=Path, required=True, metavar="FILE", help="CSV, XLSX or points")
    parser.add_argument(
        "--model", action="append", default=[], metavar="PATH", help="tileset or OSGB; several"
    )
    parser.add_argument("--buildings", type=Path, metavar="FILE", help="footprints with height or storeys")
    parser.add_argument(
        "--ground", metavar="PATH|METRES", help="GeoTIFF, quantized-mesh folder, or one height for all"
    )
    parser.add_argument(
        "--sea-level",
        type=float,
        default=0.0,
        metavar="METRES",
        help="of --ground's zero above the ellipsoid",
    )
    parser.add_argument(
        "--obstacles", type=Path, metavar="FILE", help="areas with a height: scaffolds, trees"
    )
    parser.add_argument("--detail", type=metres, default=DETAIL, help=f"metres of the mesh ({DETAIL})")
    parser.add_argument("--cell", type=metres, default=LEAST_CELL, help=f"metres of a cell ({LEAST_CELL})")
    parser.add_argument("--datum", choices=[str(each) for each in Datum], default=str(Datum.WGS84))
    parser.add_argument("--jobs", type=int, default=0, help="processes (default: one a processor)")


def metres(text: str) -> float:
    """A length between a decimetre and a kilometre. Raises ValueError, which argparse tells."""
    value = float(text)
    if not 0.1 <= value <= 1000:
        raise ValueError
    return value


def run(arguments: argparse.Namespace, cancelled: threading.Event) -> int:
    """Work until *cancelled* is set. 1: failed, 130: broken off."""
    line = ProgressLine("sight")
    try:
        settings = Settings(cell=arguments.cell)
        cameras = read_cameras(arguments.cameras, Datum(arguments.datum))
        mesh, built = mesh_of(arguments.target / MESH, world_of(arguments), line, cancelled.is_set)
        mesh = with_obstacles(mesh, arguments)
        target = arguments.target / SEEN
        report = precompute(mesh, cameras, target, settings, line, cancelled.is_set, max(0, arguments.jobs))
    except SceneRefused as error:
        line.end("failed")
        sys.stderr.write(f"{error.message.zh_CN}\n{error.message.en}\n")
        return 1
    except OSError as error:
        line.end("failed")
        sys.stderr.write(
            f"无法写入 {arguments.target}:{error.strerror}\n{arguments.target}: {error.strerror}\n"
        )
        return 1
    except (PrecomputingCancelled, GatheringCancelled):
        line.end("cancelled; the same command goes on from here")
        return 130
    line.end(f"{report.computed:,} cameras worked out, {report.kept:,} as they were")
    print_report(mesh, built, report)
    return 0


def world_of(arguments: argparse.Namespace) -> World:
    """What the arguments name. Raises SceneRefused."""
    buildings = arguments.buildings and read_buildings(arguments.buildings, Datum(arguments.datum))
    mark = arguments.ground or ""
    if arguments.ground and (path := Path(arguments.ground)).is_file():
        mark += f" {path.stat().st_size} {path.stat().st_mtime_ns}"
    mark += f" {arguments.sea_level}"
    return World(tuple(arguments.model), buildings, ground_of(arguments), mark, arguments.detail)


def ground_of(arguments: argparse.Namespace) -> Heights | None:
    """A height for all, or heights from files. Raises SceneRefused."""
    if not arguments.ground:
        return None
    try:
        return Flat(float(arguments.ground) + arguments.sea_level)
    except ValueError:
        return open_heights(Path(arguments.ground), arguments.sea_level)


def with_obstacles(mesh: FineMesh, arguments: argparse.Namespace) -> FineMesh:
    """*mesh* with what ``--obstacles`` names; it isn't kept with the mesh. Raises SceneRefused."""
    if arguments.obstacles is None:
        return mesh
    for name, (shape, height) in read_obstacles(arguments.obstacles, Datum(arguments.datum)).items():
        mesh = with_obstacle(mesh, name, shape, height)
    return mesh


def print_report(mesh: FineMesh, built: BuildReport, report: PrecomputeReport) -> None:
    """What it is made of, and what was left out and why."""
    print(f"三角形 {mesh.triangles:,}，摄像头 {report.cameras:,}  /  ", end="")
    print(f"{mesh.triangles:,} triangles, {report.cameras:,} cameras")
    if report.groundless:
        print(f"  脚下没有地面数据的摄像头 {report.groundless:,}  /  ", end="")
        print(f"{report.groundless:,} cameras where no surface is known")
    if report.dropped:
        print(f"  已不在清单中 {report.dropped:,}  /  no more on the list {report.dropped:,}")
    if built.covered:
        print(f"  已有倾斜模型的建筑 {built.covered:,}  /  {built.covered:,} buildings shown by a model")
    for message in built.unread[:SHOWN]:
        print(f"  {message}")
    if len(built.unread) > SHOWN:
        print(f"  …… {len(built.unread) - SHOWN:,}")
