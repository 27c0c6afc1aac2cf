"""What all tests share: a screen, and folders of their own for every path of the user's."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.screen import Screen

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_screen: Screen | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Qt must find its screen before the first import of it."""
    global _screen
    if os.environ.get("DISPLAY") or os.environ.get("QT_QPA_PLATFORM"):
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


@pytest.fixture(scope="module", autouse=True)
def tidy_heap() -> Iterator[None]:
    """No module's garbage outlives it: windows wait in cycles to be collected, and each new style sheet
    would dress them all (10 s a test at the end of a run). What stays is not looked through again."""
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own settings, caches or keyring."""
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        folder = tmp_path / name.lower()
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
