"""Events of an ordinary day in a fictitious city."""

from __future__ import annotations

import numpy as np

from console.model.records import Event, EventClass, Urgency
from console.server.demo.locate import Grids, Spots
from console.server.demo.people import person_names, phone_number

_DAY = 86_400.0
JITTER = 1.0e-4
"""Degrees that an event lies off its address."""
_TEMPLATES: tuple[tuple[EventClass, Urgency, str, str], ...] = (
    (
        EventClass.FIRE,
        Urgency.CRITICAL,
        "{a}居民楼冒烟",
        "楼道有浓烟和焦糊味,疑似厨房起火,有老人。",
    ),
    (EventClass.FIRE, Urgency.URGENT, "{a}电动车充电起火", "车棚内一辆电动车充电时起火,明火已用灭火器控制。"),
    (
        EventClass.MEDICAL,
        Urgency.CRITICAL,
        "{a}老人突发晕倒",
        "一位老人在路边晕倒,意识不清,已拨打120。",
    ),
    (EventClass.MEDICAL, Urgency.URGENT, "{a}行人摔伤", "行人踩到湿滑路面摔倒,腿部疼痛不能行走。"),
    (
        EventClass.TRAFFIC,
        Urgency.URGENT,
        "{a}两车相撞",
        "两辆小轿车追尾,占用一条车道,后方排队。",
    ),
    (
        EventClass.TRAFFIC,
        Urgency.GENERAL,
        "{a}车辆占道停放",
        "多辆车停在非机动车道,行人只能绕行。",
    ),
    (EventClass.SECURITY, Urgency.URGENT, "{a}有人打架", "烧烤摊前几人发生推搡,有人持酒瓶,围观群众较多。"),
    (EventClass.SECURITY, Urgency.GENERAL, "{a}可疑人员徘徊", "有陌生人反复试拉车门,保安已上前询问。"),
    (EventClass.FACILITY, Urgency.URGENT, "{a}井盖缺失", "机动车道上一处雨水井盖缺失,已用树枝临时提示。"),
    (EventClass.FACILITY, Urgency.GENERAL, "{a}路灯不亮", "连续五盏路灯夜间不亮,附近有学校。"),
    (EventClass.FACILITY, Urgency.URGENT, "{a}自来水管爆裂", "路面持续冒水,部分住户停水。"),
    (EventClass.SANITATION, Urgency.GENERAL, "{a}垃圾堆放", "垃圾点满溢,有异味,影响通行。"),
    (EventClass.SANITATION, Urgency.GENERAL, "{a}沿街油烟扰民", "餐馆油烟直排,楼上居民多次投诉。"),
    (EventClass.FLOOD, Urgency.URGENT, "{a}路面积水", "雨后积水约二十厘米,有车辆熄火。"),
    (EventClass.DISPUTE, Urgency.GENERAL, "{a}邻里噪音纠纷", "楼上装修噪音引发争执,双方情绪激动,请求调解。"),
    (EventClass.DISPUTE, Urgency.GENERAL, "{a}物业费纠纷", "多名业主因收费问题与物业发生争执。"),
    (EventClass.OTHER, Urgency.GENERAL, "{a}走失老人求助", "一位老人说不清住址,在便民服务点等候。"),
)


def make_events(grids: Grids, spots: Spots, count: int, rng: np.random.Generator) -> list[Event]:
    """*count* events of the last day, newest first.

    ``reported_at`` is seconds *before* seeding (negative): seeding adds the clock.
    """
    rows = rng.integers(0, len(spots), count)
    places = np.round(spots.where[rows] + rng.normal(0, JITTER, (count, 2)), 7)
    areas = grids.at(places)
    names = person_names(count, rng)
    age = np.sort(rng.uniform(0, 1, count) ** 2 * _DAY)
    kinds = rng.integers(0, len(_TEMPLATES), count)
    found: list[Event] = []
    for at, (row, kind) in enumerate(zip(rows.tolist(), kinds.tolist(), strict=True)):
        event_class, urgency, title, detail = _TEMPLATES[kind]
        found.append(
            Event(
                id=f"event-{at + 1:05d}",
                number=f"YL{count - at:06d}",
                title=title.format(a=spots.street[row]),
                area=areas[at],
                where=(float(places[at, 0]), float(places[at, 1])),
                kind=event_class,
                urgency=urgency,
                address=f"{spots.street[row]}{spots.number[row]}附近",
                detail=detail,
                reporter=names[at],
                reporter_phone=phone_number(9_000 + at),
                reported_at=-round(float(age[at]), 1),
            )
        )
    return found
