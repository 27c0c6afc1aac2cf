"""What the peers that run in a browser share: Debian's Chromium without a GPU, and packages of npm.

A package comes from the npm registry, pinned by its hash, into the cache folder.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.city import CACHE

FLAGS = [
    "--no-sandbox",  # as root, on a page of our own
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-gpu-vsync",
    "--disable-frame-rate-limit",
    "--ignore-gpu-blocklist",
    "--force-device-scale-factor=1",
]
SOFTWARE = {
    "swiftshader": ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
    "llvmpipe": ["--use-gl=angle", "--use-angle=gl"],
    "llvmpipe-egl": ["--use-gl=angle", "--use-angle=gl-egl"],
}
KINDS = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".wasm": "application/wasm",
}
"""By suffix, what a server calls a file."""


class PeerMissing(Exception):
    """The peer is not on this machine; the text says what to install."""


class PeerFailed(Exception):
    """The peer did not do the work; the text says why."""


@dataclass(frozen=True, slots=True)
class Package:
    """One version of a package of npm."""

    name: str
    version: str
    sha512: str
    """Of the archive, base64."""
    built: str
    """The folder in it that a page needs."""

    def folder(self) -> Path:
        """Where it lies, fetched when it is not there. Raises PeerMissing."""
        folder = CACHE / f"{self.name}-{self.version}"
        if not folder.exists():
            if not shutil.which("npm"):
                raise PeerMissing("npm is missing: apt-get install npm")
            CACHE.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=CACHE) as place:
                self._fetch(Path(place))
                (Path(place) / "package" / self.built).rename(folder)
        return folder

    def _fetch(self, place: Path) -> None:
        """Raises PeerMissing when the registry does not give what is pinned."""
        command = ["npm", "pack", f"{self.name}@{self.version}", "--silent"]
        run = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=300, check=False)
        archive = next(place.glob("*.tgz"), None)
        if archive is None:
            raise PeerMissing(f"{self.name} cannot be fetched: {run.stderr.strip()[-200:]}")
        if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != self.sha512:
            raise PeerMissing(f"{self.name} from the registry is not what it should be")
        with tarfile.open(archive) as tar:
            tar.extractall(place, filter="data")


def chromium() -> str:
    """Raises PeerMissing."""
    found = shutil.which("chromium")
    if not found:
        raise PeerMissing("Chromium is missing: apt-get install chromium")
    return found


def started(
    address: str, size: Sequence[int], profile: str, graphics: str = "llvmpipe"
) -> subprocess.Popen[bytes]:
    """A window of *size* pixels without frame that shows *address*. Raises PeerMissing."""
    command = [chromium(), *FLAGS, *SOFTWARE[graphics], f"--user-data-dir={profile}"]
    command += ["--window-position=0,0", f"--window-size={size[0]},{size[1]}", f"--app={address}"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask, then make it."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


def installed() -> str:
    """What the browser calls itself. Raises PeerMissing."""
    run = subprocess.run(
        [chromium(), "--version"], capture_output=True, text=True, env=os.environ, check=False, timeout=30
    )
    return run.stdout.split(" built")[0].strip()
