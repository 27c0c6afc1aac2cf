"""A throw-away PostgreSQL cluster with PostGIS for tests: own folder, own port, gone at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path

import psycopg
from psycopg import sql

_VERSIONS = (18, 17, 16, 15, 14)
_EMPTY = "onemap_empty"
"""Copied for each test: to make PostGIS's functions anew takes ten times as long."""
INSTALL_HINT = (
    "PostgreSQL with PostGIS is missing: apt-get install postgresql postgresql-postgis "
    "(Ubuntu 22.04: postgresql-14-postgis-3)"
)


class PostgresMissing(RuntimeError):
    """The machine has no PostgreSQL server with PostGIS."""


class PostgresCluster:
    """A running cluster on a free loopback port; ``create_database`` gives URLs."""

    def __init__(self) -> None:
        self._bin = _find_binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="onemap-pg-"))
        self._user = "postgres" if os.geteuid() == 0 else ""
        if self._user:
            shutil.chown(self._folder, self._user)
        self.port = _free_port()

    def start(self) -> None:
        """Make the cluster and start it without durability, which tests don't need."""
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = (
            f"-p {self.port} -h 127.0.0.1 -k {self._folder} -c fsync=off -c synchronous_commit=off "
            "-c full_page_writes=off -c max_connections=200 -c shared_buffers=32MB"
        )
        self._run("pg_ctl", "-D", data, "-w", "-l", str(self._folder / "log"), "-o", options, "start")
        self._make(_EMPTY, "template0")
        with psycopg.connect(self._dsn(_EMPTY), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION postgis")

    def stop(self) -> None:
        """Stop at once and remove everything."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def create_database(self, like: str = "") -> str:
        """SQLAlchemy URL of a new database: empty with PostGIS, or a copy of that at *like*, which rests."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        self._make(name, like.rsplit("/", 1)[1] if like else _EMPTY)
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def _make(self, name: str, template: str) -> None:
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))

    def drop_database(self, url: str) -> None:
        """Drop a database made by ``create_database``, whoever is connected."""
        name = url.rsplit("/", 1)[1]
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))

    def _dsn(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"

    def _run(self, program: str, *arguments: str) -> None:
        """PostgreSQL refuses root, so root runs it as user postgres."""
        command = [str(self._bin / program), *arguments]
        if self._user:
            command = ["runuser", "-u", self._user, "--", *command]
        subprocess.run(
            command,
            check=True,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )


def _find_binaries() -> Path:
    for version in _VERSIONS:
        folder = Path(f"/usr/lib/postgresql/{version}/bin")
        extension = Path(f"/usr/share/postgresql/{version}/extension/postgis.control")
        if (folder / "initdb").exists() and extension.exists():
            return folder
    raise PostgresMissing(INSTALL_HINT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
