"""What all tests share: a screen, and folders of their own for every path of the user's."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.screen import Screen

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_screen: Screen | None = None

# How long an example takes is the machine's affair: a loaded one must not fail a property.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")


def pytest_configure(config: pytest.Config) -> None:
    """Qt must find its screen before the first import of it."""
    global _screen
    gc.disable()
    # Containers often set this; each of some hundred processes would compile all of its modules anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    # A shell that starts the run in its background has it ignore Ctrl+C, and all that it starts with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    worker = hasattr(config, "workerinput")
    if not worker and config.getoption("numprocesses", None):
        return  # the workers have a screen each: two windows can't have the focus of one
    if not worker and (os.environ.get("DISPLAY") or os.environ.get("QT_QPA_PLATFORM")):
        return
    if shutil.which("Xvfb"):
        _screen = Screen()
    elif os.environ.get("CI"):
        raise pytest.UsageError("Xvfb is missing: apt-get install xvfb")
    else:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the screen with the run."""
    if _screen is not None:
        _screen.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout."""
    if not SHARED_DATA.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"real data is missing: {SHARED_DATA}")
        pytest.skip(f"needs the real data in {SHARED_DATA}")
    return SHARED_DATA


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Delete what the test closed, and collect what it left in cycles, here on the GUI thread.

    Left to itself, Python collects on whatever thread allocates; widgets deleted there crash Qt. And
    windows that wait to be deleted are dressed anew with each style sheet: seconds a test in a long run.
    Only after the whole protocol of a test has nobody hold its fixtures any more.
    """
    result = yield
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QCoreApplication, QEvent

        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect(1)
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
        gc.freeze()  # what stays is not looked through again
    return result


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own settings, caches or keyring."""
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        folder = tmp_path / name.lower()
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
