"""A layer that was read in a wrong datum is read in another, from what is stored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.model.datums import Conversion, DatumError, is_degrees
from console.model.layers import DEGREE, LayerKind, LayerPackage, decode_package
from console.model.records import LayerInfo
from console.server.layer_types import ImportedLayer
from console.server.tables import LayerContent

AREA_KINDS = frozenset({LayerKind.BOUNDARY, LayerKind.GRID})
"""Areas were made from these layers, and people assigned to them: such a file is imported anew."""


def stored_package(session: Session, layer_id: str) -> LayerPackage:
    """The package as it is in the database."""
    pieces = select(LayerContent.data).where(LayerContent.layer_id == layer_id)
    return decode_package(b"".join(session.scalars(pieces.order_by(LayerContent.piece))))


def can_be_read_as(old: str, new: str) -> bool:
    """Degrees don't become plane coordinates; a plane that is read as shifted degrees keeps its CRS."""
    return is_degrees(new) or not is_degrees(old)


def read_as(
    info: LayerInfo, package: LayerPackage, old: Conversion, new: Conversion, known: str
) -> ImportedLayer:
    """The layer as if it had been imported as *new* instead of *old*, to 1 cm. Raises DatumError."""
    given = package.degrees.T
    if is_degrees(old.name) == is_degrees(new.name):
        given = old.from_wgs84(*given)
    degrees = np.column_stack(new.to_wgs84(*given))
    if not np.isfinite(degrees).all() or (np.abs(degrees) > (180.0, 90.0)).any():
        raise DatumError(f"{info.id} cannot have been in {new.name}")
    xy = np.round(degrees * DEGREE).astype(np.int32)
    meta = package.meta | {"datum": new.name, "datum_known": known}
    return ImportedLayer(
        layer_id=info.id,
        kind=info.kind,
        title_zh=info.title_zh,
        title_en=info.title_en,
        package=replace(package, xy=xy, meta=meta),
        datum=new.name,
        datum_known=known,
        attribution=info.attribution,
    )
