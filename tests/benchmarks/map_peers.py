"""The map against MapLibre GL JS in Chromium and against PyQGIS, with the same city, in one run.

44,000 buildings with their streets, 6,006 grids, 7,400 cameras and 10,000 staff whose positions
are renewed each second; the whole city in view and a street in view, at 1080p and 4K, in turn.
Cold: from the first word of the layers (city) or of the place (street) to the picture with its
labels, the programs running already and nothing kept from before. Panning: 800 pixels a second
there and back, as many frames as each can; QGIS draws each whole. CPU is that of all processes
of a program. MapLibre has vector tiles cut beforehand and points as circles, QGIS a GeoPackage
in the picture's projection. Then 600,000 addresses in ours. Windows are on one virtual display.

    .venv/bin/python tests/benchmarks/map_peers.py [--setup] [--quick] [--pictures FOLDER]

A peer that is not installed is left out, and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from console.cli.display import NoDisplay, start_virtual  # noqa: E402
from console.map.viewport import metres_per_pixel  # noqa: E402
from console.model.coordinates import to_mercator  # noqa: E402
from tests.benchmarks import map_peers_views as views  # noqa: E402
from tests.benchmarks.browser import PeerFailed, PeerMissing, installed  # noqa: E402
from tests.benchmarks.city import SHARED, City, load_city  # noqa: E402
from tests.benchmarks.map_peers_data import geopackage, vector_tiles  # noqa: E402
from tests.benchmarks.map_peers_maplibre import MAPLIBRE  # noqa: E402
from tests.benchmarks.map_peers_maplibre import measure as measure_maplibre  # noqa: E402
from tests.benchmarks.map_peers_style import rules_at  # noqa: E402
from tests.benchmarks.process_cost import load  # noqa: E402

HERE = Path(__file__).parent
PYTHON_QGIS = "/usr/bin/python3"
CANNOT_MEASURE = 2
LONGEST = 420.0
"""Seconds for one program at one size."""
Found = dict[str, Any]
MIN_FPS, TIMES_MAPLIBRE = 30.0, 30.0


def main() -> int:
    """Measure and print one JSON object as the last line; 2 when ours could not be measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="shorter pans, same claims")
    parser.add_argument("--setup", action="store_true", help="make the data, fetch MapLibre from npm")
    parser.add_argument("--pictures", default="", metavar="FOLDER", help="keep what each drew")
    parser.add_argument("--only", choices=views.SIZES, help="one size alone")
    options = parser.parse_args()
    city = load_city()
    vector_tiles(city)
    geopackage(city)
    if options.setup:
        MAPLIBRE.folder()
        return 0
    try:
        display = start_virtual("3840x2160")
    except NoDisplay as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return CANNOT_MEASURE
    before = load()
    try:
        found = measure(city, 2.0 if options.quick else 8.0, options.pictures, options.only)
    except subprocess.SubprocessError as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return CANNOT_MEASURE
    finally:
        display.terminate()
        display.wait()
    claims = [claim for size in found for claim in claims_of(size, found[size])]
    machine = f"{machine_words(found)}, load {before} before and {load()} after"
    print(json.dumps({"name": "map_peers", "machine": machine, "claims": claims}, ensure_ascii=False))
    return 0


def measure(city: City, seconds: float, pictures: str, only: str | None) -> dict[str, dict[str, Found]]:
    """By size and program; a peer that is missing is told of and left out."""
    found: dict[str, dict[str, Found]] = {}
    for size in [only] if only else views.SIZES:
        turns: dict[str, Callable[[], Found]] = {
            "ours": lambda s=size: ours("city", s, seconds, *([pictures] if pictures else [])),
            "maplibre": lambda s=size: maplibre_found(city, s, seconds, pictures),
            "qgis": lambda s=size: qgis(city, s, seconds, pictures),
            "points": lambda s=size: ours("points", s, seconds),
        }
        found[size] = {}
        for name, turn in turns.items():
            try:
                found[size][name] = turn()
            except (PeerMissing, PeerFailed, subprocess.TimeoutExpired) as error:
                if name in ("ours", "points"):
                    raise
                print(f"{name} is left out: {error}", file=sys.stderr, flush=True)
                continue
            print(f"{size} {name}: {json.dumps(found[size][name])}", file=sys.stderr, flush=True)
    return found


def ours(what: str, size: str, seconds: float, *pictures: str) -> Found:
    """In a process of its own, as each of the others. Raises SubprocessError."""
    command = [sys.executable, str(HERE / "map_peers_ours.py"), what, size, str(seconds), *pictures]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=LONGEST, check=True)
    return json.loads(run.stdout.splitlines()[-1])


def maplibre_found(city: City, size: str, seconds: float, pictures: str) -> Found:
    """Raises PeerMissing, PeerFailed."""
    found, turn = measure_maplibre(city, size, seconds)
    for view, picture in turn.pictures.items():
        if pictures:
            (Path(pictures) / f"maplibre_{size}_{view}.png").write_bytes(picture)
    return found | {"browser": installed()}


