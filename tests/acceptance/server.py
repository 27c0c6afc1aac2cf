"""A backend that can be killed and started again: same port, same data, as after a power cut."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import msgspec
import requests

from console.model.records import Role, Ticket
from console.server.admin import create_account
from console.server.app import create_app
from console.server.settings import ServerSettings

USERNAME, PASSWORD = "zhang", "correct horse battery"


class Backend:
    """``python -m console server`` over a copy of a district; killed with the block."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        shutil.copyfile(template / "onemap.db", folder / "onemap.db")
        notes = json.loads((template / "district.json").read_bytes())
        self.devices: list[dict[str, Any]] = notes["devices"]
        self._secrets = self._prepare(notes["area"])
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _prepare(self, area: str) -> dict[str, str]:
        """An account for the district and one for each street, and secrets for the devices."""
        core = create_app(ServerSettings(data_dir=self._folder)).state.core
        with core.database.write() as session:
            create_account(session, USERNAME, PASSWORD, "张调度", Role.DISPATCHER, [area])
            for street in sorted({each["area"][:9] for each in self.devices}):
                create_account(session, street, PASSWORD, "街道中心", Role.OPERATOR, [street])
            given = {
                each["device"]: core.devices.add(session, each["device"], each["staff"], each["area"])[1]
                for each in self.devices
            }
        core.database.close()
        return given

    def start(self) -> None:
        """Start, and go on when it answers."""
        command = [sys.executable, "-m", "console", "server", "--port", str(self._port)]
        command += ["--data-dir", str(self._folder), "--log-level", "warning"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        assert re.match("ready:", self._process.stdout.readline()), "the backend did not start"

    def halt(self) -> None:
        """Let it hang, as a machine does that swaps: connections stay open, nothing is answered."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        """Kill -9."""
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            assert self._process.stdout
            self._process.stdout.close()
            self._process = None

    def sign_in(self, username: str = USERNAME) -> Ticket:
        """A session of an account: the district's, or that of a street by its code."""
        credentials = {"username": username, "password": PASSWORD}
        answer = requests.post(f"{self.url}/api/v1/session", json=credentials, timeout=20)
        answer.raise_for_status()
        return msgspec.json.decode(answer.content, type=Ticket)

    def give(self, username: str, method: str, path: str, body: Any) -> Any:
        """What another console of that account sends, and its answer."""
        headers = {"Authorization": f"Bearer {self.sign_in(username).access_token}"}
        return self._ask(method, path, json=body, headers=headers)

    def report_positions(self, count: int) -> None:
        """Each of *count* devices reports once from home, by the real protocol."""
        for each in self.devices[:count]:
            self.report(each["staff"], each["home"])

    def report(self, staff: str, where: Sequence[float], **more: str) -> None:
        """The phone of somebody says where they are; *more* goes into the message (``alarm="sos"``)."""
        lon, lat = where
        name = self._device(staff)
        message = {"id": name, "lon": lon, "lat": lat, **more}
        self._ask("GET", "/ingest/osmand", params=message, auth=(name, self._secrets[name]))

    def act(self, staff: str, order_id: str, *actions: str, note: str = "") -> None:
        """What somebody does with an order on their phone, step by step."""
        name = self._device(staff)
        for action in actions:
            body = {"action": action, "note": note}
            path = f"/dispatch/device/orders/{order_id}"
            self._ask("POST", path, json=body, auth=(name, self._secrets[name]))

    def _device(self, staff: str) -> str:
        return next(each["device"] for each in self.devices if each["staff"] == staff)

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        answer = requests.request(method, f"{self.url}/api/v1{path}", timeout=20, **more)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What stands in the database."""
        with sqlite3.connect(f"file:{self._folder / 'onemap.db'}?mode=ro", uri=True) as connection:
            return connection.execute(query, values).fetchall()
