"""``onemap data convert``: oblique models as OSGB to 3D Tiles 1.1."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from console.cli.terminal import ProgressLine
from console.scene.convert import ConversionCancelled, ConversionReport, Options, convert_delivery
from console.scene.osgb import Metadata, parse_origin
from console.scene.refusal import SceneRefused

SHOWN = 10
"""Files listed that can't be read."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``onemap data convert SOURCE TARGET``."""
    parser.add_argument(
        "source", type=Path, help="folder of a delivery (with metadata.xml and Data), or a file"
    )
    parser.add_argument(
        "target", type=Path, help="folder for tileset.json; the same again: goes on, or renews"
    )
    parser.add_argument("--jobs", type=int, default=0, help="processes (default: one a processor)")
    parser.add_argument("--srs", help="EPSG:CODE, ENU:LAT,LON or WKT, instead of metadata.xml's")
    parser.add_argument("--origin", metavar="X,Y,Z", help="with --srs: what is added to each vertex")


def run(arguments: argparse.Namespace, cancelled: threading.Event) -> int:
    """Convert until *cancelled* is set. 1: failed, 130: broken off."""
    line = ProgressLine("convert")
    try:
        report = convert_delivery(
            arguments.source,
            arguments.target,
            Options(max(0, arguments.jobs), metadata_of(arguments)),
            line,
            cancelled.is_set,
        )
    except SceneRefused as error:
        line.end("failed")
        sys.stderr.write(f"{error.message.zh_CN}\n{error.message.en}\n")
        return 1
    except ConversionCancelled:
        line.end("cancelled; the same command goes on from here")
        return 130
    line.end(f"{report.tiles:,} tiles of {report.files:,} files written")
    print_report(report)
    return 0


def metadata_of(arguments: argparse.Namespace) -> Metadata | None:
    """What ``--srs`` and ``--origin`` say. Raises SceneRefused."""
    if arguments.srs is None:
        return None
    return Metadata(arguments.srs, parse_origin(arguments.origin or "0,0,0"))


def print_report(report: ConversionReport) -> None:
    """What was made, and what was left out and why."""
    print(f"三角形 {report.triangles:,}，沿用 {report.resumed:,} 个文件  /  ", end="")
    print(f"{report.triangles:,} triangles, {report.resumed:,} files as converted before")
    if report.absent:
        print(f"  引用但不存在的文件 {report.absent:,}，保留其上级  /  ", end="")
        print(f"{report.absent:,} files named but not there: their parents stay")
    for name, message in report.refused[:SHOWN]:
        print(f"  {name}: {message.zh_CN}  /  {message.en}")
    if len(report.refused) > SHOWN:
        print(f"  …… {len(report.refused) - SHOWN:,}")
    for what, count in report.unread.items():
        print(f"  {count:>8,}  {what}")
