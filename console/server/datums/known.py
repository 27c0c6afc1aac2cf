"""Local datums that the deployment has entered, in the database; and datums by name."""

from __future__ import annotations

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.model.datums import Conversion, DatumError, checked, conversion
from console.model.local_datums import LOCAL, LocalDatum
from console.sdk.server import ApiError
from console.server.tables import LayerRow, LocalDatumRow


class DatumInUse(Exception):
    """A layer came in this datum: only as it is does it lead back to what the source said."""


def local_datums(session: Session) -> tuple[LocalDatum, ...]:
    """All, by name."""
    rows = session.scalars(select(LocalDatumRow).order_by(LocalDatumRow.name))
    return tuple(msgspec.convert(row.definition, LocalDatum) for row in rows)


def datum_named(session: Session, name: str) -> Conversion:
    """The conversion of *name*, local ones included. Raises DatumError if nobody knows it."""
    return conversion(name, {local.name: local for local in local_datums(session)})


def must_know(session: Session, name: str) -> Conversion:
    """As ``datum_named``, for requests. Raises ApiError 422."""
    try:
        return datum_named(session, name)
    except DatumError as error:
        raise ApiError(422, "unknown_datum", str(error), "没有这个坐标基准") from error


def put_local_datum(session: Session, local: LocalDatum) -> None:
    """Enter a local datum, or change one that no layer uses. Raises DatumError, DatumInUse."""
    definition = msgspec.to_builtins(checked(local))
    row = session.get(LocalDatumRow, local.name)
    if row is not None and row.definition != definition:
        _must_be_free(session, local.name)
    session.merge(LocalDatumRow(name=local.name, definition=definition))


def drop_local_datum(session: Session, name: str) -> bool:
    """Take one away; whether there was one. Raises DatumInUse."""
    row = session.get(LocalDatumRow, name)
    if row is None:
        return False
    _must_be_free(session, name)
    session.delete(row)
    return True


def _must_be_free(session: Session, name: str) -> None:
    if session.scalar(select(LayerRow.id).where(LayerRow.datum == LOCAL + name)):
        raise DatumInUse(name)
