"""Area codes: administrative divisions and the grids inside them.

GB/T 2260 gives two digits each to province, prefecture and county (district);
GB/T 10114 adds three each for street and community, which makes the twelve
digits of an administrative code. A grid (网格) adds three more. A code is kept
*trimmed* to its level ("320302", "320302001", …), so that "lies in" is a plain
prefix test, in Python as in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from console.model.text import Language

_LENGTHS = (2, 4, 6, 9, 12, 15)


class AreaLevel(IntEnum):
    """Level of an area; the value is the length of its trimmed code."""

    PROVINCE = 2
    PREFECTURE = 4
    DISTRICT = 6
    STREET = 9
    COMMUNITY = 12
    GRID = 15


class AreaCodeError(ValueError):
    """The text is not an area code of GB/T 2260, GB/T 10114 or a grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area as the backend names it. ``name_en`` may be empty."""

    code: str
    name: str
    name_en: str = ""
    level: int = 0
    bounds: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """West, south, east, north in WGS84 degrees."""

    def name_in(self, language: str) -> str:
        """Name in *language* (``zh_CN`` or ``en``), where there is one."""
        return (self.name_en if language == Language.EN else "") or self.name


def parse_area_code(text: str) -> str:
    """Return the trimmed form of *text* (12-digit padded codes are trimmed).

    Raises AreaCodeError if it is no such code.
    """
    code = text.strip()
    if not code.isascii() or not code.isdigit():
        raise AreaCodeError(f"area code {text!r} holds something else than digits")
    if len(code) == 12:
        code = _trim(code)
    if len(code) not in _LENGTHS:
        raise AreaCodeError(f"area code {text!r} has {len(code)} digits")
    return code


def _trim(code: str) -> str:
    """Cut the zero padding of a 12-digit code at a level boundary."""
    for shorter, longer in ((9, 12), (6, 9), (4, 6), (2, 4)):
        if code[shorter:longer].strip("0"):
            return code[:longer]
    return code[:2]


def area_level(code: str) -> AreaLevel:
    """Level of a trimmed code."""
    return AreaLevel(len(code))


def parent_area(code: str) -> str | None:
    """The area one level up, or None for a province."""
    at = _LENGTHS.index(len(code))
    return code[: _LENGTHS[at - 1]] if at else None


def area_contains(outer: str, inner: str) -> bool:
    """Whether *inner* is *outer* or lies in it."""
    return inner.startswith(outer)


def in_any_area(code: str, areas: tuple[str, ...]) -> bool:
    """Whether *code* lies in one of *areas*."""
    return code.startswith(areas) if areas else False


def padded_area_code(code: str) -> str:
    """The 12-digit form of an administrative code; grids keep their 15 digits."""
    return code if len(code) > 12 else code.ljust(12, "0")
