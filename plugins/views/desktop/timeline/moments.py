"""Fields that hold dates or times, and conditions on them. Pure: for the worker pool.

Moments are seconds since 1970 of the *local* clock as it stands in the data: a text without a zone is
taken as it is, one with a zone and numbers since 1970 (UTC) are shown as the local clock showed them.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import nan
from typing import Any

import numpy as np
import numpy.typing as npt

from console.sdk import OneMapError
from console.sdk.layer_data import Field, read_attributes, read_texts, read_values

Moments = npt.NDArray[np.float64]
MOST_TEXTS = 500_000
"""Different texts of a field; more would take seconds to read."""
LONGEST_LIST = 5_000
"""Texts that a condition may list, where their order is not that of time."""
BINS = 160
SURE = 0.9
"""Share of the common values that must be dates for a field to be offered."""
PART = 20_000
"""Texts that are read without letting other threads run: some milliseconds."""
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")
_DATE = re.compile(
    r"\s*(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?|(\d{2})(\d{2}))月?"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(Z|[+-]\d{2}:?(?:\d{2})?)?\s*"
)
_EPOCH = datetime(1970, 1, 1)


class NoTimes(OneMapError):
    """The field cannot be used; *why* is ``none`` or ``many``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class TimeField:
    """A field of a layer with its moments."""

    name: str
    low: float
    high: float
    """The first moment, and just after the last."""
    counts: npt.NDArray[np.int64]
    """Features in each of BINS equal parts of that."""
    to_value: Callable[[float], float] | None
    """From a moment to the field's number; None for texts."""
    texts: tuple[str, ...] = ()
    """The different texts by time."""
    text_moments: tuple[float, ...] = ()
    in_order: bool = True
    """Whether the texts have the order of time, as those of ISO 8601 have."""

    def condition(self, start: float, end: float) -> list[Any]:
        """For ``set_filter``: what lies from *start* to before *end*."""
        field = ["get", self.name]
        if self.to_value is not None:
            return ["all", [">=", field, self.to_value(start)], ["<", field, self.to_value(end)]]
        first = bisect.bisect_left(self.text_moments, start)
        chosen = self.texts[first : bisect.bisect_left(self.text_moments, end)]
        if not chosen:
            return ["==", ["literal", 0], ["literal", 1]]
        if self.in_order:
            return ["all", [">=", field, chosen[0]], ["<=", field, chosen[-1]]]
        return ["in", field, ["literal", list(chosen)]]


def time_fields(packages: Sequence[str]) -> list[str]:
    """Names of the fields whose common values are dates or times. Raises OSError, PackageError."""
    return [field.name for field in read_attributes(packages).fields if _looks_like_time(field)]


def _looks_like_time(field: Field) -> bool:
    values = [value for value, _ in field.common]
    if not values or field.name in ("name", "class", "housenumber", "street", "code"):
        return False
    if field.type == "number":
        return _number_kind(np.array(values, float), field.name) is not None
    found = sum(moment_of(str(value)) is not None for value in values)
    return found >= SURE * len(values)


def read_time_field(packages: Sequence[str], name: str) -> TimeField:
    """Raises NoTimes, OSError, PackageError."""
    codes, texts = read_texts(packages, name)
    return _of_texts(name, codes, texts) if texts else _of_numbers(name, read_values(packages, name))


def _of_numbers(name: str, values: npt.NDArray[np.float64]) -> TimeField:
    known = values[np.isfinite(values)]
    kind = _number_kind(known, name)
    if kind is None:
        raise NoTimes("none")
    to_moments, to_value = KINDS[kind]
    return _field(name, to_moments(known), to_value)


def _of_texts(name: str, codes: npt.NDArray[np.intp], texts: list[str]) -> TimeField:
    """*codes* are places in *texts*, -1: none. Sorted by numpy, which lets the window go on meanwhile."""
    if len(texts) > MOST_TEXTS:
        raise NoTimes("many")
    moments = np.append(_moments_of(texts), nan)
    of_features = moments[codes]  # the last one stands for none
    known = np.flatnonzero(np.isfinite(moments))
    if len(known) == 0:
        raise NoTimes("none")
    known = known[np.argsort(moments[known], kind="stable")]
    by_time = _with_ties_sorted([texts[at] for at in known.tolist()], moments[known].tolist())
    in_order = all(one < other for one, other in pairwise(by_time))
    if not in_order and len(by_time) > LONGEST_LIST:
        raise NoTimes("many")
    of_features = of_features[np.isfinite(of_features)]
    return _field(name, of_features, None, tuple(by_time), tuple(moments[known].tolist()), in_order)


