#!/usr/bin/env python3
"""Set up OneMap Console on a fresh machine with nothing but Python 3.11+.

    python3 installer/bootstrap.py setup  set up, no more: `.venv/bin/onemap` is there then
    python3 installer/bootstrap.py demo   set up, then the demo (arguments go to `onemap demo`)
    python3 installer/bootstrap.py test   set up with the test needs, then the suite (arguments go to pytest)

With --help it installs nothing: this text, or the command's own once it is set up.

Makes `.venv` from the lock file, with uv when present, else venv and pip. Needs
the standard library alone. Started by a Python that does not fit it goes on with
one that does. Exit code 3: there is none, or Debian packages are missing and this
is not root; they are named.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = sys.platform == "win32"
STAMP = VENV / "onemap-lock"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
RUN_LOCK = ROOT / "requirements.lock"
LOCKS = {"setup": RUN_LOCK, "demo": RUN_LOCK, "test": ROOT / "installer" / "requirements-test.lock"}
PIP_LOCK = ROOT / "installer" / "pip.lock"
OLDEST, NEWEST = (3, 11), (3, 13)
FITTING = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
RUN_PACKAGES = ("debian-run.txt",)
PACKAGES = {"setup": RUN_PACKAGES, "demo": RUN_PACKAGES, "test": (*RUN_PACKAGES, "debian-test.txt")}
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
"""Much of the suite waits. Tests of a file share fixtures; the long files stand first, and stay there."""


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
    if {"-h", "--help"} & {*rest} and (what == "setup" or not is_set_up(what)):
        print(__doc__)
        return 0
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
    if what == "setup":
        say(f"ready: {PYTHON.parent / 'onemap'}")
        return 0
    return become(what, rest)


def check_python() -> None:
    """The lock file resolves for CPython 3.11 to 3.13: become one of these, or say how to get it."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    have = ".".join(map(str, sys.version_info[:3]))
    other = fitting_python()
    if other and not WINDOWS:
        say(f"this is Python {have}, going on with {other}")
        os.execv(other, [other, *sys.argv])
    raise SetupError(f"Python 3.11 to 3.13 is needed, this is {have}.\n\n{python_advice()}")


def fitting_python() -> str | None:
    """Another Python on the path; tried, because pyenv puts names there that do not run."""
    for name in FITTING:
        found = shutil.which(name)
        if found and runs(found, ""):
            return found
    return None


def python_advice() -> str:
    """The commands that bring a fitting Python and start this again."""
    again = shlex.join(sys.argv)
    name = known_alternative([*FITTING, ""])
    if name:
        return f"    sudo apt-get install {name} {name}-venv\n    {name} {again}\n"
    return (
        "apt knows of none (on Ubuntu 22.04 it does after: sudo apt-get update); "
        "uv brings one (https://docs.astral.sh/uv/):\n\n"
        f'    uv python install 3.13\n    "$(uv python find 3.13)" {again}\n'
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
    names = names_here(missing)
    if not names:
        return
    if os.geteuid() != 0:
        raise SetupError(
            f"these Debian packages are missing:\n\n    sudo apt-get install {' '.join(names)}\n"
        )
    install_packages(missing)


def read_list(name: str) -> list[str]:
    """Lines of a package list without comments."""
    text = (ROOT / "installer" / "packages" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def have_venv() -> bool:
    """Whether an environment can be made: by uv, or by venv with ensurepip."""
    return (
        bool(shutil.which("uv")) or environment_works("pip") or runs(sys.executable, "import ensurepip, venv")
    )


def environment_works(module: str) -> bool:
    """Whether `.venv` is of a fitting Python and has a module: a set-up broken off may have left less."""
    code = f"import {module}, sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    return PYTHON.exists() and runs(str(PYTHON), code)


def runs(python: str, code: str) -> bool:
    """Whether code ends well in a Python."""
    return subprocess.run([python, "-c", code], capture_output=True).returncode == 0


def installed_packages() -> set[str]:
    """Names of the Debian packages installed here."""
    query = ["dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package}\n"]
    lines = subprocess.run(query, capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.split()[-1] for line in lines if line[1] == "i"}  # "ii", or "hi" when held


def install_packages(missing: Iterable[str]) -> None:
    """apt-get install, with package lists of today."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "-qq", "update"], "reading the package lists", environment)
    names = names_here(missing)
    say("installing " + " ".join(names))
    command = ["apt-get", "-qq", "-y", "--no-install-recommends", "install", *names]
    run(command, "Debian packages", environment)


def names_here(lines: Iterable[str]) -> list[str]:
    """What lines of a package list are called on this system, without those it does well without."""
    return [name for line in lines if (name := known_alternative(line.split("|")))]


def known_alternative(names: list[str]) -> str:
    """The first name that apt can install, or the empty one; when there is neither, the first.

    To ask apt takes half a second: a name without alternatives need not be known to it.
    """
    for name in names if len(names) > 1 else ():
        if not name or can_install(name):
            return name
    return names[0]


def can_install(name: str) -> bool:
    """Whether apt knows where to get a package."""
    if not shutil.which("apt-cache"):
        return False
    policy = subprocess.run(["apt-cache", "policy", name], capture_output=True, text=True).stdout
    return "Candidate:" in policy and "Candidate: (none)" not in policy


def ensure_environment(what: str) -> None:
    """Make or renew `.venv` when the lock file has changed since."""
    if is_set_up(what):
        return
    lock = LOCKS[what]
    wanted = digest(lock)
    if shutil.which("uv"):
        make_with_uv(lock)
    else:
        make_with_pip(lock)
    write_entry_points()
    # The test lock holds the run-time lock: an environment made for tests also serves the demo.
    done = {wanted, digest(RUN_LOCK)} if what == "test" else {wanted}
    STAMP.write_text("\n".join(sorted(done)))


def is_set_up(what: str) -> bool:
    """Whether `.venv` is as the lock file says."""
    have = STAMP.read_text().split() if STAMP.exists() and PYTHON.exists() else []
    return digest(LOCKS[what]) in have


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_with_uv(lock: Path) -> None:
    """The quick way."""
    if not environment_works("sys"):
        run(["uv", "venv", "-q", "--clear", "--python", sys.executable, str(VENV)], "making .venv")
    command = ["uv", "pip", "sync", "--python", str(PYTHON), "--require-hashes", str(lock)]
    run(command, "installing Python packages (uv)")


def make_with_pip(lock: Path) -> None:
    """The way of a machine that has Python alone."""
    if not environment_works("pip"):
        run([sys.executable, "-m", "venv", "--clear", str(VENV)], "making .venv")
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--require-hashes", "--no-deps", "-r"]
    # Ubuntu 22.04 has Python 3.11.0rc1, and a pip of its time to which that is not below 3.12.
    run([*command, str(PIP_LOCK)], "renewing pip")
    run([*command, str(lock)], "installing Python packages (pip, some 500 MB: a few minutes)")


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
    # Containers often forbid Python to keep what it compiled; each of many processes would compile all anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.chdir(ROOT)
    sys.stdout.flush()
    if not WINDOWS:
        os.execv(command[0], command)
    return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