def qgis(city: City, size: str, seconds: float, pictures: str) -> Found:
    """Raises PeerMissing, PeerFailed."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "QT_"))}
    probe = [PYTHON_QGIS, "-c", "import qgis.core"]
    if subprocess.run(probe, env=kept, capture_output=True, check=False).returncode:
        raise PeerMissing("PyQGIS is missing: apt-get install python3-qgis qgis-providers")
    run = subprocess.run(
        [PYTHON_QGIS, str(HERE / "map_peers_qgis.py")],
        input=json.dumps(qgis_plan(city, size, seconds, pictures)),
        capture_output=True,
        text=True,
        env=kept,
        timeout=LONGEST,
        check=False,
    )
    if run.returncode:
        raise PeerFailed(f"QGIS: {run.stderr.strip()[-300:]}")
    return json.loads(run.stdout.splitlines()[-1])


def qgis_plan(city: City, size: str, seconds: float, pictures: str) -> dict[str, Any]:
    """Views in metres of EPSG:3857."""
    plan: dict[str, Any] = {
        "data": str(geopackage(city)), "layers": SHARED, "name": size, "size": views.SIZES[size],
        "seconds": seconds, "pictures": pictures, "views": [],
    }  # fmt: skip
    for name in views.VIEWS:
        (x,), (y,) = to_mercator(*np.array(views.center_of(name, city.bounds))[:, None])
        zoom = views.zoom_of(name, size)
        plan["views"].append(
            {
                "name": name, "center": (float(x), float(y)), "unit": metres_per_pixel(0.0, zoom),
                "rules": rules_at(zoom),
            }
        )  # fmt: skip
    return plan


def claims_of(size: str, found: dict[str, Found]) -> list[dict[str, Any]]:
    """All that was found at one size, ours against each peer."""
    mine, claims = found["ours"], list[dict[str, Any]]()
    for peer in [name for name in ("maplibre", "qgis") if name in found]:
        theirs = found[peer]
        for view in views.VIEWS:
            claims += view_claims(
                f"{view} in view, {size}, against {WORDS[peer]}", peer, mine[view], theirs[view]
            )
        text = f"memory of all processes, {size}, against {WORDS[peer]}"
        claims.append(claim(text, mine["memory"], theirs["memory"], "MB", "", True))
    for form, text in (("live", "as live points"), ("data", "as a data layer")):
        for view in views.VIEWS:
            rate = found["points"][form][view]["rate"]
            text_of_view = f"600,000 addresses {text}, {view} in view, {size}: frames a second"
            claims.append(claim(text_of_view, rate, None, "1/s", f">= {MIN_FPS:.0f}", rate >= MIN_FPS))
    return claims


WORDS = {"maplibre": "MapLibre", "qgis": "QGIS"}


def view_claims(where: str, peer: str, mine: Found, theirs: Found) -> list[dict[str, Any]]:
    """Aims: many times MapLibre's frames, cold no slower than QGIS."""
    times = mine["rate"] / theirs["rate"]
    many = (f">= {TIMES_MAPLIBRE:.0f} x", times >= TIMES_MAPLIBRE) if peer == "maplibre" else ("", True)
    quick = ("<= peer", mine["cold"] <= theirs["cold"]) if peer == "qgis" else ("", True)
    return [
        claim(f"frames a second, {where}", mine["rate"], theirs["rate"], "1/s", *many),
        claim(f"CPU a frame, {where}", mine["cpu"], theirs["cpu"], "ms", "", True),
        claim(f"cold view, {where}", mine["cold"], theirs["cold"], "s", *quick),
        claim(f"renewals of all positions, {where}", mine["renewals"], theirs["renewals"], "1/s", "", True),
    ]


def claim(text: str, ours: float, peer: float | None, unit: str, aim: str, holds: bool) -> dict[str, Any]:
    """One row; the ratio says how many times better ours is."""
    ratio = None
    if peer is not None:
        ratio = round(ours / peer if unit == "1/s" else peer / ours, 2)
    shown = None if peer is None else round(peer, 3)
    return {
        "claim": text, "ours": round(ours, 3), "peer": shown, "unit": unit, "ratio": ratio, "aim": aim,
        "holds": bool(holds),
    }  # fmt: skip


def machine_words(found: dict[str, dict[str, Found]]) -> str:
    """Machine, versions, graphics."""
    words = [f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"]
    first = next(iter(found.values()))
    if "maplibre" in first:
        peer = first["maplibre"]
        words.append(f"MapLibre GL JS {peer['version']} in {peer['browser']}, {peer['renderer']}")
    if "qgis" in first:
        words.append(f"QGIS {first['qgis']['version']}")
    return ", ".join(words)


if __name__ == "__main__":
    sys.exit(main())
