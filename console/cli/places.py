"""What several commands share: where the backend's data are, and its open database."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.paths import data_dir
from console.server.core import Core
from console.server.db import Database
from console.server.migrate import migrate_core
from console.server.settings import ServerSettings, settings_from_environment


def add_data_dir(parser: argparse.ArgumentParser) -> None:
    """``--data-dir``; the database URL itself comes by environment, since it may hold a password."""
    parser.add_argument(
        "--data-dir",
        type=Path,
        help="folder of the backend's data; default: the user's data folder. "
        "PostgreSQL: set ONEMAP_DATABASE_URL=postgresql+psycopg://…",
    )


def server_settings(arguments: argparse.Namespace) -> ServerSettings:
    """Settings for the chosen folder; makes it."""
    folder = arguments.data_dir or data_dir() / "server"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return settings_from_environment(folder)


@contextmanager
def open_database(settings: ServerSettings) -> Iterator[Database]:
    """The database with its tables up to date. A running backend may use it meanwhile."""
    database = Database(settings.url)
    try:
        migrate_core(database)
        yield database
    finally:
        database.close()


@contextmanager
def server_core(arguments: argparse.Namespace) -> Iterator[Core]:
    """The backend's services with those of its plugins, not serving. A running backend may work meanwhile."""
    from console.server.app import create_app

    core: Core = create_app(server_settings(arguments)).state.core
    try:
        yield core
    finally:
        core.database.close()
