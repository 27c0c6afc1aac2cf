"""Devices of field staff: each has a secret of its own, shown once."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from console.cli.places import add_data_dir, open_database, server_core, server_settings

if TYPE_CHECKING:
    from console.server.devices import Devices


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``onemap device add|key|disable``."""
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="register a device, or give a known one a new secret")
    add.add_argument("--staff", required=True, help="id of the staff member who carries it")
    key = actions.add_parser("key", help="the key that OwnTracks encrypts its messages with")
    disable = actions.add_parser("disable", help="take nothing more from a device, until it is added anew")
    for each in (add, key, disable):
        each.add_argument("device", help="id that the device reports with")
        add_data_dir(each)


def run(arguments: argparse.Namespace) -> int:
    """Print what was asked for to standard output; 1 when nobody has that id."""
    from console.server.devices import Devices

    if arguments.action == "add":
        return _add(arguments)
    settings = server_settings(arguments)
    with open_database(settings) as database:
        devices = Devices(database, settings.device_key)
        if arguments.action == "key":
            return _key(devices, arguments.device)
        with database.write() as session:
            known = devices.disable(session, arguments.device)
        return 0 if known else _unknown(arguments.device)


def _add(arguments: argparse.Namespace) -> int:
    """The area is that of who carries it; unknown staff are refused."""
    try:
        with server_core(arguments) as core, core.database.write() as session:
            enrolment = core.services.get("staff.enrol")
            secret = enrolment.give_device(session, arguments.staff, arguments.device)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stderr.write("密钥只显示一次 / the secret is shown once:\n")
    print(secret)
    return 0


def _key(devices: Devices, device_id: str) -> int:
    if not devices.has_key:
        sys.stderr.write("请先设置 ONEMAP_DEVICE_KEY / set ONEMAP_DEVICE_KEY first\n")
        return 1
    key = devices.message_key(device_id)
    if key is None:
        return _unknown(device_id)
    print(key.decode())
    return 0


def _unknown(device_id: str) -> int:
    sys.stderr.write(f"没有设备 {device_id} / there is no device {device_id}\n")
    return 1
