"""Settings of listeners: what is refused, and that secrets stay out of sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.__main__ import main
from console.server.app import create_app
from console.server.listeners.settings import cot_settings, gtfs_settings, mqtt_settings
from console.server.settings import ServerSettings, secret_of, settings_from_environment


@pytest.mark.parametrize(
    "environment",
    [
        {"ONEMAP_MQTT_URL": "http://broker"},
        {"ONEMAP_MQTT_URL": "mqtt://onemap:secret@broker"},
        {"ONEMAP_MQTT_URL": "mqtt://broker", "ONEMAP_MQTT_TRUST": "everybody"},
        {"ONEMAP_COT_TLS": "0.0.0.0:8089"},
        {"ONEMAP_COT_TCP": "8087"},
        {"ONEMAP_COT_MULTICAST": "239.2.3.1:6969", "ONEMAP_COT_PINNED": "no-address"},
        {"ONEMAP_GTFS_URL": "file:///etc/passwd"},
        {"ONEMAP_GTFS_URL": "http://feed", "ONEMAP_GTFS_SECONDS": "often"},
    ],
)
def test_what_makes_no_sense_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="ONEMAP_"):
        for read in (mqtt_settings, cot_settings, gtfs_settings):
            read(environment)


def test_without_settings_nothing_listens() -> None:
    assert not any(read({}) for read in (mqtt_settings, cot_settings, gtfs_settings))


def test_sealed_messages_need_a_key(tmp_path: Path) -> None:
    listening = {"ONEMAP_MQTT_URL": "mqtt://127.0.0.1:1"}
    with pytest.raises(ValueError, match="ONEMAP_DEVICE_KEY"):
        create_app(ServerSettings(data_dir=tmp_path, plugin_dirs=(), listening=listening))


def test_a_secret_comes_from_a_private_file_and_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("very secret\n")
    file.chmod(0o644)
    with pytest.raises(ValueError, match="chmod 600"):
        secret_of({"X_FILE": str(file)}, "X")
    file.chmod(0o600)
    environment = {
        "ONEMAP_MQTT_URL": "mqtts://broker",
        "ONEMAP_MQTT_PASSWORD_FILE": str(file),
        "ONEMAP_DEVICE_KEY_FILE": str(file),
    }
    settings = settings_from_environment(tmp_path, environment)
    mqtt = mqtt_settings(environment)
    assert mqtt is not None and mqtt.password == settings.device_key == "very secret"
    assert (mqtt.host, mqtt.port, mqtt.tls, mqtt.trust) == ("broker", 8883, True, "encrypted")
    assert "very secret" not in f"{mqtt!r} {settings!r}"


def test_the_command_line_says_which_setting_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONEMAP_MQTT_URL", "mqtt://me:very-secret@broker")
    assert main(["server", "--port", "0", "--data-dir", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "ONEMAP_MQTT_PASSWORD_FILE" in said and "very-secret" not in said
