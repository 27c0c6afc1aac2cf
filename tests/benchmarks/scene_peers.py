"""The scene against CesiumJS in Chromium: the same tilesets from one loopback server, unlit, 1920x1080.

The pagoda of Xi'an, then towns of 85, 1,020 and 11,050 tiles and an implicit one of 349,525, each in
processes of its own, in turn. To the full view: from the question, the process being ready, and from
the start of the program, until all tiles of the view are drawn. The orbit's frames are drawn one by
one with all pixels, its tiles being there; ours is painted in its window as well, CesiumJS's is read
back to be sure that it was drawn. Memory is the most that a program with all its processes held.
Then which files both choose at many places: they must be the same.

    .venv/bin/python tests/benchmarks/scene_peers.py [--setup] [--quick] [--pictures FOLDER]

Both draw by llvmpipe. A peer that is not installed is left out, and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from console.cli.display import NoDisplay, start_virtual  # noqa: E402
from tests.benchmarks.browser import PeerFailed, PeerMissing, installed  # noqa: E402
from tests.benchmarks.process_cost import load  # noqa: E402
from tests.benchmarks.scene_peers_cesium import CESIUM, cesium  # noqa: E402
from tests.benchmarks.scene_peers_choice import AGREED, compared  # noqa: E402
from tests.benchmarks.scene_peers_ours import ours  # noqa: E402
from tests.benchmarks.scene_peers_views import (  # noqa: E402
    LARGE,
    QUICK,
    SETS,
    SIZE,
    SMALL,
    WORDS,
    Orbit,
    Source,
    orbit_of,
    warm,
)

CANNOT_MEASURE = 2
AIM_TIME, AIM_FRAMES = 0.5, 2.0
FRAMES, QUICK_FRAMES = 60, 8
"""Of an orbit."""
Found = dict[str, Any]


def main() -> int:
    """Measure and print one JSON object as the last line; 2 when ours could not be measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="shorter orbits, fewer towns, same claims")
    parser.add_argument("--setup", action="store_true", help="fetch CesiumJS from npm")
    parser.add_argument("--pictures", default="", metavar="FOLDER", help="keep what each drew")
    options = parser.parse_args()
    if options.pictures:
        Path(options.pictures).mkdir(parents=True, exist_ok=True)
    try:
        if options.setup:
            CESIUM.folder()
            return 0
        display = start_virtual(f"{SIZE[0]}x{SIZE[1]}")
    except (NoDisplay, PeerMissing) as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return CANNOT_MEASURE
    before = load()
    try:
        found = {
            name: both(name, options.quick, options.pictures) for name in (QUICK if options.quick else SETS)
        }
        agreed = agreement()
    except subprocess.SubprocessError as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return CANNOT_MEASURE
    finally:
        display.terminate()
        display.wait()
    claims = [each for name in found for each in claims_of(name, found[name])]
    claims += [*growth(found), *agreed]
    machine = f"{machine_words(found)}, load {before} before and {load()} after"
    print(json.dumps({"name": "scene_peers", "machine": machine, "claims": claims}, ensure_ascii=False))
    return 0


def both(name: str, quick: bool, pictures: str) -> dict[str, Found]:
    """One set, by side. Raises SubprocessError when ours cannot be measured."""
    source = SETS[name]()
    orbit = orbit_of(name, source)
    frames = QUICK_FRAMES if quick else FRAMES
    warm(source, [orbit.camera(pose) for pose in orbit.poses(frames)])
    found = {"ours": ours_found(name, source, orbit, frames, pictures)}
    try:
        found["peer"] = cesium_found(name, source, orbit, frames, pictures)
    except (PeerMissing, PeerFailed) as error:
        print(f"CesiumJS is left out: {error}", file=sys.stderr)
    print(f"{name}: {json.dumps(found)}", file=sys.stderr, flush=True)
    return found


def ours_found(name: str, source: Source, orbit: Orbit, frames: int, pictures: str) -> Found:
    """Raises SubprocessError."""
    poses = orbit.poses(frames)
    with ours({name: source}, orbit) as window:
        found = window.open(name, source.start, poses[0])
        found["cold"] = time.perf_counter() - window.started
        found |= window.orbit(poses)
        if pictures:
            window.picture(Path(pictures) / f"ours_{name}.png")
    return found | {"memory": window.memory.megabytes}


