"""Storing a district in a backend."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from console.server.core import Core
from console.server.demo.district import District
from console.server.demo.people import make_rota
from console.server.layers import replace_layers


def seed_district(core: Core, district: District) -> list[dict[str, Any]]:
    """Store layers and records in one transaction, all or nothing.

    Rows go through the services of the server halves (``seed:staff`` and so on).
    Returns a row for each staff member's device: ``device``, ``staff``, ``area``,
    ``home`` (WGS84 degrees), ``means``.
    """
    now = time.time()
    events = [replace(event, reported_at=now + event.reported_at) for event in district.events]
    rows: dict[str, list[Any]] = {
        "station": list(district.stations),
        "camera": list(district.cameras),
        "staff": list(district.staff),
        "event": sorted(events, key=lambda event: event.reported_at),
    }
    devices: dict[str, tuple[str, str]] = {}
    with core.database.write() as session:
        replace_layers(session, district.layers, district.areas)
        for name, records in rows.items():
            answer = core.services.get(f"seed:{name}")(session, records)
            if name == "staff":
                devices = answer
        core.services.get("seed:rota")(session, make_rota(list(district.staff)))
    return [
        {
            "device": devices[member.id][0],
            "staff": member.id,
            "area": member.area,
            "home": district.homes[member.id],
            "means": str(member.means),
        }
        for member in district.staff
    ]
