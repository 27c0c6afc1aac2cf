"""Import jobs: one child process at a time, whose end, however it comes, leaves whole data."""

from __future__ import annotations

import contextlib
import logging
import shutil
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from console.model.records import LayerInfo
from console.sdk.server import ApiError, Caller
from console.server.audit import write_audit
from console.server.db import Database
from console.server.settings import ServerSettings
from console.server.tables import ImportJob

log = logging.getLogger(__name__)

_KILL_AFTER = 10.0
_BEAT = 10.0
_SILENCE = 60.0
"""Seconds without a sign of life after which a job of another process counts as dead."""
_INTERRUPTED = "导入进程意外中断,原有数据未变"


@dataclass(slots=True)
class Job:
    """A job of this process."""

    id: str
    folder: Path
    state: str = "running"
    progress: float = 0.0
    text: str = ""
    error: str = ""
    error_en: str = ""
    report: dict[str, Any] | None = None
    child: subprocess.Popen[str] | None = field(default=None, repr=False)
    cancelled: bool = False
    over: threading.Event = field(default_factory=threading.Event, repr=False)


class Imports:
    """Starts, follows and cancels imports. Safe to use from many threads."""

    def __init__(self, database: Database, settings: ServerSettings, process: str) -> None:
        self._database, self._settings, self._process = database, settings, process
        self._jobs: dict[str, Job] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def start(self) -> None:
        """Mark jobs that died with an earlier server; the uploads in the folder were theirs."""
        shutil.rmtree(self._folder, ignore_errors=True)
        orphan = ImportJob.state == "running"
        if self._settings.is_shared:
            orphan &= ImportJob.seen_at < time.time() - _SILENCE
        values = {"state": "failed", "error": _INTERRUPTED, "ended_at": time.time()}
        with self._database.write() as session:
            session.execute(update(ImportJob).where(orphan).values(**values))

    def stop(self) -> None:
        """Cancel what runs and wait for it."""
        for job in list(self._jobs.values()):
            self._cancel(job)
        for thread in self._threads:
            thread.join(_KILL_AFTER)

    @property
    def _folder(self) -> Path:
        return self._settings.data_dir / "uploads"

    def new_folder(self) -> Path:
        """An empty folder for the files of a job to be."""
        folder = self._folder / str(uuid.uuid4())
        folder.mkdir(parents=True)
        return folder

    def launch(self, caller: Caller, folder: Path, files: list[Path], options: dict[str, Any]) -> Job:
        """Start importing *files* from *folder*. Raises ApiError 409 while another import runs here."""
        named = ", ".join(f.name for f in files)
        return self._launch(caller, folder, files, options, ("layers.import", folder.name, named))

    def read_again(self, caller: Caller, info: LayerInfo, datum: str, known: str) -> Job:
        """Start reading a stored layer as if it had come in *datum*. Raises ApiError as ``launch``."""
        options = {"again": info.id, "datum": datum, "known": known}
        audited = ("layers.datum", info.id, f"{info.datum} → {datum}")
        return self._launch(caller, self.new_folder(), [], options, audited)

    def _launch(
        self,
        caller: Caller,
        folder: Path,
        files: list[Path],
        options: dict[str, Any],
        audited: tuple[str, str, str],
    ) -> Job:
        """*audited*: action, subject and reason of the line in the audit."""
        job = Job(id=folder.name, folder=folder)
        with self._lock:
            if any(other.state == "running" for other in self._jobs.values()):
                raise ApiError(409, "import_running", "Another import is running", "已有导入任务正在进行")
            self._jobs[job.id] = job
        row = ImportJob(id=job.id, account_id=caller.user_id, state="running", process=self._process)
        row.started_at = row.seen_at = time.time()
        with self._database.write() as session:
            session.add(row)
            write_audit(session, caller, audited[0], audited[1], reason=audited[2])
        task = {"database_url": self._settings.url, "files": [str(f) for f in files], **options}
        self._threads = [
            threading.Thread(target=self._run, args=(job, task), name="import", daemon=True),
            threading.Thread(target=self._beat, args=(job,), name="import beat", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        return job

    def find(self, job_id: str) -> Job | None:
        """A job of this process, or what the database knows of another's."""
        if job := self._jobs.get(job_id):
            return job
        with self._database.read() as session:
            row = session.get(ImportJob, job_id)
            if row is None:
                return None
            job = Job(row.id, Path(), row.state, row.progress, row.text, row.error, "", row.report)
            if row.state == "running" and row.seen_at < time.time() - _SILENCE:
                job.state, job.error = "failed", _INTERRUPTED
            return job

    def cancel(self, job_id: str) -> bool:
        """Ask a job of this process to stop; False when there is none."""
        job = self._jobs.get(job_id)
        if job is not None:
            self._cancel(job)
        return job is not None

    def _cancel(self, job: Job) -> None:
        job.cancelled = True
        child = job.child
        if child is None or child.poll() is not None:
            return
        with contextlib.suppress(OSError, ValueError):
            assert child.stdin is not None
            child.stdin.close()
        killer = threading.Timer(_KILL_AFTER, child.kill)
        killer.daemon = True
        killer.start()

    def _run(self, job: Job, task: dict[str, Any]) -> None:
        """Follow the child to its end, on a thread of its own."""
        try:
            self._follow(job, task)
        except Exception:
            log.exception("import %s", job.id)
        if job.state == "running":
            job.state = "cancelled" if job.cancelled else "failed"
            job.error = "" if job.cancelled else _INTERRUPTED
            job.error_en = "" if job.cancelled else "The import broke off; the data are as they were"
        job.over.set()
        shutil.rmtree(job.folder, ignore_errors=True)
        try:
            self._store_end(job)
        except SQLAlchemyError as error:
            log.error("end of import %s is not stored: %s", job.id, getattr(error, "orig", error))

    def _beat(self, job: Job) -> None:
        """Give signs of life, for other processes and later ones."""
        while not job.over.wait(_BEAT):
            values = {"seen_at": time.time(), "progress": job.progress, "text": job.text}
            try:
                with self._database.write() as session:
                    session.execute(update(ImportJob).where(ImportJob.id == job.id).values(**values))
            except SQLAlchemyError as error:
                log.warning("import %s: %s", job.id, getattr(error, "orig", error))

    def _follow(self, job: Job, task: dict[str, Any]) -> None:
        command = [sys.executable, "-m", "console.server.import_worker"]
        root = Path(__file__).resolve().parents[2]
        with subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=root
        ) as child:
            job.child = child
            assert child.stdin is not None and child.stdout is not None
            child.stdin.write(msgspec.json.encode(task).decode() + "\n")
            child.stdin.flush()
            if job.cancelled:
                self._cancel(job)
            end: dict[str, Any] = {}
            for line in child.stdout:
                said = msgspec.json.decode(line)
                job.progress = said.get("progress", job.progress)
                job.text = said.get("text", job.text)
                end = said
        job.report = end.get("report")
        job.error, job.error_en = end.get("error", ""), end.get("error_en", "")
        job.state = end.get("state", job.state)  # last: whoever sees the end sees all of it

    def _store_end(self, job: Job) -> None:
        ended = {
            "state": job.state,
            "progress": job.progress,
            "text": job.text,
            "error": job.error,
            "report": job.report,
            "ended_at": time.time(),
        }
        with self._database.write() as session:
            session.execute(update(ImportJob).where(ImportJob.id == job.id).values(**ended))
