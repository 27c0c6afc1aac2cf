"""The child process of an import: ``python -m console.server.import_worker``.

Also of a layer that is read anew in another datum: no files then, but the layer's id.

It reads one JSON line with what to do (the database's URL may hold a password,
so it is no argument), then ``cancel`` may follow. It writes JSON lines:
``{"progress", "text"}`` and at last ``{"state", "report"|"error"}``.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from console.model.datums import DatumError
from console.model.layers import LayerKind
from console.model.records import ImportReport
from console.processes import end_with_parent
from console.server.datums.checks import measure_guesses
from console.server.datums.correct import read_as, stored_package
from console.server.datums.known import datum_named
from console.server.db import Database
from console.server.errors import is_disk_full
from console.server.importing import ImportCancelled, ImportFailed, ImportOptions, import_files
from console.server.layers import layer_infos, replace_layers


class Task(msgspec.Struct, frozen=True):
    """What the parent asks for."""

    database_url: str
    files: list[str]
    datum: str | None = None
    layer: LayerKind | None = None
    area: str | None = None
    title: str | None = None
    again: str = ""
    """Id of a stored layer to be read as ``datum``; there are no files then."""
    known: str = "declared"
    """How the new datum of that layer is known."""


def main() -> None:
    """Run one import and say how it went."""
    end_with_parent()
    task = msgspec.json.decode(sys.stdin.readline(), type=Task)
    cancelled = threading.Event()
    threading.Thread(target=_await_cancel, args=(cancelled,), daemon=True).start()
    _say(**_import(task, cancelled))


def _import(task: Task, cancelled: threading.Event) -> dict[str, Any]:
    database = Database(task.database_url)
    try:
        report = _read_again(database, task) if task.again else _read_files(database, task, cancelled)
        return {"state": "done", "progress": 1.0, "report": report}
    except ImportCancelled:
        return {"state": "cancelled"}
    except ImportFailed as error:
        return {"state": "failed", "error": error.message_zh, "error_en": error.message_en}
    except DatumError as error:
        return {"state": "failed", "error": f"坐标基准不适用:{error}", "error_en": str(error)}
    except SQLAlchemyError as error:
        full = is_disk_full(error)
        chinese = "服务器磁盘已满,原有数据未变" if full else "数据库暂不可用,原有数据未变"
        english = "The server's disk is full" if full else "The database cannot be reached"
        return {"state": "failed", "error": chinese, "error_en": f"{english}; the data are as they were"}
    finally:
        database.close()


def _read_files(database: Database, task: Task, cancelled: threading.Event) -> ImportReport:
    with database.read() as session:
        datum = datum_named(session, task.datum) if task.datum else None
    result = import_files(
        [Path(name) for name in task.files],
        ImportOptions(datum=datum, layer=task.layer, area=task.area, title=task.title),
        lambda done, text: _say(progress=done * 0.9, text=text),
        cancelled.is_set,
    )
    _say(progress=0.9, text="storing")
    with database.write() as session:
        infos = replace_layers(session, result.layers, result.areas)
        measure_guesses(session, infos)
    return replace(result.report, layers=tuple(infos))


def _read_again(database: Database, task: Task) -> ImportReport:
    """All in one transaction: who imports the layer anew meanwhile waits, or is waited for."""
    with database.write() as session:
        info = next((info for info in layer_infos(session) if info.id == task.again), None)
        if info is None:
            raise ImportFailed("the layer is gone", "图层已不存在")
        _say(progress=0.1, text=info.title_zh)
        old, new = datum_named(session, info.datum), datum_named(session, task.datum or "")
        layer = read_as(info, stored_package(session, info.id), old, new, task.known)
        _say(progress=0.4, text="storing")
        infos = replace_layers(session, [layer], ())
    return ImportReport(layers=tuple(infos), read=info.count, kept=info.count)


def _await_cancel(cancelled: threading.Event) -> None:
    """Any further line, or the end of the parent, cancels."""
    sys.stdin.readline()
    cancelled.set()


def _say(**content: Any) -> None:
    sys.stdout.write(msgspec.json.encode(content).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
