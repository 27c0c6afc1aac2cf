"""How assessments are said, and read from the backend's answers."""

from __future__ import annotations

from typing import Any

from console.sdk.records import EventClass, Urgency
from plugins.events.desktop.words import Tr, age_text
from plugins.events.model import Assessed, Stage, Timing

STAGES: dict[Stage, str] = {
    Stage.ACCEPT: "Accepted in",
    Stage.ARRIVE: "On the scene in",
    Stage.CLOSE: "Closed in",
}
"""English titles."""
RATES: dict[Stage, str] = {
    Stage.ACCEPT: "Accepted in time",
    Stage.ARRIVE: "On the scene in time",
    Stage.CLOSE: "Closed in time",
}
"""English titles of shares."""


def assessed_of(item: dict[str, Any]) -> Assessed:
    """A record from the backend's answer."""
    timings = tuple(
        Timing(stage=Stage(each["stage"]), limit=float(each["limit"]), took=_number(each["took"]))
        for each in item["timings"]
    )
    score = item.get("score")
    return Assessed(
        event=str(item["event"]),
        number=str(item["number"]),
        title=str(item["title"]),
        kind=EventClass(item["kind"]),
        urgency=Urgency(item["urgency"]),
        area=str(item["area"]),
        reported_at=float(item["reported_at"]),
        closed_at=float(item["closed_at"]),
        timings=timings,
        score=None if score is None else int(score),
        remark=str(item.get("remark", "")),
        by=str(item.get("by", "")),
        at=_number(item.get("at")),
    )


def verdict_text(timing: Timing, tr: Tr) -> str:
    """Whether a stage was in time."""
    if timing.in_time is None:
        return tr("Nobody on the scene") if timing.stage is Stage.ARRIVE else tr("Unknown")
    return tr("In time") if timing.in_time else tr("Late")


def verdict_tone(timing: Timing) -> str:
    """Tone of the badge of a stage."""
    if timing.in_time is None:
        return "muted"
    return "success" if timing.in_time else "error"


def took_text(timing: Timing, tr: Tr) -> str:
    """How long a stage took, and late ones with a mark, for a cell of a table."""
    if timing.took is None:
        return "–"
    text = span_text(timing.took, tr)
    return text if timing.in_time else f"{text} · {tr('Late')}"


def span_text(seconds: float, tr: Tr) -> str:
    """A time that something took, or a limit; below two minutes in seconds."""
    if seconds >= 3600 and seconds % 3600 == 0:
        return tr("{n} h", n=round(seconds / 3600))
    return tr("{n} s", n=round(seconds)) if seconds < 120 else age_text(seconds, tr)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
