"""Bring the database's tables up to date at start: the core's, then each plugin's own line."""

from __future__ import annotations

import re
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from console.server.db import Database

_FOLDER = Path(__file__).resolve().parent / "migrations"
_MIGRATION_LOCK = 0x0E3AA


def migrate_core(database: Database) -> None:
    """Run the core's scripts. Raises the database's errors."""
    _upgrade(database, _FOLDER / "versions", "alembic_version")


def migrate_plugin(database: Database, plugin_id: str, folder: Path) -> None:
    """Run one plugin's scripts; its revisions are kept in a table of its own.

    So a plugin that was taken away, or whose script fails, never blocks the others.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"{plugin_id}: no migrations folder {folder}")
    _upgrade(database, folder, "alembic_version_" + re.sub(r"\W", "_", plugin_id))


def _upgrade(database: Database, versions: Path, version_table: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    with database.bulk() as connection:
        _lock(connection)
        config.attributes |= {"connection": connection, "version_table": version_table}
        command.upgrade(config, "head")


def _lock(connection: Connection) -> None:
    """Processes that start together migrate one after another (SQLite: BEGIN IMMEDIATE did it)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
