"""What all cameras see, worked out in processes: only what has changed, going on where it broke off."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.processes import end_with_parent
from console.scene.refusal import refused
from console.scene.sight.cameras import CameraRecord, Known, completed
from console.scene.sight.kept import SightFile
from console.scene.sight.mesh import FineMesh
from console.scene.sight.seen import Packed, Settings, look, pack

VERSION = 1
"""Of how it is worked out: another one makes everything anew."""
MAX_JOBS = 61
"""Processes: more Windows cannot wait for."""
_SIDE = 512.0
"""Metres of a square whose cameras share their triangles."""
_MOST = 32
"""Cameras handed out together."""
_FEW = 64
"""Cameras that are done before processes would have started."""
_POLL = 0.2
"""Seconds within which a cancel is seen."""

Progress = Callable[[float, str], None]
Found = dict[str, tuple[bytes, float, Packed]]
Task = list[tuple[bytes, Known]]


class PrecomputingCancelled(Exception):
    """The user broke it off; the same call goes on where it was."""


@dataclass(slots=True)
class PrecomputeReport:
    """What was done."""

    cameras: int = 0
    computed: int = 0
    kept: int = 0
    """As they were: nothing within their range has changed."""
    dropped: int = 0
    """No more on the list."""
    groundless: int = 0
    """Where no surface is known."""


def precompute(
    mesh: FineMesh,
    records: Sequence[CameraRecord],
    target: Path,
    settings: Settings,
    progress: Progress,
    cancelled: Callable[[], bool],
    jobs: int = 0,
) -> PrecomputeReport:
    """Bring the file *target* up to what *records* see in *mesh*, in *jobs* processes (0: one a processor).

    A camera is worked out again only when its record, the settings or a block within its range are others.
    The mesh should live in a file: what it holds itself goes to every process. Raises SceneRefused (file
    damaged, a record that makes no sense), PrecomputingCancelled.
    """
    known = [completed(record) for record in records]
    keys = _keys(mesh, known, settings)
    with SightFile(target, write=True) as file:
        there = file.keys()
        gone = there.keys() - keys.keys()
        file.drop(gone)
        due = [each for each in known if there.get(each.record.id) != keys[each.record.id]]
        report = PrecomputeReport(len(keys), 0, len(known) - len(due), len(gone))
        for found in _worked_out(mesh, list(_tasks(mesh, due, keys)), settings, jobs, cancelled):
            file.put(found)
            report.computed += len(found)
            report.groundless += sum(packed.side == 0 for _, _, packed in found.values())
            progress(report.computed / len(due), f"{report.computed * 50 // len(due) * 2}%")
    return report


def _keys(mesh: FineMesh, cameras: Sequence[Known], settings: Settings) -> dict[str, bytes]:
    """By camera: a fingerprint of all that its seen area depends on."""
    frame = mesh.frame
    shared = [VERSION, settings, [float(frame.lon), float(frame.lat), float(frame.height)]]
    start = hashlib.blake2b(msgspec.json.encode(shared), digest_size=16)
    keys: dict[str, bytes] = {}
    for known, place in zip(cameras, _places(mesh, cameras), strict=True):
        digest = start.copy()
        digest.update(msgspec.json.encode(known.record))
        for row in mesh.near(place, known.field.reach).tolist():
            digest.update(mesh.blocks[row].fingerprint.encode())
        keys[known.record.id] = digest.digest()
    return keys


def _places(mesh: FineMesh, cameras: Sequence[Known]) -> NDArray[np.float64]:
    """(n, 3) of the mesh's frame, at its height."""
    lon = [known.record.lon for known in cameras]
    lat = [known.record.lat for known in cameras]
    return mesh.frame.place(lon, lat, mesh.frame.height)


def _tasks(mesh: FineMesh, due: Sequence[Known], keys: dict[str, bytes]) -> Iterator[Task]:
    """Neighbours together, those that see far by themselves."""
    squares = np.floor(_places(mesh, due)[:, :2] / _SIDE).astype(int).tolist()
    kinds = [(int(known.field.reach // _SIDE), *square) for known, square in zip(due, squares, strict=True)]
    order = sorted(range(len(due)), key=kinds.__getitem__)
    for _, group in groupby(order, key=kinds.__getitem__):
        task = [(keys[due[row].record.id], due[row]) for row in group]
        yield from (task[first : first + _MOST] for first in range(0, len(task), _MOST))


def _worked_out(
    mesh: FineMesh, tasks: list[Task], settings: Settings, jobs: int, cancelled: Callable[[], bool]
) -> Iterator[Found]:
    """In processes, or here when there is little to do. Raises PrecomputingCancelled."""
    jobs = min(jobs or os.cpu_count() or 1, len(tasks), MAX_JOBS)
    if jobs > 1 and sum(map(len, tasks)) > _FEW:
        yield from _in_processes(mesh, tasks, settings, jobs, cancelled)
        return
    for task in tasks:
        if cancelled():
            raise PrecomputingCancelled
        yield _look_around(mesh, settings, task)


def _in_processes(
    mesh: FineMesh, tasks: list[Task], settings: Settings, jobs: int, cancelled: Callable[[], bool]
) -> Iterator[Found]:
    context = multiprocessing.get_context("spawn")
    waiting = tasks[::-1]
    running: set[Future[Found]] = set()
    with ProcessPoolExecutor(jobs, context, _start_worker, (mesh, settings)) as pool:
        try:
            while waiting or running:
                if cancelled():
                    raise PrecomputingCancelled
                while waiting and len(running) < 2 * jobs:
                    running.add(pool.submit(_work, waiting.pop()))
                finished, running = wait(running, _POLL, FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        except BrokenProcessPool as error:
            raise refused(
                "计算进程意外终止(内存可能不足),重新运行可继续",
                "a process of the computation ended (out of memory?); run it again to go on",
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


_shared: tuple[FineMesh, Settings] | None = None


def _start_worker(mesh: FineMesh, settings: Settings) -> None:
    """Ctrl+C is the parent's affair; without it we end."""
    global _shared
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(signal.SIGKILL)
    _shared = mesh, settings


def _work(task: Task) -> Found:
    assert _shared is not None
    return _look_around(*_shared, task)


def _look_around(mesh: FineMesh, settings: Settings, task: Task) -> Found:
    cameras = [known for _, known in task]
    near = [
        mesh.near(place, known.field.reach)
        for known, place in zip(cameras, _places(mesh, cameras), strict=True)
    ]
    rays = mesh.rays(np.unique(np.concatenate(near)))
    return {
        known.record.id: (key, known.field.reach, pack(look(rays, known, settings))) for key, known in task
    }
