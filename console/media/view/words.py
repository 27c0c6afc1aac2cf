"""How it goes with a camera, in words."""

from __future__ import annotations

import math

from console.model.streams import Reason, Saving, Sound, State, Status
from console.sdk.ui.words import word

FRESH = 1.0
"""Seconds up to which a picture counts as of now."""


def age(status: Status, now: float) -> float:
    """Seconds since the picture that is shown was decoded; 0: there is none."""
    return now - status.picture_at if status.picture_at else 0.0


def headline(status: Status) -> str:
    """What is the matter; empty: nothing."""
    match status.state:
        case State.LIVE | State.IDLE:
            return ""
        case State.CONNECTING if status.reason == Reason.CRASHED:
            return word("Decoding was restarted, connecting …")
        case State.CONNECTING:
            return word("Connecting …")
        case State.STALLED:
            return word("The picture stands still")
        case State.REFUSED if status.reason == Reason.STRANGER:
            return word("The camera's certificate is not trusted")
        case State.REFUSED:
            return word("Account or password not accepted")
        case State.UNSUPPORTED:
            return word("This video cannot be decoded")
        case State.WAITING:
            return _interruption(status.reason)


def _interruption(reason: Reason) -> str:
    match reason:
        case Reason.MISSING:
            return word("The camera has no such stream")
        case Reason.SILENT:
            return word("The camera sends nothing")
        case Reason.GARBLED:
            return word("What the camera sends is not readable")
        case Reason.ENDED:
            return word("The video was interrupted")
        case _:
            return word("The camera does not answer")


def outlook(status: Status, now: float) -> str:
    """When it is tried again; empty: it is not planned."""
    if status.state not in (State.WAITING, State.REFUSED, State.UNSUPPORTED) or not status.retry_at:
        return ""
    left = max(1, math.ceil(status.retry_at - now))
    if left > 60:
        return word("Tried again in {n} min, R: now").format(n=math.ceil(left / 60))
    return word("Tried again in {n} s").format(n=left)


def age_words(status: Status, now: float) -> str:
    """How old the picture is; empty: it is fresh, or there is none."""
    seconds = age(status, now)
    if seconds <= FRESH:
        return ""
    if seconds < 60:
        return word("{n} s old").format(n=int(seconds))
    if seconds < 3600:
        return word("{n} min old").format(n=int(seconds / 60))
    return word("over {n} h old").format(n=int(seconds / 3600))


def rate_words(status: Status) -> str:
    """What was left out of the full picture; empty: nothing."""
    if status.state != State.LIVE:
        return ""
    if status.saving == Saving.FRAMES:
        return word("low rate, computer busy")
    if status.keys_only:
        return word("low rate")
    if status.behind:
        return word("frames left out")
    if status.saving == Saving.FILTER:
        return word("coarser, computer busy")
    return word("small picture") if status.reduced else ""


def sound_words(status: Status) -> str:
    """Whether it is heard; empty: it is not to be."""
    match status.sound:
        case Sound.ON:
            return word("sound on")
        case Sound.NONE:
            return word("no sound in this video")
        case Sound.NO_DEVICE:
            return word("no sound device here")
        case Sound.OFF:
            return ""
