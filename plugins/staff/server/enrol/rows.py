"""One line of a staff table, checked: headings in Chinese or English, reasons in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from console.sdk.records import Duty, Means

V = TypeVar("V")
FIELDS = {
    "id": ("id", "staff", "工号", "编号", "人员编号"),
    "name": ("name", "姓名"),
    "area": ("area", "区域编码", "区域", "网格编码", "所属区域"),
    "role": ("role", "岗位", "职务"),
    "means": ("means", "出行方式"),
    "skills": ("skills", "技能"),
    "phone": ("phone", "电话", "手机", "手机号", "联系电话"),
    "device": ("device", "设备", "设备号"),
    "duty": ("duty", "值班", "在岗"),
}
"""What a column may be called."""
ROLES = {"网格员": "grid_worker", "网格长": "grid_leader"}
MEANS = {
    **{means.value: means for means in Means},
    "步行": Means.FOOT,
    "自行车": Means.BICYCLE,
    "电动车": Means.BICYCLE,
    "摩托车": Means.MOTORCYCLE,
    "汽车": Means.CAR,
    "应急车": Means.EMERGENCY,
}
DUTIES = {"": Duty.OFF, "off": Duty.OFF, "否": Duty.OFF, "on": Duty.ON, "是": Duty.ON}
_NAME = {heading.lower(): field for field, headings in FIELDS.items() for heading in headings}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,55}")
_DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_AREA = re.compile(r"[0-9]{6,15}")
_ROLE = re.compile(r"\w{1,32}")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{2,24}")
_SPLIT = re.compile(r"[;；、,，]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Why line *row* (the first after the headings is 1) was not taken."""

    row: int
    id: str
    reason: str
    reason_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    """A line that may be stored; the phone is whole."""

    row: int
    id: str
    name: str
    area: str
    role: str
    means: Means
    skills: tuple[str, ...]
    phone: str
    device: str
    duty: Duty


class _Bad(ValueError):
    def __init__(self, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.zh = reason_zh


def read_row(at: int, line: Mapping[str, Any]) -> NewStaff | Rejected:
    """Line *at* with its values by heading; columns that nobody knows are passed over."""
    said = {_NAME[key]: _text(value) for heading, value in line.items() if (key := _key(heading)) in _NAME}
    try:
        return _checked(at, said)
    except _Bad as bad:
        return Rejected(row=at, id=said.get("id", "")[:64], reason=str(bad), reason_zh=bad.zh)


def _checked(at: int, said: Mapping[str, str]) -> NewStaff:
    staff_id = _fit(said.get("id", ""), _ID, "id", "工号")
    name = said.get("name", "")
    if not 0 < len(name) <= 64:
        raise _Bad("the name is missing or too long", "缺少姓名或姓名过长")
    phone = said.get("phone", "")
    skills = tuple(skill for skill in _SPLIT.split(said.get("skills", "")) if skill)
    if len(skills) > 20 or any(len(skill) > 32 for skill in skills):
        raise _Bad("too many skills, or one too long", "技能过多或过长")
    role = said.get("role", "") or "grid_worker"
    return NewStaff(
        row=at,
        id=staff_id,
        name=name,
        area=_fit(said.get("area", ""), _AREA, "area", "区域编码"),
        role=_fit(ROLES.get(role, role), _ROLE, "role", "岗位"),
        means=_one_of(
            said.get("means", "") or "foot", {m.value: m for m in Means} | MEANS, "means", "出行方式"
        ),
        skills=skills,
        phone=_fit(phone, _PHONE, "phone", "电话") if phone else "",
        device=_fit(said.get("device", "") or f"device-{staff_id}", _DEVICE, "device", "设备号"),
        duty=_one_of(said.get("duty", "").lower(), DUTIES, "duty", "值班"),
    )


def _fit(value: str, pattern: re.Pattern[str], field: str, field_zh: str) -> str:
    if not pattern.fullmatch(value):
        raise _Bad(f"{field}: {value[:40]!r} will not do", f"{field_zh}“{value[:40]}”不符合要求")
    return value


def _one_of(value: str, known: Mapping[str, V], field: str, field_zh: str) -> V:
    if value not in known:
        raise _Bad(f"{field}: {value[:40]!r} is not known", f"{field_zh}“{value[:40]}”无法识别")
    return known[value]


def _key(heading: Any) -> str:
    return str(heading).strip().lower()


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
