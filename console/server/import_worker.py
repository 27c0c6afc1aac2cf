"""The child process of an import: ``python -m console.server.import_worker``.

It reads one JSON line with what to do (the database's URL may hold a password,
so it is no argument), then ``cancel`` may follow. It writes JSON lines:
``{"progress", "text"}`` and at last ``{"state", "report"|"error"}``.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from console.model.coordinates import Datum
from console.model.layers import LayerKind
from console.model.records import ImportReport
from console.processes import end_with_parent
from console.server.db import Database
from console.server.errors import is_disk_full
from console.server.importing import ImportCancelled, ImportFailed, ImportOptions, import_files
from console.server.layers import replace_layers


class Task(msgspec.Struct, frozen=True):
    """What the parent asks for."""

    database_url: str
    files: list[str]
    datum: Datum | None = None
    layer: LayerKind | None = None
    area: str | None = None
    title: str | None = None


def main() -> None:
    """Run one import and say how it went."""
    end_with_parent()
    task = msgspec.json.decode(sys.stdin.readline(), type=Task)
    cancelled = threading.Event()
    threading.Thread(target=_await_cancel, args=(cancelled,), daemon=True).start()
    _say(**_import(task, cancelled))


def _import(task: Task, cancelled: threading.Event) -> dict[str, Any]:
    options = ImportOptions(datum=task.datum, layer=task.layer, area=task.area, title=task.title)
    try:
        result = import_files(
            [Path(name) for name in task.files],
            options,
            lambda done, text: _say(progress=done * 0.9, text=text),
            cancelled.is_set,
        )
        _say(progress=0.9, text="storing")
        database = Database(task.database_url)
        with database.write() as session:
            infos = replace_layers(session, result.layers, result.areas)
        database.close()
        report = result.report
        whole = ImportReport(
            layers=tuple(infos),
            read=report.read,
            kept=report.kept,
            rejected=report.rejected,
            examples=report.examples,
        )
        return {"state": "done", "progress": 1.0, "report": whole}
    except ImportCancelled:
        return {"state": "cancelled"}
    except ImportFailed as error:
        return {"state": "failed", "error": error.message_zh, "error_en": error.message_en}
    except SQLAlchemyError as error:
        full = is_disk_full(error)
        chinese = "服务器磁盘已满,原有数据未变" if full else "数据库暂不可用,原有数据未变"
        english = "The server's disk is full" if full else "The database cannot be reached"
        return {"state": "failed", "error": chinese, "error_en": f"{english}; the data are as they were"}


def _await_cancel(cancelled: threading.Event) -> None:
    """Any further line, or the end of the parent, cancels."""
    sys.stdin.readline()
    cancelled.set()


def _say(**content: Any) -> None:
    sys.stdout.write(msgspec.json.encode(content).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
