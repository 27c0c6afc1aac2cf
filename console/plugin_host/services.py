"""Services: what plugins offer one another, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from console.plugin_host.listeners import once
from console.sdk import MissingService, Undo


class ServiceRegistry:
    """Services by name; asking for a declared one activates its plugin."""

    def __init__(self) -> None:
        self.activate: Callable[[str], bool] = lambda plugin_id: False
        """Set by the host: activates the plugin that offers a service."""
        self._providers: dict[str, str] = {}
        self._services: dict[str, Any] = {}

    def declare(self, plugin_id: str, names: tuple[str, ...]) -> Undo:
        """A manifest's ``provides``; the first plugin to declare a name keeps it."""
        mine = [name for name in names if self._providers.setdefault(name, plugin_id) == plugin_id]

        def drop() -> None:
            for name in mine:
                self._providers.pop(name, None)

        return once(drop)

    def provider(self, name: str) -> str:
        """Id of the plugin that declares the service; empty when none."""
        return self._providers.get(name, "")

    def provide(self, name: str, service: Any) -> Undo:
        """Offer a service. Raises ValueError when another does already."""
        if name in self._services:
            raise ValueError(f'the service "{name}" is offered already')
        self._services[name] = service
        return once(lambda: self._services.pop(name, None))

    def get(self, name: str) -> Any:
        """The service; raises MissingService with the reason."""
        provider = self._providers.get(name, "")
        if name not in self._services and provider:
            self.activate(provider)
        if name not in self._services:
            why = f'its plugin "{provider}" is not running' if provider else "no plugin provides it"
            raise MissingService(f'The service "{name}" is missing: {why}.')
        return self._services[name]

    def has(self, name: str) -> bool:
        """Whether the service is offered or declared."""
        return name in self._services or name in self._providers
