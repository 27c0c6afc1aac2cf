"""Which fields a style begins with: those that say something, not names, codes or places as numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from console.sdk.charts import Chart, Part
from console.sdk.layer_data import Field
from console.sdk.ramps import RAMPS

PARTS = 3
"""Numbers of a chart until others are chosen."""
_NAMES = re.compile(
    r"(^|[_\W])(o?id|fid|gid|uid|pid|osm_id|objectid|no|nr|num|code|adcode|index|zip|postcode|tel|phone"
    r"|x|y|z|lon|lng|lat|longitude|latitude|easting|northing|level|year)$"
    r"|编号|编码|代码|序号|序列|号码|电话|邮编|经度|纬度|坐标|年份|^[东北]坐标$",
    re.IGNORECASE,
)


def measures(fields: Sequence[Field]) -> list[Field]:
    """Numbers that measure or count: they vary, and are no names, codes, coordinates or row numbers."""
    return [field for field in fields if field.least != field.most and not _names_features(field)]


def first_measured(fields: Sequence[Field]) -> Field:
    """A number that varies, and that some features share."""
    found = measures(fields)
    shared = [field for field in found if any(count > 1 for _, count in field.common)]
    return next(iter(shared or found or fields))


def first_chart(chart: Chart, fields: Sequence[Field]) -> Chart:
    """The first measures that are never negative; no parts where there is none."""
    names = [field.name for field in measures(fields) if field.least is not None and field.least >= 0][:PARTS]
    colors = RAMPS["okabe-ito"].colors(len(names))
    return msgspec.structs.replace(chart, parts=tuple(map(Part, names, colors)))


def first_sorted(fields: Sequence[Field]) -> Field:
    """A text with some values that come again."""
    kinds = [f for f in fields if f.type == "text" and len(f.common) > 1 and f.common[0][1] > 1]
    return next(iter(kinds or fields))


def _names_features(field: Field) -> bool:
    """By its name, or since it counts the features one by one."""
    if _NAMES.search(field.name):
        return True
    whole = all(float(value).is_integer() for value, _ in field.common if isinstance(value, int | float))
    once = all(count == 1 for _, count in field.common)
    reach = (field.most or 0.0) - (field.least or 0.0)
    return whole and once and field.count > 2 and reach == field.count - 1
