"""What support wants to know, as text without secrets."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtGui import QGuiApplication

from console import __version__
from console.shell.services import Services

_PARTS = ("PySide6", "PySide6-QtAds", "numpy", "shapely", "pyproj", "requests", "keyring")
_SECRET = re.compile(
    r"""(?ix)
    (authorization["']?\s*[:=]\s*["']?(?:bearer|basic)\s+)[^\s"',]+
    | (bearer\s+)[\w.~+/=-]{8,}
    | (["']?(?:password|passwd|secret|token|refresh|access|ticket|api[_-]?key)["']?
        \s*[:=]\s*["']?)[^\s"',;&}]+
    | (://[^/\s:@]+:)[^@\s/]+(?=@)
    | ()\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*
    """
)
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def redact(text: str) -> str:
    """*text* with passwords, tokens and mobile numbers taken out."""
    text = _SECRET.sub(lambda m: next((g for g in m.groups() if g), "") + "…", text)
    return _PHONE.sub(r"\1****\2", text)


def facts(services: Services) -> list[tuple[str, str]]:
    """Versions, machine, screen, backend, plugins; names are in English for support."""
    screen = QGuiApplication.primaryScreen()
    size = screen.size()
    url = urlsplit(services.backend_url)
    return [
        ("OneMap Console", __version__),
        ("Python", sys.version.split()[0]),
        ("System", platform.platform()),
        ("Display", f"{QGuiApplication.platformName()} {size.width()}x{size.height()}"),
        ("Scale", f"{screen.devicePixelRatio():g}"),
        *((name, importlib.metadata.version(name)) for name in _PARTS),
        ("Backend", f"{url.scheme}://{url.hostname}:{url.port}" if url.hostname else "-"),
        ("Link", str(services.connection.link)),
        ("Language", services.language.current),
        ("Theme", services.theme.name),
    ]


def report(services: Services, log_lines: list[str]) -> str:
    """All facts, plugins and the end of the log, redacted. For the GUI thread."""
    lines = [f"{name}: {value}" for name, value in facts(services)]
    lines += ["", "Plugins:"]
    for info in services.host.plugins():
        lines.append(f"  {info.id} {info.version} {info.state} {info.reason.en}".rstrip())
    lines += ["", "Log:", *log_lines]
    return redact("\n".join(lines))


def tail(log_file: Path, lines: int) -> list[str]:
    """The last lines of the log; at most 256 kB are read. For pool threads."""
    try:
        with log_file.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 262_144))
            return file.read().decode("utf-8", "replace").splitlines()[-lines:]
    except OSError:
        return []
