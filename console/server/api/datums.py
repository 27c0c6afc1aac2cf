"""The datum ledger: what lies in which datum, measuring it, mending it, datums of a city's own."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from console.model.datum_checks import CheckState, DatumCheck, DatumLedger
from console.model.datum_measuring import measure
from console.model.datums import DatumError
from console.model.local_datums import LocalDatum
from console.model.records import LayerInfo
from console.sdk.server import ApiError, Caller
from console.server.access import Access
from console.server.api.imports import ImportState
from console.server.audit import write_audit
from console.server.core import Core
from console.server.datums.checks import keep_check, with_checks
from console.server.datums.correct import AREA_KINDS, can_be_read_as
from console.server.datums.known import (
    DatumInUse,
    drop_local_datum,
    local_datums,
    must_know,
    put_local_datum,
)
from console.server.errors import standard_error
from console.server.layers import layer_infos

WAIT = 20.0
"""Seconds that a measurement waits for those before it."""
LayerId = Annotated[str, Field(max_length=64)]
Name = Annotated[str, Path(max_length=10)]


class Measuring(BaseModel):
    """Which layer is measured against which."""

    layer: LayerId
    reference: LayerId


class NewDatum(BaseModel):
    """The datum that a layer's source was really in."""

    datum: Annotated[str, Field(max_length=16)]


def datum_routes(core: Core, access: Access) -> APIRouter:
    """Reading needs ``layers.read``, measuring ``layers.measure``, changing ``layers.import``."""
    routes = APIRouter(tags=["layers"])
    measurer = _Measurer(core)
    may_read = Depends(access.require("layers.read"))
    may_measure = Depends(access.require("layers.measure"))
    may_change = Depends(access.require("layers.import"))

    @routes.get("/datums", operation_id="datumLedger")
    def ledger(_caller: Caller = may_read) -> DatumLedger:
        """All layers and feeds with their datums, and the local datums."""
        with core.database.read() as session:
            layers = with_checks(session, layer_infos(session))
            return DatumLedger(layers=layers, feeds=core.feeds.ledger(), locals=local_datums(session))

    @routes.post("/datums/checks", operation_id="measureDatum")
    def check(wanted: Measuring, caller: Caller = may_measure) -> DatumCheck:
        """Measure one layer; kept until one of the two is replaced."""
        return measurer.measure(wanted, caller)

    @routes.post("/layers/{layer_id}/datum", operation_id="setLayerDatum", status_code=202)
    def set_datum(layer_id: LayerId, wanted: NewDatum, caller: Caller = may_change) -> ImportState:
        """Read a stored layer in another datum: a job like an import, and followed as one."""
        return _read_again(core, caller, layer_id, wanted.datum)

    @routes.put("/datums/local/{name}", operation_id="putLocalDatum", status_code=204)
    def put_local(name: Name, local: LocalDatum, caller: Caller = may_change) -> Response:
        """Enter a city's own datum."""
        _put_local(core, caller, replace(local, name=name))
        return Response(status_code=204)

    @routes.delete("/datums/local/{name}", operation_id="dropLocalDatum", status_code=204)
    def drop_local(name: Name, caller: Caller = may_change) -> Response:
        """Take it away, if no layer came in it."""
        _drop_local(core, caller, name)
        return Response(status_code=204)

    return routes


class _Measurer:
    """One measurement at a time in this process: each takes a core for up to a second."""

    def __init__(self, core: Core) -> None:
        self._core, self._turn = core, threading.Lock()

    def measure(self, wanted: Measuring, caller: Caller) -> DatumCheck:
        """Raises ApiError 404, 422, 429."""
        layer, reference = _layer(self._core, wanted.layer), _layer(self._core, wanted.reference)
        if layer.id == reference.id:
            raise ApiError(422, "same_layer", "A layer is no measure of itself", "图层不能以自身为参照")
        if not self._turn.acquire(timeout=WAIT):
            raise standard_error(429)
        try:
            found = self._found(layer, reference)
        finally:
            self._turn.release()
        check = replace(found, at=time.time(), by=caller.name)
        with self._core.database.write() as session:
            keep_check(session, check, layer, reference)
            told = f"{reference.id}: {check.state} {check.datum}"
            write_audit(session, caller, "layers.measure", layer.id, reason=told)
        return check

    def _found(self, layer: LayerInfo, reference: LayerInfo) -> DatumCheck:
        try:
            packages = self._core.layers.package(layer), self._core.layers.package(reference)
        except LookupError as error:  # one of them was replaced just now
            raise standard_error(409) from error
        return measure(packages[0], layer.datum, packages[1], (layer.id, reference.id))


def _layer(core: Core, layer_id: str) -> LayerInfo:
    info = core.layers.info(layer_id)
    if info is None:
        raise standard_error(404)
    return info


def _read_again(core: Core, caller: Caller, layer_id: str, datum: str) -> ImportState:
    info = _layer(core, layer_id)
    with core.database.read() as session:
        must_know(session, datum)
        must_know(session, info.datum)
        check = with_checks(session, layer_infos(session))
    if info.kind in {str(kind) for kind in AREA_KINDS}:
        raise ApiError(
            409,
            "areas_follow",
            "Areas were made from this layer: import its file again with the right datum",
            "辖区由此图层生成:请以正确的坐标基准重新导入原文件",
        )
    if datum == info.datum or not can_be_read_as(info.datum, datum):
        raise ApiError(
            422, "no_change", "The layer cannot be read in this datum", "该图层不能按此坐标基准解读"
        )
    measured = next((line.check for line in check if line.layer.id == layer_id), None)
    detected = measured is not None and measured.state is CheckState.SHIFTED and measured.datum == datum
    job = core.imports.read_again(caller, info, datum, "detected" if detected else "declared")
    return ImportState(id=job.id, state=job.state)


def _put_local(core: Core, caller: Caller, local: LocalDatum) -> None:
    try:
        with core.database.write() as session:
            put_local_datum(session, local)
            write_audit(session, caller, "datums.put", local.name, reason=local.crs[:200])
    except DatumError as error:
        raise ApiError(422, "bad_datum", str(error), f"坐标基准参数有误:{error}") from error
    except DatumInUse as error:
        raise _in_use() from error


def _drop_local(core: Core, caller: Caller, name: str) -> None:
    try:
        with core.database.write() as session:
            if not drop_local_datum(session, name):
                raise standard_error(404)
            write_audit(session, caller, "datums.drop", name)
    except DatumInUse as error:
        raise _in_use() from error


def _in_use() -> ApiError:
    return ApiError(
        409,
        "datum_in_use",
        "Layers came in this datum: enter another one and read them again in it",
        "已有图层使用此坐标基准:请另建一个,再将图层改用新的",
    )