def _with_ties_sorted(texts: list[str], moments: list[float]) -> list[str]:
    """Texts of one moment by themselves, such as those with and without its hour."""
    start = 0
    for at in range(1, len(texts) + 1):
        if at == len(texts) or moments[at] != moments[start]:
            if at - start > 1:
                texts[start:at] = sorted(texts[start:at])
            start = at
    return texts


def _field(
    name: str,
    moments: Moments,
    to_value: Callable[[float], float] | None,
    texts: tuple[str, ...] = (),
    text_moments: tuple[float, ...] = (),
    in_order: bool = True,
) -> TimeField:
    low, high = float(moments.min()), float(moments.max()) + 1.0
    counts, _ = np.histogram(moments, BINS, (low, high))
    return TimeField(name, low, high, counts, to_value, texts, text_moments, in_order)


def _moments_of(texts: list[str]) -> Moments:
    """nan for those that are none. Texts of ISO 8601 without a zone are read by numpy, some at a time."""
    if all(_ISO.fullmatch(text) for text in texts):
        with suppress(ValueError):  # such as the 30th of February
            parts = [np.array(texts[at : at + PART], "M8[s]") for at in range(0, len(texts), PART)]
            return np.concatenate(parts).astype(np.float64)
    found = (moment_of(text) for text in texts)
    return np.array([nan if moment is None else moment for moment in found])


def moment_of(text: str) -> float | None:
    """The moment that a text names; None for any other text."""
    match = _DATE.fullmatch(text) if len(text) <= 40 else None
    if match is None:
        return None
    year, month, day, packed_month, packed_day, hour, minute, second, zone = match.groups()
    try:
        moment = datetime(
            int(year), int(month or packed_month), int(day or packed_day or 1),
            int(hour or 0), int(minute or 0), int(second or 0),
        )  # fmt: skip
        return (moment - _EPOCH).total_seconds() + (_shift(moment, zone) if zone else 0.0)
    except (ValueError, OverflowError):
        return None


def _shift(moment: datetime, zone: str) -> float:
    """Seconds from the clock of *zone* to the local one."""
    digits = zone.lstrip("+-").replace(":", "")
    offset = 0.0
    if zone != "Z":
        offset = int(digits[:2]) * 3600.0 + int(digits[2:] or 0) * 60.0
        offset = -offset if zone.startswith("-") else offset
    utc = moment.replace(tzinfo=UTC) - timedelta(seconds=offset)
    return _local_offset(utc) - offset


def _local_offset(utc: datetime) -> float:
    offset = utc.astimezone().utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def _here() -> float:
    """Seconds that the local clock is ahead of UTC."""
    return _local_offset(datetime.now(UTC))


def _days(values: Moments) -> Moments:
    """20240501 and the like to moments."""
    whole = values.astype(np.int64)
    years, months, days = whole // 10_000, whole // 100 % 100, whole % 100
    starts = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (months - 1)
    return (starts.astype("datetime64[D]") + (days - 1)).astype("datetime64[s]").astype(np.float64)


def _to_day(moment: float) -> float:
    """The number of the first day that begins at *moment* or after it."""
    day = np.ceil(moment / 86_400)
    return float((_EPOCH + timedelta(days=day)).strftime("%Y%m%d"))


def _years(values: Moments) -> Moments:
    return (values.astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[s]").astype(np.float64)


def _to_year(moment: float) -> float:
    when = _EPOCH + timedelta(seconds=moment)
    return float(when.year + (when > datetime(when.year, 1, 1)))


KINDS: dict[str, tuple[Callable[[Moments], Moments], Callable[[float], float]]] = {
    "seconds": (lambda values: values + _here(), lambda moment: moment - _here()),
    "milliseconds": (lambda values: values / 1e3 + _here(), lambda moment: (moment - _here()) * 1e3),
    "days": (_days, _to_day),
    "years": (_years, _to_year),
}


def _number_kind(values: npt.NDArray[np.float64], name: str) -> str | None:
    """What the numbers count, if they can be times: from 1990 to 2100, but years from 1000 on."""
    if len(values) == 0:
        return None
    low, high = float(values.min()), float(values.max())
    whole = bool((values == np.floor(values)).all())
    if low >= 6.3e8 and high <= 4.11e9:
        return "seconds"
    if low >= 6.3e11 and high <= 4.11e12:
        return "milliseconds"
    if whole and low >= 19_000_101 and high <= 21_001_231:
        month, day = values // 100 % 100, values % 100
        fits = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
        return "days" if bool(fits.all()) else None
    named = "year" in name.lower() or "年" in name
    return "years" if named and whole and low >= 1000 and high <= 2100 else None
