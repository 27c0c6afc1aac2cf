"""From the rota to spans of duty."""

from __future__ import annotations

import math
from datetime import datetime

from plugins.staff.server.duty.plan import Cell, Override, Plan, Shift, Span, next_change, spans_of

SHIFTS = {"day": Shift("day", 480, 1200), "night": Shift("night", 1200, 480)}


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def spans(plan: Plan, since: str = "2026-11-23", until: str = "2026-11-24") -> list[tuple[float, float]]:
    return [(s.since, s.until) for s in spans_of(plan, SHIFTS, at(since), at(until))]


def test_a_date_wins_over_the_standard_week() -> None:
    plan = Plan(cells={"mon": Cell("day"), "tue": Cell("day"), "2026-11-24": Cell("")})
    assert spans(plan, until="2026-11-25") == [(at("2026-11-23T08:00"), at("2026-11-23T20:00"))]


def test_a_night_shift_reaches_into_the_next_day() -> None:
    plan = Plan(cells={"2026-11-22": Cell("night")})
    assert spans(plan) == [(at("2026-11-22T20:00"), at("2026-11-23T08:00"))]


def test_the_substitute_has_the_shift_instead() -> None:
    cell = Cell("day", lead=True, substitute="other")
    assert spans(Plan(cells={"2026-11-23": cell})) == []
    (span,) = spans_of(Plan(stands_in=[("2026-11-23", cell)]), SHIFTS, at("2026-11-23"), at("2026-11-24"))
    assert (span.why, span.lead, span.shift) == ("substitute", True, "day")


def test_leave_cuts_and_the_latest_word_of_a_leader_wins() -> None:
    plan = Plan(
        cells={"mon": Cell("day")},
        leave=[(at("2026-11-23T10:00"), at("2026-11-23T12:00"))],
        overrides=[
            Override(at("2026-11-23T11:00"), at("2026-11-23T13:00"), True),
            Override(at("2026-11-23T12:30"), at("2026-11-23T20:00"), False),
        ],
    )
    assert spans(plan) == [
        (at("2026-11-23T08:00"), at("2026-11-23T10:00")),
        (at("2026-11-23T11:00"), at("2026-11-23T12:30")),
    ]


def test_standing_duty_holds_for_those_on_no_rota_only() -> None:
    assert spans(Plan(standing=True)) == [(-math.inf, math.inf)]
    assert spans(Plan(standing=True, cells={"sun": Cell("day")})) == []


def test_the_next_change_is_a_begin_or_an_end() -> None:
    assert next_change([Span(10, 20, "rota"), Span(30, 40, "rota")], 10) == 20
    assert next_change([Span(10, 20, "rota")], 20) == math.inf
