"""The server's composition root: builds the services, mounts the routes, runs the start and the stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from sqlalchemy.orm import Session

import console
from console.server import errors
from console.server.access import Access
from console.server.api.core import core_routes, place_routes
from console.server.api.datums import datum_routes
from console.server.api.imports import import_routes
from console.server.api.ingest import ingest_routes
from console.server.api.layers import layer_routes
from console.server.api.live import live_routes
from console.server.api.session import session_routes
from console.server.core import Core, build_core
from console.server.housekeeping import keep_house
from console.server.layers import layer_infos
from console.server.listeners.builtin import add_listeners
from console.server.middleware import Surroundings
from console.server.migrate import migrate_core
from console.server.plugins import mount_plugins
from console.server.protocols.osmand import parse_osmand
from console.server.protocols.owntracks import parse_owntracks
from console.server.settings import ServerSettings

PREFIX = "/api/v1"


def create_app(settings: ServerSettings) -> FastAPI:
    """A server on the database of *settings*, whose tables are brought up to date here.

    ``app.state.core`` holds the services (for the command line and the demo).
    Raises the database's errors when it cannot be reached.
    """
    core = build_core(settings)
    access = Access(core.sign_in, core.devices)
    migrate_core(core.database)
    app = FastAPI(
        title="OneMap Console",
        version=console.__version__,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.core = core
    errors.install(app)
    _provide_layers(core)
    core.protocols.add("osmand", parse_osmand)
    core.protocols.add("owntracks", parse_owntracks)
    add_listeners(core)
    # first in the order of matching: a thousand requests a second come here
    app.include_router(ingest_routes(core), prefix=PREFIX)
    halves = mount_plugins(app, core, access, PREFIX)
    for routes in (
        session_routes(core.sign_in, access),
        core_routes(core, access, halves),
        place_routes(core, access),
        layer_routes(core, access),
        import_routes(core, access),
        datum_routes(core, access),
        live_routes(core),
    ):
        app.include_router(routes, prefix=PREFIX)
    app.add_middleware(Surroundings)
    return app


def _provide_layers(core: Core) -> None:
    def snapshot(session: Session, _caller: Any) -> Iterable[Any]:
        return layer_infos(session)

    core.sources.provide("layer", snapshot, "layers.read")


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Positions and hub run while the server serves; server halves start last and stop first."""
    core: Core = app.state.core
    await asyncio.to_thread(core.intake.start)
    await core.hub.start()
    await asyncio.to_thread(core.imports.start)
    await asyncio.to_thread(core.services.start)
    await core.listeners.start()
    caretaker = asyncio.create_task(keep_house(core))
    yield
    caretaker.cancel()
    await core.listeners.stop()
    await asyncio.to_thread(core.services.stop)
    await asyncio.to_thread(core.imports.stop)
    await core.hub.stop()
    await asyncio.to_thread(core.intake.stop)
    core.database.close()
