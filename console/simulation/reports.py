"""What a device sends: OsmAnd queries or OwnTracks JSON, with the faults of real phones."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace

from console.simulation.walker import Fix

KNOT = 0.514444
"""Metres a second."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares (0..1) of reports that get lost, come late or are wrong."""

    drop: float = 0.02
    late: float = 0.02
    wrong: float = 0.01


@dataclass(frozen=True, slots=True)
class Report:
    """One report to be sent ``delay`` seconds from now."""

    fix: Fix
    at: float
    accuracy: float
    battery: float
    delay: float = 0.0


def make_report(fix: Fix, battery: float, faults: Faults, chance: random.Random) -> Report | None:
    """The report of *fix* as a real phone would make it; None when it gets lost."""
    if chance.random() < faults.drop:
        return None
    report = Report(fix, time.time(), round(chance.lognormvariate(2.0, 0.5), 1), battery)
    if chance.random() < faults.late:
        report = replace(report, delay=chance.uniform(10, 40))
    if chance.random() < faults.wrong:
        report = _spoil(report, chance)
    return report


def _spoil(report: Report, chance: random.Random) -> Report:
    """No fix (0,0), a jump of some kilometres, or a clock that is wrong."""
    lon, lat = report.fix.where
    match chance.randrange(3):
        case 0:
            return replace(report, fix=replace(report.fix, where=(0.0, 0.0)))
        case 1:
            return replace(report, fix=replace(report.fix, where=(lon + 0.15, lat - 0.1)))
        case _:
            return replace(report, at=report.at + 3600)


def osmand_query(device: str, report: Report) -> dict[str, str]:
    """Query of the OsmAnd / Traccar Client protocol; its speed is in knots."""
    lon, lat = report.fix.where
    return {
        "id": device,
        "lat": f"{lat:.6f}",
        "lon": f"{lon:.6f}",
        "timestamp": str(int(report.at)),
        "speed": f"{report.fix.speed / KNOT:.2f}",
        "bearing": f"{report.fix.heading:.0f}",
        "accuracy": f"{report.accuracy}",
        "batt": f"{report.battery * 100:.0f}",
    }


def owntracks_body(device: str, report: Report) -> dict[str, object]:
    """Body of an OwnTracks location message; its speed is in km/h."""
    lon, lat = report.fix.where
    return {
        "_type": "location",
        "topic": f"owntracks/{device}/phone",
        "tid": device[-2:],
        "lat": round(lat, 6),
        "lon": round(lon, 6),
        "tst": int(report.at),
        "vel": round(report.fix.speed * 3.6),
        "cog": round(report.fix.heading),
        "acc": round(report.accuracy),
        "batt": round(report.battery * 100),
    }
