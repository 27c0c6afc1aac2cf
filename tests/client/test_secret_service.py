"""A sign-in outlives the console in a real SecretService: gnome-keyring on a D-Bus of the test's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.conftest import RealServer
from tests.client.real_server import PASSWORD

PROGRAMS = {"dbus-run-session": "dbus", "gnome-keyring-daemon": "gnome-keyring"}
SHELL = """
printf unlocked | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 & daemon=$!
for try in $(seq 100); do
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \\
    string:org.freedesktop.secrets 2>/dev/null | grep -q 'boolean true' && break
  sleep 0.1
done
for act in in again out again; do "$0" "$2" "$1" $act || break; done
kill $daemon
wait $daemon
"""
STEP = """
import os, sys
from console.client.api import Api
from console.client.keyring_vault import open_vault
from console.client.session import Session

session = Session(Api(sys.argv[1]), open_vault())
assert session.remembers, "no lasting vault"
if sys.argv[2] == "in":
    session.sign_in("op", os.environ["ONEMAP_TEST_PASSWORD"])
user = session.resume()
if sys.argv[2] == "out":
    session.sign_out()
print(user.username if user else "nobody", flush=True)
"""


@pytest.fixture
def own_bus() -> None:
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"missing: apt-get install {' '.join(missing)}")
    if missing:
        pytest.skip(f"needs: apt-get install {' '.join(missing)}")


@pytest.mark.skipif(sys.platform == "win32", reason="SecretService is of the Linux desktops")
def test_a_sign_in_is_kept_over_processes_and_forgotten_with_the_sign_out(
    own_bus: None, real_server: RealServer, tmp_path: Path
) -> None:
    step = tmp_path / "step.py"
    step.write_text(STEP, "utf-8")
    environment = dict(os.environ) | {
        "HOME": str(tmp_path),
        "ONEMAP_TEST_PASSWORD": PASSWORD,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    run = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", SHELL, sys.executable, real_server.url, str(step)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert run.stdout.split() == ["op", "op", "op", "nobody"], run.stderr
    assert list(tmp_path.rglob("*.keyring")), "it was not the real keyring"
