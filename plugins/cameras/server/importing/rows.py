"""One line of a table of cameras, checked: headings in Chinese or English, reasons in both languages."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from console.sdk.records import CameraKind
from plugins.cameras.server.streams import Streams, checked

FIELDS = {
    "id": ("id", "camera_id", "code", "编号", "编码", "设备编码", "摄像头编号", "国标编码"),
    "name": ("name", "名称", "设备名称", "摄像头名称", "点位名称"),
    "lon": ("lon", "lng", "longitude", "x", "经度"),
    "lat": ("lat", "latitude", "y", "纬度"),
    "area": ("area", "区域编码", "区域", "网格编码"),
    "kind": ("kind", "type", "类型", "设备类型", "摄像头类型"),
    "owner": ("owner", "unit", "权属单位", "所属单位", "权属", "单位"),
    "heading": ("heading", "azimuth", "direction", "朝向", "方位角"),
    "tilt": ("tilt", "倾斜角"),
    "mast": ("mast", "height", "安装高度", "架设高度", "高度"),
    "across": ("across", "fov", "hfov", "视场角", "水平视场角"),
    "reach": ("reach", "range", "可视距离", "有效距离"),
    "main": ("main", "url", "stream", "主码流", "主码流地址", "视频地址", "流地址"),
    "sub": ("sub", "sub_url", "子码流", "子码流地址", "辅码流"),
    "user": ("user", "username", "用户名", "账号"),
    "password": ("password", "密码"),
}
"""What a column may be called."""
KINDS = {
    **{kind.value: kind for kind in CameraKind},
    **dict.fromkeys(("枪机", "枪型", "固定枪机"), CameraKind.BULLET),
    **dict.fromkeys(("半球", "半球机"), CameraKind.DOME),
    **dict.fromkeys(("球机", "球型", "云台", "快球"), CameraKind.PTZ),
    **dict.fromkeys(("高空鹰眼", "高空", "鹰眼", "高点"), CameraKind.HIGH),
    **dict.fromkeys(("全景", "鱼眼"), CameraKind.PANORAMA),
    "无人机": CameraKind.DRONE,
}
NUMBERS = {
    "heading": ("朝向", 0.0, 360.0),
    "tilt": ("倾斜角", 0.0, 180.0),
    "mast": ("安装高度", 0.0, 1000.0),
    "across": ("视场角", 1.0, 360.0),
    "reach": ("可视距离", 1.0, 50_000.0),
}
"""Columns of numbers, with the least and the most."""
COMPASS: dict[str, str] = dict(
    zip(
        ("北", "东北", "东", "东南", "南", "西南", "西", "西北"), (str(45 * n) for n in range(8)), strict=True
    )
)
NOTHING = "-"
"""In a cell: what was known there is wrong; an empty cell leaves it as it is."""
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_AREA = re.compile(r"[0-9]{6,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Why line *row* (the first after the headings is 1) was not taken."""

    row: int
    id: str
    reason: str
    reason_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line says; empty cells are not in it."""

    row: int
    id: str
    place: tuple[float, float] | None
    """In the datum of the table."""
    area: str
    said: Mapping[str, Any]
    """Values for CameraRow by column."""
    streams: Mapping[str, str]
    """Fields of Streams by name; ``main`` empty: it has none any more."""


class Fault(ValueError):
    """Why a line cannot be taken, in both languages."""

    def __init__(self, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.zh = reason_zh


class Reader:
    """Reads lines, with headings of the user's own beside the usual ones."""

    def __init__(self, columns: Mapping[str, str] | None = None) -> None:
        """*columns*: field by heading. Raises ValueError for a field that there is not."""
        self._fields = {heading.lower(): field for field, known in FIELDS.items() for heading in known}
        for heading, field in (columns or {}).items():
            if field not in FIELDS:
                raise ValueError(
                    f"没有“{field}”这一字段，可用：{', '.join(FIELDS)} / there is no field {field}"
                )
            self._fields[heading.strip().lower()] = field

    def read(self, at: int, line: Mapping[str, Any]) -> Line | Rejected:
        """Line *at*; columns that nobody knows are passed over."""
        texts: dict[str, str] = {}
        for heading, value in line.items():
            field = self._fields.get(str(heading).strip().lower())
            text = "" if value is None else str(value).strip()
            if field and text:
                texts.setdefault(field, text)
        try:
            return _line(at, texts)
        except Fault as fault:
            return Rejected(row=at, id=texts.get("id", "")[:64], reason=str(fault), reason_zh=fault.zh)


