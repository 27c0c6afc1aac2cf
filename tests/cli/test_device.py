"""Devices from the command line: added, their key, taken out of service."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.__main__ import main
from console.server.db import Database
from console.server.devices import Devices


def test_a_device_is_added_gets_its_key_and_is_taken_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def onemap(*arguments: str) -> tuple[int, str]:
        code = main(["device", *arguments, "--data-dir", str(tmp_path)])
        return code, capsys.readouterr().out.strip()

    code, secret = onemap("add", "p1", "--staff", "s1", "--area", "320302001")
    assert code == 0 and len(secret) >= 32
    assert onemap("key", "p1") == (1, "")
    monkeypatch.setenv("ONEMAP_DEVICE_KEY", "of the tests")
    code, key = onemap("key", "p1")
    assert code == 0 and len(key) == 32
    assert onemap("key", "nobody")[0] == 1
    database = Database(f"sqlite:///{tmp_path / 'onemap.db'}")
    assert Devices(database).check("p1", secret) is not None
    assert onemap("disable", "p1")[0] == 0
    assert Devices(database).check("p1", secret) is None
    assert Devices(database).find("p1") is None
    assert onemap("disable", "nobody")[0] == 1
    database.close()
