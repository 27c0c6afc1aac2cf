"""Devices of field staff: each has a secret of its own, shown once."""

from __future__ import annotations

import argparse
import sys

from console.cli.places import add_data_dir, open_database, server_settings
from console.model.area import parse_area_code


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``onemap device add``."""
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="register a device, or give a known one a new secret")
    add.add_argument("device", help="id that the device reports with")
    add.add_argument("--staff", required=True, help="id of the staff member who carries it")
    add.add_argument("--area", required=True, help="area code of that staff member")
    add_data_dir(add)


def run(arguments: argparse.Namespace) -> int:
    """Print the new secret to standard output, once."""
    from console.server.devices import Devices

    with open_database(server_settings(arguments)) as database, database.write() as session:
        area = parse_area_code(arguments.area)
        _, secret = Devices(database).add(session, arguments.device, arguments.staff, area)
    sys.stderr.write("密钥只显示一次 / the secret is shown once:\n")
    print(secret)
    return 0
