"""Check this machine for OneMap Console and say what to do about each fault."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from console.cli import link_scheme


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw; ``ok`` None is a note, neither good nor bad."""

    what: str
    ok: bool | None
    seen: str
    advice: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``onemap doctor``."""
    parser.add_argument("--url", help="also check the backend at this address, e.g. http://127.0.0.1:8000")


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; 1 when something must be mended."""
    findings = [finding for check in CHECKS for finding in guarded(check)]
    if arguments.url:
        findings += guarded(lambda: check_backend(arguments.url))
    for finding in findings:
        mark = {True: "ok  ", False: "FAIL", None: "note"}[finding.ok]
        print(f"{mark}  {finding.what}: {finding.seen}")
        if finding.advice and finding.ok is not True:
            print(f"      → {finding.advice}")
    bad = sum(finding.ok is False for finding in findings)
    print(f"\n{bad} to mend" if bad else "\nAll is well.")
    return 1 if bad else 0


def guarded(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """Run *check*; a check that breaks is a finding itself."""
    try:
        return list(check())
    except Exception as error:  # the doctor must reach the end whatever it meets
        name = getattr(check, "__name__", "check").removeprefix("check_")
        return [
            Finding(name, False, f"{type(error).__name__}: {error}", "report this with the output of doctor")
        ]


def check_machine() -> Iterator[Finding]:
    """Python, processors, memory, disk."""
    fits = (3, 11) <= sys.version_info[:2] <= (3, 13)
    yield Finding("python", fits, platform.python_version(), "use Python 3.11 to 3.13")
    cores = os.cpu_count() or 1
    yield Finding("processors", None if cores < 2 else True, str(cores), "two or more draw the map smoothly")
    glibc = platform.libc_ver()[1]
    if glibc:
        new = tuple(int(part) for part in glibc.split(".")[:2]) >= (2, 34)
        yield Finding("glibc", new, glibc, "Debian 12, Ubuntu 22.04 or newer is needed")
    free = shutil.disk_usage(os.path.expanduser("~")).free / 2**30  # noqa: PTH111
    yield Finding("disk", free > 2, f"{free:.1f} GB free", "make room: map data and logs need 2 GB")


def check_libraries() -> Iterator[Finding]:
    """The libraries that hold the program, with their versions."""
    for name in ("PySide6", "PySide6QtAds", "numpy", "shapely", "pyproj", "osmium", "fastapi", "sqlalchemy"):
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            yield Finding(name, False, str(error), "run python3 installer/bootstrap.py demo again")
            continue
        version = str(getattr(module, "__version__", "present"))
        good = not (name == "PySide6" and version.startswith("6.12"))
        yield Finding(name, good, version, "PySide6 6.12 aborts on Python 3.11: keep the locked 6.11")


def check_display() -> Iterator[Finding]:
    """A screen, GL and the fonts; asked in a child, since Qt aborts when it has none."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        advice = "start in a desktop session, or add --virtual"
        if not shutil.which("Xvfb"):
            advice += " (needs: apt-get install xvfb)"
        yield Finding("display", None, "none", advice)
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    probe = subprocess.run(
        [sys.executable, "-c", _QT_PROBE], capture_output=True, text=True, timeout=60, check=False
    )
    if probe.returncode:
        yield Finding(
            "Qt", False, probe.stderr.strip()[-300:], "install the packages that bootstrap.py names"
        )
        return
    gl, chinese, screens = probe.stdout.strip().split("|")
    yield Finding("screens", True, screens)
    yield Finding("GL", None, gl, "not needed for the 2D map")
    fit = chinese.startswith("Noto Sans CJK SC")
    yield Finding("Chinese font", fit, chinese or "none", "apt-get install fonts-noto-cjk")


_QT_PROBE = """
from PySide6.QtGui import QGuiApplication, QFontDatabase, QOffscreenSurface, QOpenGLContext
app = QGuiApplication([])
context = QOpenGLContext()
gl = 'none'
if context.create():
    surface = QOffscreenSurface()
    surface.create()
    if context.makeCurrent(surface):
        gl = str(context.functions().glGetString(0x1F01))
families = [f for f in QFontDatabase.families() if f == 'Noto Sans CJK SC']
families += QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)[:1]
sizes = ', '.join(f'{s.size().width()}x{s.size().height()}' for s in app.screens())
print(gl, families[0] if families else '', sizes, sep='|')
"""


def check_video() -> Iterator[Finding]:
    """What decodes cameras."""
    from console.media.hardware import found

    device = found()
    seen = f"by {device}" if device else "by the processor: no device that decodes video was found"
    yield Finding("video", True if device else None, seen)


def check_keyring() -> Iterator[Finding]:
    """Where the session is kept between starts."""
    from console.client.keyring_vault import open_vault

    lasting = open_vault().lasting
    seen = "keeps the session between starts" if lasting else "none that answers: sign in at each start"
    yield Finding(
        "keyring", True if lasting else None, seen, "start a SecretService (GNOME Keyring, KWallet)"
    )


def check_folders() -> Iterator[Finding]:
    """The folders that the program writes to."""
    from console.paths import cache_dir, config_dir, data_dir, log_dir

    for folder in (config_dir(), data_dir(), cache_dir(), log_dir()):
        fits = os.access(folder, os.W_OK)
        yield Finding("folder", fits, str(folder), "make it writable for this user")


def check_backend(url: str) -> Iterator[Finding]:
    """The backend's answer and clock."""
    import time

    import requests

    start = time.time()
    answer = requests.get(f"{url.rstrip('/')}/api/v1/health", timeout=5)
    took = (time.time() - start) * 1000
    answer.raise_for_status()
    body = answer.json()
    yield Finding("backend", True, f"{url} version {body['version']}, {took:.0f} ms")
    skew = body["time"] - start
    yield Finding("clock", abs(skew) < 5, f"{skew:+.1f} s from the backend's", "set the clock by NTP")


def check_links() -> Iterator[Finding]:
    """Who opens onemap:// links of this user's desktop."""
    if sys.platform.startswith("linux"):
        seen = "opened by this program" if link_scheme.is_registered() else "not opened by this program"
        ok = link_scheme.is_registered() or None
        yield Finding("onemap:// links", ok, seen, "if you want them opened: onemap open --register")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_machine,
    check_libraries,
    check_display,
    check_video,
    check_keyring,
    check_folders,
    check_links,
)
