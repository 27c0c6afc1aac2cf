"""The desktop's entry for ``onemap://`` links: written only when the user says so."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import platformdirs

NAME = "onemap-view.desktop"
MIME = "x-scheme-handler/onemap"


def entry_file() -> Path:
    """Where the entry of this user lies, or would."""
    return Path(platformdirs.user_data_dir()) / "applications" / NAME


def is_registered() -> bool:
    """Whether links are opened with this very program."""
    try:
        return _exec_line() in entry_file().read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False


def register() -> Path:
    """Write the entry and make it the default; gives the file, raises OSError."""
    file = entry_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = ["[Desktop Entry]", "Type=Application", "Name=OneMap Console", "Name[zh_CN]=一张图指挥台"]
    lines += [_exec_line(), f"MimeType={MIME};", "NoDisplay=true", "Terminal=false", ""]
    file.write_text("\n".join(lines), "utf-8")
    _tell(["update-desktop-database", str(file.parent)])
    _tell(["xdg-mime", "default", NAME, MIME])
    return file


def unregister() -> Path:
    """Take the entry away; gives the file, raises OSError."""
    file = entry_file()
    file.unlink(missing_ok=True)
    _tell(["update-desktop-database", str(file.parent)])
    return file


def _exec_line() -> str:
    """The link comes as one argument, whatever is in it: no shell is asked."""
    return f"Exec={_quoted(sys.executable)} -m console open %u"


def _quoted(path: str) -> str:
    """As entries of the desktop want it: in quotes, special characters escaped, backslashes twice."""
    for sign in ("\\", '"', "`", "$"):
        path = path.replace(sign, f"\\{sign}")
    return f'"{path}"'.replace("\\", "\\\\").replace("%", "%%")


def _tell(command: list[str]) -> None:
    """Desktops without these programs find the entry by themselves."""
    if shutil.which(command[0]):
        subprocess.run(command, check=False, capture_output=True, timeout=20)
