"""What the process answers; the process itself."""

from __future__ import annotations

import math
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

import numpy as np
import shapely

from console.model.text import Text
from console.processes import end_with_parent
from console.scene.earthwork.line import Profile, Values, line_of, profile
from console.scene.earthwork.question import Question
from console.scene.earthwork.section import section
from console.scene.earthwork.site import Site, gather_site
from console.scene.earthwork.volume import Sampled, local_area, sample
from console.scene.frame import Frame
from console.scene.refusal import SceneRefused, refused

MOST_PROFILE, MOST_SECTION, MOST_AREA = 5_000.0, 2_000.0, 1_000_000.0
"""Metres, metres, square metres."""
MOST_CORNERS = 500
FINEST = 0.1
"""Metres between two rays at least."""
_ALONG, _CELLS, _EDGE_CELLS = 4_000, 250_000, 20_000
"""Rays along a line; cells of an area, and along its edge, where they are cut."""
_BEAT = 0.01
"""Share of the work after which it is told."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What the question asked for."""

    detail: float
    unread: int
    profile: Profile | None = None
    length: float = 0.0
    pieces: Values | None = None
    """See ``section``."""
    sampled: Sampled | None = None


Answer = float | Found | Text
"""The share done; the answer; why there is none."""


def answer_process(question: Question, pipe: Connection) -> None:
    """The whole life of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(signal.SIGKILL)
    told = 0.0

    def progress(done: float, _text: str) -> None:
        nonlocal told
        if done >= told + _BEAT:
            told = done
            pipe.send(done)

    try:
        pipe.send(answer(question, progress))
    except SceneRefused as error:
        pipe.send(error.message)
    except MemoryError:
        pipe.send(Text("内存不足,请缩小范围", "out of memory: take a smaller area"))


def answer(question: Question, progress: Callable[[float, str], None]) -> Found:
    """Raises SceneRefused."""
    lon, lat = np.mean(question.places, axis=0).tolist()
    frame = Frame(lon, lat, question.height)
    if not 2 <= len(question.places) <= MOST_CORNERS:
        raise refused(f"点数须为 2 至 {MOST_CORNERS} 个", f"2 to {MOST_CORNERS} places are needed")
    if question.kind == "volume":
        return _volume(question, frame, progress)
    return _line(question, frame, progress)


def _line(question: Question, frame: Frame, progress: Callable[[float, str], None]) -> Found:
    line = line_of(frame, question.places)
    most = MOST_SECTION if question.kind == "section" else MOST_PROFILE
    if line.length > most:
        raise refused(
            f"剖面线长 {line.length:,.0f} 米,超过上限 {most:,.0f} 米",
            f"the line is {line.length:,.0f} m long; {most:,.0f} m is the most",
        )
    site = gather_site(question.around, frame, shapely.LineString(line.corners), progress)
    found = profile(site, line, max(FINEST, line.length / _ALONG))
    pieces = section(site.soups, line) if question.kind == "section" else None
    if not np.isfinite(found.surface).any() and (pieces is None or not len(pieces)):
        _must_be_read(site)
        raise refused("剖面线上没有模型、建筑或地形", "no model, building or terrain is along this line")
    return Found(site.detail, site.unread, found, line.length, pieces)


def _must_be_read(site: Site) -> None:
    """Raises SceneRefused: nothing was found since nothing could be read."""
    if site.unread:
        raise refused(
            f"有 {site.unread} 个模型文件无法读取,此处没有其他数据",
            f"{site.unread} files of the models cannot be read, and there is nothing else here",
        )


def _volume(question: Question, frame: Frame, progress: Callable[[float, str], None]) -> Found:
    area = local_area(frame, question.places)
    if area.area > MOST_AREA:
        raise refused(
            f"范围面积 {area.area / 1e6:,.2f} 平方公里,超过上限 1 平方公里",
            f"the area is {area.area / 1e6:,.2f} km²; 1 km² is the most",
        )
    site = gather_site(question.around, frame, area, progress)
    try:
        step = max(FINEST, math.sqrt(area.area / _CELLS), area.length / _EDGE_CELLS)
        sampled = sample(site, area, step)
    except SceneRefused:
        _must_be_read(site)
        raise
    return Found(site.detail, site.unread, sampled=sampled)
