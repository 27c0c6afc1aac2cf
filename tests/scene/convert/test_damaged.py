"""Damaged files on their way through the conversion: converted, or refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.scene.convert.draft import Drafter, Ground
from console.scene.convert.tileset import Assembly
from console.scene.gltf import read_gltf
from console.scene.osgb import Metadata, Placement, Site, read_osgb
from console.scene.refusal import SceneRefused
from tests.support.osg import osgconv
from tests.support.osgb_writer import file_of, square

NAME = "tile.osgb"


@pytest.fixture(scope="module")
def originals(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """A small real file, as it is and with pixels in it, and one made by hand."""
    folder = shared_data / "osgb_estate" / "Data" / "Tile_+000_+013"
    source = folder / "Tile_+000_+013_L19_0uuuu5.osgb"
    raw = osgconv(source, tmp_path_factory.mktemp("raw") / "raw.osgb", "WriteImageHint=IncludeData")
    return [source.read_bytes(), raw.read_bytes(), file_of(square())]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """A place on Earth and a folder."""
    target = tmp_path_factory.mktemp("out")
    place = Placement(Metadata("EPSG:4547", (500_000.0, 2_488_000.0, 0.0)))
    return Ground(Site(target, Metadata(), place, place.frame(np.zeros(3))), target)


@given(data=st.data())
@settings(max_examples=60)
def test_any_damage_is_converted_or_refused(
    originals: list[bytes], ground: Ground, data: st.DataObject
) -> None:
    changed = bytearray(data.draw(st.sampled_from(originals)))
    for _ in range(data.draw(st.integers(1, 5))):
        changed[data.draw(st.integers(24, 1200)) % len(changed)] = data.draw(st.integers(0, 255))
    try:
        draft = Drafter(ground, NAME).make(read_osgb(bytes(changed)))
    except SceneRefused as error:
        assert error.message.zh_CN
        return
    Assembly({NAME: draft}, [NAME]).write(ground)
    json.loads((ground.target / "tileset.json").read_bytes())
    for name in draft.contents:
        read_gltf((ground.target / name).read_bytes())
