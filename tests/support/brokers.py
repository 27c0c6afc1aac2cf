"""Real MQTT brokers for tests: mosquitto and nats-server, on loopback ports of their own."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from console.processes import end_with_parent

ACL = Path(__file__).resolve().parents[2] / "installer" / "broker" / "owntracks.acl"


class Broker:
    """One broker process that can be stopped and started again on the same port."""

    def __init__(self, command: list[str], port: int, log: Path) -> None:
        self.port, self._command, self._log = port, command, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, preexec_fn=end_with_parent
            )
        until = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert self._process.poll() is None and time.monotonic() < until, self._log.read_text()
                time.sleep(0.02)

    def stop(self) -> None:
        """End it and wait."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


def mosquitto(folder: Path, users: Mapping[str, str], tls: tuple[Path, Path] | None = None) -> Broker:
    """A broker with our ACL and these users and passwords."""
    program = _program("mosquitto")
    passwords = folder / "passwords"
    passwords.touch(0o600)
    for user, password in users.items():
        subprocess.run(
            [_program("mosquitto_passwd"), "-b", str(passwords), user, password],
            check=True,
            capture_output=True,
        )
    port = free_port()
    lines = [
        f"listener {port} 127.0.0.1",
        "allow_anonymous false",
        f"password_file {passwords}",
        f"acl_file {ACL}",
        "persistence true",
        f"persistence_location {folder}/",
        "autosave_interval 1",
        f"user {getpass.getuser()}",
    ]
    if tls:
        lines += [f"certfile {tls[0]}", f"keyfile {tls[1]}"]
    (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
    return Broker([program, "-c", str(folder / "mosquitto.conf")], port, folder / "mosquitto.log")


def nats(folder: Path, users: Mapping[str, str]) -> Broker:
    """NATS with its MQTT port; each user publishes under their own name only."""
    program = _program("nats-server")
    entries = "\n".join(
        f'{{user: "{user}", password: "{password}"{_nats_permissions(user)}}}'
        for user, password in users.items()
    )
    port = free_port()
    (folder / "nats.conf").write_text(
        f"""
server_name: tests
listen: "127.0.0.1:{free_port()}"
jetstream {{ store_dir: "{folder}/jetstream" }}
mqtt {{ listen: "127.0.0.1:{port}" }}
authorization {{ users: [
{entries}
] }}
"""
    )
    return Broker([program, "-c", str(folder / "nats.conf")], port, folder / "nats.log")


def _nats_permissions(user: str) -> str:
    if user == "onemap":
        return ""
    return (
        f', permissions: {{publish: ["owntracks.{user}.>", "$MQTT.>"],'
        f' subscribe: ["owntracks.{user}.*.cmd", "$MQTT.>"]}}'
    )


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        text = f"needs {name}: apt-get install {name.partition('_')[0]}"
        pytest.fail(text) if os.environ.get("CI") else pytest.skip(text)
    return found
