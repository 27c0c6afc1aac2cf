"""Columns of the two lists; exports have the same."""

from __future__ import annotations

from console.sdk.ui import Column
from plugins.events.desktop.assessing.sums import Sum, street_of
from plugins.events.desktop.assessing.words import RATES, STAGES, took_text
from plugins.events.desktop.desk import EventDesk
from plugins.events.desktop.words import CLASSES, URGENCIES, Tr, actor_text, clock_text
from plugins.events.model import BEST, Assessed, Stage, Timing


def event_columns(desk: EventDesk) -> list[Column]:
    """One closed event a row."""
    tr = desk.ctx.tr

    def timed(stage: Stage) -> Column:
        def of(found: Assessed) -> Timing:
            return next(each for each in found.timings if each.stage is stage)

        return Column(
            tr(STAGES[stage]),
            lambda found: took_text(of(found), tr),
            width=130,
            color=lambda found: "error" if of(found).in_time is False else "",
            sort=lambda found: of(found).took or 0.0,
        )

    return [
        Column(tr("Title"), lambda found: found.title),
        Column(tr("Quality"), lambda found: score_text(found.score, tr), width=72, sort=_score),
        *(timed(stage) for stage in Stage),
        Column(tr("Unit"), lambda found: desk.area_name(street_of(found)), width=110),
        Column(tr("Class"), lambda found: tr(CLASSES[found.kind]), width=60),
        Column(tr("Level"), lambda found: tr(URGENCIES[found.urgency]), width=60),
        Column(
            tr("Closed"),
            lambda found: clock_text(found.closed_at, desk.now),
            width=100,
            sort=lambda found: found.closed_at,
        ),
        Column(tr("Assessed by"), lambda found: actor_text(found.by, tr), width=90),
        Column(tr("Number"), lambda found: found.number, width=130),
    ]


def sum_columns(desk: EventDesk, by: str) -> list[Column]:
    """One class (*by* ``kind``) or street a row."""
    tr = desk.ctx.tr
    kinds = {kind.value: tr(title) for kind, title in CLASSES.items()}

    def shared(stage: Stage) -> Column:
        return Column(
            tr(RATES[stage]),
            lambda each: share_text(each.in_time[stage]),
            width=150,
            align="right",
            sort=lambda each: each.in_time[stage] or 0.0,
        )

    title = tr("Class") if by == "kind" else tr("Unit")
    return [
        Column(title, lambda each: kinds[each.key] if by == "kind" else desk.area_name(each.key)),
        Column(tr("Closed"), lambda each: each.closed, width=90, align="right"),
        Column(tr("Assessed"), lambda each: each.assessed, width=90, align="right"),
        *(shared(stage) for stage in Stage),
        Column(tr("Mean quality"), _mean_text, width=110, align="right", sort=_mean),
    ]


def score_text(score: int | None, tr: Tr) -> str:
    """A score, or that there is none yet."""
    return tr("Not assessed") if score is None else f"{score} / {BEST}"


def share_text(share: float | None) -> str:
    """A share in per cent; a dash where there is nothing to share."""
    return "–" if share is None else f"{share:.0%}"


def _score(found: Assessed) -> int:
    return found.score or 0


def _mean(each: Sum) -> float:
    return each.score or 0.0


def _mean_text(each: Sum) -> str:
    return "–" if each.score is None else f"{each.score:.1f}"
