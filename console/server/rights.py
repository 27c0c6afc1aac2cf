"""Who may do what: actions by role, as a table. Server halves add their own rows."""

from __future__ import annotations

from console.model.records import Role

_ALL = frozenset(Role)
_WORKING = frozenset({Role.OPERATOR, Role.DISPATCHER, Role.ADMINISTRATOR})

CORE_RIGHTS: dict[str, frozenset[Role]] = {
    "areas.read": _ALL,
    "layers.read": _ALL,
    "positions.read": _ALL,
    "search.read": _ALL,
    "plugins.read": _ALL,
    "personal.read": _WORKING,
    "layers.import": frozenset({Role.ADMINISTRATOR}),
    "layers.measure": _WORKING,
    "audit.read": frozenset({Role.ADMINISTRATOR}),
    "accounts.write": frozenset({Role.ADMINISTRATOR}),
}


class Rights:
    """The table of one server: the core's actions and those that plugins declared."""

    def __init__(self) -> None:
        self._roles: dict[str, frozenset[Role]] = dict(CORE_RIGHTS)

    def declare(self, action: str, roles: tuple[Role, ...]) -> None:
        """Name an action and who has it. Raises ValueError when roles of a known action differ."""
        known = self._roles.setdefault(action, frozenset(roles))
        if known != frozenset(roles):
            raise ValueError(f"action {action} is declared already with other roles")

    def of(self, role: str) -> frozenset[str]:
        """All actions of *role*."""
        return frozenset(action for action, roles in self._roles.items() if role in roles)

    def knows(self, action: str) -> bool:
        """Whether somebody declared *action*."""
        return action in self._roles
