"""Settings of one server process. Secrets come by environment or a private file."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import console

ACCESS_SECONDS, REFRESH_SECONDS = 600.0, 12 * 3600.0
SHORTEST, LONGEST = 30, 31 * 86400
"""Seconds that tokens may live."""
PRIVATE = "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7"
"""Networks of organisations: RFC 1918, RFC 6598, RFC 4193."""
LOOPBACK = "127.0.0.0/8, ::1"
"""The own machine: for demonstrations and tests."""
_LISTENING = ("ONEMAP_MQTT_", "ONEMAP_COT_", "ONEMAP_GTFS_")


class SettingError(ValueError):
    """A setting makes no sense; the text says which and why, without secrets."""


def bundled_plugins() -> Path:
    """Folder of the plugins that ship with the program."""
    return Path(console.__file__).resolve().parent.parent / "plugins"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """What a deployment may choose; times are seconds, sizes bytes."""

    data_dir: Path
    """Folder for the SQLite database and uploads under way."""
    database_url: str = field(default="", repr=False)
    """SQLAlchemy URL; empty: SQLite in ``data_dir``."""
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)
    """Signs access tokens; several processes behind one address must share it."""
    device_key: str = field(default="", repr=False)
    """Keys of devices' encrypted messages are derived from it; empty: there are none."""
    seal_key: str = field(default="", repr=False)
    """Encrypts sign-ins of cameras at rest; empty: by ``console.server.sealing``'s file in ``data_dir``."""
    listening: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Settings of listeners (``ONEMAP_MQTT_…``, ``ONEMAP_COT_…``, ``ONEMAP_GTFS_…``), see
    ``console.server.listeners.settings``."""
    feed_datums: str = ""
    """Datums of feeds that are not WGS84, see ``console.server.positions.feed_datums``."""
    camera_networks: str = ""
    """Where cameras and their devices may be, see ``console.server.networks``; empty: ``PRIVATE``."""
    plugin_dirs: tuple[Path, ...] = field(default_factory=lambda: (bundled_plugins(),))
    allowed_origins: tuple[str, ...] = ()
    """Origins of browsers that may open the live feed; consoles send none."""
    shared: bool | None = None
    """Whether other processes write to the same database; None: on PostgreSQL only."""

    access_seconds: float = ACCESS_SECONDS
    """Life of an access token; the console renews it with its refresh token."""
    refresh_seconds: float = REFRESH_SECONDS
    """A console that was away for longer must sign in again."""
    record_tick: float = 0.25
    """Longest wait before records of other processes are seen."""
    position_tick: float = 1.0
    consoles_per_user: int = 16
    history_days: float = 180.0
    log_keep_seconds: float = 24 * 3600.0
    """How long a console may be cut off and still go on without a new snapshot."""
    max_upload: int = 8 << 30
    keep_alive_of_parent: bool = False
    """End when the parent process ends (embedded backend)."""

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'onemap.db'}"

    @property
    def is_shared(self) -> bool:
        """Whether the change log must be polled for what other processes wrote."""
        return not self.url.startswith("sqlite") if self.shared is None else self.shared


def settings_from_environment(data_dir: Path, environment: Mapping[str, str] = os.environ) -> ServerSettings:
    """Settings with the variables of the deployment guides honoured. Raises SettingError."""
    extra = tuple(Path(p) for p in environment.get("ONEMAP_PLUGIN_DIRS", "").split(os.pathsep) if p)
    return ServerSettings(
        data_dir=data_dir,
        database_url=environment.get("ONEMAP_DATABASE_URL", ""),
        secret_key=environment.get("ONEMAP_SECRET_KEY") or secrets.token_urlsafe(48),
        device_key=secret_of(environment, "ONEMAP_DEVICE_KEY"),
        seal_key=secret_of(environment, "ONEMAP_SEAL_KEY"),
        listening={name: value for name, value in environment.items() if name.startswith(_LISTENING)},
        feed_datums=environment.get("ONEMAP_FEED_DATUMS", ""),
        camera_networks=environment.get("ONEMAP_CAMERA_NETWORKS", ""),
        plugin_dirs=(bundled_plugins(), *extra),
        access_seconds=_seconds(environment, "ONEMAP_ACCESS_SECONDS", ACCESS_SECONDS),
        refresh_seconds=_seconds(environment, "ONEMAP_REFRESH_SECONDS", REFRESH_SECONDS),
    )


def _seconds(environment: Mapping[str, str], name: str, default: float) -> float:
    """A span between half a minute and a month. Raises SettingError."""
    text = environment.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not SHORTEST <= int(text) <= LONGEST:
        raise SettingError(f"{name} should be whole seconds from {SHORTEST} to {LONGEST}")
    return float(text)


def secret_of(environment: Mapping[str, str], name: str) -> str:
    """The secret in *name*, or in the file that *name*``_FILE`` names, or empty.

    Raises SettingError when the file can't be read, or when others may read it.
    """
    path = environment.get(f"{name}_FILE", "")
    if not path:
        return environment.get(name, "")
    try:
        if os.name == "posix" and Path(path).stat().st_mode & 0o077:
            raise SettingError(f"{name}_FILE: others may read the file; chmod 600 it")
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise SettingError(f"{name}_FILE cannot be read: {error.strerror}") from error
