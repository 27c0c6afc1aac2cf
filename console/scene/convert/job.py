"""A delivery of OSGB converted to 3D Tiles 1.1: files spread over processes, progress, cancel, resume."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from console.model.text import Text
from console.scene.convert.draft import FileDraft, Ground, named
from console.scene.convert.journal import Entry, Journal
from console.scene.convert.tileset import Assembly
from console.scene.convert.worker import convert_file, stamp_of, start_worker
from console.scene.osgb import Delivery, Metadata, Site, open_delivery, root_files, site_of
from console.scene.refusal import SceneRefused, refused

VERSION = 1
"""Of what is written: another one makes everything anew."""
MAX_LEVELS = 64
"""Files below files."""
MAX_JOBS = 61
"""Processes: more Windows cannot wait for."""
_POLL = 0.2
"""Seconds within which a cancel is seen."""

Progress = Callable[[float, str], None]


class ConversionCancelled(Exception):
    """The user broke the conversion off; the same call goes on where it was."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to convert."""

    jobs: int = 0
    """Processes; 0: as many as there are processors."""
    metadata: Metadata | None = None
    """Instead of the delivery's own."""


@dataclass(slots=True)
class ConversionReport:
    """What a conversion found and made."""

    files: int = 0
    tiles: int = 0
    triangles: int = 0
    resumed: int = 0
    """Files that an earlier run had converted."""
    absent: int = 0
    """Names of files that are not there: their parents stay."""
    refused: list[tuple[str, Text]] = field(default_factory=list)
    """Files that can't be read, and why; their parents stay too."""
    unread: dict[str, int] = field(default_factory=dict)
    """What was left out of files, and how often."""


def convert_delivery(
    source: Path,
    target: Path,
    options: Options,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> ConversionReport:
    """Write the delivery *source* as 3D Tiles 1.1 into the folder *target*.

    *progress* gets 0..1 and the file at hand. What was written before is kept and used again as long as
    its source is as it was. Raises SceneRefused (nothing to convert, unknown reference system, disk full)
    and ConversionCancelled; what is done by then counts at the next call.
    """
    delivery = open_delivery(source)
    ground = Ground(site_of(delivery, options.metadata), target.resolve())
    try:
        jobs = min(options.jobs or os.cpu_count() or 1, MAX_JOBS)
        return _Job(delivery, ground, jobs).run(progress, cancelled)
    except OSError as error:
        raise _unwritable(target, error) from error
    except BrokenProcessPool as error:
        raise refused(
            "转换进程意外终止(内存可能不足),重新运行可继续",
            "a process of the conversion ended (out of memory?); run it again to go on",
        ) from error


def _unwritable(target: Path, error: OSError) -> SceneRefused:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return refused(
            f"磁盘空间不足,无法写入 {target};腾出空间后重新运行可继续",
            f"no space left to write {target}; free some and run it again to go on",
        )
    return refused(f"无法写入 {target}:{error.strerror}", f"cannot write {target}: {error.strerror}")


class _Job:
    """One run: files are handed out as their parents name them."""

    def __init__(self, delivery: Delivery, ground: Ground, jobs: int) -> None:
        self._ground, self._jobs = ground, jobs
        self._roots = list(root_files(delivery, ground.site))
        self._waiting: deque[tuple[str, int]] = deque((root, 0) for root in self._roots)
        self._seen = set(self._roots)
        self._total = max(1, sum(1 for _ in ground.site.folder.rglob("*.osgb")))
        self._drafts: dict[str, FileDraft] = {}
        self._report = ConversionReport()

    def run(self, progress: Progress, cancelled: Callable[[], bool]) -> ConversionReport:
        journal = Journal(self._ground.target, _identity(self._ground.site))
        with journal as done, self._pool() as pool:
            try:
                self._convert(pool, journal, done, progress, cancelled)
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        assembly = Assembly(self._drafts, self._roots)
        assembly.write(self._ground)
        self._report.tiles = assembly.tiles
        progress(1.0, "")
        return self._report

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._jobs,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=start_worker,
            initargs=(self._ground,),
        )

    def _convert(
        self,
        pool: ProcessPoolExecutor,
        journal: Journal,
        done: dict[str, Entry],
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> None:
        running: dict[Future[Entry], int] = {}
        while self._waiting or running:
            if cancelled():
                raise ConversionCancelled
            while self._waiting and len(running) < 2 * self._jobs:
                file, depth = self._waiting.popleft()
                entry = done.get(file)
                if entry is not None and entry.stamp == stamp_of(self._ground.site.folder / file):
                    self._report.resumed += 1
                    self._accept(entry, depth)
                else:
                    running[pool.submit(convert_file, file)] = depth
            finished, _ = wait(running, _POLL, FIRST_COMPLETED)
            for future in finished:
                depth, entry = running.pop(future), future.result()
                journal.add(entry)
                self._accept(entry, depth)
                progress(min(1.0, len(self._drafts) / self._total), entry.draft.file)

    def _accept(self, entry: Entry, depth: int) -> None:
        """Count a file in and put those it names in line."""
        draft, report = entry.draft, self._report
        self._drafts[draft.file] = draft
        report.files += 1
        report.triangles += draft.triangles
        report.absent += draft.absent
        for each in draft.unread:
            report.unread[each] = report.unread.get(each, 0) + 1
        if entry.trouble[0]:
            report.refused.append((draft.file, Text(*entry.trouble)))
        for file in named(draft.tiles):
            if file not in self._seen and depth < MAX_LEVELS:
                self._seen.add(file)
                self._waiting.append((file, depth + 1))


def _identity(site: Site) -> str:
    return json.dumps([VERSION, site.metadata.srs, site.metadata.origin, site.frame.tolist()])
