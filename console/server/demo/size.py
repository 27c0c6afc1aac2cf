"""How large a demo district is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictSize:
    """Counts that the generator meets; the district's extent follows from its buildings."""

    buildings: int
    grids: int
    staff: int
    cameras: int
    high_cameras: int
    stations: int
    events: int
    addresses: int
    """Standard addresses; those beyond one a building are rooms (单元, 室)."""

    @property
    def scale(self) -> float:
        """Lengths relative to the 6 km x 5 km of the demo preset."""
        return (self.buildings / DEMO_BUILDINGS) ** 0.5


DEMO_BUILDINGS = 12_000

DEMO = DistrictSize(
    buildings=DEMO_BUILDINGS,
    grids=200,
    staff=800,
    cameras=300,
    high_cameras=8,
    stations=19,
    events=60,
    addresses=12_000,
)
"""A district for a desk: some 6 km x 5 km."""
FULL = DistrictSize(
    buildings=43_900,
    grids=5_906,
    staff=6_000,
    cameras=7_396,
    high_cameras=26,
    stations=1_337,
    events=400,
    addresses=43_900,
)
"""The scale of a real district; give ``addresses=595_500`` for all rooms."""
PRESETS = {"demo": DEMO, "full": FULL}


def preset_size(name: str) -> DistrictSize:
    """The preset of that name; raises ValueError with the names there are."""
    if name not in PRESETS:
        raise ValueError(f"no district size {name!r}; there are {', '.join(PRESETS)}")
    return PRESETS[name]
