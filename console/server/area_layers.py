"""Map layers of areas, when some of the areas are changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.geodata.packing import Block, geometries, pack, texts
from console.model.area_shape import AreaShape
from console.model.layers import LayerKind, LayerPackage, decode_package
from console.model.records import LayerInfo
from console.server.layer_types import ImportedLayer
from console.server.layers import layer_infos, store_layer
from console.server.tables import LayerContent

_AREA_KINDS = (LayerKind.GRID, LayerKind.BOUNDARY)


def renew_layers(session: Session, changed: Sequence[AreaShape], heirs: Mapping[str, str]) -> None:
    """Map layers of areas with the changed ones in place, each stored under a new version."""
    for info in layer_infos(session):
        if info.kind in _AREA_KINDS:
            package = _package(session, info)
            codes = texts(package, "code")
            if not {shape.code for shape in changed}.isdisjoint(codes) or not heirs.keys().isdisjoint(codes):
                store_layer(session, _layer(info, _with_areas(package, codes, changed, heirs)))


def _package(session: Session, info: LayerInfo) -> LayerPackage:
    pieces = select(LayerContent.data).where(LayerContent.layer_id == info.id).order_by(LayerContent.piece)
    return decode_package(b"".join(session.scalars(pieces)))


def _with_areas(
    package: LayerPackage, codes: list[str], changed: Sequence[AreaShape], heirs: Mapping[str, str]
) -> LayerPackage:
    """*package* with changed features, without those that have heirs, with new ones of its levels."""
    by_code = {shape.code: shape for shape in changed}
    levels = {len(code) for code in codes}
    new = [shape for shape in changed if shape.code not in codes and len(shape.code) in levels]
    kept = [row for row, code in enumerate(codes) if code not in heirs]
    old = geometries(package)
    ground = [by_code[codes[row]].geometry if codes[row] in by_code else old[row] for row in kept]
    block = Block(
        kind=package.kind,
        shape=package.shape,
        geometry=np.array([*ground, *(shape.geometry for shape in new)], object),
        text={
            name: _texts(name, texts(package, name), kept, codes, by_code, new)
            for name in package.text_columns
        },
        numbers={
            name: _numbers(name, package.columns[name], kept, new)
            for name in package.columns
            if name not in package.text_columns
        },
        extras=package.extras,
    )
    return pack(block, package.meta)


def _texts(
    column: str,
    values: list[str],
    kept: list[int],
    codes: list[str],
    by_code: Mapping[str, AreaShape],
    new: Sequence[AreaShape],
) -> list[str]:
    """A text column; a new area has its name, its code, and the class of the others of its level."""
    if column == "name":
        old = [by_code[codes[row]].name if codes[row] in by_code else values[row] for row in kept]
        return [*old, *(shape.name for shape in new)]
    classes = {len(code): value for code, value in zip(codes, values, strict=True)}
    of_new = {"code": lambda s: s.code, "class": lambda s: classes[len(s.code)]}.get(column, lambda s: "")
    return [*(values[row] for row in kept), *map(of_new, new)]


def _numbers(
    column: str, values: npt.NDArray[Any], kept: list[int], new: Sequence[AreaShape]
) -> npt.NDArray[Any]:
    """A column of numbers; nobody knows those of a new area yet, but for its level."""
    unknown = np.nan if values.dtype.kind == "f" else 0
    of_new = [len(shape.code) if column == "level" else unknown for shape in new]
    return np.concatenate([values[kept], np.array(of_new, values.dtype)])


def _layer(info: LayerInfo, package: LayerPackage) -> ImportedLayer:
    return ImportedLayer(
        layer_id=info.id,
        kind=info.kind,
        title_zh=info.title_zh,
        title_en=info.title_en,
        package=package,
        datum=info.datum,
        datum_known=info.datum_known,
        attribution=info.attribution,
    )
