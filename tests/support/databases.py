"""The databases that data tests run on: SQLite in a folder, PostgreSQL with PostGIS where installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.postgres import PostgresCluster, PostgresMissing

KINDS = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
_cluster: PostgresCluster | None = None


@contextmanager
def fresh_database(kind: str, folder: Path, like: str = "") -> Iterator[str]:
    """URL of a database: empty, or a copy of that at the URL *like*, to which nobody is connected.

    PostgreSQL's is dropped at the end, its cluster with the process.
    """
    if kind == "sqlite":
        if like:
            shutil.copy(like.removeprefix("sqlite:///"), folder / "onemap.db")
        yield f"sqlite:///{folder / 'onemap.db'}"
        return
    cluster = _running_cluster()
    url = cluster.create_database(like)
    try:
        yield url
    finally:
        if cluster is _cluster:  # it may have ended, with all that was in it
            cluster.drop_database(url)


def stop_cluster() -> None:
    """End the cluster, if one was needed."""
    global _cluster
    if _cluster is not None:
        _cluster.stop()
        _cluster = None


def _running_cluster() -> PostgresCluster:
    """Started at the first need and shared by the whole run."""
    global _cluster
    if _cluster is None:
        try:
            _cluster = PostgresCluster()
        except PostgresMissing as missing:
            if os.environ.get("CI"):
                pytest.fail(str(missing))
            pytest.skip(str(missing))
        _cluster.start()
    return _cluster
