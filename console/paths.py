"""Folders of this user, made on first use; nobody else may read them."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_NAME = "onemap"


def _private(path: str) -> Path:
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def config_dir() -> Path:
    """Settings and layouts."""
    return _private(platformdirs.user_config_dir(_NAME, appauthor=False))


def data_dir() -> Path:
    """What must not be lost: outbox, plugins, the backend's SQLite database."""
    return _private(platformdirs.user_data_dir(_NAME, appauthor=False))


def cache_dir() -> Path:
    """What can be made anew: layer packages, map tiles, the demo's template."""
    return _private(platformdirs.user_cache_dir(_NAME, appauthor=False))


def log_dir() -> Path:
    """Log files."""
    return _private(platformdirs.user_log_dir(_NAME, appauthor=False))
