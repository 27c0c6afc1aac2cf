"""Staff of the district: take them in from a table or one by one, and list them."""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from console.cli.places import add_data_dir, server_core
from console.server.importing.sheets import SheetError, read_sheet

COLUMNS = ("id", "name", "area", "role", "means", "skills", "phone", "device", "duty")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``onemap staff import|add|list``."""
    actions = parser.add_subparsers(dest="action", required=True)
    load = actions.add_parser(
        "import", help="a CSV or XLSX table: 工号 姓名 区域编码 岗位 出行方式 技能 电话 设备号 值班"
    )
    load.add_argument("file", type=Path, metavar="FILE")
    load.add_argument("--without-rejected", action="store_true", help="store the good lines all the same")
    add = actions.add_parser("add", help="one person")
    add.add_argument("id", help="staff id (工号)")
    add.add_argument("--name", required=True)
    add.add_argument("--area", required=True, help="area code, usually of the grid")
    for name, what in (
        ("role", "grid_worker (default), grid_leader, …"),
        ("means", "foot (default), bicycle, motorcycle, car, emergency"),
        ("skills", "separated by ;"),
        ("phone", "whole number; masked for all who have no reason to see it"),
        ("device", "id that the device reports with; default device-ID"),
        ("duty", "on or off (default) for who is on no rota"),
    ):
        add.add_argument(f"--{name}", default="", help=what)
    for action in (load, add):
        action.add_argument(
            "--secrets",
            type=Path,
            metavar="FILE",
            help="write devices and secrets there (0600); else shown once",
        )
        add_data_dir(action)
    listing = actions.add_parser("list", help="who is there; phones masked")
    listing.add_argument("--area", default="", help="only of this area")
    add_data_dir(listing)


def run(arguments: argparse.Namespace) -> int:
    """Do the action; 1 with the reasons when nothing was stored."""
    if arguments.action == "list":
        return list_staff(arguments)
    try:
        if arguments.action == "import":
            lines: Sequence[Mapping[str, Any]] = read_sheet(arguments.file)
        else:
            lines = [{name: getattr(arguments, name) for name in COLUMNS}]
        if not lines:
            raise SheetError("表格为空 / the table is empty")
        with _secrets(arguments.secrets) as out:
            return _enrol(arguments, lines, out)
    except (SheetError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
    return 1


def list_staff(arguments: argparse.Namespace) -> int:
    """One line a person, as CSV."""
    with server_core(arguments) as core, core.database.read() as session:
        members = core.services.get("staff.enrol").members(session, arguments.area)
    rows = ((m.id, m.name, m.area, m.role, m.means, ";".join(m.skills), m.phone, m.duty) for m in members)
    _write(sys.stdout, ("id", "name", "area", "role", "means", "skills", "phone", "duty"), rows)
    return 0


def _enrol(arguments: argparse.Namespace, lines: Sequence[Mapping[str, Any]], out: TextIO) -> int:
    """Store, and write the secrets before the transaction ends: none may be lost."""
    keep_good = getattr(arguments, "without_rejected", False)
    with server_core(arguments) as core, core.database.write() as session:
        done = core.services.get("staff.enrol").take(session, lines, without_rejected=keep_good)
        rows = [(given.staff, given.name, given.device, given.secret) for given in done.devices]
        if rows:
            _write(out, ("staff", "name", "device", "secret"), rows)
            out.flush()
    for bad in done.rejected:
        sys.stderr.write(f"第 {bad.row} 行 / line {bad.row} ({bad.id}): {bad.reason_zh} / {bad.reason}\n")
    if done.rejected and not keep_good:
        sys.stderr.write(f"{len(done.rejected)} 行有误，未导入任何人员 / nothing was stored\n")
        return 1
    sys.stderr.write(
        f"新增 {done.added}，更新 {done.changed}，拒绝 {len(done.rejected)} / "
        f"{done.added} added, {done.changed} changed, {len(done.rejected)} rejected\n"
    )
    return 0


def _secrets(path: Path | None) -> TextIO:
    """Where secrets go: a new file for its owner alone, or standard output. Raises OSError."""
    if path is None:
        return os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(handle, "w", encoding="utf-8", newline="")


def _write(out: TextIO, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(head)
    table.writerows(rows)
