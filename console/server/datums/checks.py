"""What measuring found, kept as long as both layers are what they were."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.model.datum_checks import CheckState, DatumCheck, LayerDatum
from console.model.datum_measuring import measure
from console.model.layers import LayerKind
from console.model.records import LayerInfo
from console.server.changes import put_record
from console.server.datums.correct import stored_package
from console.server.layers import layer_infos
from console.server.tables import DatumCheckRow, LayerRow

MOST = 3
"""References that a layer just imported is measured against."""


def keep_check(session: Session, check: DatumCheck, layer: LayerInfo, reference: LayerInfo) -> None:
    """Store *check*, unless one that says more still holds; a datum that was guessed and fits is
    from now on a detected one."""
    if _holds_better(session, check, layer.version):
        return
    found = msgspec.to_builtins(check)
    versions = {"layer_version": layer.version, "reference_version": reference.version}
    session.merge(DatumCheckRow(layer_id=layer.id, found=found, **versions))
    row = session.get(LayerRow, layer.id)
    if row is None or row.version != layer.version:
        return
    if check.state is CheckState.FITS and row.datum_known == "guessed":
        row.datum_known = "detected"
        put_record(session, "layer", replace(layer, datum_known="detected"))


def _holds_better(session: Session, check: DatumCheck, version: str) -> bool:
    row = session.get(DatumCheckRow, check.layer)
    if row is None or row.layer_version != version:
        return False
    kept = msgspec.convert(row.found, DatumCheck)
    reference = session.get(LayerRow, kept.reference)
    there = reference is not None and reference.version == row.reference_version
    return there and kept.worth > check.worth


def measure_guesses(session: Session, infos: Sequence[LayerInfo]) -> list[DatumCheck]:
    """Measure those just imported whose datum was guessed against roads whose datum was not.

    Without such roads nothing is measured. What fits is from now on detected.
    """
    new = {info.id for info in infos}
    roads = [info for info in layer_infos(session) if info.kind == LayerKind.ROAD and info.id not in new]
    references = [info for info in roads if info.datum_known != "guessed"][:MOST]
    guessed = [info for info in infos if info.datum_known == "guessed"]
    held = {info.id: stored_package(session, info.id) for info in references if guessed}
    checks: list[DatumCheck] = []
    for info in guessed:
        package, best = stored_package(session, info.id), None
        for reference in references:
            found = measure(package, info.datum, held[reference.id], (info.id, reference.id))
            found = replace(found, at=time.time())
            keep_check(session, found, info, reference)
            best = found if best is None or found.worth > best.worth else best
            if best.is_clear:
                break
        checks += [best] if best is not None else []
    return checks


def with_checks(session: Session, infos: Sequence[LayerInfo]) -> tuple[LayerDatum, ...]:
    """The layers with their last measurement, where it still holds."""
    versions = {info.id: info.version for info in infos}
    rows = {row.layer_id: row for row in session.scalars(select(DatumCheckRow))}
    return tuple(LayerDatum(layer=info, check=_valid(rows.get(info.id), versions)) for info in infos)


def _valid(row: DatumCheckRow | None, versions: dict[str, str]) -> DatumCheck | None:
    if row is None:
        return None
    check = msgspec.convert(row.found, DatumCheck)
    now = versions.get(check.layer), versions.get(check.reference)
    return check if now == (row.layer_version, row.reference_version) else None
