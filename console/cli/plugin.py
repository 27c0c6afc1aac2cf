"""Make, develop, check and test plugins. The guide for authors is docs/plugins.md."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from console.cli.plugin_new import CannotCreate, create_plugin
from console.plugin_host.discover import MANIFEST

MAKE_TEST_ENVIRONMENT = "python3 installer/bootstrap.py test --version"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``onemap plugin new|dev|check|test``."""
    actions = parser.add_subparsers(dest="action", required=True)
    new = actions.add_parser("new", help="a new plugin that works: a panel, a layer, a command, tests")
    new.add_argument("name", help='what it is called, e.g. "Patrol Hello"')
    new.add_argument("--publisher", default="example", help="first part of its id (default: example)")
    new.add_argument("--dir", type=Path, default=Path(), help="where its folder is made (default: here)")
    dev = actions.add_parser("dev", help="the console with this plugin; a saved file is loaded at once")
    _add_folder(dev)
    dev.add_argument("rest", nargs="*", metavar="-- ARGUMENT", help="further arguments for onemap demo")
    _add_folder(
        actions.add_parser("check", help="look for what is wrong: manifest, imports, texts, bindings")
    )
    test = actions.add_parser("test", help="run its tests in a console without window and network")
    _add_folder(test)
    test.add_argument("rest", nargs="*", metavar="-- ARGUMENT", help="further arguments for pytest")


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help=f"the folder with {MANIFEST}")


def run(arguments: argparse.Namespace) -> int:
    """Run the action; 1 when the plugin is not in order, 2 when there is none."""
    if arguments.action == "new":
        return new_plugin(arguments)
    if not (arguments.folder / MANIFEST).is_file():
        print(f"There is no {MANIFEST} in {arguments.folder}.", file=sys.stderr)
        return 2
    return {"dev": dev_plugin, "check": check, "test": test_plugin}[arguments.action](arguments)


def new_plugin(arguments: argparse.Namespace) -> int:
    """Make it and say how to go on."""
    try:
        folder = create_plugin(arguments.name, arguments.publisher, arguments.dir)
    except (CannotCreate, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{folder} is made. Go on with:\n  onemap plugin test {folder}\n  onemap plugin dev {folder}")
    return 0


def dev_plugin(arguments: argparse.Namespace) -> int:
    """The demo with this plugin beside the built-in ones."""
    return _call("console", "demo", "--plugins", str(arguments.folder.resolve()), *arguments.rest)


def check(arguments: argparse.Namespace) -> int:
    """Print what was found; only errors count."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from console.cli.plugin_check import check_plugin

    findings = check_plugin(arguments.folder)
    for finding in findings:
        print(finding)
    errors = sum(finding.error for finding in findings)
    print(f"{errors} errors, {len(findings) - errors} warnings")
    return 1 if errors else 0


def test_plugin(arguments: argparse.Namespace) -> int:
    """pytest with ``console.testing``, alone in a process of its own."""
    if importlib.util.find_spec("pytest") is None:
        print(f"pytest is missing. Make the test environment:\n  {MAKE_TEST_ENVIRONMENT}", file=sys.stderr)
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = str(arguments.folder.resolve())
    return _call("pytest", "-p", "console.testing", "--rootdir", folder, folder, *arguments.rest)


def _call(module: str, *arguments: str) -> int:
    """Run a module of this Python, from wherever we are."""
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, check=False).returncode
