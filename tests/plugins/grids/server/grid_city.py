"""A district of sixty grids beside the city of the other tests, and what is done to its grids."""

from __future__ import annotations

import contextlib
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
import shapely

from console.model.records import Staff
from console.server.admin import create_account
from console.server.importing import make_grids
from console.server.layer_types import AreaShape, ImportedLayer
from console.server.layers import replace_layers
from plugins.grids.cover.check import check
from plugins.grids.cover.cover import Cover, Grid, cover_of, square_metres
from plugins.grids.cover.draft import Draft, draft_of
from plugins.grids.cover.operations import give, merge, split
from plugins.grids.cover.refusal import CannotDo
from tests.plugins.city import PASSWORD, City, load_roads

DISTRICT = "310106"
"""Beside the city of the fixture: sixty grids between the same roads, fifty kilometres to the east."""
COUNT = 60
AWAY = 0.5
WHO = "keeper"
STAFF_AT = 7
NUMBERS = itertools.count(500)
"""Of new grids: no test gives one that another has given."""


@pytest.fixture(scope="module")
def grids(city: City, shared_data: Any) -> list[str]:
    """Codes of the grids of the new district, with an administrator, a street's dispatcher and staff."""
    core = city.app.state.core
    areas, package = make_grids(
        load_roads(shared_data, "shanghai_center.osm.pbf"), DISTRICT, "静安区", COUNT, 1
    )
    areas = [moved(area) for area in areas]
    package.xy = package.xy + np.array([round(AWAY * 1e7), 0], np.int32)
    codes = sorted(area.code for area in areas if len(area.code) == 15)
    layer = ImportedLayer(
        layer_id="grid", kind="grid", title_zh="网格", title_en="Grids", package=package, datum="wgs84",
        datum_known="declared",
    )  # fmt: skip
    with core.database.write() as session:
        replace_layers(session, [layer], areas)
        create_account(session, WHO, PASSWORD, "管理员", "administrator", (DISTRICT,))
        create_account(session, "province", PASSWORD, "省", "administrator", (DISTRICT[:2],))
        create_account(session, "street", PASSWORD, "街道", "dispatcher", (codes[0][:9],))
        core.services.get("seed:staff")(session, [member("g1", codes[STAFF_AT])])
    return codes


def member(staff: str, area: str) -> Staff:
    return Staff(id=staff, handle=0, name="网格员", area=area, phone="13800000001")


def moved(area: AreaShape) -> AreaShape:
    ground = shapely.transform(area.geometry, lambda xy: np.round(xy + np.array([AWAY, 0]), 7))
    return AreaShape(code=area.code, name=area.name, name_en=area.name_en, geometry=ground)


def cover(city: City) -> Cover:
    """The grids as they are in force."""
    core = city.app.state.core
    with core.database.read() as session:
        shapes = core.area_edits.shapes(session, [DISTRICT], 15)
    return cover_of((s.code, s.name, s.name_en, s.geometry) for s in shapes)


def save(city: City, draft: Draft, who: str = WHO, plan: str = "", version: int = 0) -> Any:
    body = {"title": "拆分网格", "note": "", "version": version, "draft": asdict(draft)}
    return city.call(who, "PUT", f"/grids/plans/{plan or uuid.uuid4()}", body)


def put_in_force(city: City, draft: Draft) -> Any:
    plan = save(city, draft).json()
    body = {"version": plan["version"], "reason": "年度网格调整"}
    return city.ok(WHO, "POST", f"/grids/plans/{plan['id']}/force", body)


def across(before: Cover, code: str, new: str = "") -> Cover:
    """The grid divided from north to south."""
    new = new or f"{code[:12]}{next(NUMBERS):03d}"
    return split(before, code, line_across(before, code), lambda grid: (new, "新网格"))


def line_across(before: Cover, code: str) -> list[tuple[int, int]]:
    west, south, east, north = before[code].shape.bounds
    x = round((west + east) / 2)
    return [(x, round(south) - 90), (x, round(north) + 90)]


def renamed(before: Cover, code: str) -> Cover:
    """Another name for a grid: its neighbours are not touched."""
    return before.changed([Grid(code=code, name="新名称", shape=before[code].shape)])


def divisible(before: Cover) -> str:
    """Code of a grid that a line from north to south divides in two, neither too small."""
    return next(code for code in sorted(before.grids) if is_divisible(before, code))


def is_divisible(before: Cover, code: str) -> bool:
    try:
        after = split(before, code, line_across(before, code), lambda grid: (f"{code[:12]}999", "新网格"))
    except CannotDo:
        return False
    return not check(before, after) and square_metres(before[code].shape) > 20_000


def pairs(before: Cover) -> list[tuple[str, str]]:
    """Grids with a neighbour in the same community, which could take over."""
    return [
        (code, min(heirs))
        for code in sorted(before.grids)
        if (heirs := [each.code for each in before.beside(code) if each.code[:12] == code[:12]])
    ]


def idle(city: City, before: Cover) -> tuple[str, str]:
    """A grid that nobody and nothing belongs to, and a neighbour that could take over."""
    return next(pair for pair in pairs(before) if moves_of(city, before, *pair) == {})


def moves_of(city: City, before: Cover, code: str, heir: str) -> dict[str, int] | None:
    """Whom it moves that *heir* takes over; None when it cannot."""
    answer = city.ok(WHO, "POST", "/grids/check", asdict(draft_of(before, merge(before, heir, code))))
    return None if answer["findings"] else answer["moves"]


def layer(city: City) -> Any:
    return next(each for each in city.ok(WHO, "GET", "/layers") if each["id"] == "grid")


def cover_degrees(of: Cover, code: str) -> shapely.Geometry:
    return shapely.transform(of[code].shape, lambda xy: xy / 1e7)


def at(city: City, place: shapely.Geometry) -> str:
    lon, lat = shapely.get_coordinates(place)[0].tolist()
    return city.call(WHO, "GET", f"/areas/at?lon={lon}&lat={lat}").json().get("code", "")


def union_bounds(of: Cover, prefix: str) -> list[float]:
    return list(shapely.total_bounds([cover_degrees(of, c) for c in of.grids if c.startswith(prefix)]))


def given_away(before: Cover) -> Iterator[tuple[str, str, Cover]]:
    """Grids of which a piece can be given to a neighbour, that neighbour, and what comes of it."""
    for code, to in pairs(before):
        if is_divisible(before, code):
            with contextlib.suppress(CannotDo):
                after = give(before, code, line_across(before, code), to)
                if not check(before, after):
                    yield code, to, after
