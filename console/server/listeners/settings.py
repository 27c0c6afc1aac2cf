"""Settings of the built-in listeners, from environment variables; what is not set does not run.

``docs/positions.md`` describes them. All readers raise SettingError.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from console.server.settings import SettingError, secret_of

Environment = Mapping[str, str]
Address = tuple[str, int]
Trust = Literal["broker", "encrypted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttSettings:
    """The broker that phones publish to."""

    host: str
    port: int
    tls: bool
    ca: str = ""
    """File with the broker's certificate authority; empty: those of the system."""
    user: str = ""
    password: str = field(default="", repr=False)
    trust: Trust = "encrypted"
    """``broker``: its ACL lets a device publish under its own name only; ``encrypted``: only
    messages sealed with the device's key are taken."""
    client: str = "onemap"
    """Name of our session at the broker, which keeps messages while the backend is down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CotSettings:
    """Where TAK clients connect. Address: host and port."""

    tcp: Address | None = None
    tls: Address | None = None
    certificate: str = ""
    key: str = ""
    ca: str = ""
    """File with the authority that signs clients' certificates."""
    multicast: Address | None = None
    interface: str = "127.0.0.1"
    """Address of the network card that joins the multicast group."""
    pinned: Mapping[str, str] = field(default_factory=dict[str, str])
    """Device id to the only address it may send multicast from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GtfsSettings:
    """A feed of vehicle positions."""

    url: str
    prefix: str = "vehicle-"
    """A vehicle's device id is this and its id in the feed, so that a feed can't claim a phone."""
    seconds: float = 15.0
    header: tuple[str, str] | None = field(default=None, repr=False)
    """Header with the key of the feed, if it needs one."""


def mqtt_settings(environment: Environment) -> MqttSettings | None:
    """``ONEMAP_MQTT_URL``, ``_USER``, ``_PASSWORD[_FILE]``, ``_TRUST``, ``_CA``, ``_CLIENT``."""
    url = environment.get("ONEMAP_MQTT_URL", "")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        raise SettingError("ONEMAP_MQTT_URL must be mqtt://HOST[:PORT] or mqtts://HOST[:PORT]")
    if parts.password or parts.username:
        raise SettingError("ONEMAP_MQTT_URL must hold no password; use ONEMAP_MQTT_PASSWORD_FILE")
    trust = environment.get("ONEMAP_MQTT_TRUST", "encrypted")
    if trust not in {"broker", "encrypted"}:
        raise SettingError("ONEMAP_MQTT_TRUST must be broker or encrypted")
    tls = parts.scheme == "mqtts"
    return MqttSettings(
        host=parts.hostname,
        port=parts.port or (8883 if tls else 1883),
        tls=tls,
        ca=environment.get("ONEMAP_MQTT_CA", ""),
        user=environment.get("ONEMAP_MQTT_USER", ""),
        password=secret_of(environment, "ONEMAP_MQTT_PASSWORD"),
        trust="broker" if trust == "broker" else "encrypted",
        client=environment.get("ONEMAP_MQTT_CLIENT", "onemap"),
    )


def cot_settings(environment: Environment) -> CotSettings | None:
    """``ONEMAP_COT_TCP``, ``_TLS`` with ``_CERT``, ``_KEY``, ``_CA``; ``_MULTICAST`` with ``_INTERFACE``."""
    tcp, tls, multicast = (
        _address(environment, f"ONEMAP_COT_{name}") for name in ("TCP", "TLS", "MULTICAST")
    )
    if not (tcp or tls or multicast):
        return None
    files = {name: environment.get(f"ONEMAP_COT_{name}", "") for name in ("CERT", "KEY", "CA")}
    if tls and not all(files.values()):
        raise SettingError("ONEMAP_COT_TLS needs ONEMAP_COT_CERT, ONEMAP_COT_KEY and ONEMAP_COT_CA")
    return CotSettings(
        tcp=tcp,
        tls=tls,
        certificate=files["CERT"],
        key=files["KEY"],
        ca=files["CA"],
        multicast=multicast,
        interface=environment.get("ONEMAP_COT_INTERFACE", "127.0.0.1"),
        pinned=_pinned(environment.get("ONEMAP_COT_PINNED", "")),
    )


def gtfs_settings(environment: Environment) -> GtfsSettings | None:
    """``ONEMAP_GTFS_URL``, ``_PREFIX``, ``_SECONDS``, ``_HEADER[_FILE]`` (``Name: value``)."""
    url = environment.get("ONEMAP_GTFS_URL", "")
    if not url:
        return None
    if urlsplit(url).scheme not in {"http", "https"}:
        raise SettingError("ONEMAP_GTFS_URL must be http:// or https://")
    name, colon, value = secret_of(environment, "ONEMAP_GTFS_HEADER").partition(":")
    return GtfsSettings(
        url=url,
        prefix=environment.get("ONEMAP_GTFS_PREFIX", "vehicle-"),
        seconds=_seconds(environment, "ONEMAP_GTFS_SECONDS", 15.0),
        header=(name.strip(), value.strip()) if colon else None,
    )


def _seconds(environment: Environment, name: str, usual: float) -> float:
    """At least one second."""
    try:
        return max(1.0, float(environment.get(name, "") or usual))
    except ValueError as error:
        raise SettingError(f"{name} must be a number of seconds") from error


def _address(environment: Environment, name: str) -> Address | None:
    """``HOST:PORT``; the host may be an IPv6 address in brackets."""
    text = environment.get(name, "")
    if not text:
        return None
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.port is None:
        raise SettingError(f"{name} must be HOST:PORT")
    return parts.hostname, parts.port


def _pinned(text: str) -> dict[str, str]:
    """``ID@ADDRESS,ID@ADDRESS``."""
    pairs = [entry.strip().rpartition("@") for entry in text.split(",") if entry.strip()]
    if any(not device or not address for device, _, address in pairs):
        raise SettingError("ONEMAP_COT_PINNED must be ID@ADDRESS,ID@ADDRESS")
    return {device: address for device, _, address in pairs}
