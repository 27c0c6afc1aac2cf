"""The console against a backend."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.display import NO_DISPLAY, has_display
from console.model.text import Language
from console.sdk.view_link import LinkError, read_link

if TYPE_CHECKING:
    from console.app import ConsoleOptions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``onemap run``."""
    parser.add_argument("--url", required=True, help="backend, e.g. https://onemap.example")
    parser.add_argument("--safe-mode", action="store_true", help="start without third-party plugins")
    parser.add_argument("--view", type=view_link, default="", help="a link to a view: onemap://view?…")
    add_window_arguments(parser)


def add_window_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of every command that opens the window."""
    parser.add_argument(
        "--lang", choices=[str(language) for language in Language], help="language of the window"
    )
    parser.add_argument("--theme", choices=["dark", "light"], help="colours of the window")
    parser.add_argument("--geometry", type=size, metavar="WxH", help="size of the window, e.g. 1920x1080")
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="save a picture of the window")
    parser.add_argument(
        "--after", type=float, default=10.0, metavar="SECONDS", help="when to take it (default 10)"
    )
    parser.add_argument("--exit", action="store_true", help="end after the picture")
    parser.add_argument(
        "--plugins", type=Path, action="append", default=[], help="a further folder of plugins"
    )


def size(text: str) -> str:
    """Check WIDTHxHEIGHT."""
    if not re.fullmatch(r"\d{3,5}x\d{3,5}", text):
        raise argparse.ArgumentTypeError("should be like 1920x1080")
    return text


def view_link(text: str) -> str:
    """Check a link to a view."""
    try:
        read_link(text)
    except LinkError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def run(arguments: argparse.Namespace) -> int:
    """Open the window; 2 without a display."""
    if not has_display():
        sys.stderr.write(NO_DISPLAY + "\n")
        return 2
    from console.app import run_console

    return run_console(
        window_options(arguments, arguments.url, safe_mode=arguments.safe_mode, link=arguments.view)
    )


def window_options(arguments: argparse.Namespace, url: str, **more: Any) -> ConsoleOptions:
    """What the window's arguments say, for the backend at *url*."""
    from console.app import ConsoleOptions

    width, _, height = (arguments.geometry or "").partition("x")
    return ConsoleOptions(
        base_url=url,
        language=arguments.lang or "",
        theme=arguments.theme or "",
        geometry=(int(width), int(height)) if width else None,
        screenshot=arguments.screenshot,
        after=arguments.after,
        exit=arguments.exit,
        plugin_dirs=tuple(arguments.plugins),
        **more,
    )
