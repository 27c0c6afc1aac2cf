"""Tables of server halves.

A plugin declares its tables on PluginBase, begins their names with its own
(``staff_member``, ``event_history``), and creates them in Alembic scripts in the
folder that ``[[contributes.server_tables]] migrations`` names. Each plugin has
its own line of revisions: the first script says ``revision = "0001"`` and
``down_revision = None``. The scripts run at start, on SQLite and PostgreSQL alike.
"""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase


class PluginBase(DeclarativeBase):
    """Declarative base of all plugins' tables; constraints get stable names."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
