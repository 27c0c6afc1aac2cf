"""Codes and names of new grids: fifteen digits, those of the community and a number of three.

A number is given once: a grid that is gone keeps its code in the records of its time.
"""

from __future__ import annotations

from collections.abc import Iterable

from console.sdk import AreaLevel
from plugins.grids.cover.cover import Cover

MOST = 999


def is_grid_code(code: str, cover: Cover) -> bool:
    """Whether *code* may name a grid of one of the communities of *cover*."""
    if len(code) != AreaLevel.GRID or not (code.isascii() and code.isdigit()) or code.endswith("000"):
        return False
    return any(known.startswith(code[: AreaLevel.COMMUNITY]) for known in cover.grids)


def next_code(community: str, taken: Iterable[str]) -> str:
    """The number after the highest that the community ever gave; a free one when there is none above.

    Raises ValueError when all are given.
    """
    numbers = {int(code[AreaLevel.COMMUNITY :]) for code in taken if code.startswith(community)}
    number = max(numbers, default=0) + 1
    if number > MOST:
        number = next((n for n in range(1, MOST + 1) if n not in numbers), 0)
    if not number:
        raise ValueError(f"community {community} has no code left")
    return f"{community}{number:03d}"


def name_for(code: str, like: str) -> str:
    """A name in the manner of the grid *like* that it comes from: 第12网格(解放路)."""
    street = like.partition("(")[2]
    return f"第{int(code[AreaLevel.COMMUNITY :])}网格" + (f"({street}" if street else "")
