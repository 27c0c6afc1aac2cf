"""From where the staff who could go now would start."""

from __future__ import annotations

import numpy as np

from console.sdk.records import Means
from plugins.dispatch.server.ranking import USUAL
from plugins.dispatch.server.ranking_parts import obstacles
from plugins.dispatch.server.ranking_roster import Roster
from plugins.dispatch.server.routing.graph import Floats


def starts_of_staff(roster: Roster, means: Means | None) -> dict[Means, Floats]:
    """Places ((n, 2) degrees) of those on duty with a good position, by *means* or by their own."""
    why_not = obstacles(roster, np.zeros(len(roster.staff)), USUAL)
    rows: dict[Means, list[int]] = {}
    for row, (member, why) in enumerate(zip(roster.staff, why_not, strict=True)):
        if why is None:
            rows.setdefault(means or member.means, []).append(row)
    return {each: roster.lonlat[chosen] for each, chosen in rows.items()}
