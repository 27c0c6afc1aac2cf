"""Steps in Chinese and English, as they are read and as they are said shortly before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from console.sdk.records import Means
from plugins.dispatch.model import Step, Turn

_ZH = {
    Turn.SLIGHT_LEFT: "稍向左转",
    Turn.LEFT: "左转",
    Turn.SHARP_LEFT: "向左后方转弯",
    Turn.SLIGHT_RIGHT: "稍向右转",
    Turn.RIGHT: "右转",
    Turn.SHARP_RIGHT: "向右后方转弯",
    Turn.KEEP_LEFT: "在岔路口靠左",
    Turn.KEEP_RIGHT: "在岔路口靠右",
    Turn.U_TURN: "掉头",
}
_EN = {
    Turn.SLIGHT_LEFT: "turn slightly left",
    Turn.LEFT: "turn left",
    Turn.SHARP_LEFT: "turn sharply left",
    Turn.SLIGHT_RIGHT: "turn slightly right",
    Turn.RIGHT: "turn right",
    Turn.SHARP_RIGHT: "turn sharply right",
    Turn.KEEP_LEFT: "keep left at the fork",
    Turn.KEEP_RIGHT: "keep right at the fork",
    Turn.U_TURN: "turn back",
}
_PAUSE = frozenset({Turn.KEEP_LEFT, Turn.KEEP_RIGHT, Turn.U_TURN})
"""A comma is heard after these in Chinese."""
_COMPASS_ZH = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
_COMPASS_EN = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_SAID_BEFORE = {Means.FOOT: 100.0, Means.BICYCLE: 200.0}
_SAID_BEFORE_DRIVING = 500.0


def worded(steps: Sequence[Step], means: Means) -> list[Step]:
    """*steps* with their texts; no two that follow each other read the same."""
    found: list[Step] = []
    before = ""
    for at, step in enumerate(steps):
        last = steps[at - 1] if at else None
        leaves = bool(last and last.road) and not step.road
        same = bool(last and step.road and last.road == step.road)
        zh, en = _manoeuvre_zh(step, leaves, same), _manoeuvre_en(step, leaves, same)
        text_zh, text_en = zh + _onward_zh(step, same), en + _onward_en(step, same)
        if text_zh == before:
            text_zh, text_en = f"再次{text_zh}", f"again {text_en}"
        before = text_zh
        ahead = min(last.metres, _SAID_BEFORE.get(means, _SAID_BEFORE_DRIVING)) if last else 0.0
        found.append(
            replace(
                step,
                zh=text_zh,
                en=_sentence(text_en),
                ahead_zh=f"前方{metres_zh(ahead)}{zh}" if last else "",
                ahead_en=f"In {metres_en(ahead)} {en}" if last else "",
            )
        )
    return found


def spoken(metres: float) -> tuple[float, bool]:
    """A length as one says it: the number, and whether it is kilometres."""
    number = max(round(metres, -1), 10.0) if metres < 300 else round(metres / 50) * 50.0
    if number < 1000:
        return number, False
    return (round(metres / 1000, 1) if metres < 10_000 else float(round(metres / 1000))), True


def metres_zh(metres: float) -> str:
    """二百米 in figures: 200米, 1.2公里."""
    number, kilometres = spoken(metres)
    return f"{number:g}{'公里' if kilometres else '米'}"


def metres_en(metres: float) -> str:
    """200 m, 1.2 km."""
    number, kilometres = spoken(metres)
    return f"{number:g} {'km' if kilometres else 'm'}"


def _manoeuvre_zh(step: Step, leaves: bool, same: bool) -> str:
    if step.turn is Turn.DEPART:
        return f"向{_COMPASS_ZH[_eighth(step)]}出发"
    if step.turn is Turn.ARRIVE:
        side = {"left": "，位于道路左侧", "right": "，位于道路右侧"}.get(step.side, "")
        return f"到达目的地{side}"
    if step.turn is Turn.CONTINUE:
        return f"直行进入{step.road}"
    if step.turn is Turn.ROUNDABOUT:
        way = f"进入环岛，从第{step.exit}个出口离开" if step.exit else "进入环岛"
        return way + (f"，进入{step.road}" if step.exit and step.road and not same else "")
    where = f"在{step.landmark}附近" if step.landmark else ""
    comma = "，" if step.turn in _PAUSE else ""
    road = "" if same else step.road or ("无名道路" if leaves else "")
    return f"{where}{_ZH[step.turn]}" + (f"{comma}进入{road}" if road else "")


def _onward_zh(step: Step, same: bool) -> str:
    if step.turn is Turn.ARRIVE:
        return ""
    far = metres_zh(step.metres)
    if same:
        return f"，继续沿{step.road}直行{far}"
    if step.turn is Turn.DEPART and step.road:
        return f"，沿{step.road}直行{far}"
    if step.turn is Turn.CONTINUE:
        return f"，继续直行{far}"
    heading = "" if step.road or step.turn is Turn.DEPART else f"向{_COMPASS_ZH[_eighth(step)]}"
    return f"，{heading}直行{far}"


def _manoeuvre_en(step: Step, leaves: bool, same: bool) -> str:
    if step.turn is Turn.DEPART:
        return f"head {_COMPASS_EN[_eighth(step)]}"
    if step.turn is Turn.ARRIVE:
        return "you are there" + (f", on the {step.side} of the road" if step.side else "")
    if step.turn is Turn.CONTINUE:
        return f"go straight on into {step.road}"
    if step.turn is Turn.ROUNDABOUT:
        way = (
            f"take the {_ordinal(step.exit)} exit of the roundabout" if step.exit else "enter the roundabout"
        )
        return way + (f" into {step.road}" if step.exit and step.road and not same else "")
    where = f" near {step.landmark}" if step.landmark else ""
    road = "" if same else step.road or ("a road without a name" if leaves else "")
    return f"{_EN[step.turn]}{where}" + (f" into {road}" if road else "")


def _onward_en(step: Step, same: bool) -> str:
    if step.turn is Turn.ARRIVE:
        return ""
    far = metres_en(step.metres)
    if same:
        return f", then stay on {step.road} for {far}"
    if step.turn is Turn.DEPART:
        return (f" along {step.road}" if step.road else "") + f" for {far}"
    heading = "" if step.road else f"{_COMPASS_EN[_eighth(step)]} "
    return f", then go {heading}for {far}" if heading else f", then follow it for {far}"


def _eighth(step: Step) -> int:
    return round(step.bearing / 45) % 8


def _ordinal(number: int) -> str:
    return _ORDINALS[number - 1] if number <= len(_ORDINALS) else f"{number}th"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
