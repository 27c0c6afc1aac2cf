"""Names of estates, schools, parks and shops, as points of interest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from console.server.demo.addresses import Addresses
from console.server.demo.buildings import Buildings
from console.server.demo.parcels import Land
from console.server.demo.plan import Plan

DISTRICT = "云澜"
_FIRST = "翠锦云金紫碧清明瑞丽星悦和康福御华盛景荣银嘉泰恒润祥玉天长东新凤龙枫桂"
_SECOND = "湖园庭景城府岸林山泉江阳海都汇悦桂台港湾洲谷原麓溪墅竹荷兰梅"
_ESTATES = ("花园", "小区", "新村", "家园", "华府", "苑", "公馆", "佳园")
_ORDINALS = "一二三四五六七八九十"
_SHOPS: tuple[tuple[str, str], ...] = (
    ("restaurant", "老灶面馆"),
    ("restaurant", "羊肉汤馆"),
    ("restaurant", "同福酒楼"),
    ("convenience", "好邻居便利店"),
    ("supermarket", "惠民超市"),
    ("pharmacy", "康仁大药房"),
    ("bank", "云澜农商银行"),
    ("bank", "城市银行"),
    ("hotel", "云湖宾馆"),
    ("cafe", "慢时光咖啡"),
    ("bakery", "麦香面包房"),
    ("hairdresser", "新风尚理发"),
    ("clinic", "社区卫生服务站"),
    ("kindergarten", "小太阳幼儿园"),
    ("post_office", "邮政所"),
    ("fuel", "加油站"),
    ("police", "派出所"),
    ("books", "新知书店"),
)
_OF_USE = {
    "school": ("school", "{n}学校"),
    "hospital": ("hospital", "{n}医院"),
    "market": ("marketplace", "{n}农贸市场"),
    "mall": ("mall", "{n}广场"),
    "office": ("office", "{n}大厦"),
    "government": ("townhall", "{n}政务服务中心"),
    "shed": ("industrial", "{n}产业园"),
    "station": ("station", "云澜站"),
}


@dataclass(slots=True)
class Places:
    """Points of interest (metres), and a name for each building (mostly empty)."""

    where: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    kind: list[str] = field(default_factory=list[str])
    name: list[str] = field(default_factory=list[str])
    buildings: list[str] = field(default_factory=list[str])
    parks: list[str] = field(default_factory=list[str])

    def add(self, where: Any, kind: str, name: str) -> None:
        x, y = shapely.get_coordinates(where)[0].tolist()
        self.where.append((x, y))
        self.kind.append(kind)
        self.name.append(name)


def make_places(
    plan: Plan, land: Land, buildings: Buildings, addresses: Addresses, rng: np.random.Generator
) -> Places:
    """Name blocks by what they are used for, and put shops on the streets."""
    places = Places()
    pairs = [a + b for a in _FIRST for b in _SECOND if a != b]
    stems = [pairs[i] for i in rng.permutation(len(pairs)).tolist()]
    names = _name_blocks(land, places, stems, rng)
    places.buildings = _name_buildings(land, buildings, names)
    for number, park in enumerate(land.parks):
        places.parks.append(("云湖公园", "文昌公园", "南山公园", "锦绣公园")[number % 4])
        places.add(shapely.point_on_surface(park), "park", places.parks[-1])
    places.add(shapely.points(plan.station), "station", f"{DISTRICT}站")
    _shops(addresses, places, rng)
    return places


def _name_blocks(land: Land, places: Places, stems: list[str], rng: np.random.Generator) -> list[str]:
    """A name a block (empty for those without), each also a point of interest."""
    use = [""] * len(land.blocks)
    for block, u in zip(land.block.tolist(), land.use, strict=True):
        if block >= 0:
            use[block] = u
    found, schools = [""] * len(use), 0
    spots = shapely.point_on_surface(land.blocks)
    for at, kind in enumerate(use):
        turn, of = divmod(at, len(stems))
        stem = stems[of] + (_count(turn + 1) + "期" if turn else "")
        if kind in ("slab", "tower", "villa"):
            found[at] = stem + str(rng.choice(_ESTATES))
            places.add(spots[at], "residential", found[at])
        elif kind == "school":
            level = "小学" if schools % 3 else "中学"
            turn = schools // 3 + 1 if level == "中学" else schools - schools // 3
            found[at] = f"{DISTRICT}区第{_count(turn)}{level}"
            schools += 1
            places.add(spots[at], "school", found[at])
        elif kind in _OF_USE and kind != "station":
            poi, form = _OF_USE[kind]
            found[at] = form.format(n=stem)
            places.add(spots[at], poi, found[at])
    return found


def _count(number: int) -> str:
    """Chinese numeral below one hundred; larger ones in digits."""
    tens, ones = divmod(number, 10)
    if number > 99:
        return str(number)
    head = "" if tens == 0 else ("十" if tens == 1 else _ORDINALS[tens - 1] + "十")
    return head + (_ORDINALS[ones - 1] if ones else "")


def _name_buildings(land: Land, buildings: Buildings, names: list[str]) -> list[str]:
    """Numbers in estates (3号楼), the block's own name for the first of its large houses."""
    block = land.block[buildings.parcel]
    count: dict[int, int] = {}
    found: list[str] = []
    for at, kind in zip(block.tolist(), buildings.kind, strict=True):
        if kind in ("apartments", "school", "hospital", "office", "public"):
            count[at] = count.get(at, 0) + 1
            estate = kind == "apartments" or count[at] > 1
            found.append(f"{count[at]}号楼" if estate else names[at])
        else:
            found.append("云澜站" if kind == "train_station" else "")
    return found


def _shops(addresses: Addresses, places: Places, rng: np.random.Generator) -> None:
    """A shop at one address in twelve, a chain's branch named after its street."""
    rows = np.flatnonzero(rng.uniform(size=min(len(addresses), 60_000)) < 1 / 12)
    kinds = rng.integers(0, len(_SHOPS), len(rows))
    for row, kind in zip(rows.tolist(), kinds.tolist(), strict=True):
        poi, name = _SHOPS[kind]
        places.add(shapely.points(addresses.where[row]), poi, f"{name}({addresses.street[row]}店)")
