"""Server halves: mounted from manifests, tables of their own, faults kept to themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from console.plugin_host.code import purge
from console.server.app import create_app
from console.server.settings import ServerSettings, bundled_plugins
from tests.support.server import Server, running_server

MANIFEST = """
id = "test.{name}"
name = {{ en = "{name}", zh_CN = "{name}" }}
version = "1.2.3"
sdk = ">=1.0,<2"
server = "{package}.server:register"
[[contributes.server_routes]]
prefix = "/{name}"
{more}
"""
TABLES = """[[contributes.server_tables]]
migrations = "server/migrations"
"""
GOOD = """
from fastapi import APIRouter, Depends
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column
from console.sdk.records import Camera, Role
from console.sdk.server import Caller, IdempotencyKey, PluginBase, write_once

class Note(PluginBase):
    __tablename__ = "{name}_note"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    area: Mapped[str] = mapped_column(String(15))

def register(server):
    routes = APIRouter()
    server.auth.declare("notes.write", Role.OPERATOR)
    writer = Depends(server.auth.require("notes.write"))

    @routes.get("")
    def notes(caller: Caller = Depends(server.auth.require("layers.read"))):
        with server.session() as session:
            return list(session.scalars(select(Note.id).where(server.in_areas(Note.area, caller.areas))))

    @routes.post("/{{name}}")
    def add(name: str, key: IdempotencyKey = None, caller: Caller = writer):
        def work(session):
            session.add(Note(id=name, area=name))
            server.feed.put(session, "camera", Camera(id=name, name=name, area=name, where=(0.0, 0.0)))
            server.audit(session, caller, "notes.write", name, area=name)
            return {{"version": server.feed.next_version(session)}}
        return write_once(server, caller, key, work)

    @routes.post("/wrong/read")
    def wrong_read():
        with server.session(write=False) as session:
            session.add(Note(id="x", area="x"))

    server.feed.provide("camera", lambda session, caller: [], action="layers.read")
    server.routes(routes)
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0001", None

def upgrade():
    columns = sa.Column("id", sa.String(16), primary_key=True), sa.Column("area", sa.String(15))
    op.create_table("{name}_note", *columns)
"""
HALF = """
from console.sdk.records import Role
def register(server):
    server.auth.declare("half.write", Role.OPERATOR)
    server.feed.provide("event", lambda session, caller: 1 / 0, action="layers.read")
    server.provide("half", object())
    server.on_start(lambda: 1 / 0)
    raise RuntimeError("no licence")
"""


def write_plugin(root: Path, name: str, code: str, migration: str = "") -> None:
    package = f"onemap_test_{name}"
    folder = root / package
    (folder / "server" / "migrations").mkdir(parents=True)
    (folder / "plugin.toml").write_text(
        MANIFEST.format(name=name, package=package, more=TABLES if migration else "")
    )
    (folder / "__init__.py").write_text("")
    (folder / "server" / "__init__.py").write_text(
        dedent(code).format(name=name) if "{name}" in code else code
    )
    if migration:
        (folder / "server" / "migrations" / "v0001.py").write_text(migration.format(name=name))


@pytest.fixture(scope="module")
def plugin_settings(settings: ServerSettings, tmp_path_factory: pytest.TempPathFactory) -> ServerSettings:
    root = tmp_path_factory.mktemp("plugins")
    write_plugin(root, "good", GOOD, MIGRATION)
    write_plugin(root, "half", HALF)
    write_plugin(root, "torn", "def register(server): pass", "this is no python")
    write_plugin(root, "broken", "import no_such_module_anywhere")
    (root / "manifestless").mkdir()
    (root / "manifestless" / "plugin.toml").write_text("id = ")
    return replace(settings, plugin_dirs=(root,))


@pytest.fixture(scope="module")
def server(plugin_settings: ServerSettings) -> Iterator[Server]:
    with running_server(plugin_settings) as running:
        yield running


def test_broken_halves_are_listed_and_the_rest_works(server: Server) -> None:
    client = server.account("lister")
    halves = {half["id"]: half for half in client.get("/plugins").json()}
    assert {name for name, half in halves.items() if half["state"] == "failed"} == {
        "test.half",
        "test.torn",
        "test.broken",
        "manifestless",
    }
    assert "no licence" in halves["test.half"]["error"]
    assert halves["test.good"] == {"id": "test.good", "version": "1.2.3", "state": "mounted", "error": ""}
    with client.live() as feed:
        assert set(feed.next("snapshot")["records"]) == {"camera", "layer"}
    assert "half.write" not in client.get("/me").json()["rights"]


def test_a_half_writes_once_reads_its_areas_and_announces(server: Server) -> None:
    client = server.account("writer", "operator", ("320302001",))
    with client.live() as feed:
        feed.next("snapshot")
        first = client.post("/good/320302001", headers={"Idempotency-Key": "k1"})
        again = client.post("/good/320302001", headers={"Idempotency-Key": "k1"})
        assert first.status_code == 200 and again.json() == first.json()
        assert [r[2] for r in feed.next("delta")["records"]] == ["320302001"]
    assert client.post("/good/110101001").status_code == 200
    assert client.get("/good").json() == ["320302001"]
    assert server.account("looker", "viewer").post("/good/1").status_code == 403


def test_a_write_in_a_reading_transaction_is_an_error(server: Server) -> None:
    answer = server.account("wrong").post("/good/wrong/read")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")


def test_a_second_start_keeps_the_plugins_rows(plugin_settings: ServerSettings, server: Server) -> None:
    with running_server(plugin_settings) as again:
        assert again.account("later", "viewer", ("320302001",)).get("/good").json() == ["320302001"]


def test_openapi_has_unique_operations_and_security(server: Server) -> None:
    document = server.account("reader").get("/openapi.json").json()
    operations = [o for path in document["paths"].values() for o in path.values()]
    names = [o["operationId"] for o in operations]
    assert len(names) == len(set(names)) and "signIn" in names
    assert document["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"


def test_a_desktop_that_forgets_plugins_leaves_the_server_whole(tmp_path: Path) -> None:
    """In one process, as in tests: the records of a loaded server half stay importable."""
    app = create_app(ServerSettings(data_dir=tmp_path, plugin_dirs=(bundled_plugins(),)))
    for folder in bundled_plugins().iterdir():
        purge(folder)
    assert "/api/v1/dispatch/rules" in app.openapi()["paths"]
