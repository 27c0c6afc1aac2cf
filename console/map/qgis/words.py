"""States and failures of QGIS in the user's words."""

from __future__ import annotations

from console.sdk.errors import QgisError
from console.sdk.ui.words import word

PACKAGES = "python3-qgis qgis-providers"
LONGEST = 300
"""Characters of QGIS's own words that are shown."""
FAILURES = {
    "missing": "There is no such file: {detail}",
    "unreadable": "QGIS cannot read this project: {detail}",
    "no_data": "QGIS finds no layer in this file: {detail}",
    "no_algorithm": "QGIS has no such tool: {detail}",
    "parameters": "These inputs do not fit: {detail}",
    "algorithm": "The tool has failed: {detail}",
    "closed": "The project is not open in QGIS.",
    "busy": "QGIS is running a tool: wait for it, or stop it.",
    "cancelled": "Stopped.",
    "failed": "QGIS could not do it: {detail}",
    "ended": "QGIS has ended while it was at it.",
    "garbled": "QGIS gave an answer that cannot be read.",
}


def failure(code: str, detail: str = "") -> QgisError:
    """The error for a code of the worker."""
    text = word(FAILURES.get(code, FAILURES["failed"]))
    shown = detail.strip()
    shown = shown if len(shown) <= LONGEST else "… " + shown[-LONGEST:]  # the end says why
    return QgisError(text.replace("{detail}", shown), code=code, detail=detail)


def absent_text() -> str:
    """What to install."""
    text = word("QGIS is not installed on this machine. An administrator can install it: {command}")
    return text.format(command=f"sudo apt-get install {PACKAGES}")


def broken_text(seconds: float) -> str:
    """*seconds* until it is started again."""
    text = word("QGIS has ended; it is started again in {seconds} s. The last picture stays.")
    return text.format(seconds=round(seconds))
