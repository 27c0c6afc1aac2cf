"""The desktop's entry for links: written on command, taken away again."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from console.cli import link_scheme, main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PATH", "")  # no program of the desktop is asked
    tmp_path.chmod(0o700)
    return tmp_path


def test_links_are_opened_by_this_program_when_the_user_says_so(home: Path) -> None:
    assert not link_scheme.is_registered()
    assert main(["open", "--register"]) == 0
    entry = link_scheme.entry_file().read_text("utf-8").splitlines()
    assert link_scheme.entry_file().is_relative_to(home)
    assert f'Exec="{sys.executable}" -m console open %u' in entry
    assert "MimeType=x-scheme-handler/onemap;" in entry
    assert link_scheme.is_registered()
    assert main(["open", "--unregister"]) == 0
    assert not link_scheme.is_registered()


@pytest.mark.parametrize(
    ("path", "quoted"),
    [("/a b/python", '"/a b/python"'), ("/a$`x", '"/a\\\\$\\\\`x"'), ("/50%", '"/50%%"')],
    ids=["room", "signs", "percent"],
)
def test_a_path_stays_one_word(monkeypatch: pytest.MonkeyPatch, path: str, quoted: str) -> None:
    monkeypatch.setattr(sys, "executable", path)
    link_scheme.register()
    assert f"Exec={quoted} -m console open %u" in link_scheme.entry_file().read_text("utf-8")


def test_a_link_without_a_console_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["open", "onemap://view?lon=117.2&lat=34.26&zoom=14"]) == 1
    assert "--url" in capsys.readouterr().err
    assert main(["open"]) == 2
    with pytest.raises(SystemExit):
        main(["open", "file:///etc/passwd"])
