"""The set-up script: what it needs, names and refuses."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "installer" / "bootstrap.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_imports_nothing_but_the_standard_library() -> None:
    code = "import sys; sys.path.insert(0, 'installer'); import bootstrap"
    run = subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_missing_packages_are_named_when_not_root(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "installed_packages", lambda: {"libegl1", "libglib2.0-0t64"})
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.SetupError) as stop:
        bootstrap.ensure_packages("demo")
    text = str(stop.value)
    assert "sudo apt-get install" in text
    assert "libxcb-cursor0" in text and "fonts-noto-cjk" in text
    assert "libegl1" not in text
    assert "libglib2.0-0" not in text, "an alternative that is installed counts"


def test_an_unfit_python_is_refused(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 12, "final", 0))
    with pytest.raises(bootstrap.SetupError, match=r"3\.11"):
        bootstrap.check_python()


def test_the_test_lock_holds_the_run_time_lock() -> None:
    def pins(path: Path) -> set[str]:
        lines = path.read_text().splitlines()
        return {line.split(" ")[0] for line in lines if line and line[0].isalnum()}

    run, test = pins(ROOT / "requirements.lock"), pins(ROOT / "installer" / "requirements-test.lock")
    assert run and run <= test


def test_without_a_command_it_prints_its_help(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main([]) == 2
    assert "installer/bootstrap.py demo" in capsys.readouterr().out
