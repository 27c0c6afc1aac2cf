"""What runs in a process of a conversion."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

from console.processes import end_with_parent
from console.scene.convert.draft import Drafter, FileDraft, Ground
from console.scene.convert.journal import Entry
from console.scene.osgb import read_osgb_file
from console.scene.refusal import SceneRefused, refused

_ground: Ground | None = None


def start_worker(ground: Ground) -> None:
    """Make ready for ``convert_file``. Ctrl+C is the parent's affair; without it we end."""
    global _ground
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:
        os._exit(1)  # it ended while this one was starting: nobody would ever end it
    _ground = ground


def convert_file(file: str) -> Entry:
    """Convert one file, named below the delivery's folder. Raises OSError when it can't be written."""
    assert _ground is not None
    path = _ground.site.folder / file
    stamp = stamp_of(path)
    try:
        draft = Drafter(_ground, file).make(read_osgb_file(path))
    except SceneRefused as error:
        return Entry(stamp, FileDraft(file), (error.message.zh_CN, error.message.en))
    except MemoryError:
        error = refused("内存不足", "out of memory")
        return Entry(stamp, FileDraft(file), (error.message.zh_CN, error.message.en))
    return Entry(stamp, draft)


def stamp_of(path: Path) -> tuple[int, int]:
    """Bytes and time of change (nanoseconds) of a file; of one that is gone: nothing."""
    try:
        state = path.stat()
    except OSError:
        return (0, 0)
    return (state.st_size, state.st_mtime_ns)
