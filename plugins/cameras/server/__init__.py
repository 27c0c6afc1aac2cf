"""Server half of the cameras plugin: cameras and stations.

A console gets both in its snapshot of the live feed and later only what
changed; the REST lists are for other programs and carry an ETag.
"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Depends, Header, Response

from console.sdk.records import Camera, Role, Station
from console.sdk.server import Caller, ServerContext, Session, json_answer
from plugins.cameras.server.catalogue import Catalogue, Row
from plugins.cameras.server.devices.book import DeviceBook
from plugins.cameras.server.devices.desk import DeviceDesk
from plugins.cameras.server.devices.routes import make_device_router
from plugins.cameras.server.health.pictures import PictureWatch
from plugins.cameras.server.health.report import HealthReport, make_health_router
from plugins.cameras.server.health.watch import HealthWatch
from plugins.cameras.server.importing.desk import CameraImport
from plugins.cameras.server.importing.routes import make_import_router
from plugins.cameras.server.onvif.setup import add_onvif
from plugins.cameras.server.playback.setup import add_playback
from plugins.cameras.server.routes_viewing import make_viewing_router
from plugins.cameras.server.steering.setup import add_steering
from plugins.cameras.server.streams import StreamBook
from plugins.cameras.server.tables import CameraRow, StationRow
from plugins.cameras.server.tidying import Tidier
from plugins.cameras.server.view_rules import VIEWERS
from plugins.cameras.server.viewing import Sweeper, ViewingDesk
from plugins.cameras.server.wvp.setup import add_wvp


def register(server: ServerContext) -> None:
    """Mount the endpoints, feed, search and services."""
    catalogue = Catalogue(server)
    for kind, table, record in (("camera", CameraRow, Camera), ("station", StationRow, Station)):
        server.auth.declare(f"{kind}.read", *Role)
        server.feed.provide(kind, _snapshot(catalogue, table), action=f"{kind}.read")
        server.provide(f"seed:{kind}", catalogue.seed)
        server.routes(_make_router(server, catalogue, table, record), prefix=f"/{kind}s")
    server.provide("cameras.areas", catalogue.areas_of)
    streams = StreamBook(server)
    server.provide("cameras.streams", streams)
    server.auth.declare("camera.view", *VIEWERS)
    server.auth.declare("camera.manage", Role.ADMINISTRATOR)
    devices = DeviceBook(server)
    server.provide("cameras.devices", devices)
    viewing = ViewingDesk(server, streams, devices)
    server.provide("cameras.viewing", viewing)
    server.routes(make_viewing_router(server, viewing), prefix="/cameras")
    add_steering(server, devices, viewing)
    add_playback(server, devices, viewing)
    add_wvp(server, devices)
    importing = CameraImport(server, streams)
    server.provide("cameras.import", importing)
    server.routes(make_import_router(server, importing), prefix="/cameras")
    desk = DeviceDesk(server, devices, importing)
    server.provide("cameras.device_desk", desk)
    add_onvif(server, devices, desk)
    server.routes(make_device_router(server, devices, desk), prefix="/cameras")
    server.routes(make_health_router(server, HealthReport(server)), prefix="/cameras")
    watch = HealthWatch(server, streams)
    server.provide("cameras.health", watch)
    pictures = PictureWatch(server, streams, watch)
    server.provide("cameras.pictures", pictures)
    tidier = Tidier(server)
    server.provide("cameras.tidier", tidier)
    for helper in (Sweeper(server, viewing), watch, pictures, tidier):
        server.on_start(helper.start)
        server.on_stop(helper.stop)
    server.search(catalogue.find)
    server.areas.follow(catalogue.follow)


def _snapshot(catalogue: Catalogue, table: type[Row]):
    def snapshot(session: Session, caller: Caller) -> Iterable[Camera | Station]:
        return catalogue.all(session, table, caller.areas)

    return snapshot


def _make_router(server: ServerContext, catalogue: Catalogue, table: type[Row], record: type) -> APIRouter:
    kind = record.__name__.lower()
    router = APIRouter(tags=["cameras"])
    reader = Depends(server.auth.require(f"{kind}.read"))

    @router.get("", response_model=list[record], name=f"list_{kind}s")
    def list_all(
        tag: str | None = Header(default=None, alias="If-None-Match"), caller: Caller = reader
    ) -> Response:
        """All of the caller's areas; 304 when nothing changed since the ETag."""
        with server.session(write=False) as session:
            state = catalogue.state(session, table, caller.areas)
            if tag == state:
                return Response(status_code=304, headers={"ETag": state})
            return json_answer(catalogue.all(session, table, caller.areas), headers={"ETag": state})

    return router
