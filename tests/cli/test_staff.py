"""`onemap staff` and `onemap device` as a district types them: faulty tables, secrets, a reporting phone."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from pyogrio import raw
from shapely.geometry import box

from console.cli import main
from console.server.admin import create_account
from console.server.app import create_app
from console.server.db import Database
from console.server.devices import Devices
from console.server.layer_types import AreaShape
from console.server.layers import replace_layers
from console.server.settings import ServerSettings

HEAD = "工号,姓名,区域编码,岗位,出行方式,技能,电话,设备号\n"
GOOD = "W001,王芳,320302001001001,网格员,步行,急救;消防,13812345678,\n"
ALSO = "W002,李强,320302001,网格长,电动车,,,li-phone\n"
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backend's data with a district, a street and a grid, and an administrator of the street."""
    made = tmp_path_factory.mktemp("template")
    core = create_app(ServerSettings(data_dir=made)).state.core
    codes = {"320302": "鼓楼区", "320302001": "黄楼街道", "320302001001001": "民主一网格"}
    areas = [AreaShape(code=c, name=n, name_en="", geometry=box(117, 34, 118, 35)) for c, n in codes.items()]
    with core.database.write() as session:
        replace_layers(session, [], areas)
        create_account(session, "root", PASSWORD, "管理员", "administrator", ["320302001"])
        create_account(session, "op", PASSWORD, "值班员", "operator", ["320302"])
    core.database.close()
    return made


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "server"))


