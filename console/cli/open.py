"""Open a link to a view, onemap://view?…, in the running console, or start one there."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from console.cli import link_scheme
from console.cli.display import NO_DISPLAY, has_display
from console.cli.run import add_window_arguments, view_link, window_options
from console.door import hand_over, socket_path
from console.paths import config_dir


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``onemap open``."""
    parser.add_argument("link", nargs="?", type=view_link, help="onemap://view?lon=…&lat=…&zoom=…&layers=…")
    parser.add_argument("--url", default="", help="backend, when none has been used before")
    parser.add_argument(
        "--register", action="store_true", help="let the desktop open such links with this program"
    )
    parser.add_argument("--unregister", action="store_true", help="take that back")
    add_window_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """2 for arguments that say nothing, or without a display; 1 when it cannot be done."""
    if arguments.register or arguments.unregister:
        return _set_scheme(arguments.register)
    if not arguments.link:
        sys.stderr.write("a link is missing: onemap open 'onemap://view?lon=117.2&lat=34.26&zoom=14'\n")
        return 2
    try:
        path = socket_path()
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0 if hand_over(arguments.link, path) else _start(arguments)


def _start(arguments: argparse.Namespace) -> int:
    """Open a window with the view: at the backend that was used last."""
    from console.plugin_host.state_file import StateFile

    url = arguments.url or StateFile(config_dir() / "layout.json").data.get("backend", "")
    if not isinstance(url, str) or not url:
        sys.stderr.write("no console is running; give the backend with --url\n")
        return 1
    if not has_display():
        sys.stderr.write(NO_DISPLAY + "\n")
        return 2
    from console.app import run_console

    return run_console(window_options(arguments, url, link=arguments.link))


def _set_scheme(on: bool) -> int:
    try:
        file: Path = link_scheme.register() if on else link_scheme.unregister()
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    print(f"{'written' if on else 'removed'}: {file}")
    return 0