def _line(at: int, texts: Mapping[str, str]) -> Line:
    camera_id, area = texts.get("id", ""), texts.get("area", "")
    if not _ID.fullmatch(camera_id):
        raise Fault(f"id: {camera_id[:40]!r} will not do", f"编号“{camera_id[:40]}”不符合要求")
    if area and not _AREA.fullmatch(area):
        raise Fault(f"area: {area[:40]!r} is no code", f"区域编码“{area[:40]}”不符合要求")
    return Line(
        row=at,
        id=camera_id,
        place=_place(texts),
        area=area,
        said=_said(texts),
        streams=_streams(texts),
    )


def _place(texts: Mapping[str, str]) -> tuple[float, float] | None:
    if "lon" not in texts and "lat" not in texts:
        return None
    lon, lat = _number(texts.get("lon", ""), "lon", "经度"), _number(texts.get("lat", ""), "lat", "纬度")
    if lon == 0 and lat == 0:
        raise Fault("longitude and latitude are 0", "经纬度均为 0")
    return lon, lat


def _said(texts: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for field, text in texts.items():
        if field in NUMBERS:
            said[field] = None if text == NOTHING else _within(text, field)
        elif field == "kind":
            if text.lower() not in KINDS:
                raise Fault(f"kind: {text[:40]!r} is not known", f"类型“{text[:40]}”无法识别")
            said["kind"] = KINDS[text.lower()].value
            said["high"] = KINDS[text.lower()] is CameraKind.HIGH
        elif field in ("name", "owner"):
            if len(text) > 128:
                raise Fault(f"{field} is too long", f"{'名称' if field == 'name' else '权属单位'}过长")
            said[field] = "" if field == "owner" and text == NOTHING else text
    return said


def _within(text: str, field: str) -> float:
    zh, least, most = NUMBERS[field]
    text = COMPASS.get(text.rstrip("向"), text) if field == "heading" else text
    number = _number(text, field, zh)
    if not least <= number <= most:
        raise Fault(
            f"{field}: {text[:40]} is not within {least:g} to {most:g}",
            f"{zh} {text[:40]} 不在 {least:g} 至 {most:g} 之间",
        )
    return number % 360.0 if field == "heading" else number


def _number(text: str, field: str, zh: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Fault(f"{field}: {text[:40]!r} is no number", f"{zh}“{text[:40]}”不是数字")
    return number


def _streams(texts: Mapping[str, str]) -> dict[str, str]:
    """Addresses without their sign-ins, and these. No reason repeats an address, for one may be in it."""
    found = {name: texts[name] for name in ("main", "sub", "user", "password") if name in texts}
    found = {
        name: "" if name in ("main", "sub") and text == NOTHING else text for name, text in found.items()
    }
    if any(len(found.get(name, "")) > 256 for name in ("user", "password")):
        raise Fault("user or password is too long", "用户名或密码过长")
    if not all(found.get(name, "").isprintable() for name in ("user", "password")):
        raise Fault("user or password has control characters", "用户名或密码含有控制字符")
    for name, zh in (("main", "主码流"), ("sub", "子码流")):
        if not found.get(name):
            continue
        try:
            clean = checked(Streams(main=found[name]))
        except ValueError as error:
            raise Fault(f"the {name} stream is no address of a stream", f"{zh}地址不是视频流地址") from error
        found[name] = clean.main
        if clean.user and "user" not in found:
            found |= {"user": clean.user, "password": found.get("password", clean.password)}
    return found
