"""Why a camera stands where it stands in the list, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

PURPOSES = {
    "identify": "identifies people",
    "recognise": "recognises who is known",
    "observe": "shows what people look like",
    "detect": "shows that somebody is there",
    "monitor": "shows crowds and their motion",
    "faint": "shows hardly anything",
}
"""By EN 62676-4."""
FIELDS = {
    "height": "height",
    "tilt": "tilt",
    "across": "angle of view",
    "upright": "angle of height",
    "reach": "range",
    "pixels": "pixels",
}


def reasons_text(reasons: Mapping[str, float | str], tr: Callable[..., str]) -> str:
    """All but distance and pixels, which stand in columns; the weightiest first."""
    said: list[str] = []
    for key, value in reasons.items():
        if key == "purpose":
            said.append(tr(PURPOSES[str(value)]))
        elif key == "turns":
            said.append(tr("turns there"))
        elif key == "off_axis":
            said.append(tr("{degrees}° off the middle of its picture", degrees=f"{value:.0f}"))
        elif key == "clear":
            said.append(tr("{share} % clear of what stands by", share=f"{float(value) * 100:.0f}"))
        elif key == "moved":
            said.append(tr("its place was moved by {metres} m", metres=f"{value:.1f}"))
        elif key == "assumed":
            fields = tr(", ").join(tr(FIELDS[name]) for name in str(value).split())
            said.append(tr("assumed: {fields}", fields=fields))
    return tr("; ").join(said)
