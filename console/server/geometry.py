"""A geometry column that is the same in the model on both databases."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

_WGS84 = 4326


class _PostGis(UserDefinedType[Any]):
    """PostGIS' ``geometry`` in WGS84; travels as hexadecimal EWKB."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return f"geometry(Geometry,{_WGS84})"


class Geometry(TypeDecorator[BaseGeometry]):
    """Shapely geometry in WGS84 degrees: WKB on SQLite, EWKB on PostGIS."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        inner = _PostGis() if dialect.name == "postgresql" else LargeBinary()
        return dialect.type_descriptor(inner)

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return shapely.to_wkb(shapely.set_srid(value, _WGS84), hex=True, include_srid=True)
        return shapely.to_wkb(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> BaseGeometry | None:
        return None if value is None else shapely.from_wkb(value)
