"""`onemap data cameras` as a district types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pyogrio import raw
from shapely.geometry import box

from console.cli import main
from console.server.app import create_app
from console.server.layer_types import AreaShape
from console.server.layers import replace_layers
from console.server.settings import ServerSettings

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def onemap(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    folder = tmp_path / "server"
    core = create_app(ServerSettings(data_dir=folder)).state.core
    areas = [AreaShape(code="320302", name="鼓楼区", name_en="", geometry=box(117, 34, 118, 35))]
    with core.database.write() as session:
        replace_layers(session, [], areas)
    core.database.close()

    def run(*words: str) -> tuple[int, str]:
        capfd.readouterr()
        code = main(["data", "cameras", *words, "--data-dir", str(folder)])
        return code, capfd.readouterr().err

    return run


def test_a_table_is_looked_at_then_taken_in_then_the_same(onemap: Run, tmp_path: Path) -> None:
    table = tmp_path / "cameras.csv"
    table.write_bytes("编号,点位,经度,纬度,类型\nA1,民主路口,117.2,34.26,枪机\n".encode("gb18030"))
    words = (str(table), "--datum", "gcj02", "--column", "点位=name")
    code, said = onemap(*words, "--preview")
    assert (code, "未保存" in said, "新增 1" in said) == (0, True, True)
    code, said = onemap(*words)
    assert (code, "新增 1" in said) == (0, True)
    code, said = onemap(*words)
    assert (code, "不变 1" in said) == (0, True)


def test_a_spreadsheet_with_a_fault_changes_nothing(onemap: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "cameras.xlsx"
    columns = {
        "编号": np.array(["A1", "A2"], object),
        "名称": np.array(["甲", "乙"], object),
        "经度": np.array([117.2, 17.2]),
        "纬度": np.array([34.26, 34.26]),
    }
    raw.write(
        str(sheet), None, list(columns.values()), list(columns), driver="XLSX", geometry_type=None, crs=None
    )
    code, said = onemap(str(sheet))
    assert (code, "第 2 行" in said, "未导入任何摄像头" in said) == (1, True, True)
    code, said = onemap(str(sheet), "--without-rejected")
    assert (code, "新增 1" in said) == (0, True)


@pytest.mark.parametrize("words", [["--datum", "mars"], ["--column", "点位"], ["--column", "点位=title"]])
def test_what_makes_no_sense_is_said_so(onemap: Run, tmp_path: Path, words: list[str]) -> None:
    table = tmp_path / "cameras.csv"
    table.write_text("编号,名称,经度,纬度\nA1,甲,117.2,34.26\n", "utf-8")
    code, said = onemap(str(table), *words)
    assert code == 1
    assert said and "Traceback" not in said
