"""Names behind walls, asked of real sight data of a plain (10 m high) with a wall 30 m high."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from console.scene.sight import MESH
from console.scene.sight_desk import SightDesk
from console.sdk import MissingService
from plugins.linkage.desktop.ground import Ground
from plugins.linkage.desktop.label import Label
from plugins.linkage.desktop.walls import Walls
from plugins.linkage.lens.lens import Lens
from tests.scene.sight.test_sight_desk import ask
from tests.scene.sight.worlds import lonlat, plain, walled

LON, LAT = lonlat(0, 0)
EAST = Lens(lon=LON, lat=LAT, height=35.0, heading=90.0, tilt=-10.0, focal=1.0, aspect=0.5625)


class Context(SimpleNamespace):
    """As far as walls need it; work is done when it is started."""

    def __init__(self, sight: SightDesk | None) -> None:
        def service(name: str) -> SightDesk:
            if sight is None:
                raise MissingService(name)
            return sight

        self.asked = 0

        def start(work: Any) -> Any:
            self.asked += 1
            ask(work)
            return lambda: None

        super().__init__(
            services=SimpleNamespace(get=service),
            tasks=SimpleNamespace(start=start),
            log=logging.getLogger("test"),
            undo=lambda _: None,
        )


@pytest.fixture(scope="module")
def sight(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SightDesk]:
    """A wall from 40 to 41 m to the east."""
    folder: Path = tmp_path_factory.mktemp("walls")
    walled(plain(), (40, -200, 41, 200, 30)).save(folder / MESH)
    desk = SightDesk()
    ask(desk.open(str(folder)))
    yield desk
    desk.close()


def label(kind: str, east: float, height: float, text: str = "") -> Label:
    return Label(0.5, 0.5, text or f"{kind} {east}", kind, east, "text", (*lonlat(east, 0), height))


NAMES = [
    label("event", 100, 10),
    label("event", 30, 10),
    label("staff", 100, 11.5),
    label("camera", 100, 15),
    label("camera", 38, 15),
    label("road", 100, 10),
    label("building", 60, 10, "the wall is its own house"),
    label("building", 150, 10),
    label("building", 150, 60, "stands out above"),
    label("road", 9_000, 10, "outside of the model"),
]


def test_names_behind_a_wall_are_left_out_and_events_and_staff_are_faint(sight: SightDesk) -> None:
    ctx = Context(sight)
    walls = Walls(ctx, Ground(ctx))  # type: ignore[arg-type]
    assert walls.sift(EAST, NAMES) == NAMES  # nothing is known yet
    found = walls.sift(EAST, NAMES)
    assert [each.text for each in found if each.walled] == ["event 100", "staff 100"]
    assert [each.text for each in found if not each.walled] == [
        "event 30", "camera 38", "the wall is its own house", "stands out above", "outside of the model",
    ]  # fmt: skip
    assert ctx.asked == 1  # the same places are not asked about again


def test_what_is_on_level_ground_that_is_told_too_low_still_counts_as_seen(sight: SightDesk) -> None:
    ctx = Context(sight)
    walls = Walls(ctx, Ground(ctx))  # type: ignore[arg-type]
    low = [label("road", 30, 8.5)]
    walls.sift(EAST, low)
    assert walls.sift(EAST, low) == low


def test_without_a_model_all_are_shown_and_nothing_is_asked() -> None:
    ctx = Context(None)
    walls = Walls(ctx, Ground(ctx))  # type: ignore[arg-type]
    assert walls.sift(EAST, NAMES) == NAMES and ctx.asked == 0
