"""Stations and staff. All names and numbers are made up; 1380000xxxx is given to nobody."""

from __future__ import annotations

import numpy as np

from console.model.area import AreaLevel
from console.model.records import Duty, LonLat, Means, Staff, Station
from console.server.demo.locate import Grids, Spots
from console.server.layer_types import AreaShape

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志红梅海燕雪春晓东文博宇浩然欣怡子轩"
_SKILLS = ("急救", "消防", "调解", "交通疏导", "防汛", "电工", "普法宣传", "心理疏导", "无人机")
_ROLES = (
    ("grid_worker", 0.72, Means.FOOT),
    ("grid_leader", 0.1, Means.BICYCLE),
    ("patrol", 0.1, Means.CAR),
    ("sanitation", 0.05, Means.BICYCLE),
    ("medic", 0.03, Means.CAR),
)
"""Role, share of all, usual means."""
_CENTRES = {
    AreaLevel.DISTRICT: ("district_centre", "社会治理综合服务中心"),
    AreaLevel.STREET: ("street_centre", "综合治理中心"),
    AreaLevel.COMMUNITY: ("community_centre", "综治工作站"),
}


def make_stations(
    areas: list[AreaShape], grids: Grids, spots: Spots, count: int, rng: np.random.Generator
) -> list[Station]:
    """Centres of district, streets and communities, each at a place in it; then duty posts in grids."""
    places = spots.where
    grid_of = np.array(grids.at(places))
    found: list[Station] = []
    for area in areas:
        centre = _CENTRES.get(AreaLevel(len(area.code)))
        if centre and len(found) < count:
            kind, title = centre
            where, code = _spot(area, places, grid_of)
            found.append(_station(len(found), area.name + title, code, where, kind))
    spare = max(count - len(found), 0)
    for row in np.sort(rng.choice(len(places), min(spare, len(places)), replace=False)).tolist():
        name = f"{spots.street[row]}网格服务站"
        where = (float(places[row, 0]), float(places[row, 1]))
        found.append(_station(len(found), name, str(grid_of[row]), where, "grid_post"))
    return found


def _station(number: int, name: str, area: str, where: tuple[float, float], kind: str) -> Station:
    return Station(id=f"station-{number + 1:04d}", name=name, area=area, where=where, kind=kind)


def _spot(area: AreaShape, places: np.ndarray, grid_of: np.ndarray) -> tuple[tuple[float, float], str]:
    """The place next to the middle of *area*."""
    middle = np.array([area.geometry.centroid.x, area.geometry.centroid.y])
    inside = np.flatnonzero(np.char.startswith(grid_of, area.code))
    rows = inside if len(inside) else np.arange(len(places))
    best = rows[np.argmin(np.abs(places[rows] - middle).sum(axis=1))]
    code = str(grid_of[best]) if len(inside) else area.code
    return (float(places[best, 0]), float(places[best, 1])), code[: max(len(area.code), 6)]


def person_names(count: int, rng: np.random.Generator) -> list[str]:
    """Chinese names of two or three characters."""
    first = rng.integers(0, len(_SURNAMES), count)
    given = rng.integers(0, len(_GIVEN), (count, 2))
    long = rng.uniform(size=count) < 0.7
    return [
        _SURNAMES[f] + _GIVEN[a] + (_GIVEN[b] if two else "")
        for f, (a, b), two in zip(first.tolist(), given.tolist(), long.tolist(), strict=True)
    ]


def phone_number(number: int) -> str:
    """A number in the range that stands for nobody: 1380000xxxx."""
    return f"1380000{number % 10_000:04d}"


def make_homes(staff: list[Staff], grids: Grids, spots: Spots, rng: np.random.Generator) -> dict[str, LonLat]:
    """Where each member starts: a place in their grid, or else any."""
    rows_of: dict[str, list[int]] = {}
    for row, code in enumerate(grids.at(spots.where)):
        rows_of.setdefault(code, []).append(row)
    draw = rng.uniform(size=len(staff))
    homes: dict[str, LonLat] = {}
    for member, chance in zip(staff, draw.tolist(), strict=True):
        rows = rows_of.get(member.area)
        row = rows[int(chance * len(rows))] if rows else int(chance * len(spots))
        homes[member.id] = (float(spots.where[row, 0]), float(spots.where[row, 1]))
    return homes


def make_staff(grids: Grids, count: int, rng: np.random.Generator) -> list[Staff]:
    """Staff spread over the grids in turn; three in four are on duty."""
    names = person_names(count, rng)
    role_of = rng.choice(len(_ROLES), count, p=[share for _, share, _ in _ROLES])
    duty = rng.uniform(size=count) < 0.78
    wheels = rng.uniform(size=count)
    found: list[Staff] = []
    for at in range(count):
        role, _, means = _ROLES[int(role_of[at])]
        if role == "grid_worker" and wheels[at] < 0.4:
            means = Means.BICYCLE
        skills = rng.choice(len(_SKILLS), int(rng.integers(1, 4)), replace=False)
        found.append(
            Staff(
                id=f"staff-{at + 1:05d}",
                handle=0,
                name=names[at],
                area=grids.codes[at % len(grids.codes)],
                role=role,
                duty=Duty.ON if duty[at] else Duty.OFF,
                means=means,
                skills=tuple(_SKILLS[i] for i in sorted(skills.tolist())),
                phone=phone_number(at),
            )
        )
    return found


WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHIFTS = ("whole", "day", "whole", "night", "whole")
"""Shifts in turn: at any time of day two thirds of all are on duty."""


def make_rota(staff: list[Staff]) -> list[tuple[str, str, str, bool]]:
    """A standard week for everybody as (staff, day, shift, leads), each with one free day in turn.

    In every street and shift the first grid leader leads.
    """
    led: set[tuple[str, str, str]] = set()
    rota: list[tuple[str, str, str, bool]] = []
    for at, member in enumerate(staff):
        shift = _SHIFTS[at % len(_SHIFTS)]
        for number, day in enumerate(WEEK):
            free = (at // len(_SHIFTS)) % len(WEEK) == number
            post = (member.area[:9], day, shift)
            leads = member.role == "grid_leader" and not free and post not in led
            if leads:
                led.add(post)
            rota.append((member.id, day, "" if free else shift, leads))
    return rota