def cesium_found(name: str, source: Source, orbit: Orbit, frames: int, pictures: str) -> Found:
    """Raises PeerMissing, PeerFailed."""
    cameras = [orbit.camera(pose) for pose in orbit.poses(frames)]
    with cesium({name: source}, SIZE) as page:
        found: Found = {"seconds": page.open(name, source.start, cameras[0])}
        found["cold"] = time.perf_counter() - page.started
        chosen = page.look(cameras[0])
        found |= {key: chosen[key] for key in ("selected", "triangles", "faults")}
        found |= page.orbit(cameras)
        if pictures:
            (Path(pictures) / f"cesium_{name}.png").write_bytes(page.picture())
    return found | {"memory": page.memory.megabytes, "about": page.about}


def claims_of(name: str, found: dict[str, Found]) -> list[Found]:
    """All that was found of one set."""
    mine, theirs, words = found["ours"], found.get("peer", {}), WORDS[name]
    rows = [
        ("seconds", f"to the full view of {words}, program ready", "s", AIM_TIME),
        ("cold", f"to the full view of {words}, from its start", "s", AIM_TIME),
        ("rate", f"frames a second round {words}", "1/s", AIM_FRAMES),
        ("cpu", f"CPU a frame round {words}", "ms", None),
        ("memory", f"most memory with {words}", "MB", None),
    ]
    claims = [claim(text, mine[key], theirs.get(key), unit, aim) for key, text, unit, aim in rows]
    for key in ("selected", "triangles"):
        what = "tiles" if key == "selected" else key
        same = not theirs or mine[key] == theirs[key]
        claims.append(
            claim(f"{what} drawn of {words}", mine[key], theirs.get(key), what, None)
            | {"ratio": None, "aim": "= peer", "holds": same}
        )
    return claims


def growth(found: dict[str, dict[str, Found]]) -> list[Found]:
    """How many times longer the largest town takes than the smallest."""

    def times(side: str, key: str) -> float | None:
        if side not in found[SMALL] or side not in found[LARGE]:
            return None
        return found[LARGE][side][key] / found[SMALL][side][key]

    rows = [("seconds", "time to the full view"), ("memory", "memory")]
    return [
        claim(
            f"{text}: {WORDS[LARGE]} against {WORDS[SMALL]}",
            times("ours", key),
            times("peer", key),
            "x",
            None,
        )
        for key, text in rows
    ]


def agreement() -> list[Found]:
    """In how many views the same files are chosen; none without the peer."""
    try:
        views = list(compared())
    except (PeerMissing, PeerFailed) as error:
        print(f"the choice is not compared: {error}", file=sys.stderr)
        return []
    place, tiles, triangles = AGREED
    measured = next((len(theirs), count) for _, at, count, theirs, _ in views if at == place)
    if measured != (tiles, triangles):
        print(f"CesiumJS gives {measured} for the pagoda, not {AGREED[1:]}", file=sys.stderr)
    for name, at, _, theirs, mine in views:
        if theirs != mine:
            differ = sorted(set(theirs) ^ set(mine))
            print(f"{name}, place {at}: {len(theirs)} files, ours {len(mine)}: {differ}", file=sys.stderr)
    same = sum(theirs == mine for *_, theirs, mine in views)
    row = claim("views in which the same files are chosen", same, len(views), "views", None)
    return [row | {"ratio": None, "aim": "= peer", "holds": same == len(views)}]


def claim(text: str, ours: float | None, peer: float | None, unit: str, aim: float | None) -> Found:
    """One row; the ratio says how many times better ours is. *aim*: of a time at most, of a rate at least."""
    ratio, words, holds = None, "", True
    if ours and peer:
        ratio = round(ours / peer if unit == "1/s" else peer / ours, 2)
    if aim is not None:
        words = f">= {aim:g} x" if unit == "1/s" else f"<= {aim:g} x"
        holds = ratio is None or ratio >= (aim if unit == "1/s" else 1 / aim)
    shown = [None if number is None else round(number, 3) for number in (ours, peer)]
    return {
        "claim": text, "ours": shown[0], "peer": shown[1], "unit": unit, "ratio": ratio, "aim": words,
        "holds": holds,
    }  # fmt: skip


def machine_words(found: dict[str, dict[str, Found]]) -> str:
    """Machine, versions, graphics."""
    words = [f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"]
    about = next((sides["peer"]["about"] for sides in found.values() if "peer" in sides), None)
    if about is not None:
        words.append(f"CesiumJS {about['version']} in {installed()}, {about['renderer']}")
    return ", ".join(words)


if __name__ == "__main__":
    sys.exit(main())
