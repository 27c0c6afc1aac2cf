"""Fuzzy search over Chinese, English and pinyin: 定位 is found by 定位, locate, dingwei and dw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

T = TypeVar("T")
LEAST = 62.0
"""Scores below are not shown (0..100)."""
_LEAD = 9.0
"""More than parts a title that begins with what was typed from one that holds it."""
_IN_FULL = 10.0
_RECENT = 3.0


@lru_cache(maxsize=4096)
def spellings(text: str) -> tuple[str, ...]:
    """The text, its full pinyin and the initials of it, in lower case."""
    low = text.casefold()
    if text.isascii():
        words = low.split()
        return (low, "".join(word[0] for word in words)) if len(words) > 1 else (low,)
    # Its dictionaries take 100 ms to load: only when somebody searches.
    from pypinyin import Style, lazy_pinyin

    full = lazy_pinyin(low)
    initials = lazy_pinyin(low, style=Style.FIRST_LETTER)
    return (low, "".join(full), "".join(initials))


def warm_up() -> None:
    """Load what searching needs, 0.2 s: for a pool thread, before the first letter is typed."""
    _fit("warm", spellings("预热")[0])


@dataclass(frozen=True, slots=True)
class Target(Generic[T]):
    """Something to be found by any of its *texts*; the first weighs most."""

    value: T
    texts: tuple[str, ...]
    recent: int = field(default=0)
    """Higher when used later; 0 never."""
    leads: bool = field(default=False)
    """Comes before others that fit about as well; not before a title typed in full."""


def score(query: str, texts: Sequence[str]) -> float:
    """How well *query* fits, 0..100."""
    best = 0.0
    for place, text in enumerate(texts):
        if text:
            best = max(best, max(_fit(query, form) for form in spellings(text)) - 4.0 * place)
    return best


def _fit(query: str, form: str) -> float:
    if form.startswith(query):
        return 100.0 - min(8.0, 0.2 * (len(form) - len(query)))
    if query in form:
        return 92.0 - min(8.0, 0.2 * (len(form) - len(query)))
    if len(query) < 3:
        return 0.0  # two letters are in everything somehow
    from rapidfuzz import fuzz  # as pypinyin: not before somebody searches

    return 0.85 * fuzz.partial_ratio(query, form)


def search(query: str, targets: Sequence[Target[T]], limit: int = 60) -> list[Target[T]]:
    """The best targets for *query*; without one, the recent first, then all in their order."""
    words = query.casefold().split()
    if not words:
        return sorted(targets, key=lambda target: -target.recent)[:limit]
    joined = "".join(words)

    def total(target: Target[T]) -> float:
        whole = score(joined, target.texts)
        parts = [score(word, target.texts) for word in words]
        return max(whole, min(parts)) + (_RECENT if target.recent else 0.0)

    ranked = [(total(target), target) for target in targets]
    good = [(points + _lead(target, " ".join(words)), target) for points, target in ranked if points >= LEAST]
    good.sort(key=lambda pair: (-pair[0], -pair[1].recent))
    return [target for _, target in good[:limit]]


def _lead(target: Target[T], typed: str) -> float:
    in_full = any(text.casefold() == typed for text in target.texts)
    return (_LEAD if target.leads else 0.0) + (_IN_FULL if in_full else 0.0)
