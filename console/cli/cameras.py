"""``onemap data cameras``: the district's cameras from a table."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from console.cli.places import add_data_dir, server_core
from console.model.coordinates import Datum
from console.sdk.server import ApiError
from console.server.importing.sheets import SheetError, read_sheet

SHOWN = 50
"""Faulty lines that are named; of the others the number."""


class _NotStored(Exception):
    """Leaves the transaction without storing anything."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, its datum, its columns."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a CSV or XLSX table")
    parser.add_argument(
        "--datum",
        default=str(Datum.WGS84),
        metavar="NAME",
        help=f"of the places: {', '.join(Datum)}, EPSG:CODE or local:NAME; default wgs84",
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="HEADING=FIELD",
        help="a heading of your own, for example 点位=name; may be repeated",
    )
    parser.add_argument("--preview", action="store_true", help="only say what would be; nothing is stored")
    parser.add_argument("--without-rejected", action="store_true", help="store the good lines all the same")
    add_data_dir(parser)


def run(arguments: argparse.Namespace, cancelled: threading.Event) -> int:
    """Take the cameras in; 1 with the reasons when nothing was stored, 130 when it was broken off."""
    try:
        lines = read_sheet(arguments.file)
        if not lines:
            raise SheetError("表格为空 / the table is empty")
        return _take(arguments, lines, cancelled)
    except ApiError as error:
        sys.stderr.write(f"{error.message_zh} / {error.message}\n")
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
    return 1


def _take(arguments: argparse.Namespace, lines: Sequence[dict[str, str]], cancelled: threading.Event) -> int:
    columns = dict(_pair(text) for text in arguments.column)
    done: Any = None
    with server_core(arguments) as core:
        desk = core.services.get("cameras.import")
        try:
            with core.database.write() as session:
                done = desk.take(
                    session,
                    lines,
                    datum=arguments.datum,
                    columns=columns,
                    without_rejected=arguments.without_rejected or arguments.preview,
                )
                if arguments.preview or cancelled.is_set():
                    raise _NotStored
        except _NotStored:
            pass
    if cancelled.is_set():
        sys.stderr.write("已中止，数据未变 / cancelled; the data are as they were\n")
        return 130
    return _tell(arguments, done)


def _tell(arguments: argparse.Namespace, done: Any) -> int:
    for bad in done.rejected[:SHOWN]:
        sys.stderr.write(f"第 {bad.row} 行 / line {bad.row} ({bad.id}): {bad.reason_zh} / {bad.reason}\n")
    if len(done.rejected) > SHOWN:
        more = len(done.rejected) - SHOWN
        sys.stderr.write(f"另有 {more} 行有误 / and {more} more\n")
    if done.rejected and not (arguments.without_rejected or arguments.preview):
        sys.stderr.write(f"{len(done.rejected)} 行有误，未导入任何摄像头 / nothing was stored\n")
        return 1
    if arguments.preview:
        sys.stderr.write("预览，未保存 / a preview, nothing was stored: ")
    sys.stderr.write(
        f"新增 {done.added}，更新 {done.changed}，不变 {done.same}，拒绝 {len(done.rejected)} / "
        f"{done.added} added, {done.changed} changed, {done.same} the same, {len(done.rejected)} rejected\n"
    )
    return 0


def _pair(text: str) -> tuple[str, str]:
    heading, equals, field = text.rpartition("=")
    if not equals:
        raise ValueError(f"“{text}”应写作 表头=字段 / should be HEADING=FIELD")
    return heading, field
