"""The staff list as a CSV file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from console.sdk.csv_file import defused, write_csv
from console.sdk.records import Staff
from plugins.staff.desktop.roster import Roster
from plugins.staff.desktop.states import State

HEADINGS = (
    "Id",
    "Name",
    "Role",
    "Area code",
    "State",
    "Longitude",
    "Latitude",
    "Time of fix",
    "Speed (km/h)",
    "Accuracy (m)",
    "Battery (%)",
)
"""English titles of the columns."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A copy of some rows, which a worker may read while the roster goes on changing."""

    records: Sequence[Staff]
    state: npt.NDArray[np.uint8]
    figures: npt.NDArray[np.float64]
    """(n, 6): longitude, latitude, time, m/s, metres, battery share; NaN is unknown."""


def take_snapshot(roster: Roster, rows: npt.NDArray[np.int64]) -> Snapshot:
    """Copy *rows* of the roster."""
    columns = ("lon", "lat", "good_time", "speed", "accuracy", "battery")
    figures = np.column_stack([getattr(roster, name)[rows].astype(float) for name in columns])
    return Snapshot([roster.records[row] for row in rows.tolist()], roster.state[rows], figures)


def write_list(path: Path, snapshot: Snapshot, headings: Sequence[str], states: dict[State, str]) -> None:
    """Write a line a person. Phones are not exported. Raises OSError."""
    write_csv(path, [headings, *_lines(snapshot, states)])


def _lines(snapshot: Snapshot, states: dict[State, str]) -> Iterator[list[str]]:
    for staff, state, figures in zip(snapshot.records, snapshot.state, snapshot.figures, strict=True):
        who = (staff.id, staff.name, staff.role, staff.area, states[State(int(state))])
        yield [*map(defused, who), *_cells(figures)]


def _cells(figures: npt.NDArray[np.float64]) -> list[str]:
    lon, lat, time, speed, accuracy, battery = (float(value) for value in figures)
    when = "" if math.isnan(time) else datetime.fromtimestamp(time).isoformat(" ", "seconds")
    return [
        _number(lon, 6),
        _number(lat, 6),
        when,
        _number(speed * 3.6, 1),
        _number(accuracy, 0),
        _number(battery * 100, 0),
    ]


def _number(value: float, digits: int) -> str:
    return "" if math.isnan(value) else f"{value:.{digits}f}"
