"""Fetch, build and run a Valhalla routing service for the console's backend.

    python installer/valhalla.py --folder /var/lib/onemap/valhalla --port 8002 city.osm.pbf

The executables come out of the wheel ``pyvalhalla`` on PyPI; they need neither its
Python nor anything of the distribution but glibc 2.28. What was fetched or built
before is used again. Standard library alone.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

VERSION = "3.9.1"
_PLATFORM = "manylinux_2_28"
_MOST = 20_000
"""Places in one question; the limits that Valhalla ships with are far below a district's staff."""


def main() -> int:
    """Build what is missing and serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("extracts", nargs="+", type=Path, help="OpenStreetMap files (.osm.pbf)")
    parser.add_argument("--folder", type=Path, required=True, help="for the executables and the tiles")
    parser.add_argument("--port", type=int, default=8002)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    program = fetch(options.folder)
    tiles = build(program, options.folder, options.extracts)
    command = serve_command(program, tiles, options.port, options.threads)
    print(f"Valhalla on http://127.0.0.1:{options.port}; set ONEMAP_VALHALLA_URL to it", flush=True)
    return subprocess.run(command, check=False).returncode


def fetch(folder: Path) -> Path:
    """The folder of the unpacked wheel. Raises CalledProcessError when it cannot be had."""
    return fetch_wheel(folder, "pyvalhalla", VERSION)


def fetch_wheel(folder: Path, name: str, version: str) -> Path:
    """Unpack a wheel of executables, which is made for another Python than ours."""
    program = folder / f"{name}-{version}"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{program.name}.new"
        subprocess.run(_install(fresh, f"{name}=={version}"), check=True, stdout=subprocess.DEVNULL)
        for executable in fresh.glob("*/bin/*"):
            executable.chmod(0o755)
        fresh.rename(program)
    return program


def _install(target: Path, requirement: str) -> list[str]:
    """uv's command, or pip's."""
    wheel = ["--no-deps", "--only-binary", ":all:", "--python-version", "3.12", "--target", str(target)]
    wheel.append(requirement)
    if shutil.which("uv"):
        return ["uv", "pip", "install", "-q", "--python-platform", f"x86_64-{_PLATFORM}", *wheel]
    return [sys.executable, "-m", "pip", "install", "-q", "--platform", f"{_PLATFORM}_x86_64", *wheel]


def build(program: Path, folder: Path, extracts: list[Path]) -> Path:
    """The configuration of tiles made of *extracts*. Raises CalledProcessError when they are broken."""
    settings = _config(program)
    content = hashlib.sha256(json.dumps(settings).encode())
    for extract in extracts:
        content.update(extract.read_bytes())
    tiles = folder / f"tiles-{content.hexdigest()[:16]}"
    config = tiles / "valhalla.json"
    if not config.exists():
        (tiles / "graph").mkdir(parents=True, exist_ok=True)
        settings["mjolnir"]["tile_dir"] = str((tiles / "graph").resolve())
        fresh = tiles / "building.json"
        fresh.write_text(json.dumps(settings), encoding="utf-8")
        tool = program / "valhalla" / "bin" / "valhalla_build_tiles"
        subprocess.run(
            [tool, "-c", fresh, *map(str, extracts)], check=True, stdout=subprocess.DEVNULL, stderr=None
        )
        fresh.rename(config)
    return config


def serve_command(program: Path, config: Path, port: int, threads: int = 2) -> list[str]:
    """The command of a service on a port of this machine; several may share the tiles."""
    settings = json.loads(config.read_text(encoding="utf-8"))
    settings["httpd"]["service"]["listen"] = f"tcp://127.0.0.1:{port}"
    own = config.with_name(f"serve-{port}.json")
    own.write_text(json.dumps(settings), encoding="utf-8")
    return [str(program / "valhalla" / "bin" / "valhalla_service"), str(own), str(threads)]


def _config(program: Path) -> dict[str, Any]:
    """Valhalla's own defaults, with a search for tables that suits one event and all staff."""
    config = _defaults(program)
    config["mjolnir"].update(tile_extract="", admin="", timezone="")
    # told to ask its database of countries, and without one, it would drive on the left
    config["mjolnir"]["data_processing"]["use_admin_db"] = False
    config["thor"]["source_to_target_algorithm"] = "timedistancematrix"
    config["logging"]["type"] = ""
    limits = config["service_limits"]
    for name in ("auto", "motorcycle", "bicycle", "pedestrian"):
        limits[name]["max_locations"] = _MOST
        limits[name]["max_matrix_location_pairs"] = 50 * _MOST
        limits[name]["max_distance"] = limits[name]["max_matrix_distance"] = 1_000_000.0
    limits.update(max_exclude_locations=500, max_exclude_polygons_length=1_000_000)
    limits["max_exclude_polygons_vertices"] = 20_000
    return config


def _defaults(program: Path) -> dict[str, Any]:
    """The configuration that the wheel's own script would write."""
    path = program / "valhalla" / "valhalla_build_config.py"
    spec = importlib.util.spec_from_file_location("valhalla_build_config", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)

    def given(part: dict[str, Any]) -> dict[str, Any]:
        kept = {k: v for k, v in part.items() if not isinstance(v, module.Optional)}
        return {k: given(v) if isinstance(v, dict) else v for k, v in kept.items()}

    return given(module.config)


if __name__ == "__main__":
    raise SystemExit(main())
