#!/usr/bin/env python3
"""Set up OneMap Console on a fresh machine with nothing but Python 3.11+.

    python3 installer/bootstrap.py demo   set up, then the demo (arguments go to `onemap demo`)
    python3 installer/bootstrap.py test   set up with the test needs, then the suite (arguments go to pytest)

Makes `.venv` from the lock file, with uv when present, else venv and pip. Needs
the standard library alone. Exit code 3: Debian packages are missing and this is
not root; they are named.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = sys.platform == "win32"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
LOCKS = {"demo": ROOT / "requirements.lock", "test": ROOT / "installer" / "requirements-test.lock"}
PACKAGES = {"demo": ("debian-run.txt",), "test": ("debian-run.txt", "debian-test.txt")}
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile")  # much of the suite waits; a file's tests share fixtures


class SetupError(Exception):
    """Set-up cannot go on; the text says why and what to do."""


def say(text: str) -> None:
    """One line of progress."""
    print(f"[onemap] {text}", flush=True)


def main(arguments: list[str]) -> int:
    """Set up, then become the command asked for."""
    if not arguments or arguments[0] not in LOCKS:
        print(__doc__)
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    what, rest = arguments[0], arguments[1:]
    try:
        check_python()
        ensure_packages(what)
        ensure_environment(what)
    except SetupError as error:
        say(f"stopped: {error}")
        return 3
    except KeyboardInterrupt:
        say("stopped by Ctrl+C; run the same command to go on")
        return 130
    return become(what, rest)


def check_python() -> None:
    """The lock file resolves for CPython 3.11 to 3.13."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        have = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(
            f"Python 3.11 to 3.13 is needed, this is {have}; try python3.11 installer/bootstrap.py"
        )


def ensure_packages(what: str) -> None:
    """Install missing Debian packages as root, else name them."""
    if not shutil.which("dpkg-query"):
        if not WINDOWS:
            say("not a Debian system: see installer/packages/ for the libraries that Qt needs")
        return
    wanted = [line for name in PACKAGES[what] for line in read_list(name)]
    if not have_venv():
        wanted.append(f"python3.{sys.version_info[1]}-venv|python3-venv")
    installed = installed_packages()
    missing = [line for line in wanted if not any(name in installed for name in line.split("|"))]
    if not missing:
        return
    if os.geteuid() != 0:
        names = " ".join(line.split("|")[0] for line in missing)
        raise SetupError(f"these Debian packages are missing:\n\n    sudo apt-get install {names}\n")
    install_packages(missing)


def read_list(name: str) -> list[str]:
    """Lines of a package list without comments."""
    text = (ROOT / "installer" / "packages" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def have_venv() -> bool:
    """Whether an environment can be made: by uv, or by venv with ensurepip."""
    if shutil.which("uv") or PYTHON.exists():
        return True
    return (
        subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True).returncode == 0
    )


def installed_packages() -> set[str]:
    """Names of the Debian packages installed here."""
    query = ["dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package}\n"]
    lines = subprocess.run(query, capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.split()[-1] for line in lines if line.startswith("ii")}


def install_packages(missing: Iterable[str]) -> None:
    """apt-get install, choosing of each a|b the first that this system knows."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "-qq", "update"], "reading the package lists", environment)
    names = [known_alternative(line.split("|")) for line in missing]
    say("installing " + " ".join(names))
    command = ["apt-get", "-qq", "-y", "--no-install-recommends", "install", *names]
    run(command, "Debian packages", environment)


def known_alternative(names: list[str]) -> str:
    """The first name that apt can install."""
    for name in names:
        policy = subprocess.run(["apt-cache", "policy", name], capture_output=True, text=True).stdout
        if "Candidate:" in policy and "Candidate: (none)" not in policy:
            return name
    return names[0]


def ensure_environment(what: str) -> None:
    """Make or renew `.venv` when the lock file has changed since."""
    lock = LOCKS[what]
    stamp = VENV / "onemap-lock"
    wanted = digest(lock)
    have = stamp.read_text().split() if stamp.exists() and PYTHON.exists() else []
    if wanted in have:
        return
    if shutil.which("uv"):
        make_with_uv(lock)
    else:
        make_with_pip(lock)
    write_entry_points()
    # The test lock holds the run-time lock: an environment made for tests also serves the demo.
    done = {wanted, digest(LOCKS["demo"])} if what == "test" else {wanted}
    stamp.write_text("\n".join(sorted(done)))


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_with_uv(lock: Path) -> None:
    """The quick way."""
    if not PYTHON.exists():
        run(["uv", "venv", "-q", "--python", sys.executable, str(VENV)], "making .venv")
    command = ["uv", "pip", "sync", "--python", str(PYTHON), "--require-hashes", str(lock)]
    run(command, "installing Python packages (uv)")


def make_with_pip(lock: Path) -> None:
    """The way of a machine that has Python alone."""
    if not PYTHON.exists():
        run([sys.executable, "-m", "venv", str(VENV)], "making .venv")
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "--no-deps", "-r", str(lock)]
    run(command, "installing Python packages (pip, some 500 MB: a few minutes)")


def write_entry_points() -> None:
    """Put this checkout on the environment's path, and `onemap` into its scripts."""
    query = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip())
    (site / "onemap.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    if WINDOWS:
        (PYTHON.parent / "onemap.bat").write_text(f'@"{PYTHON}" -m console %*\n', encoding="utf-8")
        return
    script = PYTHON.parent / "onemap"
    script.write_text(f'#!/bin/sh\nexec "{PYTHON}" -m console "$@"\n', encoding="utf-8")
    script.chmod(0o755)


def run(command: list[str], title: str, environment: dict[str, str] | None = None) -> None:
    """Run a step with its title and time; its output goes to the terminal as it comes."""
    say(f"{title} …")
    start = time.monotonic()
    code = subprocess.run(command, env=environment, cwd=ROOT).returncode
    if code:
        raise SetupError(f"{title} failed ({command[0]} ended with {code}); its own words stand above")
    say(f"{title}: done in {time.monotonic() - start:.0f} s")


def become(what: str, rest: list[str]) -> int:
    """Replace this process by the program, so that Ctrl+C reaches it alone."""
    command = [str(PYTHON), "-m", "console", "demo", *rest]
    if what == "test":
        command = [str(PYTHON), "-m", "pytest", *SIDE_BY_SIDE, *rest]
    os.chdir(ROOT)
    sys.stdout.flush()
    if not WINDOWS:
        os.execv(command[0], command)
    return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
