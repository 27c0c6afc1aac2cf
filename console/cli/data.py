"""Bring data into the backend: layers, grids, cameras; convert models and look from cameras."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from console.cli import cameras, convert, sight
from console.cli.places import add_data_dir, open_database, server_settings
from console.cli.terminal import ProgressLine
from console.model.coordinates import Datum
from console.model.datum_checks import CheckState, DatumCheck
from console.model.datums import Conversion, DatumError
from console.model.layers import LayerKind
from console.model.records import ImportReport
from console.server.areas import AreaIndex
from console.server.datums.checks import measure_guesses
from console.server.datums.known import datum_named
from console.server.importing import REASONS, ImportCancelled, ImportFailed, ImportOptions, import_files
from console.server.importing import make_grids as make_grid_areas
from console.server.layer_types import AreaShape, ImportedLayer
from console.server.layers import Layers, layer_infos, replace_layers
from console.server.settings import ServerSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``onemap data import|grids|list|cameras|convert|sight``."""
    actions = parser.add_subparsers(dest="action", required=True)
    load = actions.add_parser("import", help="OSM pbf/xml, GPKG, SHP, GeoJSON, FlatGeobuf")
    load.add_argument("files", nargs="+", type=Path, metavar="FILE")
    load.add_argument(
        "--datum",
        metavar="NAME",
        help=f"{', '.join(Datum)}, EPSG:CODE or local:NAME; default: as the file says",
    )
    load.add_argument("--layer", choices=[str(k) for k in LayerKind], help="what a plain vector file holds")
    load.add_argument("--area", help="take only areas inside this area code")
    load.add_argument("--title", help="title of the layer")
    add_data_dir(load)
    grids = actions.add_parser("grids", help="cover the imported city with nested areas and grids")
    grids.add_argument("--district", required=True, help="six-digit code of the district")
    grids.add_argument("--name", required=True, help="name of the district")
    grids.add_argument("--count", type=int, default=200, help="how many grids (default 200)")
    grids.add_argument("--seed", type=int, default=1)
    add_data_dir(grids)
    add_data_dir(actions.add_parser("list", help="the layers that are there"))
    cameras.add_arguments(actions.add_parser("cameras", help="the cameras, from a CSV or XLSX table"))
    convert.add_arguments(actions.add_parser("convert", help="an oblique model as OSGB to 3D Tiles 1.1"))
    sight.add_arguments(actions.add_parser("sight", help="what each camera sees of models and buildings"))


def run(arguments: argparse.Namespace) -> int:
    """Run the action; 1 when nothing was changed because of a fault."""
    actions = {
        "import": import_data,
        "grids": make_grids,
        "list": list_layers,
        "cameras": lambda _: interruptible(cameras.run, arguments),
        "convert": lambda _: interruptible(convert.run, arguments),
        "sight": lambda _: interruptible(sight.run, arguments),
    }
    return actions[arguments.action](arguments)


def import_data(arguments: argparse.Namespace) -> int:
    """Read the files, then replace the layers in one transaction: all or nothing."""
    try:
        datum = declared_datum(arguments)
    except DatumError as error:
        sys.stderr.write(f"没有这个坐标基准:{arguments.datum}\n{error}\n")
        return 1
    options = ImportOptions(
        datum=datum,
        layer=LayerKind(arguments.layer) if arguments.layer else None,
        area=arguments.area,
        title=arguments.title,
    )
    line = ProgressLine("import")
    try:
        with cancel_on_interrupt() as cancelled:
            result = import_files(arguments.files, options, line, cancelled.is_set)
            checks = store(server_settings(arguments), result.layers, result.areas)
    except ImportFailed as error:
        line.end("failed; the data are as they were")
        sys.stderr.write(f"{error.message_zh}\n{error.message_en}\n")
        return 1
    except ImportCancelled:
        line.end("cancelled; the data are as they were")
        return 130
    line.end(f"{len(result.layers)} layers stored")
    for layer in result.layers:
        print(f"  {layer.title_zh} {layer.title_en}: {len(layer.package)}")
    print_report(result.report)
    for check in checks:
        print_check(check)
    return 0


def declared_datum(arguments: argparse.Namespace) -> Conversion | None:
    """The datum of ``--datum``; local ones are asked of the database. Raises DatumError."""
    if not arguments.datum:
        return None
    with open_database(server_settings(arguments)) as database, database.read() as session:
        return datum_named(session, arguments.datum)


@contextmanager
def cancel_on_interrupt() -> Iterator[threading.Event]:
    """Ctrl+C sets the event, which the import looks at; nothing is torn off midway."""
    cancelled = threading.Event()
    before = signal.signal(signal.SIGINT, lambda _signal, _frame: cancelled.set())
    try:
        yield cancelled
    finally:
        signal.signal(signal.SIGINT, before)


def store(
    settings: ServerSettings, layers: Sequence[ImportedLayer], areas: Sequence[AreaShape]
) -> list[DatumCheck]:
    """Replace layers and areas in one transaction; gives what measuring guessed datums found."""
    with open_database(settings) as database, database.write() as session:
        return measure_guesses(session, replace_layers(session, layers, areas))


def print_check(check: DatumCheck) -> None:
    """Warn of a layer that lies off the roads that are there."""
    if check.state is CheckState.SHIFTED:
        print(
            f"  {check.layer}: 偏离道路 {check.residual:.0f} 米，疑似 {check.datum} 坐标  /  "
            f"{check.residual:.0f} m off the roads, probably {check.datum}"
        )


def print_report(report: ImportReport) -> None:
    """What was kept, what was left out and why."""
    print(f"读取 {report.read:,}，保留 {report.kept:,}  /  read {report.read:,}, kept {report.kept:,}")
    for reason, count in report.rejected.items():
        print(f"  {count:>8,}  {REASONS.get(reason, reason)} / {reason}")
    for example in report.examples:
        print(f"            {example}")


def make_grids(arguments: argparse.Namespace) -> int:
    """Nested areas and grids over the roads that are there."""
    settings = server_settings(arguments)
    with open_database(settings) as database:
        roads = Layers(database, AreaIndex(database), settings.data_dir / "layers").load(LayerKind.ROAD)
    if roads is None:
        sys.stderr.write("没有道路数据，请先导入。\nThere are no roads: import a city first.\n")
        return 1
    line = ProgressLine("grids")
    areas, package = make_grid_areas(
        roads, arguments.district, arguments.name, arguments.count, arguments.seed
    )
    layer = ImportedLayer(
        layer_id=LayerKind.GRID,
        kind=LayerKind.GRID,
        title_zh="网格",
        title_en="Grids",
        package=package,
        datum=Datum.WGS84,
        datum_known="declared",
    )
    store(settings, [layer], areas)
    line.end(f"{len(package)} grids, {len(areas)} areas in all, stored")
    return 0


def list_layers(arguments: argparse.Namespace) -> int:
    """One line a layer."""
    with open_database(server_settings(arguments)) as database, database.read() as session:
        infos = layer_infos(session)
    for info in infos:
        datum = f"{info.datum} ({info.datum_known})"
        print(f"{info.id:12} {info.count:>9,}  {datum}  {info.title_zh} {info.title_en}")
    if not infos:
        print("还没有图层：onemap data import FILE\nNo layers yet: onemap data import FILE")
    return 0


def interruptible(
    action: Callable[[argparse.Namespace, threading.Event], int], arguments: argparse.Namespace
) -> int:
    """Run what looks itself whether it was broken off."""
    with cancel_on_interrupt() as cancelled:
        return action(arguments, cancelled)
