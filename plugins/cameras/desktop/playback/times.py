"""Moments as the user reads and writes them: in local time."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%m-%d %H:%M:%S", "%m-%d %H:%M", "%H:%M:%S", "%H:%M")


def clock_text(when: float) -> str:
    """Date and time."""
    return datetime.fromtimestamp(when).strftime("%m-%d %H:%M:%S")


def full_text(when: float) -> str:
    """With the year and the tenth of a second."""
    moment = datetime.fromtimestamp(when)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 100_000}"


def moment(text: str) -> float | None:
    """What was written, s since 1970: a time alone is the last that was; None: not understood."""
    now = datetime.fromtimestamp(time.time())
    plain = text.strip().replace("：", ":").replace("/", "-")
    for form in FORMS:
        try:
            found = datetime.strptime(plain, form)
        except ValueError:
            continue
        if "%d" not in form:
            found = found.replace(year=now.year, month=now.month, day=now.day)
            found -= timedelta(days=1 if found > now else 0)
        elif "%Y" not in form:
            found = found.replace(year=now.year)
            found = found.replace(year=now.year - 1) if found > now else found
        return found.timestamp()
    return None
