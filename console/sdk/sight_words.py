"""Why a camera sees a place well, badly or not at all, in words: the same in every list."""

from __future__ import annotations

from collections.abc import Mapping

from console.model.text import Text

PURPOSES = {
    "identify": Text("可辨认人员身份", "identifies people"),
    "recognise": Text("可认出熟悉的人", "recognises who is known"),
    "observe": Text("可观察人员特征", "shows what people look like"),
    "detect": Text("可发现有人", "shows that somebody is there"),
    "monitor": Text("可监视人群动向", "shows crowds and their motion"),
    "faint": Text("几乎看不清", "shows hardly anything"),
}
"""By EN 62676-4."""
FIELDS = {
    "height": Text("高度", "height"),
    "tilt": Text("俯仰角", "tilt"),
    "across": Text("水平视角", "angle of view"),
    "upright": Text("垂直视角", "angle of height"),
    "reach": Text("可视距离", "range"),
    "pixels": Text("像素", "pixels"),
}
Reasons = Mapping[str, float | str]
"""As in ``SceneSighting``."""
_NEARLY_ALL = 0.995


def purpose_text(reasons: Reasons, language: str) -> str:
    """What the picture is good for."""
    return PURPOSES[str(reasons["purpose"])].get(language)


def reasons_text(reasons: Reasons, language: str) -> str:
    """All but distance and pixels, which stand in columns; the weightiest first."""
    told = [_told(key, value, language) for key, value in reasons.items()]
    return Text("；", "; ").get(language).join(text for text in told if text)


def short_reasons(metres: float, reasons: Reasons, language: str) -> str:
    """Distance, pixels, turn or angle, and what stands by: for one line of a card."""
    pixels = float(reasons["pixels_per_metre"])
    parts = [f"{metres:,.0f} m", Text("{n} 像素/米", "{n} px/m").get(language).format(n=f"{pixels:,.0f}")]
    if "turns" in reasons:
        parts.append(Text("可转向", "turns").get(language))
    if "off_axis" in reasons:
        text = Text("偏离中心 {degrees}°", "{degrees}° off the middle").get(language)
        parts.append(text.format(degrees=f"{float(reasons['off_axis']):.0f}"))
    hidden = 1.0 - float(reasons.get("clear", 1.0))
    if hidden > 1.0 - _NEARLY_ALL:
        parts.append(
            Text("遮挡 {share} %", "{share} % hidden").get(language).format(share=f"{hidden * 100:.0f}")
        )
    return " · ".join(parts)


def _told(key: str, value: float | str, language: str) -> str:
    if key == "purpose":
        return PURPOSES[str(value)].get(language)
    if key == "turns":
        return Text("可转向此处", "turns there").get(language)
    if key == "off_axis":
        text = Text("偏离画面中心 {degrees}°", "{degrees}° off the middle of its picture")
        return text.get(language).format(degrees=f"{float(value):.0f}")
    if key == "clear" and float(value) < _NEARLY_ALL:
        text = Text("周边 {share} % 无遮挡", "{share} % clear of what stands by")
        return text.get(language).format(share=f"{float(value) * 100:.0f}")
    if key == "moved":
        text = Text("点位已移出墙体 {metres} m", "its place was moved by {metres} m")
        return text.get(language).format(metres=f"{float(value):.1f}")
    if key == "assumed":
        fields = (
            Text("、", ", ").get(language).join(FIELDS[name].get(language) for name in str(value).split())
        )
        return Text("按默认值估计：{fields}", "assumed: {fields}").get(language).format(fields=fields)
    return ""
