"""Settings: schemas of manifests, values of the user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from console.model.manifest import Setting
from console.model.text import Text
from console.plugin_host.listeners import Listeners, once
from console.plugin_host.state_file import StateFile
from console.sdk import Undo


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """The settings of one plugin, as the settings dialog shows them."""

    owner: str
    """Id of the plugin; ``shell`` for the window itself."""
    title: Text
    settings: tuple[Setting, ...]


class SettingsRegistry:
    """Values by owner and key; only what differs from the default is kept."""

    def __init__(self, file: StateFile | None = None) -> None:
        self._file = file or StateFile()
        self._pages: dict[str, SettingsPage] = {}
        self._changed: dict[tuple[str, str], Listeners[[Any]]] = {}
        self._declared: Listeners[[]] = Listeners()

    def declare(self, owner: str, title: Text, settings: tuple[Setting, ...]) -> Undo:
        """Add a page of settings; an empty one is left out."""
        if settings:
            self._pages[owner] = SettingsPage(owner, title, settings)
            self._declared.fire()
        return once(lambda: self._drop(owner))

    def _drop(self, owner: str) -> None:
        if self._pages.pop(owner, None) is not None:
            self._declared.fire()

    def pages(self) -> list[SettingsPage]:
        """All pages in order of declaration."""
        return list(self._pages.values())

    def get(self, owner: str, key: str) -> Any:
        """The value, or its default. Raises KeyError for a key that is not declared."""
        setting = self._setting(owner, key)
        value = self._file.data.get(owner, {}).get(key, setting.default)
        return setting.default if setting.fault(value) else value

    def set(self, owner: str, key: str, value: Any) -> None:
        """Set and keep a value. Raises ValueError with the reason when the schema forbids it."""
        setting = self._setting(owner, key)
        if fault := setting.fault(value):
            raise ValueError(f"{setting.title.en or key}: {fault}")
        before, values = self.get(owner, key), self._file.data.setdefault(owner, {})
        if value == setting.default:
            values.pop(key, None)
        else:
            values[key] = value
        self._file.save()
        if value != before and (owner, key) in self._changed:
            self._changed[owner, key].fire(value)

    def reset(self, owner: str, key: str) -> None:
        """Back to the default."""
        self.set(owner, key, self._setting(owner, key).default)

    def on_change(self, owner: str, key: str, handler: Callable[[Any], None]) -> Undo:
        """*handler* gets each new value."""
        return self._changed.setdefault((owner, key), Listeners()).add(handler)

    def on_declare(self, handler: Callable[[], None]) -> Undo:
        """*handler* is called when pages came or went."""
        return self._declared.add(handler)

    def _setting(self, owner: str, key: str) -> Setting:
        page = self._pages.get(owner)
        for setting in page.settings if page else ():
            if setting.key == key:
                return setting
        raise KeyError(f'"{owner}" declares no setting "{key}" in its plugin.toml')
