"""Simulated field staff: walk the roads of the loaded city, report over HTTP, obey orders.

Devices come as JSON lines ``{"device", "secret", "home": [lon, lat], "means"}`` on
standard input, so that no secret stands in a file or an argument list.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

import msgspec

from console.model.layers import decode_package
from console.processes import allow_many_files, end_with_parent
from console.simulation.crowd import run_crowd
from console.simulation.device import DeviceAccount, Habits
from console.simulation.reports import Faults
from console.simulation.roads import Roads


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``onemap simulate``."""
    parser.add_argument("--url", required=True, help="backend, e.g. http://127.0.0.1:8700")
    parser.add_argument(
        "--roads", required=True, type=Path, help="package of the road layer (GET /layers/road/package)"
    )
    parser.add_argument("--interval", type=float, default=5.0, help="seconds between reports (default 5)")
    parser.add_argument("--pace", type=float, default=1.0, help="times faster than real (default 1)")
    parser.add_argument("--refuse", type=float, default=0.04, help="share of orders refused")
    parser.add_argument("--drop", type=float, default=0.02, help="share of reports that get lost")
    parser.add_argument("--late", type=float, default=0.02, help="share of reports that come late")
    parser.add_argument("--wrong", type=float, default=0.01, help="share of reports that are wrong")
    parser.add_argument("--seconds", type=float, help="stop after this long")
    parser.add_argument("--quiet", action="store_true", help="no line every ten seconds")


def run(arguments: argparse.Namespace) -> int:
    """Run until the time is over, standard input's giver ends, or Ctrl+C."""
    logging.basicConfig(level=logging.WARNING, format="simulate: %(message)s")
    end_with_parent()
    allow_many_files()
    decoder = msgspec.json.Decoder(DeviceAccount)
    try:
        accounts = [decoder.decode(line) for line in sys.stdin if line.strip()]
        roads = Roads(decode_package(arguments.roads.read_bytes()))
    except (msgspec.DecodeError, OSError, ValueError) as error:
        sys.stderr.write(f"simulate: {error}\n")
        return 1
    habits = Habits(
        interval=arguments.interval,
        pace=arguments.pace,
        refuse=arguments.refuse,
        faults=Faults(arguments.drop, arguments.late, arguments.wrong),
    )
    tell = (lambda _line: None) if arguments.quiet else (lambda line: print(f"simulate: {line}", flush=True))
    base = f"{arguments.url.rstrip('/')}/api/v1"
    taken = asyncio.run(run_crowd(base, accounts, roads, habits, tell, arguments.seconds))
    tell(f"{taken} reports taken")
    return 0
