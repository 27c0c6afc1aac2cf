"""Cameras of a table: at the right place, brought up to date by id, faults by line, all or nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from console.model.coordinates import Datum, from_wgs84
from plugins.cameras.server.streams import Streams
from plugins.cameras.server.tables import StreamRow
from tests.plugins.city import EAST, WEST, City, grid_of

MAIN = "rtsp://ada:se%40cret@127.0.0.1:9/main"


def take(city: City, lines: list[dict[str, Any]], who: str = "root", **more: Any) -> Any:
    return city.ok(who, "POST", "/cameras/import", {"lines": lines, **more})


def camera(city: City, name: str) -> Any:
    return next((c for c in city.ok("whole", "GET", "/cameras") if c["id"] == name), None)


def streams(city: City, name: str) -> Streams | None:
    core = city.app.state.core
    with core.database.read() as session:
        return core.services.get("cameras.streams").of(session, name)


def sign_in(city: City, name: str) -> tuple[str, str] | None:
    found = streams(city, name)
    return (found.user, found.password) if found else None


def line(city: City, name: str, street: str = WEST, **more: Any) -> dict[str, Any]:
    lon, lat = city.places[street][7]
    return {"编号": name, "名称": "南京路口", "经度": str(lon), "纬度": lat, **more}


def test_a_line_becomes_a_camera_at_its_place_in_its_area(city: City, root: str) -> None:
    said = line(city, "i1", 类型="球机", 权属单位="城管", 朝向="东南", 安装高度="6.5", 视场角=58)
    done = take(city, [said | {"主码流": MAIN, "备注": "无"}])
    assert (done["added"], done["rejected"]) == (1, [])
    found = camera(city, "i1")
    assert (found["kind"], found["owner"], found["heading"], found["mast"]) == ("ptz", "城管", 135.0, 6.5)
    assert (found["area"], found["live"], found["across"]) == (grid_of(WEST), True, 58.0)
    assert streams(city, "i1") == Streams(main="rtsp://127.0.0.1:9/main", user="ada", password="se@cret")


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_places_of_other_datums_are_brought_home(city: City, root: str, datum: Datum) -> None:
    true = np.array(city.places[EAST][3])
    lon, lat = from_wgs84(true[:1], true[1:], datum)
    said = line(city, "i2") | {"经度": float(lon[0]), "纬度": float(lat[0])}
    take(city, [said], datum=str(datum))
    found = camera(city, "i2")
    assert found["where"] == pytest.approx(true.tolist(), abs=2e-5)
    assert found["area"] == grid_of(EAST)
    assert city.call(root, "POST", "/cameras/import", {"lines": [said], "datum": "x"}).status_code == 422


def test_a_second_table_brings_up_to_date_and_keeps_what_it_does_not_say(city: City, root: str) -> None:
    first = line(city, "i3", 类型="高空鹰眼", 权属单位="公安", 主码流=MAIN)
    take(city, [first])
    again = take(city, [first])
    assert (again["added"], again["changed"], again["same"]) == (0, 0, 1)
    version = camera(city, "i3")["version"]
    done = take(city, [{"编号": "i3", "朝向": "270", "名称": "", "密码": "new", "权属单位": "-"}])
    assert (done["changed"], done["rejected"]) == (1, [])
    found = camera(city, "i3")
    assert (found["name"], found["heading"], found["owner"], found["high"]) == ("南京路口", 270.0, "", True)
    assert found["version"] > version
    assert streams(city, "i3") == Streams(main="rtsp://127.0.0.1:9/main", user="ada", password="new")
    take(city, [{"编号": "i3", "主码流": "-"}])
    assert camera(city, "i3")["live"] is False
    assert streams(city, "i3") is None


def test_faults_are_told_by_line_and_nothing_is_stored(city: City, root: str) -> None:
    place = {"经度": city.places[WEST][0][0], "纬度": city.places[WEST][0][1]}
    lines = [
        line(city, "i4"),
        {"编号": "有空格 1", "名称": "路口", **place},
        {"编号": "i5", **place},
        line(city, "i6", 类型="潜望镜"),
        line(city, "i7", 朝向="四百"),
        line(city, "i8", 主码流="C:\\video.mp4"),
        line(city, "i8a", 主码流=MAIN, 用户名="a\r\nb"),
        line(city, "i9") | {"经度": 0, "纬度": 0},
        line(city, "i10") | {"经度": 2.3, "纬度": 48.8},
        line(city, "i11", 区域编码="999999"),
        line(city, "i12"),
        line(city, "i12"),
    ]
    done = take(city, lines)
    assert [bad["row"] for bad in done["rejected"]] == [*range(2, 13)]
    words = "".join(bad["reason_zh"] for bad in done["rejected"])
    for part in (
        "不符合要求",
        "缺少名称",
        "潜望镜",
        "不是数字",
        "主码流",
        "均为 0",
        "坐标基准",
        "999999",
        "重复",
    ):
        assert part in words
    assert done["added"] == 0
    assert camera(city, "i4") is None
    assert take(city, lines, without_rejected=True)["added"] == 1
    assert camera(city, "i4") is not None


def test_a_preview_stores_nothing(city: City, root: str) -> None:
    assert take(city, [line(city, "i13"), line(city, "i14", 类型="?")], preview=True)["added"] == 1
    assert camera(city, "i13") is None


def test_headings_of_ones_own(city: City, root: str) -> None:
    lon, lat = city.places[WEST][2]
    said = {"SBBM": "i15", "DWMC": "人民广场", "X": lon, "Y": lat}
    done = take(city, [said], columns={"sbbm": "id", "DWMC": "name"})
    assert (done["added"], camera(city, "i15")["name"]) == (1, "人民广场")
    answer = city.call(root, "POST", "/cameras/import", {"lines": [said], "columns": {"DWMC": "title"}})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_table")


def test_only_administrators_take_in_and_only_where_they_may(city: City, root: str) -> None:
    assert city.call("whole", "POST", "/cameras/import", {"lines": [line(city, "i16")]}).status_code == 403
    done = take(city, [line(city, "i17"), {"编号": "c10", "名称": "改名"}], who="root-east")
    assert [bad["reason_zh"][:4] for bad in done["rejected"]] == ["不在您的", "该摄像头"]
    assert camera(city, "c10")["name"] != "改名"


def test_a_street_does_not_change_whose_camera_it_is(city: City, root: str) -> None:
    """Rules on who may look go by owner and kind."""
    take(city, [line(city, "i18", EAST, 权属单位="公安", 类型="球机")])
    for said in ({"权属单位": "街道"}, {"类型": "枪机"}):
        done = take(city, [{"编号": "i18", **said}], who="root-east")
        assert (done["changed"], len(done["rejected"])) == (0, 1), said
    assert (camera(city, "i18")["owner"], camera(city, "i18")["kind"]) == ("公安", "ptz")
    same = {"编号": "i18", "权属单位": "公安", "类型": "球机", "名称": "改名"}
    assert take(city, [same], who="root-east")["changed"] == 1
    assert take(city, [{"编号": "i18", "权属单位": "街道"}])["changed"] == 1


def test_a_sign_in_does_not_go_to_another_host(city: City, root: str) -> None:
    take(city, [line(city, "i19", 主码流=MAIN)])
    take(city, [{"编号": "i19", "子码流": "rtsp://127.0.0.1:9/sub"}])
    assert streams(city, "i19") == Streams(
        main="rtsp://127.0.0.1:9/main", sub="rtsp://127.0.0.1:9/sub", user="ada", password="se@cret"
    )
    take(city, [{"编号": "i19", "子码流": "rtsp://evil.example/sub"}])
    assert sign_in(city, "i19") == ("", "")
    take(city, [{"编号": "i19", "主码流": MAIN, "子码流": "rtsp://127.0.0.1:9/sub"}])
    take(city, [{"编号": "i19", "主码流": "rtsp://bob:other@127.0.0.1:9/main"}])
    assert sign_in(city, "i19") == ("bob", "other")


def test_tokens_in_an_address_are_sealed_as_well(city: City, root: str) -> None:
    main = "https://127.0.0.1:9/live.flv?token=t0k&channel=1"
    take(city, [line(city, "i20", 主码流=main, 子码流="https://127.0.0.1:9/sub.flv")])
    assert streams(city, "i20") == Streams(main=main, sub="https://127.0.0.1:9/sub.flv")
    with city.app.state.core.database.read() as session:
        row = session.get(StreamRow, "i20")
        assert row.main == "https://127.0.0.1:9/live.flv" and b"t0k" not in row.sealed
