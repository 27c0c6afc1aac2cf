"""The command line as a table: name, module, one line of help.

A command's module is imported only when it is called. It has
``add_arguments(parser)`` and ``run(arguments) -> int`` (the exit code).
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand of ``onemap``."""

    name: str
    module: str
    summary: str


COMMANDS = (
    Command("demo", "console.cli.demo", "a city, a backend, field staff and the console: one command"),
    Command("run", "console.cli.run", "the console against a backend"),
    Command("open", "console.cli.open", "open a link to a view in the running console, or start one"),
    Command("server", "console.cli.server", "the backend"),
    Command("data", "console.cli.data", "import map data, make grids, convert models"),
    Command("account", "console.cli.account", "accounts of the backend"),
    Command("staff", "console.cli.staff", "the district's staff: import, add, list"),
    Command("device", "console.cli.device", "devices of field staff and their secrets"),
    Command("simulate", "console.cli.simulate", "field staff who report and obey orders"),
    Command("plugin", "console.cli.plugin", "make, develop, check and test plugins"),
    Command("doctor", "console.cli.doctor", "check this machine and say what to do"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse *arguments* (default: the process's) and run the command."""
    parser = argparse.ArgumentParser(prog="onemap", description="OneMap Console 一张图指挥台")
    parser.add_argument("--version", action="version", version=f"onemap {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in COMMANDS:
        sub = commands.add_parser(command.name, help=command.summary, add_help=False)
        sub.set_defaults(entry=command)
    known, rest = parser.parse_known_args(arguments)
    return _run(known.entry, rest)


def _run(command: Command, arguments: Sequence[str]) -> int:
    module = importlib.import_module(command.module)
    parser = argparse.ArgumentParser(prog=f"onemap {command.name}", description=module.__doc__)
    module.add_arguments(parser)
    try:
        return module.run(parser.parse_args(arguments))
    except KeyboardInterrupt:
        return 130


def _version() -> str:
    from console import __version__

    return __version__
