"""Tracks as files. For a worker: no Qt. Files say who looked when; they hold no phone number."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from console.sdk.csv_file import write_csv
from plugins.staff.desktop.tracks.desk import Track

COLUMNS = ("staff", "name", "time", "lon", "lat")
"""Columns of the CSV file, the same in all languages, since programs read it."""


def write_gpx(path: Path, tracks: Sequence[Track]) -> None:
    """GPX 1.1, a track a person, times in UTC. Raises OSError."""
    import shapely  # imported when somebody exports
    from pyogrio import errors, raw

    rows = [(n, track) for n, track in enumerate(tracks) if len(track.points)]
    points = np.concatenate([track.points for _, track in rows])
    counts = [len(track.points) for _, track in rows]
    fields = {
        "track_fid": np.repeat([n for n, _ in rows], counts).astype(np.int32),
        "track_seg_id": np.zeros(len(points), np.int32),
        "time": (points[:, 2] * 1000).astype("datetime64[ms]"),
        "track_name": np.repeat(np.array([track.name for _, track in rows], object), counts),
    }
    path.unlink(missing_ok=True)
    try:
        raw.write(
            path,
            shapely.to_wkb(shapely.points(points[:, :2])),
            field_data=list(fields.values()),
            fields=np.array(list(fields), object),
            geometry_type="Point",
            layer="track_points",
            driver="GPX",
            crs="EPSG:4326",
            gdal_tz_offsets={"time": np.full(len(points), 100)},  # GDAL's number for UTC
        )
    except errors.DataSourceError as error:
        raise OSError(str(error)) from error


def write_geojson(path: Path, tracks: Sequence[Track]) -> None:
    """A feature a person; ``times`` beside the coordinates, ISO 8601. Raises OSError."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": track.points[:, :2].tolist()},
            "properties": {
                "staff": track.staff,
                "name": track.name,
                "metres": round(track.metres),
                "times": [_iso(at) for at in track.points[:, 2].tolist()],
            },
        }
        for track in tracks
        if len(track.points) > 1
    ]
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False), "utf-8")


def write_fixes(path: Path, tracks: Sequence[Track]) -> None:
    """A line a fix. Raises OSError."""
    write_csv(path, [COLUMNS, *(line for track in tracks for line in _fixes(track))])


def _fixes(track: Track) -> Iterator[list[str]]:
    for lon, lat, at in track.points.tolist():
        yield [track.staff, track.name, _iso(at), f"{lon:.7f}", f"{lat:.7f}"]


WRITERS: dict[str, Callable[[Path, Sequence[Track]], None]] = {
    "gpx": write_gpx,
    "geojson": write_geojson,
    "csv": write_fixes,
}
"""By suffix; PDF is made by ``report``, which needs Qt."""


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
