"""Reading as the process does it, but in this one: a test in a second instead of twenty."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pyogrio  # noqa: F401 - its drivers are all there, before the process would switch some off
import pytest

from console.formats.messages import Read, ReadFile, Refused
from console.formats.reader import answer
from console.model.layers import LayerPackage, decode_package
from console.model.sources import FileLayers, FileOptions, FileTrouble

Ask = Callable[..., FileLayers]


def request_for(path: Path, cache: Path, **options: object) -> ReadFile:
    return ReadFile(
        path=str(path),
        cache=str(cache),
        options=FileOptions(**options),  # type: ignore[arg-type]
        memory=3 << 30,
        seconds=120,
    )


@pytest.fixture(autouse=True)
def own_environment() -> Iterator[None]:
    """What the process sets for GDAL must not reach the processes of other tests."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def read(tmp_path: Path) -> Ask:
    def asked(path: Path, **options: object) -> FileLayers:
        said = answer(request_for(path, tmp_path / "cache", **options))
        assert isinstance(said, Read), said
        return said.layers

    return asked


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., FileTrouble]:
    def asked(path: Path, **options: object) -> FileTrouble:
        said = answer(request_for(path, tmp_path / "cache", **options))
        assert isinstance(said, Refused), said
        assert said.trouble.message.zh_CN and said.trouble.message.en
        assert not list((tmp_path / "cache").glob("*.new")), "a half-made result was left behind"
        return said.trouble

    return asked


def package(layers: FileLayers, at: int = 0) -> LayerPackage:
    return decode_package(Path(layers.packages[at].path).read_bytes())


def column(layer: LayerPackage, name: str) -> list[object]:
    if name in layer.text_columns:
        return [layer.text(name, row) for row in range(len(layer))]
    return layer.columns[name].tolist()
