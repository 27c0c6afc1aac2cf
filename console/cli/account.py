"""Accounts of the backend. Passwords are asked for, or read from standard input, never given as arguments."""

from __future__ import annotations

import argparse
import getpass
import sys

from console.cli.places import add_data_dir, open_database, server_settings
from console.model.area import AreaCodeError
from console.model.records import Role


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``onemap account add|password|disable``."""
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="a new account")
    add.add_argument("username")
    add.add_argument("--name", required=True, help="the person's name")
    add.add_argument("--role", required=True, choices=[str(role) for role in Role])
    add.add_argument("--area", action="append", required=True, help="area code; may be repeated")
    add_data_dir(add)
    for action, summary in (
        ("password", "a new password; ends all sessions"),
        ("disable", "shut out at once"),
    ):
        other = actions.add_parser(action, help=summary)
        other.add_argument("username")
        add_data_dir(other)


def run(arguments: argparse.Namespace) -> int:
    """Do the action; 1 with the reason when it was refused."""
    from console.server import admin

    try:
        with open_database(server_settings(arguments)) as database, database.write() as session:
            if arguments.action == "add":
                name, role, areas = arguments.name, arguments.role, arguments.area
                admin.create_account(session, arguments.username, ask_password(), name, role, areas)
            elif arguments.action == "password":
                admin.set_password(session, arguments.username, ask_password())
            else:
                admin.disable_account(session, arguments.username)
    except (ValueError, AreaCodeError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    print(f"{arguments.username}: done")
    return 0


def ask_password() -> str:
    """The password, typed twice on a terminal, or one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise ValueError("the two passwords differ")
    return first
