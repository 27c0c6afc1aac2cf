"""The set-up script: what it needs, names and refuses."""

from __future__ import annotations

import importlib.util
import os
import shutil
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


def test_missing_packages_are_named_as_this_system_calls_them(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    noble = {"libglib2.0-0t64", "postgresql-postgis"}
    monkeypatch.setattr(bootstrap, "can_install", noble.__contains__)
    assert bootstrap.names_here(["libglib2.0-0|libglib2.0-0t64"]) == ["libglib2.0-0t64"]
    assert bootstrap.names_here(["nats-server|"]) == [], "done without where there is none"
    assert bootstrap.names_here(["xvfb"]) == ["xvfb"], "named all the same, apt says the rest"


@pytest.mark.skipif(not shutil.which("apt-cache"), reason="needs apt")
def test_apt_is_asked_what_it_has(bootstrap: ModuleType) -> None:
    assert bootstrap.can_install("libc6")
    assert not bootstrap.can_install("no-such-package")


@pytest.fixture
def old_python(bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Python 3.10 alone; the folder is the whole path."""
    monkeypatch.setattr(sys, "version_info", (3, 10, 12, "final", 0))
    monkeypatch.setattr(sys, "argv", ["installer/bootstrap.py", "demo", "--city", "my city.osm.pbf"])
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_an_unfit_python_is_refused_with_the_commands_that_help(
    bootstrap: ModuleType, old_python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = "installer/bootstrap.py demo --city 'my city.osm.pbf'"
    with pytest.raises(bootstrap.SetupError, match=r"3\.10\.12") as stop:
        bootstrap.check_python()
    assert f'"$(uv python find 3.13)" {again}' in str(stop.value)
    monkeypatch.setattr(bootstrap, "can_install", lambda name: name == "python3.11")  # Ubuntu 22.04
    with pytest.raises(bootstrap.SetupError) as stop:
        bootstrap.check_python()
    assert "sudo apt-get install python3.11 python3.11-venv\n" in str(stop.value)
    assert f"python3.11 {again}\n" in str(stop.value)


def test_a_fitting_python_beside_it_takes_over(old_python: Path) -> None:
    def put(name: str, text: str) -> None:
        (old_python / name).write_text(f"#!/bin/sh\n{text}\n")
        (old_python / name).chmod(0o755)

    put("python3.13", "exit 127")  # as pyenv's do
    put("python3.11", '[ "$1" = -c ] || echo "taken over: $*"')
    code = "import sys; sys.path.insert(0, 'installer'); sys.version_info = (3, 10, 12, 'final', 0)\n"
    code += "import bootstrap; sys.argv = ['installer/bootstrap.py', 'demo']; bootstrap.check_python()"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert "taken over: installer/bootstrap.py demo\n" in run.stdout, run.stderr


def test_what_a_broken_set_up_left_is_no_environment(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / "venv" / "bin" / "python")
    assert bootstrap.environment_works("sys")
    assert not bootstrap.environment_works("pip")


def test_pip_is_renewed_before_it_reads_the_lock(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pip of Ubuntu 22.04 leaves out numpy: to it 3.11.0rc1 is not below 3.12."""
    read: list[str] = []
    monkeypatch.setattr(bootstrap, "run", lambda command, title: read.append(command[-1]))
    bootstrap.make_with_pip(tmp_path / "requirements.lock")
    assert read[-2:] == [str(ROOT / "installer" / "pip.lock"), str(tmp_path / "requirements.lock")]
    assert "--hash=sha256:" in Path(read[-2]).read_text()


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


@pytest.mark.parametrize("command", ["setup", "demo", "test"])
def test_help_installs_nothing(
    bootstrap: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    command: str,
) -> None:
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "onemap-lock")  # as on a fresh machine
    for step in ("check_python", "ensure_packages", "ensure_environment", "become"):
        monkeypatch.setattr(bootstrap, step, lambda *_: pytest.fail("it was to say what it does"))
    assert bootstrap.main([command, "--help"]) == 0
    assert "bootstrap.py setup" in capsys.readouterr().out


def test_help_of_a_command_that_is_set_up_is_its_own(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stamp = tmp_path / "onemap-lock"
    stamp.write_text(bootstrap.digest(bootstrap.RUN_LOCK))
    monkeypatch.setattr(bootstrap, "STAMP", stamp)
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(bootstrap, "ensure_packages", lambda _: None)
    monkeypatch.setattr(bootstrap, "become", lambda what, rest: (what, rest))
    assert bootstrap.main(["demo", "--help"]) == ("demo", ["--help"])
