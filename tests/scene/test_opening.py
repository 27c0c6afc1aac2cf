"""What can be streamed is opened by one call, wherever it lies."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from console.scene.opening import open_source
from console.scene.osgb.streamed import DeliverySource
from console.scene.refusal import SceneRefused
from tests.scene.tiles.test_archives import zipped
from tests.support.tilesets import DAYANTA


def test_folder_document_and_archive_give_the_same_tree(tmp_path: Path) -> None:
    folder = tmp_path / "Model.ZIP"
    folder.mkdir()
    shutil.copy(DAYANTA / "tileset.json", folder)
    packed = zipped(tmp_path / "b.ZIP", folder)
    for where in (DAYANTA, str(DAYANTA / "tileset.json"), packed, folder):
        tree, source = open_source(where)
        assert len(tree) == 15 and source.start == "tileset.json"


def test_a_delivery_is_opened_as_a_tileset_is(shared_data: Path, tmp_path: Path) -> None:
    delivery = shared_data / "osgb_estate"
    for where in (delivery, delivery / "Data", delivery / "Data/Tile_+000_+013/Tile_+000_+013.osgb"):
        tree, source = open_source(where)
        assert isinstance(source, DeliverySource) and np.linalg.norm(tree.tiles["center"][0]) > 6.3e6
    (tmp_path / "Data").mkdir()
    shutil.copy(DAYANTA / "tileset.json", tmp_path)
    assert not isinstance(open_source(tmp_path)[1], DeliverySource), "a tileset with a folder of that name"


@pytest.mark.parametrize(
    "where",
    [
        "",
        "/nowhere",
        "x" * 5000,
        "a\0b",
        "~nobody here/x",
        "file:///etc/passwd",
        "http://127.0.0.1:1/t.json?k=secret",
    ],
)
def test_what_is_not_there_is_refused(where: str) -> None:
    with pytest.raises(SceneRefused) as caught:
        open_source(where)
    assert "secret" not in caught.value.message.zh_CN
