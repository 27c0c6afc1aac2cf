"""Semantic versions and ranges such as ``>=1.3,<2``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?", re.ASCII)
_BOUND = re.compile(r"(>=|<=|==|!=|>|<)\s*(\d{1,9}(?:\.\d{1,9}){0,2})", re.ASCII)
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A semantic version; a pre-release comes before its release."""

    major: int
    minor: int
    patch: int
    final: bool = True
    pre: str = ""

    @classmethod
    def parse(cls, text: str) -> Version:
        """Raises ValueError when *text* is not like ``1.2.0`` or ``1.2.0-beta.1``."""
        match = _VERSION.fullmatch(text)
        if match is None:
            raise ValueError(f'"{text}" is not a version like "1.2.0"')
        major, minor, patch, pre = match.groups()
        return cls(int(major), int(minor), int(patch), pre is None, pre or "")


@dataclass(frozen=True, slots=True)
class VersionRange:
    """Bounds that all must hold; without bounds every version is inside."""

    bounds: tuple[tuple[str, Version], ...] = ()

    @classmethod
    def parse(cls, text: str) -> VersionRange:
        """Raises ValueError when *text* is not like ``>=1.3,<2``."""
        bounds: list[tuple[str, Version]] = []
        for part in text.split(","):
            match = _BOUND.fullmatch(part.strip())
            if match is None:
                raise ValueError(f'"{text}" is not a range like ">=1.3,<2"')
            major, minor, patch, *_ = [*(int(n) for n in match[2].split(".")), 0, 0]
            bounds.append((match[1], Version(major, minor, patch)))
        return cls(tuple(bounds))

    def __contains__(self, version: Version) -> bool:
        return all(_OPERATORS[sign](version, bound) for sign, bound in self.bounds)
