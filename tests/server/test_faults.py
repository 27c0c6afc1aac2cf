"""Kill -9, a full disk, a dying parent: nothing half written, a clear answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from console.server.admin import create_account
from console.server.audit import write_audit
from console.server.db import Database
from console.server.settings import ServerSettings
from console.server.tables import Counter
from tests.support.server import PASSWORD, Client, Server, running_server

ROOT = Path(__file__).resolve().parents[2]
OSM = """<osm version="0.6">
<node id="1" lat="34.20" lon="117.20"/><node id="2" lat="34.21" lon="117.21"/>
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="{name}"/></way>
</osm>"""
SCRIPT = """
import sys
from pathlib import Path
from console.server.run import serve
from console.server.settings import ServerSettings
url, folder, parent = sys.argv[1:]
settings = ServerSettings(
    data_dir=Path(folder),
    database_url=url,
    plugin_dirs=(),
    secret_key="k" * 40,
    keep_alive_of_parent=parent == "1",
)
serve(settings, "127.0.0.1", 0, lambda url: print(url, flush=True))
"""


@contextmanager
def process(url: str, folder: Path, parent: str = "0") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own; yields it and its URL."""
    command = [sys.executable, "-c", SCRIPT, url, str(folder), parent]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            yield child, child.stdout.readline().strip() + "/api/v1"
        finally:
            child.kill()


def signed_in(url: str) -> Client:
    body = {"username": "admin", "password": PASSWORD}
    return Client(url, requests.post(url + "/session", json=body, timeout=10).json())


def import_osm(client: Client, name: str) -> str:
    answer = client.post("/imports", files={"files": ("city.osm", OSM.format(name=name))})
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def finished(client: Client, job: str) -> dict:
    until = time.monotonic() + 40
    while (state := client.get(f"/imports/{job}").json())["state"] == "running":
        assert time.monotonic() < until
        time.sleep(0.05)
    return state


@pytest.fixture(scope="module")
def admin(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = ServerSettings(
        data_dir=tmp_path_factory.mktemp("x"), database_url=database_url, plugin_dirs=()
    )
    with running_server(settings) as server, server.core.database.write() as session:
        create_account(session, "admin", PASSWORD, "管理员", "administrator", ["320302"])


def roads(client: Client) -> list[str]:
    return [p["title"] for p in client.get("/search", params={"q": "路"}).json() if p["kind"] == "road"]


def test_imports_and_changes_over_kill_9(admin: None, database_url: str, tmp_path: Path) -> None:
    with process(database_url, tmp_path) as (child, url):
        client = signed_in(url)
        with client.live() as feed:
            snapshot = feed.next("snapshot")
        done = finished(client, import_osm(client, "解放路"))
        assert (done["state"], done["progress"]) == ("done", 1.0), done
        assert any(layer["kind"] == "road" for layer in done["report"]["layers"])
        assert roads(client) == ["解放路"]
        broken = client.post("/imports", files={"files": ("city.osm.pbf", b"garbage" * 50)}).json()["id"]
        failed = finished(client, broken)
        assert failed["state"] == "failed" and failed["error"] and failed["error_en"]
        assert roads(client) == ["解放路"] and not list((tmp_path / "uploads").glob("*/*"))
        killed = import_osm(client, "被杀路")
        child.kill()
        child.wait()
    with process(database_url, tmp_path) as (child, url):
        client = Client(url, client.ticket)
        names = roads(client)
        assert names in (["解放路"], ["被杀路"]) and len(client.get("/layers").json()) == 1
        assert client.get(f"/imports/{killed}").json()["state"] in ("failed", "running")
        with client.live(resume={"stream": snapshot["stream"], "seq": snapshot["seq"]}) as feed:
            assert feed.next("delta")["records"][0][1] == "layer"
            child.send_signal(signal.SIGTERM)
            assert child.wait(15) in (0, -signal.SIGTERM)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's parent death signal")
def test_the_embedded_backend_ends_with_its_parent(tmp_path: Path) -> None:
    nanny = (
        "import subprocess, sys, time; command = [sys.executable, '-c', *sys.argv[1:]]; "
        "child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True); "
        "print(child.pid, child.stdout.readline(), flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", nanny, SCRIPT, "", str(tmp_path), "1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        backend = int(parent.stdout.readline().split()[0])
        parent.kill()
        until = time.monotonic() + 15
        while _alive(backend):
            assert time.monotonic() < until, "the backend outlived its parent"
            time.sleep(0.05)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Server]:
    """A server whose SQLite file may not grow."""
    settings = ServerSettings(data_dir=tmp_path, plugin_dirs=(), position_tick=0.1)
    with running_server(settings) as server:
        server.account("admin")
        yield server


def limit_pages(database: Database, extra: int) -> None:
    """Every connection from now on may add *extra* pages only."""
    database.engine.dispose()

    def set_limit(connection, _record) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + extra}")

    event.listen(database.engine, "connect", set_limit)


def test_a_full_disk_is_said_and_changes_nothing(full_disk: Server) -> None:
    client = full_disk.sign_in("admin")
    database = full_disk.core.database
    limit_pages(database, 20)
    with pytest.raises(OperationalError, match="full"):
        for n in range(1000):
            with database.write() as session:
                session.add(Counter(name=f"filler{n}", text="x" * 64))
                write_audit(session, None, "fill", "x", reason="x" * 3000)
    lines = len(client.get("/audit", params={"limit": 1000}).json())
    body = {"username": "admin", "password": PASSWORD}
    for _ in range(40):
        answer = requests.post(full_disk.url + "/session", json=body, timeout=10)
        if answer.status_code != 200:
            break
    assert answer.status_code == 507 and "磁盘已满" in answer.json()["message_zh"]
    assert client.get("/me").status_code == 200
    assert len(client.get("/audit", params={"limit": 1000}).json()) - lines < 40


def test_a_database_that_cannot_be_had_is_said(full_disk: Server) -> None:
    engine = full_disk.core.database.engine
    with engine.connect() as holder:
        holder.exec_driver_sql("BEGIN EXCLUSIVE")
        engine.pool.dispose()
        event.listen(engine, "connect", lambda c, _record: c.execute("PRAGMA busy_timeout = 50"))
        body = {"refresh_token": "a.b"}
        answer = requests.post(full_disk.url + "/session/refresh", json=body, timeout=20)
        holder.exec_driver_sql("ROLLBACK")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer.headers["Retry-After"]
