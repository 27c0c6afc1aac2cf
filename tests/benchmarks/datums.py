"""Converting datums: points a second, and how far from an independent library.

The peer is geocoordinates (Rust, by way of its Python binding), whose functions take one point;
for plane coordinates there is none, as both it and ours would ask PROJ. Its points are made before
the clock starts. The aim is a city's 600,000 addresses in a second. ``--quick`` takes fewer points.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geocoordinates_ffi as peer
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from console.model.coordinates import Floats, haversine  # noqa: E402
from console.model.datums import conversion  # noqa: E402
from console.model.local_datums import Helmert, LocalDatum, Similarity  # noqa: E402

AIM = 600_000
"""Points a second."""
CENTIMETRE = 0.01
ROUNDS = 3
CITY = LocalDatum(
    name="city",
    title_zh="城建坐标",
    title_en="City plane",
    crs="+proj=tmerc +lat_0=0 +lon_0=117.2 +x_0=500000 +ellps=krass +units=m +type=crs",
    similarity=Similarity(dx=12.5, dy=-7.25, angle=30.0, scale=3.0),
    helmert=Helmert(dx=15.8, dy=-154.4, dz=-82.3, rx=0.31, ry=-0.22, rz=2.1, scale=-2.4),
)
Places = tuple[Floats, Floats]
Peer = tuple[Callable[..., Any], Callable[..., Any]]
"""What makes the peer's point, and what converts it."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    count = 60_000 if parser.parse_args().quick else AIM
    rng = np.random.default_rng(1)
    china = rng.uniform(74, 134, count), rng.uniform(4, 53, count)
    city = rng.uniform(116.5, 117.9, count), rng.uniform(33.8, 34.8, count)
    shifts: dict[str, tuple[str, bool, Peer]] = {
        "WGS 84 to GCJ-02": ("gcj02", False, (peer.Wgs84, peer.wgs84_to_gcj02)),
        "GCJ-02 to WGS 84": ("gcj02", True, (peer.Gcj02, peer.gcj02_to_wgs84_refined)),
        "WGS 84 to BD-09": ("bd09", False, (peer.Wgs84, peer.wgs84_to_bd09)),
        "BD-09 to WGS 84": ("bd09", True, (peer.Bd09, peer.bd09_to_wgs84_refined)),
    }
    claims = [claim for name, what in shifts.items() for claim in shift_claims(name, china, *what)]
    claims += [plane_claim("zone of CGCS2000 to WGS 84", "EPSG:4548", city)]
    claims += [plane_claim("local plane, four and seven parameters, to WGS 84", "local:city", city)]
    machine = (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    print(json.dumps({"name": "datums", "machine": machine, "claims": claims}, ensure_ascii=False))


def shift_claims(name: str, places: Places, datum: str, off: bool, theirs: Peer) -> list[dict[str, Any]]:
    """Speed beside the peer's, and the largest difference."""
    known = conversion(datum)
    given = known.from_wgs84(*places) if off else places
    points = [theirs[0](lat=lat, lon=lon) for lon, lat in zip(*(a.tolist() for a in given), strict=True)]
    convert = known.to_wgs84 if off else known.from_wgs84
    ours, peers = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(lambda: convert(*given)))
        peers.append(seconds(lambda: [theirs[1](point) for point in points]))
    answers = [theirs[1](point) for point in points[:20_000]]
    mine = convert(given[0][:20_000], given[1][:20_000])
    apart = haversine(*mine, np.array([a.lon for a in answers]), np.array([a.lat for a in answers]))
    worst = float(apart.max())
    return [
        rate_claim(name, len(points), min(ours), min(peers)),
        claim(
            f"{name}: largest distance from the peer",
            worst,
            None,
            "m",
            f"<= {CENTIMETRE}",
            worst <= CENTIMETRE,
        ),
    ]


def plane_claim(name: str, datum: str, places: Places) -> dict[str, Any]:
    """Speed of plane coordinates to degrees."""
    known = conversion(datum, {"city": CITY})
    given = known.from_wgs84(*places)
    return rate_claim(
        name, len(given[0]), min(seconds(lambda: known.to_wgs84(*given)) for _ in range(ROUNDS)), None
    )


def seconds(work: Callable[[], object]) -> float:
    """How long *work* takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rate_claim(name: str, count: int, ours: float, peers: float | None) -> dict[str, Any]:
    """Points a second."""
    rates: Sequence[float | None] = (count / ours, count / peers if peers else None)
    return claim(name, rates[0], rates[1], "points/s", f">= {AIM}", count / ours >= AIM)


def claim(
    what: str, ours: float | None, peers: float | None, unit: str, aim: str, holds: bool
) -> dict[str, Any]:
    """One line of the report."""
    ratio = round(ours / peers, 2) if ours and peers else None
    return {
        "claim": what,
        "ours": ours,
        "peer": peers,
        "unit": unit,
        "ratio": ratio,
        "aim": aim,
        "holds": holds,
    }


if __name__ == "__main__":
    main()
