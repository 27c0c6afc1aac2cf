"""Turn restrictions and obstacles of OpenStreetMap.

They are kept in the source's own ids, so that they outlive cutting and joining;
what they mean on the graph is worked out where the graph is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from console.geodata.osm_tags import Tags
from console.model.roads import Access, TurnRule

RESTRICTION_KEYS: dict[str, int] = {
    "restriction": Access.VEHICLES,
    "restriction:motorcar": Access.CAR,
    "restriction:motorcycle": Access.MOTORCYCLE,
    "restriction:bicycle": Access.BICYCLE,
}
"""Tags of a restriction, and whom each binds. Conditional ones are left out: they hold at times only."""
_EXCEPT = {
    "motorcar": Access.CAR,
    "motor_vehicle": Access.CAR | Access.MOTORCYCLE | Access.EMERGENCY,
    "motorcycle": Access.MOTORCYCLE,
    "bicycle": Access.BICYCLE,
    "emergency": Access.EMERGENCY,
    "vehicle": Access.VEHICLES,
}
_BOLLARDS = frozenset(
    {"bollard", "block", "kissing_gate", "motorcycle_barrier", "cycle_barrier", "chain", "bar"}
)
_WALLS = frozenset({"fence", "barrier_board", "wall", "jersey_barrier", "debris"})
_SHUT = frozenset({"no", "agricultural", "forestry"})


class TurnFacts:
    """Collects restrictions and nodes that stop or delay somebody."""

    def __init__(self) -> None:
        self._turns: list[tuple[int, int, int, int, int]] = []
        self._nodes: list[tuple[int, int]] = []

    def node(self, ref: int, tags: Tags) -> None:
        """A node with a barrier or traffic lights; others say nothing here."""
        facts = _shut_out(tags)
        if "traffic_signals" in tags.get("highway", ""):
            facts |= Access.SIGNALS
        if facts:
            self._nodes.append((ref, facts))

    def relation(self, relation: Any) -> None:
        """A relation; those that restrict no turn say nothing here."""
        tags = dict(relation.tags)
        rule = restriction_rule(tags)
        if rule:
            self._turns += [(*row, rule) for row in _members(relation)]

    def crossings(self) -> npt.NDArray[np.int64]:
        """Ids of nodes at which roads must be cut."""
        return np.array([ref for ref, facts in self._nodes if facts & Access.ALL], np.int64)

    def extras(self) -> dict[str, npt.NDArray[np.int64]]:
        """The arrays ``turns`` and ``nodes`` of a road package."""
        return {
            "turns": np.array(self._turns, np.int64).reshape(-1, 5),
            "nodes": np.array(self._nodes, np.int64).reshape(-1, 2),
        }


def restriction_rule(tags: Tags) -> int:
    """Whom a restriction binds (``Access`` bits) with ``TurnRule`` flags; 0 when nobody."""
    found = ((tags[key], mask) for key, mask in RESTRICTION_KEYS.items() if key in tags)
    kind, mask = next(found, ("", 0))
    for name in tags.get("except", "").split(";"):
        mask &= ~_EXCEPT.get(name.strip(), 0)
    if not mask or not kind.startswith(("no_", "only_")):
        return 0
    only = TurnRule.ONLY if kind.startswith("only_") else 0
    return mask | only | (TurnRule.U_TURN if kind == "no_u_turn" else 0)


def _members(relation: Any) -> Iterator[tuple[int, int, int, int]]:
    """(from way, via node or 0, via way or 0, to way) of each pair that a restriction speaks of."""
    ways: dict[str, list[int]] = {"from": [], "via": [], "to": []}
    via_nodes: list[int] = []
    for member in relation.members:
        if member.type == "w" and member.role in ways:
            ways[member.role].append(member.ref)
        elif member.type == "n" and member.role == "via":
            via_nodes.append(member.ref)
    if len(via_nodes) == 1 and not ways["via"]:
        via_node, via_way = via_nodes[0], 0
    elif len(ways["via"]) == 1 and not via_nodes:
        via_node, via_way = 0, ways["via"][0]
    else:  # broken, or a chain of ways
        return
    for origin, target in product(ways["from"], ways["to"]):
        yield origin, via_node, via_way, target


def _shut_out(tags: Tags) -> int:
    """Access bits of those whom a barrier on a node stops."""
    barrier = tags.get("barrier", "")
    shut = 0
    if barrier in _WALLS:
        shut = Access.ALL
    elif barrier in _BOLLARDS and tags.get("bollard") != "rising":
        shut = Access.CAR | Access.MOTORCYCLE | Access.EMERGENCY
    if not barrier:
        return 0
    for key, mask in (
        ("access", Access.ALL),
        ("vehicle", Access.VEHICLES),
        ("motor_vehicle", Access.CAR | Access.MOTORCYCLE),
        ("bicycle", Access.BICYCLE),
        ("foot", Access.FOOT),
        ("emergency", Access.EMERGENCY),
    ):
        value = tags.get(key)
        if value is not None:
            shut = shut | mask if value in _SHUT else shut & ~mask
    return shut