@dataclass
class Said:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def onemap(folder: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def run(*words: str) -> Said:
        capfd.readouterr()
        code = main([*words, "--data-dir", str(folder)])
        return Said(code, *capfd.readouterr())

    return run


def listed(onemap: Callable[..., Said]) -> list[dict[str, str]]:
    return list(csv.DictReader(onemap("staff", "list").stdout.splitlines()))


def audit(folder: Path) -> list[str]:
    core = create_app(ServerSettings(data_dir=folder)).state.core
    with core.database.read() as session:
        rows = session.connection().exec_driver_sql("select action, reason from audit order by id").all()
    core.database.close()
    return [f"{action}: {reason}" for action, reason in rows if action.startswith("staff.")]


def test_a_table_with_faults_changes_nothing_and_says_each(onemap, folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "staff.csv"
    rows = "W003,,320302,,,,,\nW004,赵,999999,,,,,\nW001,王二,320302,,,,,\nW005,孙,320302,,飞行,,,\n"
    table.write_text(HEAD + GOOD + rows, "utf-8-sig")
    refused = onemap("staff", "import", str(table))
    assert refused.returncode == 1
    faults = ("第 2 行", "缺少姓名", "没有编码为 999999 的区域", "在表中重复", "“飞行”无法识别")
    for words in (*faults, "未导入任何人员"):
        assert words in refused.stderr
    assert refused.stdout == "" and listed(onemap) == []
    stored = onemap("staff", "import", str(table), "--without-rejected")
    assert stored.returncode == 0 and "新增 0" in stored.stderr, "both lines of W001 are in doubt"


def test_a_table_is_taken_in_once_and_brought_up_to_date_later(onemap, folder: Path, tmp_path: Path) -> None:
    table, secrets = tmp_path / "staff.csv", tmp_path / "secrets.csv"
    table.write_bytes((HEAD + GOOD + ALSO).encode("gb18030"))
    assert onemap("staff", "import", str(table), "--secrets", str(secrets)).returncode == 0
    assert secrets.stat().st_mode & 0o777 == 0o600
    given = list(csv.DictReader(secrets.read_text("utf-8").splitlines()))
    assert [(g["staff"], g["device"]) for g in given] == [("W001", "device-W001"), ("W002", "li-phone")]
    assert all(len(g["secret"]) >= 24 for g in given)
    wang, li = listed(onemap)
    assert (wang["name"], wang["area"], wang["phone"]) == ("王芳", "320302001001001", "138****5678")
    assert (li["role"], li["means"], li["duty"]) == ("grid_leader", "bicycle", "off")
    assert onemap("staff", "import", str(table), "--secrets", str(secrets)).returncode == 1, "kept"
    table.write_text(HEAD + GOOD.replace("王芳", "王小芳") + ALSO, "utf-8")
    again = onemap("staff", "import", str(table))
    assert "新增 0，更新 1" in again.stderr and again.stdout == ""
    assert listed(onemap)[0]["name"] == "王小芳"
    assert audit(folder) == ["staff.enrol: added 2, changed 0", "staff.enrol: added 0, changed 1"]


def test_a_spreadsheet_is_a_table_too(onemap, folder: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "staff.xlsx"
    columns = {"工号": ["W1"], "姓名": ["王芳"], "区域编码": ["320302"], "电话": [13812345678]}
    values = [np.array(column, object if at < 3 else np.int64) for at, column in enumerate(columns.values())]
    raw.write(str(sheet), None, values, list(columns), driver="XLSX", geometry_type=None, crs=None)
    assert onemap("staff", "import", str(sheet)).returncode == 0
    assert listed(onemap)[0]["phone"] == "138****5678"


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe", "工号,姓名\n".encode()])
def test_what_is_no_table_is_said_so(onemap, folder: Path, tmp_path: Path, content: bytes) -> None:
    table = tmp_path / "staff.csv"
    table.write_bytes(content)
    refused = onemap("staff", "import", str(table))
    assert refused.returncode == 1 and "Traceback" not in refused.stderr and refused.stderr


def test_a_device_needs_somebody_who_carries_it_and_is_theirs_on_the_map(onemap, folder: Path) -> None:
    unknown = onemap("device", "add", "wang-phone", "--staff", "nobody")
    assert unknown.returncode == 1 and "没有工号为 nobody 的人员" in unknown.stderr and unknown.stdout == ""
    person = ("--name", "王芳", "--area", "320302001", "--duty", "on")
    assert onemap("staff", "add", "W001", *person).returncode == 0
    secret = onemap("device", "add", "wang-phone", "--staff", "W001").stdout.strip()
    assert onemap("staff", "add", "W002", "--name", "李强", "--area", "320302").returncode == 0
    taken = onemap("device", "add", "wang-phone", "--staff", "W002")
    assert taken.returncode == 1 and "属于 W001" in taken.stderr
    with TestClient(create_app(ServerSettings(data_dir=folder, position_tick=0.05))) as client:
        where = {"id": "wang-phone", "lat": 34.5, "lon": 117.5}
        fix = client.get("/api/v1/ingest/osmand", params=where, auth=("wang-phone", secret))
        assert fix.status_code == 200
        signed_in = client.post("/api/v1/session", json={"username": "op", "password": PASSWORD}).json()
        token = {"Authorization": f"Bearer {signed_in['access_token']}"}
        (member,) = [m for m in client.get("/api/v1/staff", headers=token).json() if m["id"] == "W001"]
        core = client.app.state.core
        assert core.devices.check("wang-phone", secret).handle == member["handle"]


def test_a_device_has_a_key_of_the_backends_secret_and_is_taken_out(
    onemap, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert onemap("staff", "add", "W001", "--name", "王芳", "--area", "320302001").returncode == 0
    secret = onemap("device", "add", "p1", "--staff", "W001").stdout.strip()
    missing = onemap("device", "key", "p1")
    assert (missing.returncode, missing.stdout) == (1, "")
    monkeypatch.setenv("ONEMAP_DEVICE_KEY", "of the tests")
    assert len(onemap("device", "key", "p1").stdout.strip()) == 32
    assert onemap("device", "key", "nobody").returncode == 1
    database = Database(f"sqlite:///{folder / 'onemap.db'}")
    assert Devices(database).check("p1", secret) is not None
    assert onemap("device", "disable", "p1").returncode == 0
    assert Devices(database).check("p1", secret) is None
    assert Devices(database).find("p1") is None
    assert onemap("device", "disable", "nobody").returncode == 1
    database.close()


def test_an_administrator_takes_people_in_by_rest_within_their_areas(onemap, folder: Path) -> None:
    with TestClient(create_app(ServerSettings(data_dir=folder))) as client:

        def enrol(who: str, *areas: str):
            session = client.post("/api/v1/session", json={"username": who, "password": PASSWORD}).json()
            token = {"Authorization": f"Bearer {session['access_token']}"}
            lines = [{"id": f"R{at}", "name": "周", "area": area} for at, area in enumerate(areas)]
            return client.post("/api/v1/staff/enrol", json={"lines": lines}, headers=token)

        assert enrol("op", "320302001").status_code == 403
        beyond = enrol("root", "320302001", "320302").json()
        assert (beyond["added"], [bad["row"] for bad in beyond["rejected"]]) == (0, [2])
        done = enrol("root", "320302001").json()
        assert done["added"] == 1 and done["devices"][0]["secret"]
