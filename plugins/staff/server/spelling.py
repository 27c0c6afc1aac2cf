"""Names by pinyin: 孙燕秀 is found by ``syx`` and ``sunyanxiu``."""

from __future__ import annotations

from functools import lru_cache


def spelled(name: str, letters: str) -> bool:
    """Whether *letters* begin the initials of *name*, or its pinyin."""
    asked = letters.casefold()
    return any(form.startswith(asked) for form in _spellings(name))


@lru_cache(maxsize=16_384)
def _spellings(name: str) -> tuple[str, str]:
    """Initials and whole pinyin, in small letters."""
    from pypinyin import Style, lazy_pinyin  # 100 ms to load: at the first search by letters

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).casefold(), "".join(
        lazy_pinyin(name)
    ).casefold()
