"""Imports: upload, progress, cancel."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, File, Form, Response, UploadFile
from pydantic import BaseModel

from console.model.layers import LayerKind
from console.model.records import ImportReport
from console.sdk.server import ApiError, Caller, IdempotencyKey
from console.server.access import Access
from console.server.core import Core
from console.server.datums.known import must_know
from console.server.errors import standard_error
from console.server.idempotency import remember_answer, stored_answer
from console.server.imports import Job

_MAX_FILES = 64


class ImportState(BaseModel):
    """An import as the console follows it; ``state``: running, done, failed or cancelled."""

    id: str
    state: str
    progress: float = 0.0
    text: str = ""
    report: ImportReport | None = None
    error: str = ""
    error_en: str = ""


def import_routes(core: Core, access: Access) -> APIRouter:
    """Routes of imports; all need the right ``layers.import``."""
    routes = APIRouter(tags=["layers"])
    importer = Depends(access.require("layers.import"))

    @routes.post("/imports", operation_id="startImport", status_code=202)
    def start(
        files: Annotated[list[UploadFile], File()],
        datum: Annotated[str | None, Form(max_length=16)] = None,
        layer: Annotated[LayerKind | None, Form()] = None,
        area: Annotated[str | None, Form(max_length=15)] = None,
        title: Annotated[str | None, Form(max_length=128)] = None,
        key: IdempotencyKey = None,
        caller: Caller = importer,
    ) -> ImportState:
        """Take the files and start; the old data stay until the new are whole."""
        if datum:
            with core.database.read() as session:
                must_know(session, datum)
        options = {"datum": datum or None, "layer": layer, "area": area or None, "title": title or None}
        return _start(core, caller, key, files, options)

    @routes.get("/imports/{job_id}", operation_id="importState")
    def state(job_id: str, _caller: Caller = importer) -> ImportState:
        """How far it is."""
        job = core.imports.find(job_id)
        if job is None:
            raise standard_error(404)
        return import_state(job)

    @routes.delete("/imports/{job_id}", operation_id="cancelImport", status_code=202)
    def cancel(job_id: str, _caller: Caller = importer) -> Response:
        """Stop it; the old data stay."""
        if not core.imports.cancel(job_id):
            raise standard_error(404)
        return Response(status_code=202)

    return routes


def _start(
    core: Core, caller: Caller, key: str | None, files: list[UploadFile], options: dict[str, Any]
) -> ImportState:
    """Launch the job, unless *key* was seen before."""
    with core.database.read() as session:
        if known := stored_answer(session, caller, key):
            return ImportState(**known)
    folder = core.imports.new_folder()
    try:
        job = core.imports.launch(
            caller, folder, _keep_files(files, folder, core.settings.max_upload), options
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    answer = ImportState(id=job.id, state="running")
    with core.database.write() as session:
        remember_answer(session, caller, key, answer.model_dump())
    return answer


def import_state(job: Job) -> ImportState:
    return ImportState(
        id=job.id,
        state=job.state,
        progress=job.progress,
        text=job.text,
        report=None if job.report is None else msgspec.convert(job.report, ImportReport),
        error=job.error,
        error_en=job.error_en,
    )


def _keep_files(files: list[UploadFile], folder: Path, limit: int) -> list[Path]:
    """Copy uploads under their bare names. Raises ApiError 413, 422, 507."""
    if len(files) > _MAX_FILES:
        raise standard_error(413)
    paths: list[Path] = []
    for file in files:
        name = Path((file.filename or "").replace("\\", "/")).name
        if name in {"", ".", ".."} or "\0" in name:
            raise ApiError(422, "bad_input", "A file has no name", "文件缺少名称")
        limit -= file.size or 0
        if limit < 0:
            raise standard_error(413)
        path = folder / name
        try:
            with path.open("wb") as target:
                shutil.copyfileobj(file.file, target, 1 << 20)
        except OSError as error:
            raise ApiError(507, "disk_full", "The server's disk is full", "服务器磁盘已满") from error
        paths.append(path)
    return paths
