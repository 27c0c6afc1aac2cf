"""How cameras that are gone are described."""

from __future__ import annotations

import time

from plugins.cameras.desktop.gone.report import Gone, Unit
from plugins.cameras.desktop.words import BLIND, Tr
from plugins.cameras.model import Health

STATES = {
    Health.OFFLINE: "Offline",
    Health.REFUSED: "Sign-in refused",
    Health.BLIND: "Faulty picture",
}
FAULTS = {
    "unreachable": "Cannot be reached in the network",
    "silent": "Does not answer",
    "missing": "The device has no such picture",
    "garbled": "Answers with something that is no picture",
    "failing": "The device reports a fault",
    "sign-in": "Account or password refused",
    "other-key": "Account and password must be given anew",
    "barred": "Its network is not allowed",
    "listed": "Offline by its list; not connected here",
}


def fault_text(gone: Gone, tr: Tr) -> str:
    """Why it is gone; of one that is unknown here, how it is."""
    words = BLIND.get(gone.fault) or FAULTS.get(gone.fault)
    return tr(words or STATES.get(gone.state, "Offline"))


def moment_text(when: float, tr: Tr) -> str:
    """A time of today by the clock, another with its date; 0.0 is not known."""
    if not when:
        return tr("Not known")
    moment = time.localtime(when)
    now = time.localtime()
    if moment[:3] == now[:3]:
        return time.strftime("%H:%M", moment)
    return time.strftime("%m-%d %H:%M" if moment[0] == now[0] else "%Y-%m-%d %H:%M", moment)


def length_text(seconds: float, tr: Tr) -> str:
    """How long, in the largest unit that says enough."""
    minutes = max(int(seconds / 60), 0)
    if minutes < 1:
        return tr("under a minute")
    if minutes < 120:
        return tr("{n} min", n=minutes)
    if minutes < 48 * 60:
        return tr("{n} h", n=minutes // 60)
    return tr("{n} days", n=minutes // 1440)


def share_text(unit: Unit, tr: Tr) -> str:
    """Online of those watched, and the share of it."""
    if unit.share is None:
        return tr("None is watched")
    percent = int(unit.share * 1000 + 1e-9) / 10  # never rounded up to all
    return f"{percent:g} % · {unit.online:,}/{unit.watched:,}"
